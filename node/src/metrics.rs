//! What the node counts for Prometheus beside what the SDK does.

use std::time::Duration;
use substrate_prometheus_endpoint::{register, Counter, CounterVec, Gauge, Opts, PrometheusError, Registry, F64, U64};

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

/// The reports of a validator.
#[derive(Clone)]
pub struct ReportMetrics {
    sent: Counter<U64>,
    skipped: CounterVec<U64>,
    mismatches: Counter<U64>,
    not_compared: Counter<U64>,
    last_epoch: Gauge<U64>,
}

impl ReportMetrics {
    /// Registers the counters.
    pub fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let counter = |name: &str, help: &str| register(Counter::new(name, help)?, registry);
        Ok(Self {
            sent: counter("qc_reports_sent", "Reports on closed epochs that the pool took")?,
            skipped: register(
                CounterVec::new(
                    Opts::new(
                        "qc_reports_skipped",
                        "Reasons for which no report was sent: once when one comes up, and again when another takes its place",
                    ),
                    &["reason"],
                )?,
                registry,
            )?,
            mismatches: counter(
                "qc_reports_mismatches",
                "Epochs of which the runtime computed something else than this node of the same inputs, or nothing",
            )?,
            not_compared: counter(
                "qc_reports_not_compared",
                "Epochs of which the runtime did not answer what it had computed",
            )?,
            last_epoch: register(
                Gauge::new(
                    "qc_reports_last_epoch",
                    "The epoch that was reported on last, since the node started",
                )?,
                registry,
            )?,
        })
    }

    /// Counts a report that the pool took.
    pub fn note_sent(&self, epoch: u32) {
        self.sent.inc();
        self.last_epoch.set(epoch.into());
    }

    /// Counts a reason why none was sent.
    pub fn note_skipped(&self, reason: &str) {
        self.skipped.with_label_values(&[reason]).inc();
    }

    /// Counts an epoch whose results differ.
    pub fn note_mismatch(&self) {
        self.mismatches.inc();
    }

    /// Counts an epoch whose results could not be compared.
    pub fn note_not_compared(&self) {
        self.not_compared.inc();
    }
}
