//! Records of the attunement. Knows no `Config`.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use qc_harmonics::attunement::{
    Boost, Claim, Forgiveness, History, Phase, Standing, PARTICIPANT_FEATURES, VALIDATOR_FEATURES,
};
use qc_pqc::KeyId;
use qc_traits::Misconduct;
use qc_types::{Balance, EpochIndex};
use scale_info::TypeInfo;
use sp_runtime::BoundedVec;

/// Blocks of the pausable clock.
pub type BlockNumber = u32;

/// The most validators of a set; the symbol `validators_max` is at most that.
pub const VALIDATORS_MAX: u32 = 100;
/// The most candidates, those in the set counted.
pub const CANDIDATES_MAX: u32 = 200;
/// The most participants. All of them may act in one epoch, and its end pays for each of those.
pub const PARTICIPANTS_MAX: u32 = 1_000;

/// The most candidates whose records go at the end of an epoch.
pub const LEAVERS_MAX: usize = 16;

/// How many candidates' records are on one page. Each of the calls of a candidate reads and writes one.
pub const CANDIDATE_PAGE_PLACES: u32 = 10;

/// How many participants' records are on one page: what an epoch reads and writes for one who acted, and whoever looks at one
/// reads.
pub const PAGE_PLACES: u32 = 20;
/// The most pages of participants.
pub const PAGES_MAX: u32 = PARTICIPANTS_MAX / PAGE_PLACES;

// A word of `Marks` has a bit for each place of its page, and there is a word for each page.
const _: () = assert!(PAGE_PLACES > 0 && PAGE_PLACES <= u32::BITS && PAGE_PLACES * PAGES_MAX == PARTICIPANTS_MAX);

// Newcomers must find a place beside a full set.
const _: () = assert!(CANDIDATES_MAX > VALIDATORS_MAX);
/// The most parts of one account's ATR that unbond at different times.
pub const UNBONDINGS_MAX: u32 = 8;
/// How many closed epochs are remembered: a week of epochs of five minutes.
pub const OUTCOMES_MAX: u32 = 2_016;
/// The most outcomes on one page of the API.
pub const PAGE_MAX: u32 = 256;
/// The most slashes that can wait for the end of a halt: one for each candidate.
pub const PAUSED_SLASHES_MAX: u32 = CANDIDATES_MAX;

/// A list as long as the longest set.
pub type OfValidators<X> = BoundedVec<X, frame_support::traits::ConstU32<VALIDATORS_MAX>>;

/// What a candidate is up to.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
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
    /// What it claims when the set is chosen; one without session keys cannot have a seat.
    pub(crate) fn claim(self, has_session_keys: bool) -> Claim {
        match self {
            Self::Barred => Claim::Bar,
            Self::Removed => Claim::Remove,
            Self::Leaving => Claim::Leave,
            Self::Seeking if !has_session_keys => Claim::Leave,
            Self::Seeking => Claim::Seat,
        }
    }
}

/// One who validates or wants to. Its ATR is held as long as the record is there.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct CandidateRecord {
    /// What it is up to.
    pub status: CandidateStatus,
    /// Staked ATR, plancks. What unbonds is not counted.
    pub stake: Balance,
    /// The epochs in the set that are left of its grace period.
    pub grace_epochs: u32,
    /// When its next missed slot is forgiven.
    pub forgiveness: Forgiveness,
    /// Its falls below the threshold.
    pub standing: Standing,
    /// What it burnt PSY for.
    pub boost: Boost,
    /// The phases of its features.
    pub phases: [Phase; VALIDATOR_FEATURES],
    /// Ψ, units of 10⁻¹⁸, range [0, 1]: what `phases` come to.
    pub psi: u128,
    /// What Ψ̄ is made of.
    pub history: History,
}

/// [`CANDIDATE_PAGE_PLACES`] as a bound.
pub type CandidatesPerPage = frame_support::traits::ConstU32<CANDIDATE_PAGE_PLACES>;

/// A page of candidates.
pub type CandidatePage<AccountId> = BoundedVec<(AccountId, CandidateRecord), CandidatesPerPage>;

/// A part of an account's ATR that is still held, and may be slashed, until it can be withdrawn.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Unbonding {
    /// Plancks of ATR, never 0.
    pub amount: Balance,
    /// The tick from which on it can be withdrawn. A tick is an epoch that ended while the chain was not halted.
    pub due: u32,
}

/// What unbonds of an account, by time.
pub type Unbondings = BoundedVec<Unbonding, frame_support::traits::ConstU32<UNBONDINGS_MAX>>;

/// One who takes part: sends packets, votes.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct ParticipantRecord {
    /// A key of its own in the key ledger.
    pub key: KeyId,
    /// ATR held for the record, plancks.
    pub bond: Balance,
    /// What it burnt PSY for.
    pub boost: Boost,
    /// The phases of its features.
    pub phases: [Phase; PARTICIPANT_FEATURES],
    /// Ψ, units of 10⁻¹⁸, range [0, 1]: what `phases` come to.
    pub psi: u128,
    /// What Ψ̄ is made of.
    pub history: History,
}

/// [`PAGE_PLACES`] as a bound.
pub type ParticipantsPerPage = frame_support::traits::ConstU32<PAGE_PLACES>;

