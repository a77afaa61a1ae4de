//! The symbols of the protocol's table: what is computed with, fixed at genesis.
//!
//! A number without a unit is fixed point in units of 10⁻¹⁸; amounts are plancks (10⁻¹² of a whole token). As JSON every one
//! is an integer, the name in camelCase. The whole table, with the part of the protocol that uses each, is in
//! docs/protocol/symbols.md.

use crate::economy::{CHR_ISSUANCE, PLANCKS_PER_WHOLE};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::fmt;
use qc_math::ONE;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// 10⁻³, for writing the defaults.
const MILLI: u128 = ONE / 1_000;

/// What the protocol computes with. [`Default`] is its table; bounds are inclusive.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Deserialize,
    Encode,
    Eq,
    MaxEncodedLen,
    PartialEq,
    Serialize,
    TypeInfo,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Symbols {
    /// κ: how far an epoch may move ω_k (CAL-1). 0.068…0.5: below, 50 perfect epochs would not give 0.97 (CAL-2). Default 0.08.
    pub kappa: u128,
    /// τ, the window of the integrated argument I_k. Epochs, 2…100,000. Default 50.
    pub tau_epochs: u32,
    /// γ, the weight of nodes' memory in CAF. 0…1. Default 0.10.
    pub gamma: u128,
    /// The lowest α. 0.1…1. Default 0.8.
    pub alpha_min: u128,
    /// The highest α. 1…2. Default 1.2.
    pub alpha_max: u128,
    /// By how much a recalibration moves α. 10⁻⁶…`alpha_max` − `alpha_min`. Default 0.02.
    pub alpha_step: u128,
    /// n_recal, between two recalibrations. Epochs, 1…100,000. Default 10.
    pub recalibration_epochs: u32,
    /// K, the bound of the exponent of m_v. 1…18. Default 10.
    pub exponent_max: u128,
    /// Ψ (and Ψ̄) from which on an account may vote and move its PSY. Above `psi_slash`. Default 0.85.
    pub psi_gate: u128,
    /// Ψ below which a validator is slashed. 0.1 and more. Default 0.70.
    pub psi_slash: u128,
    /// Ψ that earns the bonus of a deficit. From `psi_gate` to 1. Default 0.97.
    pub psi_target: u128,
    /// Ĉ below which the network is in deficit. 0…1. Default 0.85.
    pub coherence_deficit: u128,
    /// psi_min_history: the least divisor of Ψ̄. Days, 1…90. Default 7.
    pub psi_min_history_days: u32,
    /// Of the staked ATR, slashed for a fall below `psi_slash`. 0…1. Default 0.05.
    pub slash_fraction: u128,
    /// Of the staked ATR, slashed for an equivocation. From `slash_fraction` to 1. Default 0.20.
    pub slash_equivocation: u128,
    /// Of the staked ATR, slashed for a report with another ψ or code than the chain's. From `slash_fraction` to 1. Default 0.20.
    pub slash_tampering: u128,
    /// From a fall to what follows from it; and how far around it an outage is looked for. Epochs, 1…15. Default 15.
    pub fall_epochs: u32,
    /// How long a newcomer is not counted, not slashed and sits on a newcomer's seat. Epochs, 1…100,000. Default 50.
    pub grace_epochs: u32,
    /// E, how long a blacklisting lasts. Epochs, 1 and more. Default 2,016.
    pub blacklist_epochs: u32,
    /// From leaving to having the stake back. Epochs, above `fall_epochs`. Default 1,152: longer than the runtime
    /// takes proofs of equivocations for.
    pub unbonding_epochs: u32,
    /// One missed slot is forgiven in any so many epochs running. Epochs, 1…32. Default 10.
    pub forgiven_epochs: u32,
    /// The least stake of a validator. Plancks of ATR, 1…2⁶⁴ − 1. Default 1,000 whole.
    pub stake_min: u128,
    /// The least stake of who sits in the set or wants to, as a part of the lower median stake of those established in it.
    /// 0.05…1. Default 0.25.
    pub entry_stake_share: u128,
    /// Of all seats, those that newcomers may take although the set is full. 0.01…0.33. Default 0.10.
    pub newcomer_seats_share: u128,
    /// The fewest validators that a change of the set may leave. 1…`validators_max`. Default 4 (dev: 1).
    pub validators_min: u32,
    /// The most validators. 1…100. Default 100.
    pub validators_max: u32,
    /// What a full boost adds to Ψ_eff. 0…0.05. Default 0.05.
    pub boost_gain: u128,
    /// How long a boost lasts. Epochs, 1…100,000. Default 50.
    pub boost_epochs: u32,
    /// PSY to burn for a full boost. Plancks, 1…2⁶⁴ − 1. Default 1,000 whole.
    pub boost_psy: u128,
    /// The mean boost of the validators from which on a deficit halves the interval of recalibration. 0…1. Default 0.10.
    pub boost_recalibration_min: u128,
    /// ε_sync, how far a report may be from Ψ*. 0 < ε_sync < δ_max. Default 0.002.
    pub eps_sync: u128,
    /// δ_max, the widest spread of reports. ε_sync < δ_max < δ_curl. Default 0.005.
    pub delta_max: u128,
    /// δ_curl, the largest curl on a cycle (PSI-2). δ_max < δ_curl ≤ 1. Default 0.010.
    pub delta_curl: u128,
    /// Strikes that blacklist. 1…`strike_window_epochs`. Default 3.
    pub strikes_max: u32,
    /// The epochs within which strikes add up. 1…32. Default 10.
    pub strike_window_epochs: u32,
    /// The fewest observers of an edge. 1…100. Default 4.
    pub observers_min: u32,
    /// κ_flow, the part of a pot that a gradient of one moves in an epoch. 0…0.01. Default 10⁻⁴.
    pub kappa_flow: u128,
    /// A_max at the level normal: the most times the base share that an account earns. 1…1,000,000. Default 1,000. For
    /// rewards (RWD-2), which no part pays yet.
    pub amplification_normal: u32,
    /// The same at the level elevated. 0…`amplification_normal`. Default 500.
    pub amplification_elevated: u32,
    /// The same at the level high. 0…`amplification_elevated`. Default 100.
    pub amplification_high: u32,
    /// The same at the level critical, that is while a 511 is open. 0…`amplification_high`. Default 0.
    pub amplification_critical: u32,
    /// base: the duties in an epoch that multiply by one. 1…1,000,000. Default 1. For rewards, which no part pays yet.
    pub intensity_base: u32,
    /// rate: the part of the treasury that an epoch's rewards may take. 0…0.01. Default 10⁻⁵. For rewards, which no part pays
    /// yet.
    pub reward_rate: u128,
    /// The most that an epoch's rewards may take at the level normal. Plancks of FLX, 0…10²². Default 10⁶ whole. For
    /// rewards, which no part pays yet.
    pub budget_normal: u128,
    /// The same at the level elevated. 0…`budget_normal`. Default 5·10⁵ whole.
    pub budget_elevated: u128,
    /// The same at the level high. 0…`budget_elevated`. Default 10⁵ whole.
    pub budget_high: u128,
    /// The same at the level critical. 0…`budget_high`. Default 0.
    pub budget_critical: u128,
    /// κ_res: what a ψ of one adds to the envelope of RES. Plancks of RES, 0…10²². Default 10⁶ whole. For RES-1; no part
    /// mints RES yet.
    pub kappa_res: u128,
    /// psi_supply_max: the most PSY at a Ĉ of one. Plancks of PSY, 1…10²². Default 10⁹ whole. For PSY-1; no part mints PSY
    /// yet.
    pub psy_supply_max: u128,
    /// The part of the dissonance d that an epoch takes away. 10⁻⁶…1. Default 0.10. For incidents; no part measures d yet.
    pub d_decay: u128,
    /// What a breach adds to d. 10⁻⁶…`d_halt`. Default 0.25. No part measures d yet.
    pub d_step: u128,
    /// The d from which on a 302 is raised. 10⁻⁶…18. Default 1. No part measures d yet.
    pub d_halt: u128,
    /// β, the weight of S_RES. 0…18. Default 1. For packets, which no part takes yet.
    pub beta: u128,
    /// λ₁, the weight of S_FLX in the cost. 0…1. Default 0.5. For packets, which no part takes yet.
    pub lambda_1: u128,
    /// λ₂, the weight of S_Ψ in the cost. 0…1. Default 0.5. For packets, which no part takes yet.
    pub lambda_2: u128,
    /// C_crit, the S_CHR above which a packet is admitted. 0…1 − 10⁻⁶. Default 0.5. For packets, which no part takes yet.
    pub c_crit: u128,
    /// C_holo_min, the least C_holo of a packet. 0…1/(3 + β(1 − C_crit)²), so that S_FLX and S_Ψ, which others move, alone keep
    /// no packet out (HSMF-2). Default 0.30. For packets, which no part takes yet.
    pub c_holo_min: u128,
    /// drift_max, the distance between a packet's time and its block's at which S_Ψ is one. Milliseconds, 2,000…3,600,000.
    /// Default 60,000. For packets, which no part takes yet.
    pub drift_max_ms: u32,
}

