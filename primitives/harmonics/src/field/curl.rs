//! Curl of gradients along the cycles of the basis (laws PSI-1, PSI-2).

use super::{FieldFault, Topology};
use alloc::{collections::BTreeSet, vec::Vec};
use qc_math::MathError;

/// The curl on every cycle of the basis: the sum of the gradients along it, each with the sign of the way it is walked,
/// units of 10⁻¹⁸. `None` for a cycle with an edge that nobody observed. Exact.
///
/// `observed` in the topology's order of edges. Source: protocol section 3.
/// Errors: not one value per edge; [`MathError::Overflow`], not while every gradient is below 2¹²⁴.
pub fn curls(topology: &Topology, observed: &[Option<i128>]) -> Result<Vec<Option<i128>>, FieldFault> {
    if observed.len() != topology.edges().len() {
        return Err(FieldFault::EdgeCount);
    }
    topology
        .cycles()
        .iter()
        .map(|cycle| curl(topology, cycle, observed))
        .collect()
}

fn curl(topology: &Topology, cycle: &[u8], observed: &[Option<i128>]) -> Result<Option<i128>, FieldFault> {
    let mut sum = 0_i128;
    for (from, to) in Topology::steps(cycle) {
        let edge = topology.edge_between(from, to).ok_or(FieldFault::EdgeCount)?;
        let Some(gradient) = observed.get(edge).copied().flatten() else {
            return Ok(None);
        };
        let next = if from < to {
            sum.checked_add(gradient)
        } else {
            sum.checked_sub(gradient)
        };
        sum = next.ok_or(MathError::Overflow)?;
    }
    Ok(Some(sum))
}

/// The shards of the cycles on which |curl| > `curl_max` (δ_curl, units of 10⁻¹⁸), ascending, each once; none unless more
/// than ⅓ of the whole set deviates, which `is_breached` says.
///
/// Source: PSI-2. Errors: not one curl per cycle.
pub fn anomalies(
    topology: &Topology,
    curls: &[Option<i128>],
    curl_max: u128,
    is_breached: bool,
) -> Result<Vec<u8>, FieldFault> {
    if curls.len() != topology.cycles().len() {
        return Err(FieldFault::CycleCount);
    }
    if !is_breached {
        return Ok(Vec::new());
    }
    let sick = topology
        .cycles()
        .iter()
        .zip(curls)
        .filter(|(_, curl)| curl.is_some_and(|curl| curl.unsigned_abs() > curl_max))
        .flat_map(|(cycle, _)| cycle.iter().copied());
    Ok(sick.collect::<BTreeSet<_>>().into_iter().collect())
}

/// PSI-1: gradients of a scalar field, which is what honest reports give, have no curl on any cycle.
///
/// Errors: [`FieldFault::Curl`] if one has; not one gradient per edge; [`MathError::Overflow`].
pub fn check_psi_1(topology: &Topology, gradients: &[i128]) -> Result<(), FieldFault> {
    let observed: Vec<_> = gradients.iter().copied().map(Some).collect();
    let is_free = curls(topology, &observed)?.into_iter().all(|curl| curl == Some(0));
    if is_free {
        Ok(())
    } else {
        Err(FieldFault::Curl)
    }
}

/// PSI-2: whether exactly these shards were to be named: those that are on a cycle whose |curl| is above `curl_max`, if the
/// set is breached, and nobody otherwise.
pub fn check_psi_2(
    topology: &Topology,
    curls: &[Option<i128>],
    curl_max: u128,
    is_breached: bool,
    named: &[u8],
) -> bool {
    let is_sick = |shard: u8| {
        let mut cycles = topology.cycles().iter().zip(curls);
        is_breached
            && cycles
                .any(|(cycle, curl)| cycle.contains(&shard) && curl.is_some_and(|curl| curl.unsigned_abs() > curl_max))
    };
    curls.len() == topology.cycles().len()
        && (0..topology.shards()).all(|shard| named.contains(&shard) == is_sick(shard))
        && named.iter().all(|shard| *shard < topology.shards())
}
