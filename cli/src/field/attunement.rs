//! The attunement: the network's coherence, and who validates.

use super::graph::pages;
use crate::client::{Chain, NodeError};
use crate::records::account_value;
use crate::ss58::Account;
use subxt::config::substrate::H256;
use subxt::dynamic::Value;
use subxt::ext::scale_decode::DecodeAsType;

/// The runtime API of the attunement.
const API: &str = "AttunementApi";

/// The most outcomes that a node tells at a time.
const PAGE_OUTCOMES: u32 = 256;

/// A validator's features in the order of its phases, with their weights in tenths.
pub const FEATURES: [(&str, u8); 4] = [("slots", 3), ("seals", 3), ("conformity", 2), ("harmony", 2)];

/// What an epoch came to. Numbers without a unit are units of 10⁻¹⁸.
#[derive(Clone, Copy, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Outcome {
    /// Which epoch.
    pub epoch: u32,
    /// How many validators there were.
    pub validators: u32,
    /// How many participants acted.
    pub participants: u32,
    /// R.
    pub resonance: u128,
    /// C_core.
    pub core: u128,
    /// CAF.
    pub caf: u128,
    /// Ĉ.
    pub coherence: u128,
    /// H.
    pub entropy: u128,
    /// |H − H of the epoch before|.
    pub entropy_rate: u128,
    /// α.
    pub alpha: u128,
    /// λ = α · Ĉ/φ.
    pub lambda: u128,
}

/// What an epoch came to for one validator. Units of 10⁻¹⁸.
#[derive(Clone, Copy, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct ValidatorOutcome {
    /// Ψ after the epoch.
    pub psi: u128,
    /// Ψ with the boost.
    pub psi_eff: u128,
    /// m_v.
    pub multiplier: u128,
}

/// What a candidate is up to.
#[derive(Clone, Copy, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum CandidateStatus {
    /// It wants a seat, or has one.
    Seeking,
    /// It asked to leave.
    Leaving,
    /// It is removed for its Ψ.
    Removed,
    /// It is blacklisted.
    Barred,
}

impl CandidateStatus {
    /// For programs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Seeking => "seeking",
            Self::Leaving => "leaving",
            Self::Removed => "removed",
            Self::Barred => "barred",
        }
    }
}

/// One feature of a validator.
#[derive(Clone, Copy, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Phase {
    /// ω_k, units of 10⁻¹⁸.
    pub omega: u128,
    /// I_k, cycles in units of 10⁻¹⁸.
    pub integral: u128,
    /// Whether anything of it was ever due.
    pub was_due: bool,
}

/// A validator's falls below the threshold.
#[derive(Clone, Copy, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Standing {
    /// Bit i: i epochs ago it fell.
    pub falls: u32,
    /// Bit i: i epochs ago it crossed the threshold downward.
    pub crossings: u32,
    /// How many epoch ends running it has been below.
    pub below_epochs: u32,
}

impl Standing {
    /// In how many epoch ends from now the slashes for its crossings execute, the next one first.
    pub fn slashes_in(&self, symbols: &Symbols) -> Vec<u32> {
        let pending = |age: u32| self.crossings.checked_shr(age).is_some_and(|bits| bits & 1 == 1);
        let mut ends: Vec<u32> = (0..symbols.fall_epochs.min(u32::BITS))
            .filter(|age| pending(*age))
            .map(|age| symbols.fall_epochs.saturating_sub(age))
            .collect();
        ends.sort_unstable();
        ends
    }

    /// After how many more epoch ends below the threshold it is removed; `None` while it is not below.
    pub fn removed_in(&self, symbols: &Symbols) -> Option<u32> {
        let left = symbols.fall_epochs.saturating_add(1).saturating_sub(self.below_epochs);
        (self.below_epochs > 0).then_some(left)
    }
}

/// A candidate.
#[derive(Clone, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct ValidatorView {
    /// What it is up to.
    pub status: CandidateStatus,
    /// Whether it is in the running set.
    pub is_active: bool,
    /// Staked ATR, plancks.
    pub stake: u128,
    /// ATR that unbonds, plancks.
    pub unbonding: u128,
    /// The epochs in the set that are left of its grace period.
    pub grace_epochs: u32,
    /// Ψ, units of 10⁻¹⁸.
    pub psi: u128,
    /// Ψ̄, units of 10⁻¹⁸.
    pub psi_mean: u128,
    /// Ψ with the boost, units of 10⁻¹⁸.
    pub psi_eff: u128,
    /// What it burnt PSY for.
    pub boost: Boost,
    /// Its features, in the order of [`FEATURES`].
    pub phases: [Phase; 4],
    /// Its falls.
    pub standing: Standing,
    /// m_v of the last closed epoch, units of 10⁻¹⁸.
    pub multiplier: Option<u128>,
}

/// A boost.
#[derive(Clone, Copy, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Boost {
    /// b, units of 10⁻¹⁸.
    pub level: u128,
    /// The first epoch in which it has ended.
    pub ends: u32,
}

impl Boost {
    /// Whether it lasts in an epoch.
    pub fn lasts_in(&self, epoch: u32) -> bool {
        self.level > 0 && epoch < self.ends
    }
}

/// ATR that unbonds.
#[derive(Clone, Copy, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Unbonding {
    /// Plancks.
    pub amount: u128,
    /// The tick from which on it can be withdrawn.
    pub due: u32,
}

/// What one is blacklisted for.
#[derive(Clone, Copy, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub enum Misconduct {
    /// Too many strikes of ΨSync.
    SyncStrikes,
    /// A ψ or a code that is not the chain's.
    Tampering,
    /// Two votes on finality where there may be one.
    Equivocation,
}