impl Default for Symbols {
    fn default() -> Self {
        Self {
            kappa: 80 * MILLI,
            tau_epochs: 50,
            gamma: 100 * MILLI,
            alpha_min: 800 * MILLI,
            alpha_max: 1_200 * MILLI,
            alpha_step: 20 * MILLI,
            recalibration_epochs: 10,
            exponent_max: 10 * ONE,
            psi_gate: 850 * MILLI,
            psi_slash: 700 * MILLI,
            psi_target: 970 * MILLI,
            coherence_deficit: 850 * MILLI,
            psi_min_history_days: 7,
            slash_fraction: 50 * MILLI,
            slash_equivocation: 200 * MILLI,
            slash_tampering: 200 * MILLI,
            fall_epochs: 15,
            grace_epochs: 50,
            blacklist_epochs: 2_016,
            unbonding_epochs: 1_152,
            forgiven_epochs: 10,
            stake_min: 1_000 * PLANCKS_PER_WHOLE,
            entry_stake_share: 250 * MILLI,
            newcomer_seats_share: 100 * MILLI,
            validators_min: 4,
            validators_max: 100,
            boost_gain: 50 * MILLI,
            boost_epochs: 50,
            boost_psy: 1_000 * PLANCKS_PER_WHOLE,
            boost_recalibration_min: 100 * MILLI,
            eps_sync: 2 * MILLI,
            delta_max: 5 * MILLI,
            delta_curl: 10 * MILLI,
            strikes_max: 3,
            strike_window_epochs: 10,
            observers_min: 4,
            kappa_flow: MILLI / 10,
            amplification_normal: 1_000,
            amplification_elevated: 500,
            amplification_high: 100,
            amplification_critical: 0,
            intensity_base: 1,
            reward_rate: MILLI / 100,
            budget_normal: 1_000_000 * PLANCKS_PER_WHOLE,
            budget_elevated: 500_000 * PLANCKS_PER_WHOLE,
            budget_high: 100_000 * PLANCKS_PER_WHOLE,
            budget_critical: 0,
            kappa_res: 1_000_000 * PLANCKS_PER_WHOLE,
            psy_supply_max: 1_000_000_000 * PLANCKS_PER_WHOLE,
            d_decay: 100 * MILLI,
            d_step: 250 * MILLI,
            d_halt: ONE,
            beta: ONE,
            lambda_1: 500 * MILLI,
            lambda_2: 500 * MILLI,
            c_crit: 500 * MILLI,
            c_holo_min: 300 * MILLI,
            drift_max_ms: 60_000,
        }
    }
}

