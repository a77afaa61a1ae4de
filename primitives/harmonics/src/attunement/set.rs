//! Who validates next: stake × Ψ_eff, a way in for newcomers that is dear to one who has many accounts, and a limit on how
//! much a session may change.

use crate::symbols::Symbols;
use alloc::vec::Vec;
use core::cmp::Reverse;
use qc_math::{lower_median, mul_ceil, mul_floor, MathError};

/// What a candidate's seat is claimed for, the most urgent to leave last.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum Claim {
    /// It wants a seat.
    #[default]
    Seat,
    /// It wants to leave.
    Leave,
    /// It is to be removed for its Ψ.
    Remove,
    /// It is blacklisted.
    Bar,
}

/// One who is in the set or wants to be, in the order of accounts.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Candidate {
    /// Staked ATR, plancks.
    pub stake: u128,
    /// Ψ_eff, units of 10⁻¹⁸, range [0, 1].
    pub psi_eff: u128,
    /// Whether its grace period has not ended yet, and others in the set have sat longer: it is established otherwise.
    pub newcomer: bool,
    /// Whether it is in the set now.
    pub active: bool,
    /// What it claims.
    pub claim: Claim,
}

/// ⌊(n − 1)/3⌋: how many of n validators a session may remove. 0 for n = 0.
pub fn removals_max(n: usize) -> usize {
    // argued: of nobody, nobody is removed.
    n.saturating_sub(1) / 3
}

/// The least stake of who sits in the set or wants to: `entry_stake_share` of the lower median stake of those who are
/// established in it, rounded up, and at least `stake_min`. Plancks.
pub fn entry_stake(symbols: &Symbols, candidates: &[Candidate]) -> Result<u128, MathError> {
    let founding = is_founding(candidates);
    let seated = candidates
        .iter()
        .filter(|one| one.active && (founding || !one.newcomer));
    let mut stakes: Vec<u128> = seated.map(|one| one.stake).collect();
    if stakes.is_empty() {
        return Ok(symbols.stake_min);
    }
    let share = mul_ceil(lower_median(&mut stakes)?, symbols.entry_stake_share)?;
    Ok(share.max(symbols.stake_min))
}

/// The next set, as ascending indices of `candidates`. Empty: change nothing.
///
/// * Who claims a seat and has the [`entry_stake`] is ranked: the established by stake · Ψ_eff (floored), newcomers by stake,
///   equal ones by index. If nobody in the set is established, those in it stand as if they were: so it is at genesis.
/// * The established take the seats by rank. Newcomers take those left free, and ⌈`newcomer_seats_share` · seats⌉ even in a
///   full set, always fewer than a third of the set.
/// * Of those who are to go (blacklisted, then to be removed, then leaving, then outranked, the lowest last of its kind first)
///   at most [`removals_max`] do, and only while at least `validators_min` remain, or as many as there are now. The others keep
///   their seats until the next session. Where the established who go would make newcomers a third, newcomers go with them.
///
/// Errors: `Overflow`, for stakes beyond 2¹²⁸ / 10¹⁸ · `entry_stake_share`. Cost: sorts of the candidates, then at most 34
/// passes over them.
pub fn choose_set(symbols: &Symbols, candidates: &[Candidate]) -> Result<Vec<usize>, MathError> {
    let plan = Plan::new(symbols, candidates)?;
    if plan.established.is_empty() && plan.newcomers.is_empty() {
        return Ok(Vec::new());
    }
    let removals = plan.leaving.len().min(plan.removals_max);
    let chosen = (0..=removals).rev().find_map(|removals| plan.attempt(removals));
    Ok(chosen.unwrap_or_else(|| plan.unchanged()))
}

/// Whether nobody in the set is established.
fn is_founding(candidates: &[Candidate]) -> bool {
    !candidates.iter().any(|one| one.active && !one.newcomer)
}

/// What is wanted, before the limits.
struct Plan {
    /// The indices of the established who are to sit, by rank.
    established: Vec<usize>,
    /// The indices of the newcomers who are to sit, by rank.
    newcomers: Vec<usize>,
    /// The indices of those in the set who are to go, the most urgent first.
    leaving: Vec<usize>,
    /// Of every candidate, whether it is in the set now.
    active: Vec<bool>,
    /// Of every candidate, whether it counts as a newcomer.
    is_newcomer: Vec<bool>,
    /// How many of the set may go.
    removals_max: usize,
    /// The size below which the set must not come.
    size_min: usize,
    /// The size above which nobody is added.
    size_max: usize,
}

