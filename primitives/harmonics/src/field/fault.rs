//! Why an epoch cannot be closed.

use core::fmt;
use qc_math::MathError;

/// What is wrong with inputs of the field, or with what came out.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum FieldFault {
    /// A number that is out of range or undefined.
    Math(MathError),
    /// There are not as many shards as the topology has.
    ShardCount {
        /// How many the topology has.
        expected: u8,
    },
    /// There are not as many values as the topology has edges.
    EdgeCount,
    /// There are not as many values as the topology has cycles.
    CycleCount,
    /// The net changes of all vertices do not add up to 0: FLX appeared or vanished.
    NotConserved {
        /// What they add up to, plancks.
        sum: i128,
    },
    /// The potentials are not shown to be within a quarter of a planck of the exact ones. No input is known that does this.
    Unsettled,
    /// FLX-2 does not hold at a vertex.
    Kirchhoff {
        /// The shard; the number of shards for the ground.
        vertex: u8,
    },
    /// PSI-1 does not hold: the field's own gradients have a curl.
    Curl,
}

impl From<MathError> for FieldFault {
    fn from(error: MathError) -> Self {
        Self::Math(error)
    }
}

impl fmt::Display for FieldFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Math(error) => error.fmt(formatter),
            Self::ShardCount { expected } => write!(formatter, "the field graph has {expected} shards, the inputs not"),
            Self::EdgeCount => formatter.write_str("not as many values as edges"),
            Self::CycleCount => formatter.write_str("not as many values as cycles"),
            Self::NotConserved { sum } => write!(formatter, "the net changes of FLX add up to {sum} plancks, not to 0"),
            Self::Unsettled => formatter.write_str("the potentials did not settle"),
            Self::Kirchhoff { vertex } => write!(formatter, "FLX-2 does not hold at vertex {vertex}"),
            Self::Curl => formatter.write_str("PSI-1 does not hold: a gradient has a curl"),
        }
    }
}

impl core::error::Error for FieldFault {}