/// The constraint that symbols break.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SymbolFault {
    /// A symbol is outside its bounds, both inclusive.
    OutOfBounds {
        /// Its name as in JSON.
        symbol: &'static str,
        /// The least it may be.
        min: u128,
        /// The most it may be.
        max: u128,
        /// What it is.
        found: u128,
    },
    /// Not 0 < ε_sync < δ_max < δ_curl.
    SyncOrder {
        /// ε_sync.
        eps_sync: u128,
        /// δ_max.
        delta_max: u128,
        /// δ_curl.
        delta_curl: u128,
    },
    /// Not C_holo_min ≤ 1/(3 + β(1 − C_crit)²).
    HoloMin {
        /// C_holo_min.
        c_holo_min: u128,
        /// The right side, rounded down.
        max: u128,
    },
}

impl fmt::Display for SymbolFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfBounds {
                symbol,
                min,
                max,
                found,
            } => {
                write!(f, "the symbol {symbol} must be {min} to {max}, but is {found}")
            }
            Self::SyncOrder {
                eps_sync,
                delta_max,
                delta_curl,
            } => write!(
                f,
                "0 < epsSync < deltaMax < deltaCurl must hold, but they are {eps_sync}, {delta_max}, {delta_curl}"
            ),
            Self::HoloMin { c_holo_min, max } => write!(
                f,
                "the symbol cHoloMin must be at most 1/(3 + beta (1 - cCrit)^2) = {max}, but is {c_holo_min}"
            ),
        }
    }
}