impl Plan {
    fn new(symbols: &Symbols, candidates: &[Candidate]) -> Result<Self, MathError> {
        let size_max = usize::try_from(symbols.validators_max).map_err(|_| MathError::Overflow)?;
        let size_min = usize::try_from(symbols.validators_min).map_err(|_| MathError::Overflow)?;
        let founding = is_founding(candidates);
        let is_newcomer: Vec<bool> = candidates
            .iter()
            .map(|one| one.newcomer && !(founding && one.active))
            .collect();
        let entry = entry_stake(symbols, candidates)?;
        let (mut established, mut newcomers) = (Vec::new(), Vec::new());
        let mut scores = Vec::with_capacity(candidates.len());
        for (index, (one, is_newcomer)) in candidates.iter().zip(&is_newcomer).enumerate() {
            let score = if *is_newcomer {
                one.stake
            } else {
                mul_floor(one.stake, one.psi_eff)?
            };
            scores.push(score);
            if one.claim != Claim::Seat || one.stake < entry {
                continue;
            }
            let rank = (Reverse(score), index);
            if *is_newcomer { &mut newcomers } else { &mut established }.push(rank);
        }
        let established = by_rank(established);
        let newcomers = by_rank(newcomers);
        let reserved = mul_ceil(symbols.validators_max.into(), symbols.newcomer_seats_share)?;
        let reserved = usize::try_from(reserved).map_err(|_| MathError::Overflow)?;
        let (established, newcomers) = share_seats(size_max, reserved, established, newcomers);

        let active: Vec<bool> = candidates.iter().map(|one| one.active).collect();
        let set_size = active.iter().filter(|is_active| **is_active).count();
        let wanted = |index: &usize| established.contains(index) || newcomers.contains(index);
        let unwanted = candidates.iter().zip(scores).enumerate();
        let mut leaving: Vec<_> = unwanted
            .filter(|(index, (one, _))| one.active && !wanted(index))
            .map(|(index, (one, score))| (Reverse(one.claim), score, Reverse(index), index))
            .collect();
        leaving.sort_unstable();
        Ok(Self {
            leaving: leaving.into_iter().map(|(_, _, _, index)| index).collect(),
            established,
            newcomers,
            active,
            is_newcomer,
            removals_max: removals_max(set_size),
            size_min: size_min.min(set_size).max(1),
            size_max,
        })
    }

    /// The set after the `removals` most urgent have gone, if that keeps every bound.
    fn attempt(&self, removals: usize) -> Option<Vec<usize>> {
        let mut seats = Seats::of(self);
        for index in self.leaving.iter().take(removals) {
            seats.take_away(*index);
        }
        for index in &self.established {
            seats.give(*index);
        }
        let mut removed = removals;
        let unwanted = self.leaving.iter().skip(removals);
        for index in unwanted.chain(self.newcomers.iter().rev()) {
            if seats.newcomers_are_few() || removed == self.removals_max {
                break;
            }
            if self.is_newcomer.get(*index) == Some(&true) && seats.take_away(*index) {
                removed += 1;
            }
        }
        if !seats.newcomers_are_few() {
            return None;
        }
        if removed == removals {
            for index in &self.newcomers {
                seats.give(*index);
            }
        }
        (seats.size >= self.size_min).then(|| seats.indices())
    }

    /// The set as it is, with the established who are to sit and have room.
    fn unchanged(&self) -> Vec<usize> {
        let mut seats = Seats::of(self);
        for index in &self.established {
            seats.give(*index);
        }
        seats.indices()
    }
}

/// Who sits, while a plan is tried.
struct Seats<'a> {
    plan: &'a Plan,
    taken: Vec<bool>,
    size: usize,
    newcomers: usize,
}

impl<'a> Seats<'a> {
    /// As they are taken now.
    fn of(plan: &'a Plan) -> Self {
        let newcomers = plan
            .active
            .iter()
            .zip(&plan.is_newcomer)
            .filter(|(active, new)| **active && **new);
        Self {
            taken: plan.active.clone(),
            size: plan.active.iter().filter(|active| **active).count(),
            newcomers: newcomers.count(),
            plan,
        }
    }

    /// Whether newcomers have fewer than a third of the seats.
    fn newcomers_are_few(&self) -> bool {
        self.newcomers == 0 || self.newcomers < self.size.div_ceil(3)
    }

    /// Gives a seat, if there is one and newcomers stay few.
    fn give(&mut self, index: usize) {
        let is_newcomer = self.plan.is_newcomer.get(index) == Some(&true);
        // With this newcomer: 3 (k + 1) < size + 1.
        let few = self.newcomers + 1 < (self.size + 1).div_ceil(3);
        if self.size >= self.plan.size_max || (is_newcomer && !few) {
            return;
        }
        if let Some(taken @ false) = self.taken.get_mut(index) {
            *taken = true;
            self.size += 1;
            self.newcomers += usize::from(is_newcomer);
        }
    }

    /// Takes a seat away; whether it was taken.
    fn take_away(&mut self, index: usize) -> bool {
        let Some(taken @ true) = self.taken.get_mut(index) else {
            return false;
        };
        *taken = false;
        self.size -= 1;
        self.newcomers -= usize::from(self.plan.is_newcomer.get(index) == Some(&true));
        true
    }

    fn indices(&self) -> Vec<usize> {
        let seated = self.taken.iter().enumerate().filter(|(_, taken)| **taken);
        seated.map(|(index, _)| index).collect()
    }
}

/// Sorted, the rank taken off.
fn by_rank(mut ranked: Vec<(Reverse<u128>, usize)>) -> Vec<usize> {
    ranked.sort_unstable();
    ranked.into_iter().map(|(_, index)| index).collect()
}

/// As many newcomers as there may be, and the established who have the other seats.
fn share_seats(
    seats: usize,
    reserved: usize,
    mut established: Vec<usize>,
    mut newcomers: Vec<usize>,
) -> (Vec<usize>, Vec<usize>) {
    // argued: where the established are more than the seats, none is free.
    let free = seats.saturating_sub(established.len());
    let most = newcomers.len().min(free.max(reserved)).min(seats);
    let fits = |count: &usize| {
        // argued: no underflow, `count` is at most `seats`.
        let others = established.len().min(seats - count);
        *count == 0 || count * 3 < others + count
    };
    let count = (0..=most).rev().find(fits).unwrap_or(0);
    newcomers.truncate(count);
    established.truncate(seats - count);
    (established, newcomers)
}
