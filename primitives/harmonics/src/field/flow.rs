//! Flows of FLX along the edges (law FLX-2).

use super::{laplacian, FieldFault, Topology};
use alloc::vec::Vec;
use qc_math::MathError;

/// The flows of FLX of an epoch, plancks.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Flows {
    /// Along every edge i < j in the topology's order: from i to j.
    pub edges: Vec<i128>,
    /// From the ground into every shard, by ascending number.
    pub ground: Vec<i128>,
}

/// b: after less before, of every shard and last of the ground, plancks. Exact.
///
/// Errors: [`MathError::Overflow`], for an amount from 2¹²⁷ on, or if the two lists are not of one length.
pub fn net_changes(before: &[u128], after: &[u128]) -> Result<Vec<i128>, MathError> {
    if before.len() != after.len() {
        return Err(MathError::Overflow);
    }
    let signed = |amount: &u128| i128::try_from(*amount).map_err(|_| MathError::Overflow);
    before
        .iter()
        .zip(after)
        .map(|(before, after)| signed(after)?.checked_sub(signed(before)?).ok_or(MathError::Overflow))
        .collect()
}

/// The flows that obey Kirchhoff's law for the net changes b (every shard's, last the ground's) and derive from a potential.
///
/// Source: protocol section 3: L p = b on the graph with the ground, f_ij = p_j − p_i, the flow from i to j. Along an edge
/// between shards the difference of the potentials is rounded to the nearest planck, a half away from 0; it is less than
/// one planck off the exact rational flow. What is then missing at a shard is pushed along the breadth-first tree from the
/// ground, which is the star of the ground's own edges: they carry what Kirchhoff's law leaves, so that FLX-2 holds to the
/// planck.
///
/// Errors: not one net change per vertex, net changes that do not add up to 0, [`MathError::Overflow`] (not while
/// Σ|b| < 2⁷⁸), potentials that did not settle.
pub fn flows(topology: &Topology, net: &[i128]) -> Result<Flows, FieldFault> {
    let shards = shards_of(topology, net)?;
    let potentials = laplacian::potentials(topology, shards)?;
    let potential = |shard: u8| potentials.get(usize::from(shard)).copied().ok_or(MathError::Overflow);
    let mut edges = Vec::with_capacity(topology.edges().len());
    // What must come from the ground, after the edges between shards.
    let mut ground = shards.to_vec();
    for (i, j) in topology.edges() {
        let difference = potential(*j)?.checked_sub(potential(*i)?).ok_or(MathError::Overflow)?;
        let flow = laplacian::nearest_plancks(difference)?;
        add(&mut ground, *i, flow)?;
        add(&mut ground, *j, flow.checked_neg().ok_or(MathError::Overflow)?)?;
        edges.push(flow);
    }
    Ok(Flows { edges, ground })
}

/// FLX-2: at every vertex, the ground included, the flows in add up to the net change, in plancks.
///
/// Errors: [`FieldFault::Kirchhoff`] with the first vertex at which they do not; lists of another length than the
/// topology's.
pub fn check_kirchhoff(topology: &Topology, net: &[i128], flows: &Flows) -> Result<(), FieldFault> {
    shards_of(topology, net)?;
    if flows.edges.len() != topology.edges().len() {
        return Err(FieldFault::EdgeCount);
    }
    if flows.ground.len() != usize::from(topology.shards()) {
        return Err(FieldFault::ShardCount {
            expected: topology.shards(),
        });
    }
    for (vertex, expected) in (0..topology.shards()).zip(net) {
        let into = topology.edges().iter().zip(&flows.edges).map(|((i, j), flow)| {
            if *j == vertex {
                Some(*flow)
            } else if *i == vertex {
                flow.checked_neg()
            } else {
                Some(0)
            }
        });
        let from_ground = flows.ground.get(usize::from(vertex)).copied();
        if total(into.chain([from_ground])) != Some(*expected) {
            return Err(FieldFault::Kirchhoff { vertex });
        }
    }
    let into_ground = total(flows.ground.iter().map(|flow| flow.checked_neg()));
    if into_ground.as_ref() != net.last() {
        return Err(FieldFault::Kirchhoff {
            vertex: topology.shards(),
        });
    }
    Ok(())
}

/// The net changes of the shards, if there is one for every vertex and they add up to 0.
fn shards_of<'a>(topology: &Topology, net: &'a [i128]) -> Result<&'a [i128], FieldFault> {
    let Some((_, shards)) = net
        .split_last()
        .filter(|(_, shards)| shards.len() == usize::from(topology.shards()))
    else {
        return Err(FieldFault::ShardCount {
            expected: topology.shards(),
        });
    };
    match total(net.iter().copied().map(Some)).ok_or(MathError::Overflow)? {
        0 => Ok(shards),
        sum => Err(FieldFault::NotConserved { sum }),
    }
}

/// Adds to the entry of a shard.
fn add(amounts: &mut [i128], shard: u8, amount: i128) -> Result<(), MathError> {
    let entry = amounts.get_mut(usize::from(shard)).ok_or(MathError::Overflow)?;
    *entry = entry.checked_add(amount).ok_or(MathError::Overflow)?;
    Ok(())
}

/// Σ; `None` on overflow.
fn total(mut amounts: impl Iterator<Item = Option<i128>>) -> Option<i128> {
    amounts.try_fold(0_i128, |sum, amount| sum.checked_add(amount?))
}