/// Errors unless `found` is in `min..=max`.
fn within(symbol: &'static str, found: u128, min: u128, max: u128) -> Result<(), SymbolFault> {
    if (min..=max).contains(&found) {
        Ok(())
    } else {
        Err(SymbolFault::OutOfBounds {
            symbol,
            min,
            max,
            found,
        })
    }
}

/// The longest span of a symbol in epochs: about a year of epochs of five minutes.
const EPOCHS_MAX: u128 = 100_000;

/// The highest of what is counted.
const COUNT_MAX: u32 = 1_000_000;

/// The highest amount in plancks: as much as there is of CHR, and more than there is of FLX.
const AMOUNT_MAX: u128 = CHR_ISSUANCE;

impl Symbols {
    /// Whether every symbol is within its bounds and they agree with each other; the first broken constraint is the error.
    pub fn check(&self) -> Result<(), SymbolFault> {
        if !(0 < self.eps_sync && self.eps_sync < self.delta_max && self.delta_max < self.delta_curl) {
            return Err(SymbolFault::SyncOrder {
                eps_sync: self.eps_sync,
                delta_max: self.delta_max,
                delta_curl: self.delta_curl,
            });
        }
        within("deltaCurl", self.delta_curl, 0, ONE)?;
        self.check_phases()?;
        self.check_conduct()?;
        self.check_set()?;
        within("strikeWindowEpochs", self.strike_window_epochs.into(), 1, 32)?;
        within(
            "strikesMax",
            self.strikes_max.into(),
            1,
            self.strike_window_epochs.into(),
        )?;
        within("observersMin", self.observers_min.into(), 1, 100)?;
        within("kappaFlow", self.kappa_flow, 0, 10 * MILLI)?;
        self.check_rewards()?;
        self.check_dissonance()?;
        self.check_packets()
    }

    fn check_rewards(&self) -> Result<(), SymbolFault> {
        let amplification = |symbol, found: u32, min: u128, max: u32| within(symbol, found.into(), min, max.into());
        amplification("amplificationNormal", self.amplification_normal, 1, COUNT_MAX)?;
        let below = self.amplification_normal;
        amplification("amplificationElevated", self.amplification_elevated, 0, below)?;
        amplification(
            "amplificationHigh",
            self.amplification_high,
            0,
            self.amplification_elevated,
        )?;
        let below = self.amplification_high;
        amplification("amplificationCritical", self.amplification_critical, 0, below)?;
        within("intensityBase", self.intensity_base.into(), 1, COUNT_MAX.into())?;
        within("rewardRate", self.reward_rate, 0, 10 * MILLI)?;
        within("budgetNormal", self.budget_normal, 0, AMOUNT_MAX)?;
        within("budgetElevated", self.budget_elevated, 0, self.budget_normal)?;
        within("budgetHigh", self.budget_high, 0, self.budget_elevated)?;
        within("budgetCritical", self.budget_critical, 0, self.budget_high)?;
        within("kappaRes", self.kappa_res, 0, AMOUNT_MAX)?;
        within("psySupplyMax", self.psy_supply_max, 1, AMOUNT_MAX)
    }

    fn check_dissonance(&self) -> Result<(), SymbolFault> {
        within("dDecay", self.d_decay, MILLI / 1_000, ONE)?;
        within("dHalt", self.d_halt, MILLI / 1_000, 18 * ONE)?;
        within("dStep", self.d_step, MILLI / 1_000, self.d_halt)
    }

