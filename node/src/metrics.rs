//! What the node counts for Prometheus beside what the SDK does.

use std::time::Duration;
use substrate_prometheus_endpoint::{register, Counter, PrometheusError, Registry, F64, U64};

/// The post-quantum signatures of imported blocks.
#[derive(Clone)]
pub struct SignatureMetrics {
    pooled: Counter<U64>,
    verified: Counter<U64>,
    seconds: Counter<F64>,
}

impl SignatureMetrics {
    /// Registers the counters.
    pub fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let counter = |name: &str, help: &str| register(Counter::new(name, help)?, registry);
        Ok(Self {
            pooled: counter(
                "qc_import_signatures_known",
                "Post-quantum signatures of imported blocks that the pool had verified before",
            )?,
            verified: counter(
                "qc_import_signatures_verified",
                "Post-quantum signatures of imported blocks that were verified ahead, on all cores",
            )?,
            seconds: register(
                Counter::new(
                    "qc_import_signatures_seconds",
                    "Seconds spent verifying signatures ahead of importing blocks",
                )?,
                registry,
            )?,
        })
    }

    /// Counts a block.
    pub fn note(&self, pooled: usize, verified: usize, took: Duration) {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        self.pooled.inc_by(count(pooled));
        self.verified.inc_by(count(verified));
        self.seconds.inc_by(took.as_secs_f64());
    }
}
