//! The field graph: which shards are joined, and the cycles that curl is measured on.

use super::{cycles, CYCLES_MAX, CYCLE_LENGTH_MAX, DEGREE_MAX, DEGREE_MIN, EDGES_MAX, SHARDS_MAX, SHARDS_MIN};
use alloc::{vec, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;

/// What is wrong with a field graph. Checked in the order of the variants.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TopologyFault {
    /// Fewer than 3 shards or more than 50.
    ShardCount {
        /// How many.
        shards: u8,
    },
    /// An edge to a shard that there is not.
    ShardUnknown {
        /// The shard.
        shard: u8,
        /// How many there are.
        shards: u8,
    },
    /// An edge from a shard to itself.
    Loop {
        /// The shard.
        shard: u8,
    },
    /// Two edges between the same two shards.
    EdgeTwice {
        /// The lower shard.
        lower: u8,
        /// The higher one.
        higher: u8,
    },
    /// A shard with fewer than 2 edges or more than 10.
    Degree {
        /// The shard.
        shard: u8,
        /// How many edges it has.
        degree: usize,
    },
    /// A shard that no way leads to from shard 0.
    NotConnected {
        /// The lowest such shard.
        shard: u8,
    },
    /// A cycle that is no sum of shorter ones has more than 8 edges.
    CycleTooLong {
        /// The lowest shard on it.
        shard: u8,
        /// How many edges it has.
        length: u8,
    },
}

impl fmt::Display for TopologyFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ShardCount { shards } => {
                write!(
                    formatter,
                    "{SHARDS_MIN} to {SHARDS_MAX} shards are possible, not {shards}"
                )
            }
            Self::ShardUnknown { shard, shards } => {
                write!(formatter, "an edge leads to shard {shard}, but there are {shards}")
            }
            Self::Loop { shard } => write!(formatter, "an edge joins shard {shard} to itself"),
            Self::EdgeTwice { lower, higher } => write!(formatter, "the edge {lower}-{higher} is there twice"),
            Self::Degree { shard, degree } => write!(
                formatter,
                "shard {shard} has {degree} edges, but {DEGREE_MIN} to {DEGREE_MAX} are possible"
            ),
            Self::NotConnected { shard } => write!(formatter, "no way leads from shard 0 to shard {shard}"),
            Self::CycleTooLong { shard, length } => write!(
                formatter,
                "the cycle through shard {shard} has {length} edges and is no sum of shorter ones; at most \
                 {CYCLE_LENGTH_MAX} are possible"
            ),
        }
    }
}

impl core::error::Error for TopologyFault {}

/// A field graph that was checked, with its cycle basis.
///
/// SCALE: the number of shards (`u8`), the edges (`Vec<(u8, u8)>`), the cycles (`Vec<Vec<u8>>`). What decodes has its edges
/// in canonical order and cycles that go along edges; only [`Topology::build`] vouches for the rest.
#[derive(Clone, Debug, Encode, Eq, PartialEq, TypeInfo)]
pub struct Topology {
    shards: u8,
    edges: Vec<(u8, u8)>,
    cycles: Vec<Vec<u8>>,
}

impl Topology {
    /// Checks a graph and finds its canonical cycle basis. The order of the edges and of their ends does not matter.
    ///
    /// Cost: about shards × edges candidates for cycles, each reduced by at most as many cycles as the basis has.
    /// Errors: the first [`TopologyFault`] in the order of its variants.
    pub fn build(shards: u8, edges: &[(u8, u8)]) -> Result<Self, TopologyFault> {
        if !(SHARDS_MIN..=SHARDS_MAX).contains(&shards) {
            return Err(TopologyFault::ShardCount { shards });
        }
        let mut edges: Vec<(u8, u8)> = edges.iter().map(|(a, b)| (*a.min(b), *a.max(b))).collect();
        edges.sort_unstable();
        check_edges(shards, &edges)?;
        check_connected(shards, &edges)?;
        let cycles = cycles::minimum_basis(shards, &edges);
        // The basis is by ascending length, so its last cycle is a longest one.
        let too_long = cycles.iter().find(|cycle| cycle.len() > usize::from(CYCLE_LENGTH_MAX));
        if let Some(cycle) = too_long {
            return Err(TopologyFault::CycleTooLong {
                shard: cycle.iter().copied().min().unwrap_or_default(),
                // argued: a cycle has at most as many edges as there are shards
                length: u8::try_from(cycle.len()).unwrap_or(u8::MAX),
            });
        }
        Ok(Self { shards, edges, cycles })
    }