    fn check_packets(&self) -> Result<(), SymbolFault> {
        within("beta", self.beta, 0, 18 * ONE)?;
        within("lambda1", self.lambda_1, 0, ONE)?;
        within("lambda2", self.lambda_2, 0, ONE)?;
        within("cCrit", self.c_crit, 0, ONE - MILLI / 1_000)?;
        within("driftMaxMs", self.drift_max_ms.into(), 2_000, 3_600_000)?;
        // argued: no underflow, overflow or division by 0; cCrit is below 1 and beta at most 18, by the lines above, so the
        // products are at most 18·10³⁶ and the divisor is 3·10¹⁸ and more.
        let room = ONE - self.c_crit;
        let s_res_max = (self.beta * (room * room).div_ceil(ONE)).div_ceil(ONE);
        let max = ONE * ONE / (3 * ONE + s_res_max);
        if self.c_holo_min <= max {
            Ok(())
        } else {
            let c_holo_min = self.c_holo_min;
            Err(SymbolFault::HoloMin { c_holo_min, max })
        }
    }

    fn check_phases(&self) -> Result<(), SymbolFault> {
        within("kappa", self.kappa, 68 * MILLI, 500 * MILLI)?;
        within("tauEpochs", self.tau_epochs.into(), 2, EPOCHS_MAX)?;
        within("gamma", self.gamma, 0, ONE)?;
        within("alphaMin", self.alpha_min, 100 * MILLI, ONE)?;
        within("alphaMax", self.alpha_max, ONE, 2 * ONE)?;
        // argued: no underflow; alphaMin is at most one and alphaMax at least one, by the two lines above.
        let alpha_span = self.alpha_max - self.alpha_min;
        within("alphaStep", self.alpha_step, MILLI / 1_000, alpha_span)?;
        within("recalibrationEpochs", self.recalibration_epochs.into(), 1, EPOCHS_MAX)?;
        within("exponentMax", self.exponent_max, ONE, 18 * ONE)?;
        within("psiGate", self.psi_gate, 0, ONE)?;
        within("psiSlash", self.psi_slash, 100 * MILLI, self.psi_gate)?;
        within("psiTarget", self.psi_target, self.psi_gate, ONE)?;
        within("coherenceDeficit", self.coherence_deficit, 0, ONE)?;
        within("psiMinHistoryDays", self.psi_min_history_days.into(), 1, 90)?;
        within("forgivenEpochs", self.forgiven_epochs.into(), 1, 32)?;
        within("boostGain", self.boost_gain, 0, 50 * MILLI)?;
        within("boostEpochs", self.boost_epochs.into(), 1, EPOCHS_MAX)?;
        within("boostPsy", self.boost_psy, 1, u64::MAX.into())?;
        within("boostRecalibrationMin", self.boost_recalibration_min, 0, ONE)
    }

    fn check_conduct(&self) -> Result<(), SymbolFault> {
        within("slashFraction", self.slash_fraction, 0, ONE)?;
        within("slashEquivocation", self.slash_equivocation, self.slash_fraction, ONE)?;
        within("slashTampering", self.slash_tampering, self.slash_fraction, ONE)?;
        within("fallEpochs", self.fall_epochs.into(), 1, 15)?;
        within("graceEpochs", self.grace_epochs.into(), 1, EPOCHS_MAX)?;
        within("blacklistEpochs", self.blacklist_epochs.into(), 1, EPOCHS_MAX)?;
        // argued: no overflow; fallEpochs is at most 15, by the line above.
        let unbonding_min = u128::from(self.fall_epochs) + 1;
        within(
            "unbondingEpochs",
            self.unbonding_epochs.into(),
            unbonding_min,
            EPOCHS_MAX,
        )
    }

    fn check_set(&self) -> Result<(), SymbolFault> {
        within("stakeMin", self.stake_min, 1, u64::MAX.into())?;
        within("entryStakeShare", self.entry_stake_share, 50 * MILLI, ONE)?;
        within("newcomerSeatsShare", self.newcomer_seats_share, 10 * MILLI, 330 * MILLI)?;
        within("validatorsMax", self.validators_max.into(), 1, 100)?;
        within(
            "validatorsMin",
            self.validators_min.into(),
            1,
            self.validators_max.into(),
        )
    }
}
