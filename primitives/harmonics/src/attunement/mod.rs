//! Coherence attunement (protocol section 4): how coherent every validator and participant is, how coherent all of them are,
//! and what follows from it for α, rewards, slashes and the set. The chapter is `docs/protocol/attunement.md`.
//!
//! Numbers are `u128` or `i128` in units of 10⁻¹⁸ ([`qc_math::ONE`] is 1), stakes are plancks, epochs and days are counted by
//! the caller. Everything is floored unless its name says `_ceil`. Nothing here keeps state.

mod coherence;
mod conduct;
mod entropy;
mod features;
mod gain;
mod history;
mod phase;
mod set;
mod wide;

pub use coherence::{
    caf, close, core_coherence, mean_psi, network_coherence, resonance, ClosedValidator, Closing, ValidatorInput,
};
pub use conduct::{close_conduct, slash_ceil, Observation, Standing, Verdict};
pub use entropy::{entropy, entropy_rate};
pub use features::{conformity, duty, harmony, slots, Forgiveness};
pub use gain::{add_boost, effective_psi, lambda, mean_omega, multipliers, recalibrate, Boost, Recalibration, Trial};
pub use history::{History, HISTORY_DAYS};
pub use phase::{
    advance, advance_all, cal_1_holds, cal_2_holds, cal_3_holds, psi, start, Phase, CAL_2_EPOCHS, CAL_2_PSI,
    PARTICIPANT_FEATURES, PARTICIPANT_WEIGHTS, VALIDATOR_FEATURES, VALIDATOR_WEIGHTS,
};
pub use set::{choose_set, entry_stake, removals_max, Candidate, Claim};
