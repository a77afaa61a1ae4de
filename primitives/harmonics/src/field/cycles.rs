//! The minimum cycle basis, by Horton's algorithm with ties broken so that there is one answer.
//!
//! Sets of edges are compared by how many there are, then by their edges' numbers as ascending lists. That is the order of a
//! weight, of 1 − ε 2⁻ᵏ for edge k with ε small, by which no two sets weigh the same. So shortest paths and the minimum
//! cycle basis are unique, and by Horton's theorem every cycle of the basis consists, for any shard v on it, of an edge {x,
//! y} and the shortest paths from v to x and to y.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    vec,
    vec::Vec,
};
use core::cmp::Reverse;

/// Up to 256 edges by their numbers. Edge 0 is the highest bit, so that of two sets of the same size the *greater* is the
/// one whose list is the lower.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
struct EdgeSet(u128, u128);

impl EdgeSet {
    fn of(edge: u32) -> Self {
        const FIRST: u128 = 1 << 127;
        match edge.checked_sub(u128::BITS) {
            None => Self(FIRST.checked_shr(edge).unwrap_or_default(), 0),
            Some(edge) => Self(0, FIRST.checked_shr(edge).unwrap_or_default()),
        }
    }

    fn with(self, other: Self) -> Self {
        Self(self.0 | other.0, self.1 | other.1)
    }

    /// The sum in the cycle space: what is in one of them and not in both.
    fn sum(self, other: Self) -> Self {
        Self(self.0 ^ other.0, self.1 ^ other.1)
    }

    fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0 || self.1 & other.1 != 0
    }

    /// The number of its first edge; `None` if it has none.
    fn first(self) -> Option<u32> {
        match (self.0, self.1) {
            (0, 0) => None,
            (0, low) => low.leading_zeros().checked_add(u128::BITS),
            (high, _) => Some(high.leading_zeros()),
        }
    }
}

/// A shortest path from a shard.
#[derive(Clone, Copy)]
struct Path {
    length: u8,
    edges: EdgeSet,
}

/// A cycle that may be in the basis, ordered as the basis is: by length, then by its edges' numbers.
type Candidate = (u8, Reverse<EdgeSet>);

/// The canonical minimum cycle basis of a connected simple graph of at most 256 edges, which are canonical.
pub(super) fn minimum_basis(shards: u8, edges: &[(u8, u8)]) -> Vec<Vec<u8>> {
    let numbered: Vec<(EdgeSet, (u8, u8))> = (0..).map(EdgeSet::of).zip(edges.iter().copied()).collect();
    let dimension = edges.len().saturating_add(1).saturating_sub(usize::from(shards)); // argued: at most 250 edges
    let mut rows = BTreeMap::new();
    let mut basis = Vec::new();
    for (_, Reverse(cycle)) in candidates(shards, &numbered) {
        if basis.len() == dimension {
            break;
        }
        if is_independent(&mut rows, cycle) {
            basis.push(walk(&numbered, cycle));
        }
    }
    basis
}

/// Horton's cycles, each once.
fn candidates(shards: u8, edges: &[(EdgeSet, (u8, u8))]) -> BTreeSet<Candidate> {
    let mut found = BTreeSet::new();
    for from in 0..shards {
        let paths = shortest_paths(from, shards, edges);
        let to = |shard: u8| paths.get(usize::from(shard)).copied().flatten();
        for (edge, (x, y)) in edges {
            let (Some(one), Some(other)) = (to(*x), to(*y)) else {
                continue;
            };
            // Paths that part at once never meet again, since they are in one tree.
            let both = one.edges.with(other.edges);
            if one.edges.meets(other.edges) || both.meets(*edge) {
                continue;
            }
            // argued: paths within 50 shards
            let length = one.length.saturating_add(other.length).saturating_add(1);
            found.insert((length, Reverse(both.with(*edge))));
        }
    }
    found
}

/// The shortest path from a shard to each, by the shard's number.
fn shortest_paths(from: u8, shards: u8, edges: &[(EdgeSet, (u8, u8))]) -> Vec<Option<Path>> {
    let mut paths: Vec<Option<Path>> = vec![None; usize::from(shards)];
    if let Some(path) = paths.get_mut(usize::from(from)) {
        *path = Some(Path {
            length: 0,
            edges: EdgeSet::default(),
        });
    }
    for length in 1..shards {
        let mut grew = false;
        for (edge, (x, y)) in edges {
            for (near, far) in [(*x, *y), (*y, *x)] {
                let Some(path) = paths.get(usize::from(near)).copied().flatten() else {
                    continue;
                };
                if path.length.checked_add(1) != Some(length) {
                    continue;
                }
                let longer = Path {
                    length,
                    edges: path.edges.with(*edge),
                };
                let Some(known) = paths.get_mut(usize::from(far)) else {
                    continue;
                };
                let is_better = known.is_none_or(|known| known.length == length && longer.edges > known.edges);
                if is_better {
                    *known = Some(longer);
                    grew = true;
                }
            }
        }
        if !grew {
            break;
        }
    }
    paths
}

/// Whether a cycle is no sum of those before it; then it counts among them. `rows` by their first edge.
fn is_independent(rows: &mut BTreeMap<u32, EdgeSet>, cycle: EdgeSet) -> bool {
    let mut rest = cycle;
    while let Some(first) = rest.first() {
        let Some(row) = rows.get(&first) else {
            rows.insert(first, rest);
            return true;
        };
        rest = rest.sum(*row);
    }
    false
}

/// The shards along a cycle, from its lowest on, towards the lower of that one's neighbours.
fn walk(edges: &[(EdgeSet, (u8, u8))], cycle: EdgeSet) -> Vec<u8> {
    // Canonical order: the first edge is that from the lowest shard to the lower of its neighbours.
    let mut rest: Vec<(u8, u8)> = edges
        .iter()
        .filter(|(edge, _)| edge.meets(cycle))
        .map(|(_, ends)| *ends)
        .collect();
    let mut shards = Vec::with_capacity(rest.len());
    let Some((lowest, mut at)) = rest.first().copied() else {
        return shards;
    };
    rest.remove(0);
    shards.push(lowest);
    while at != lowest {
        shards.push(at);
        let Some(next) = rest.iter().position(|(a, b)| *a == at || *b == at) else {
            break;
        };
        let (a, b) = rest.remove(next);
        at = if a == at { b } else { a };
    }
    shards
}