/// A page of participants.
pub type ParticipantPage<AccountId> = BoundedVec<(AccountId, ParticipantRecord), ParticipantsPerPage>;

/// A mark for each place of a participant. 200 bytes.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct Marks([u32; PAGES_MAX as usize]);

impl Default for Marks {
    fn default() -> Self {
        Self([0; PAGES_MAX as usize])
    }
}

impl Marks {
    /// Whether a place is marked. A place that cannot be never is.
    pub fn has(&self, place: u32) -> bool {
        let word = Self::word_of(place).and_then(|word| self.0.get(word));
        word.is_some_and(|word| word & Self::bit_of(place) != 0)
    }

    /// Marks a place, or takes its mark away. Does nothing for a place that cannot be.
    pub fn set(&mut self, place: u32, marked: bool) {
        if let Some(word) = Self::word_of(place).and_then(|word| self.0.get_mut(word)) {
            if marked {
                *word |= Self::bit_of(place);
            } else {
                *word &= !Self::bit_of(place);
            }
        }
    }

    /// The pages with a mark, and the marks of each: bit k for the place of index k.
    pub fn pages(&self) -> impl Iterator<Item = (u32, u32)> + '_ {
        (0..).zip(self.0).filter(|(_, marks)| *marks != 0)
    }

    /// How many places are marked.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|marks| marks.count_ones()).sum()
    }

    fn word_of(place: u32) -> Option<usize> {
        usize::try_from(place / PAGE_PLACES).ok()
    }

    fn bit_of(place: u32) -> u32 {
        1 << (place % PAGE_PLACES)
    }
}

/// Slots of one validator in the running epoch.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct SlotRecord {
    /// Slots that were its.
    pub assigned: u32,
    /// Those in which it made a block.
    pub authored: u32,
}

/// An entry of the blacklist.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct BlacklistRecord {
    /// What for.
    pub misconduct: Misconduct,
    /// The epoch at whose end it ends.
    pub until: EpochIndex,
}

/// Why ATR was burnt.
#[derive(Clone, Copy, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub enum SlashCause {
    /// Ψ fell below the threshold.
    Fall,
    /// Two votes in one round of finality.
    Equivocation,
    /// A report with a ψ or a code that is not the chain's.
    Tampering,
}

/// A slash that waits for the end of a halt.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo)]
pub struct PausedSlash<AccountId> {
    /// Who is slashed.
    pub who: AccountId,
    /// Of all ATR that it has at stake, units of 10⁻¹⁸.
    pub fraction: u128,
    /// Why.
    pub cause: SlashCause,
}

/// What an epoch came to. Numbers without a unit are units of 10⁻¹⁸.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct EpochOutcome {
    /// Which epoch.
    pub epoch: EpochIndex,
    /// How many validators there were.
    pub validators: u32,
    /// How many participants acted.
    pub participants: u32,
    /// R, range [0, 1].
    pub resonance: u128,
    /// C_core, range [0, 1].
    pub core: u128,
    /// CAF, range [1, 1 + γ].
    pub caf: u128,
    /// Ĉ, range [0, 1].
    pub coherence: u128,
    /// H, range [0, 1].
    pub entropy: u128,
    /// |H − H of the epoch before|.
    pub entropy_rate: u128,
    /// α that was in force.
    pub alpha: u128,
    /// λ = α · Ĉ/φ.
    pub lambda: u128,
}

/// What an epoch came to for one validator. Units of 10⁻¹⁸.
#[derive(
    Clone, Copy, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, MaxEncodedLen, PartialEq, TypeInfo,
)]
pub struct ValidatorOutcome {
    /// Ψ after the epoch, range [0, 1].
    pub psi: u128,
    /// Ψ with the boost, for rewards and the ranking only, range [0, 1].
    pub psi_eff: u128,
    /// m_v, range [e^−K, e^K].
    pub multiplier: u128,
}

/// A candidate as the API shows it.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct ValidatorView {
    /// What it is up to.
    pub status: CandidateStatus,
    /// Whether it is in the running set.
    pub is_active: bool,
    /// Staked ATR, plancks.
    pub stake: Balance,
    /// ATR that unbonds, plancks.
    pub unbonding: Balance,
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
    /// The phases of its features: slots, seals, conformity, harmony.
    pub phases: [Phase; VALIDATOR_FEATURES],
    /// Its falls below the threshold.
    pub standing: Standing,
    /// m_v of the last closed epoch, units of 10⁻¹⁸; `None` if it was not in the set.
    pub multiplier: Option<u128>,
}

/// A participant as the API shows it.
#[derive(Clone, Debug, Decode, Encode, Eq, PartialEq, TypeInfo)]
pub struct ParticipantView {
    /// Its key.
    pub key: KeyId,
    /// ATR held, plancks.
    pub bond: Balance,
    /// Ψ, units of 10⁻¹⁸.
    pub psi: u128,
    /// Ψ̄, units of 10⁻¹⁸.
    pub psi_mean: u128,
    /// Ψ with the boost, units of 10⁻¹⁸.
    pub psi_eff: u128,
    /// What it burnt PSY for.
    pub boost: Boost,
    /// The phases of its features: packets, votes.
    pub phases: [Phase; PARTICIPANT_FEATURES],
}