impl Misconduct {
    /// For programs, and good enough for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::SyncStrikes => "sync-strikes",
            Self::Tampering => "tampering",
            Self::Equivocation => "equivocation",
        }
    }
}

/// An entry of the blacklist.
#[derive(Clone, Copy, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Blacklisting {
    /// What for.
    pub misconduct: Misconduct,
    /// The epoch at whose end it ends.
    pub until: u32,
}

/// What of the protocol's symbols `qc` needs.
#[derive(Clone, Copy, Debug, DecodeAsType, Eq, PartialEq)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
pub struct Symbols {
    /// Ψ below which a validator is slashed, units of 10⁻¹⁸.
    pub psi_slash: u128,
    /// The part of the stake that is slashed then, units of 10⁻¹⁸.
    pub slash_fraction: u128,
    /// From a fall to what follows from it, epochs.
    pub fall_epochs: u32,
    /// How long a newcomer is not counted, epochs.
    pub grace_epochs: u32,
    /// From leaving to having the stake back, epochs.
    pub unbonding_epochs: u32,
    /// The least stake, plancks of ATR.
    pub stake_min: u128,
    /// How long a boost lasts, epochs.
    pub boost_epochs: u32,
    /// PSY to burn for a full boost, plancks.
    pub boost_psy: u128,
    /// Strikes that blacklist.
    pub strikes_max: u32,
    /// The epochs within which strikes add up.
    pub strike_window_epochs: u32,
}

/// The running set, and what the last closed epoch came to for its own set.
type Set = (Vec<[u8; 32]>, Vec<([u8; 32], ValidatorOutcome)>);

impl Chain {
    /// What the last closed epoch came to; `None` before there was one.
    pub async fn closed_epoch(&self, at: H256) -> Result<Option<Outcome>, NodeError> {
        self.api(API, "outcome", vec![], at).await
    }

    /// What the epochs `first..=last` came to, ascending, as far as the chain remembers.
    pub async fn closed_epochs(&self, first: u32, last: u32, at: H256) -> Result<Vec<Outcome>, NodeError> {
        let mut outcomes: Vec<Outcome> = Vec::new();
        for (from, count) in pages(first, last, PAGE_OUTCOMES) {
            let arguments = vec![Value::u128(from.into()), Value::u128(count.into())];
            outcomes.extend(self.api::<Vec<Outcome>>(API, "outcomes", arguments, at).await?);
        }
        // Whoever follows epochs must not be led in circles.
        let mut before = first.checked_sub(1);
        for outcome in &outcomes {
            if before.is_some_and(|before| outcome.epoch <= before) || outcome.epoch > last {
                return Err(NodeError::nonsense(API, "epochs out of order"));
            }
            before = Some(outcome.epoch);
        }
        Ok(outcomes)
    }

    /// A candidate, with a seat or without; `None` if the account is none.
    pub async fn validator(&self, who: Account, at: H256) -> Result<Option<ValidatorView>, NodeError> {
        self.api(API, "validator", vec![account_value(who)], at).await
    }

    /// The running set in the order of the session, and what the last closed epoch came to for its own set.
    pub async fn validator_set(&self, at: H256) -> Result<(Vec<Account>, Vec<(Account, ValidatorOutcome)>), NodeError> {
        let (set, outcomes): Set = self.api(API, "set", vec![], at).await?;
        let outcomes = outcomes.into_iter().map(|(id, outcome)| (Account(id), outcome));
        Ok((set.into_iter().map(Account).collect(), outcomes.collect()))
    }

    /// All candidates.
    pub async fn candidates(&self, at: H256) -> Result<Vec<Account>, NodeError> {
        let ids: Vec<[u8; 32]> = self.api(API, "candidates", vec![], at).await?;
        Ok(ids.into_iter().map(Account).collect())
    }

    /// What an account is blacklisted for; `None` if it is not.
    pub async fn blacklisting(&self, who: Account, at: H256) -> Result<Option<Blacklisting>, NodeError> {
        self.api(API, "blacklisting", vec![account_value(who)], at).await
    }

    /// What is computed with.
    pub async fn symbols(&self, at: H256) -> Result<Symbols, NodeError> {
        self.api(API, "symbols", vec![], at).await
    }

    /// The set that follows the running one, as it was chosen last.
    pub async fn planned_set(&self, at: H256) -> Result<Vec<Account>, NodeError> {
        let ids: Vec<[u8; 32]> = self.stored("Attunement", "PlannedSet", vec![], at).await?;
        Ok(ids.into_iter().map(Account).collect())
    }

    /// What a candidate burnt PSY for; `None` if the account is no candidate.
    pub async fn boost(&self, who: Account, at: H256) -> Result<Option<Boost>, NodeError> {
        Ok(self.validator(who, at).await?.map(|view| view.boost))
    }

    /// What unbonds of an account, and the tick that it is now: an epoch that ends while the chain is not halted is a tick.
    pub async fn unbondings(&self, who: Account, at: H256) -> Result<(Vec<Unbonding>, u32), NodeError> {
        let keys = vec![account_value(who)];
        futures::try_join!(
            self.stored("Attunement", "UnbondingQueues", keys, at),
            self.stored("Attunement", "Ticks", vec![], at)
        )
    }

    /// The session keys that an account has registered, encoded; `None` if it has none.
    pub async fn session_keys(&self, who: Account, at: H256) -> Result<Option<Vec<u8>>, NodeError> {
        self.storage_bytes("Session", "NextKeys", vec![account_value(who)], at)
            .await
    }
}