    /// The ring of five, the genesis of a network that names no other.
    pub fn ring_of_five() -> [(u8, u8); 5] {
        [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)]
    }

    /// How many shards there are; they are numbered from 0.
    pub fn shards(&self) -> u8 {
        self.shards
    }

    /// The edges between shards, ascending, the lower shard first.
    pub fn edges(&self) -> &[(u8, u8)] {
        &self.edges
    }

    /// The canonical cycle basis: by length, then by the numbers of their edges. Each cycle is the list of its shards from
    /// its lowest on, towards the lower one of that shard's two neighbours; the way back to the first is not repeated.
    pub fn cycles(&self) -> &[Vec<u8>] {
        &self.cycles
    }

    /// The place of the edge between two shards in [`Topology::edges`]; `None` if they are not joined.
    pub fn edge_between(&self, a: u8, b: u8) -> Option<usize> {
        self.edges.binary_search(&(a.min(b), a.max(b))).ok()
    }

    /// The shards that a shard is joined to, ascending.
    pub fn neighbours(&self, shard: u8) -> Vec<u8> {
        let lower = self
            .edges
            .iter()
            .filter(|(_, higher)| *higher == shard)
            .map(|(lower, _)| *lower);
        let higher = self
            .edges
            .iter()
            .filter(|(lower, _)| *lower == shard)
            .map(|(_, higher)| *higher);
        lower.chain(higher).collect()
    }

    /// The steps of a cycle, the one back to the first shard last.
    pub(super) fn steps(cycle: &[u8]) -> impl Iterator<Item = (u8, u8)> + '_ {
        cycle.iter().copied().zip(cycle.iter().copied().cycle().skip(1))
    }

    /// What must hold of anything that calls itself a topology, as far as it costs little to see.
    fn is_well_formed(&self) -> bool {
        let is_within = |length: usize, most: u32| u32::try_from(length).is_ok_and(|length| length <= most);
        let edges = self.edges.iter();
        (SHARDS_MIN..=SHARDS_MAX).contains(&self.shards)
            && is_within(self.edges.len(), EDGES_MAX)
            && is_within(self.cycles.len(), CYCLES_MAX)
            && edges
                .clone()
                .all(|(lower, higher)| lower < higher && *higher < self.shards)
            && edges.clone().zip(edges.skip(1)).all(|(one, next)| one < next)
            && self.cycles.iter().all(|cycle| {
                (3..=usize::from(CYCLE_LENGTH_MAX)).contains(&cycle.len())
                    && Self::steps(cycle).all(|(from, to)| self.edge_between(from, to).is_some())
            })
    }
}

impl Decode for Topology {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        let (shards, edges, cycles) = Decode::decode(input)?;
        let topology = Self { shards, edges, cycles };
        if topology.is_well_formed() {
            Ok(topology)
        } else {
            Err("not a field graph".into())
        }
    }
}

impl DecodeWithMemTracking for Topology {}

impl MaxEncodedLen for Topology {
    fn max_encoded_len() -> usize {
        // Lengths of up to 250 take two bytes, those of a cycle one.
        const EDGES: usize = 2 + 2 * 250;
        const CYCLES: usize = 2 + 201 * (1 + 8);
        const _: () = assert!(EDGES_MAX == 250 && CYCLES_MAX == 201 && CYCLE_LENGTH_MAX == 8);
        1 + EDGES + CYCLES
    }
}

/// Ends that exist, no loop, nothing twice, degrees. `edges` are canonical.
fn check_edges(shards: u8, edges: &[(u8, u8)]) -> Result<(), TopologyFault> {
    if let Some((_, shard)) = edges.iter().find(|(_, higher)| *higher >= shards) {
        return Err(TopologyFault::ShardUnknown { shard: *shard, shards });
    }
    if let Some((shard, _)) = edges.iter().find(|(lower, higher)| lower == higher) {
        return Err(TopologyFault::Loop { shard: *shard });
    }
    let twice = edges.iter().zip(edges.iter().skip(1)).find(|(one, next)| one == next);
    if let Some(((lower, higher), _)) = twice {
        return Err(TopologyFault::EdgeTwice {
            lower: *lower,
            higher: *higher,
        });
    }
    for shard in 0..shards {
        let degree = edges.iter().filter(|(a, b)| *a == shard || *b == shard).count();
        if !(usize::from(DEGREE_MIN)..=usize::from(DEGREE_MAX)).contains(&degree) {
            return Err(TopologyFault::Degree { shard, degree });
        }
    }
    Ok(())
}

/// Every shard can be reached from shard 0.
fn check_connected(shards: u8, edges: &[(u8, u8)]) -> Result<(), TopologyFault> {
    let mut reached = vec![0];
    let mut at = 0;
    while let Some(shard) = reached.get(at).copied() {
        for (a, b) in edges {
            let next = if *a == shard {
                *b
            } else if *b == shard {
                *a
            } else {
                continue;
            };
            if !reached.contains(&next) {
                reached.push(next);
            }
        }
        at = reached.len().min(at.saturating_add(1)); // argued: an index into at most 50
    }
    match (0..shards).find(|shard| !reached.contains(shard)) {
        Some(shard) => Err(TopologyFault::NotConnected { shard }),
        None => Ok(()),
    }
}
