#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]
#![deny(clippy::disallowed_methods, clippy::disallowed_types, clippy::expect_used)]
#![deny(clippy::float_arithmetic, clippy::panic, clippy::unwrap_used)]

extern crate alloc;

pub use pallet::*;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod boosts;
mod calls;
mod conduct;
mod duties;
mod epoch;
mod genesis;
mod invariants;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod mock;
pub mod paged;
mod participants;
pub mod runtime_api;
mod set;
mod staking;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]
mod tests;
pub mod types;
mod unbonding;
mod views;
pub mod weights;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::{fill_candidates, put_candidate, BenchmarkHelper};
pub use invariants::LawBreach;
pub use paged::PagedMap;
pub use weights::WeightInfo;

// FRAME's macros write `expect` into this module; ours in it are argued one by one.
#[allow(clippy::expect_used)]
#[frame_support::pallet]
pub mod pallet {
    use crate::{
        types::{
            BlacklistRecord, BlockNumber, CandidatePage, CandidateRecord, CandidatesPerPage, EpochOutcome, Marks,
            OfValidators, ParticipantPage, ParticipantRecord, ParticipantsPerPage, PausedSlash, SlashCause, SlotRecord,
            Unbondings, ValidatorOutcome, CANDIDATES_MAX, PAUSED_SLASHES_MAX,
        },
        PagedMap, WeightInfo,
    };
    use alloc::vec::Vec;
    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungibles::{self, hold::Inspect as _},
            Contains,
        },
    };
    use frame_system::pallet_prelude::*;
    use qc_harmonics::{
        attunement::{Recalibration, ValidatorInput},
        symbols::Symbols as SymbolTable,
    };
    use qc_pqc::KeyId;
    use qc_traits::{
        DisableValidator, Dissonance, DutyInspect, EpochInspect, HaltGate, KeyInspect, Misconduct, ProtocolGuard,
        RaiseIncident, SlotFacts, SyncInspect, TokenBurn,
    };
    use qc_types::{AssetId, Balance, EpochIndex, Home, ShardId};
    use sp_runtime::traits::{BlockNumberProvider, Convert};
    use sp_staking::SessionIndex;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// Weights of the calls and of the steps of an epoch.
        type WeightInfo: WeightInfo;

        /// ATR: `pallet-assets` with its holder.
        type Assets: fungibles::Inspect<Self::AccountId, AssetId = AssetId, Balance = Balance>
            + fungibles::hold::Mutate<Self::AccountId, Reason = Self::RuntimeHoldReason>;

        /// The runtime's reasons to hold ATR.
        type RuntimeHoldReason: From<HoldReason>;

        /// Burns the PSY of boosts.
        type Burns: TokenBurn<Self::AccountId>;

        /// Lifts freezes around slashes.
        type Guard: ProtocolGuard;

        /// The post-quantum keys that participants enrol with.
        type Keys: KeyInspect<Self::AccountId>;

        /// Who has session keys registered.
        type SessionKeys: Contains<Self::AccountId>;

        /// The running set, in the order of the session.
        type Validators: Get<Vec<Self::AccountId>>;

        /// Keeps the blacklisted from authoring.
        type Disable: DisableValidator<Self::AccountId>;

        /// Where an account's stake counts.
        type Homes: Convert<Self::AccountId, Home>;

        /// A shard's commons pot, in which its anchor is held.
        type Pots: Convert<ShardId, Self::AccountId>;

        /// The pausable clock, by which the days of Ψ̄ are counted.
        type Clock: BlockNumberProvider<BlockNumber = BlockNumber>;

        /// The running epoch.
        type Epochs: EpochInspect;

        /// Whose slots have passed.
        type Slots: SlotFacts;

        /// How well reports agreed.
        type Sync: SyncInspect<Self::AccountId>;

        /// Seals, packets and votes.
        type Duties: DutyInspect<Self::AccountId>;

        /// Who broke rules.
        type Dissonance: Dissonance<Self::AccountId>;

        /// Told when a computation failed.
        type Incidents: RaiseIncident<Self::AccountId>;

        /// What is halted.
        type Halt: HaltGate<Self::AccountId>;

        /// Blocks of the pausable clock in a day.
        #[pallet::constant]
        type BlocksPerDay: Get<BlockNumber>;

        /// ATR held of a participant, plancks.
        #[pallet::constant]
        type ParticipantBond: Get<Balance>;

        /// How many ended sessions an equivocation can be proved for.
        #[pallet::constant]
        type OffenceSessions: Get<SessionIndex>;

        /// Makes accounts that the calls take, for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type BenchmarkHelper: crate::BenchmarkHelper<Self::AccountId>;
    }

    /// Why ATR is held.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// A candidate's stake, and what of it unbonds.
        #[codec(index = 0)]
        Stake,
        /// A participant's bond.
        #[codec(index = 1)]
        Participation,
        /// The anchor of a shard, for ever.
        #[codec(index = 2)]
        Anchor,
    }

    /// The symbols: what is computed with, fixed at genesis.
    #[pallet::storage]
    pub type Symbols<T> = StorageValue<_, SymbolTable, ValueQuery>;

    /// All who validate or want to; at most [`CANDIDATES_MAX`]. In pages, since the end of an epoch goes through all of them.
    pub type Candidates<T> = PagedMap<
        <T as frame_system::Config>::AccountId,
        CandidateRecord,
        CandidatesPerPage,
        CandidatePlaces<T>,
        CandidatePages<T>,
        CandidateCount<T>,
    >;

    /// The place of each candidate: 0, 1, 2 … without a gap. Read and written by [`Candidates`] alone.
    #[pallet::storage]
    pub type CandidatePlaces<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u32, OptionQuery>;

    /// The candidates in the order of their places, [`CANDIDATE_PAGE_PLACES`](crate::types::CANDIDATE_PAGE_PLACES) to a page. Read
    /// and written by [`Candidates`] alone.
    #[pallet::storage]
    pub type CandidatePages<T: Config> = StorageMap<_, Twox64Concat, u32, CandidatePage<T::AccountId>, ValueQuery>;

    /// How many candidates there are. Read and written by [`Candidates`] alone.
    #[pallet::storage]
    pub type CandidateCount<T> = StorageValue<_, u32, ValueQuery>;

    /// What unbonds, by account. Each entry is ATR that is held.
    #[pallet::storage]
    pub type UnbondingQueues<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Unbondings, ValueQuery>;

    /// All who take part; at most [`PARTICIPANTS_MAX`](crate::types::PARTICIPANTS_MAX). In pages, so that the end of an epoch
    /// pays by the page for those who acted.
    pub type Participants<T> = PagedMap<
        <T as frame_system::Config>::AccountId,
        ParticipantRecord,
        ParticipantsPerPage,
        ParticipantPlaces<T>,
        ParticipantPages<T>,
        ParticipantCount<T>,
    >;

    /// The place of each participant: 0, 1, 2 … without a gap. Read and written by [`Participants`] alone.
    #[pallet::storage]
    pub type ParticipantPlaces<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, u32, OptionQuery>;

    /// The participants in the order of their places, [`PAGE_PLACES`](crate::types::PAGE_PLACES) to a page. Read and written by
    /// [`Participants`] alone.
    #[pallet::storage]
    pub type ParticipantPages<T: Config> = StorageMap<_, Twox64Concat, u32, ParticipantPage<T::AccountId>, ValueQuery>;

    /// How many participants there are. Read and written by [`Participants`] alone.
    #[pallet::storage]
    pub type ParticipantCount<T> = StorageValue<_, u32, ValueQuery>;

    /// The places of the participants of whom something is due in the running epoch.
    #[pallet::storage]
    pub type Acting<T> = StorageValue<_, Marks, ValueQuery>;

    /// The slots of the running epoch, in the order of the running set.
    #[pallet::storage]
    pub type Slots<T> = StorageValue<_, OfValidators<SlotRecord>, ValueQuery>;

    /// What the last closed epoch was computed from, as it stood before anything was computed, in the order of its set.
    #[pallet::storage]
    pub type Inputs<T: Config> =
        StorageValue<_, (EpochIndex, OfValidators<(T::AccountId, ValidatorInput)>), ValueQuery>;

    /// What the last closed epoch came to. Stands as it is if an epoch could not be computed.
    #[pallet::storage]
    pub type LastOutcome<T> = StorageValue<_, EpochOutcome, OptionQuery>;

    /// What the last closed epoch came to for each of its validators, in the order of its set.
    #[pallet::storage]
    pub type ValidatorOutcomes<T: Config> = StorageValue<_, OfValidators<(T::AccountId, ValidatorOutcome)>, ValueQuery>;

    /// What the last [`OUTCOMES_MAX`](crate::types::OUTCOMES_MAX) epochs came to: epoch e at e modulo that.
    #[pallet::storage]
    pub type Outcomes<T> = StorageMap<_, Twox64Concat, u32, EpochOutcome, OptionQuery>;

    /// α and its trial.
    #[pallet::storage]
    pub type Recalibrations<T> = StorageValue<_, Recalibration, ValueQuery>;

    /// Epochs that ended while the chain was not halted.
    #[pallet::storage]
    pub type Ticks<T> = StorageValue<_, u32, ValueQuery>;

    /// The set that follows the running one, as it was chosen last.
    #[pallet::storage]
    pub type PlannedSet<T: Config> = StorageValue<_, OfValidators<T::AccountId>, ValueQuery>;

    /// Who is blacklisted.
    #[pallet::storage]
    pub type Blacklist<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, BlacklistRecord, OptionQuery>;

    /// Whose blacklisting ends at the end of an epoch.
    #[pallet::storage]
    pub type BlacklistEnds<T: Config> =
        StorageMap<_, Twox64Concat, EpochIndex, BoundedVec<T::AccountId, ConstU32<CANDIDATES_MAX>>, ValueQuery>;

    /// Who was punished for an equivocation in a session, by session.
    #[pallet::storage]
    pub type Offences<T: Config> = StorageMap<_, Twox64Concat, SessionIndex, OfValidators<T::AccountId>, ValueQuery>;

    /// The slashes that wait for the end of a halt of the chain.
    #[pallet::storage]
    pub type PausedSlashes<T: Config> =
        StorageValue<_, BoundedVec<PausedSlash<T::AccountId>, ConstU32<PAUSED_SLASHES_MAX>>, ValueQuery>;

    /// ATR in plancks that was burnt by slashes since genesis (law ATR-1).
    #[pallet::storage]
    pub type SlashedTotal<T> = StorageValue<_, Balance, ValueQuery>;

    /// ATR in plancks that there was at genesis (law ATR-1).
    #[pallet::storage]
    pub type GenesisAtr<T> = StorageValue<_, Balance, ValueQuery>;

    /// ATR in plancks that is staked by a shard's commons pot.
    #[pallet::storage]
    pub type Anchors<T> = StorageMap<_, Identity, ShardId, Balance, ValueQuery>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An account became a candidate, or is one again.
        ValidatorEnrolled {
            /// Who.
            who: T::AccountId,
            /// All that it stakes, plancks of ATR.
            stake: Balance,
        },
        /// A candidate staked more.
        StakeAdded {
            /// Who.
            who: T::AccountId,
            /// How much more, plancks of ATR.
            amount: Balance,
        },
        /// A part of a stake began to unbond.
        UnbondingStarted {
            /// Whose.
            who: T::AccountId,
            /// How much, plancks of ATR.
            amount: Balance,
            /// The tick from which on it can be withdrawn.
            due: u32,
        },
        /// ATR that had unbonded was given back.
        StakeWithdrawn {
            /// To whom.
            who: T::AccountId,
            /// How much, plancks.
            amount: Balance,
        },
        /// A candidate asked to leave.
        LeaveRequested {
            /// Who.
            who: T::AccountId,
        },
        /// A candidate is one no more; all its stake unbonds.
        CandidateLeft {
            /// Who.
            who: T::AccountId,
        },
        /// A validator is to leave the set for its Ψ.
        ValidatorRemoved {
            /// Who.
            who: T::AccountId,
        },
        /// What was due for a fall of Ψ was dropped: too many fell for it to be their own fault.
        FallExcused {
            /// Whose.
            who: T::AccountId,
        },
        /// ATR was burnt.
        StakeSlashed {
            /// Whose.
            who: T::AccountId,
            /// How much, plancks.
            amount: Balance,
            /// Why.
            cause: SlashCause,
        },
        /// An account was blacklisted.
        Blacklisted {
            /// Who.
            who: T::AccountId,
            /// What for.
            misconduct: Misconduct,
            /// The epoch at whose end it ends.
            until: EpochIndex,
        },
        /// A blacklisting ended: the account may enrol again, with fresh stake.
        BlacklistingEnded {
            /// Whose.
            who: T::AccountId,
        },
        /// An account takes part.
        ParticipantEnrolled {
            /// Who.
            who: T::AccountId,
            /// By which key of its own.
            key: KeyId,
        },
        /// A participant takes part by another key of its own.
        ParticipantKeyReplaced {
            /// Who.
            who: T::AccountId,
            /// The new key.
            key: KeyId,
        },
        /// An account takes part no more.
        ParticipantLeft {
            /// Who.
            who: T::AccountId,
        },
        /// PSY was burnt for a boost.
        BoostBought {
            /// Whose.
            who: T::AccountId,
            /// PSY burnt, plancks.
            burnt: Balance,
            /// b from now on, units of 10⁻¹⁸.
            level: u128,
            /// The first epoch in which it has ended.
            ends: EpochIndex,
        },
        /// An epoch was closed.
        EpochClosed {
            /// Which, and what it came to.
            outcome: EpochOutcome,
        },
        /// An epoch could not be computed; the values of the last good one stand.
        EpochNotClosed {
            /// Which.
            epoch: EpochIndex,
        },
        /// A set was chosen.
        SetChosen {
            /// The epoch in which it begins.
            epoch: EpochIndex,
            /// How many validators.
            validators: u32,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The account is a candidate already.
        AlreadyCandidate,
        /// The account is no candidate.
        NotCandidate,
        /// The candidate asked to leave already, or is on its way out.
        AlreadyLeaving,
        /// The account is on its way out of the set for what it did: enrol again when it has left.
        RemovalPending,
        /// The account is blacklisted.
        OnBlacklist,
        /// The account has no session keys registered.
        SessionKeysMissing,
        /// The stake would be below the least there may be.
        StakeBelowMinimum,
        /// Every place of a candidate is taken by one who stakes at least as much, or has a seat.
        CandidatesFull,
        /// An amount of nothing.
        AmountZero,
        /// More than the account stakes.
        AmountAboveStake,
        /// The account has as many unbondings under way as it may have.
        TooManyUnbondings,
        /// Nothing has unbonded yet.
        NothingUnbonded,
        /// There is no key of this id.
        KeyUnknown,
        /// The key acts for another account.
        KeyForeign,
        /// The key was rotated out or revoked.
        KeyEnded,
        /// The account takes part by this key already.
        KeyUnchanged,
        /// There are as many participants as there may be.
        ParticipantsFull,
        /// The account is no participant.
        NotParticipant,
        /// The account is neither a candidate nor a participant.
        NotEnrolled,
        /// More PSY than a full boost takes.
        AboveFullBoost,
    }

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The symbols. Bounds are checked.
        pub symbols: SymbolTable,
        /// The founding validators and what each stakes, plancks of ATR. Each must have a planck more than that.
        pub validators: Vec<(T::AccountId, Balance)>,
        /// What the commons pot of a shard stakes, plancks of ATR, so that the staked ATR of the shards is what it shall be.
        /// Each must have a planck more than that.
        pub anchors: Vec<(ShardId, Balance)>,
        /// Ψ of the founding validators, units of 10⁻¹⁸, range [0, 1].
        pub psi_start: u128,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            // argued: there is no chain yet to return an error to, and the runtime's `build_state` checks all this first.
            Pallet::<T>::build_genesis(self).expect("the genesis has sound symbols, and the ATR that it stakes");
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        /// Counts the slots since the parent. Has to run before the session rotates and before Aura notes the slot.
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::count_slots();
            T::WeightInfo::count_slots()
        }

        fn integrity_test() {
            assert!(T::BlocksPerDay::get() > 0, "a day must have a block");
            assert!(T::ParticipantBond::get() > 0, "a participant's record must be paid for");
            assert!(
                T::OffenceSessions::get() > 0,
                "an equivocation must be provable for a while"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::check_laws().map_err(|breach| sp_runtime::TryRuntimeError::Other(breach.law()))
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Makes the sender a candidate with a stake of `stake` plancks of ATR, which is held. Needs session keys. A candidate
        /// who asked to leave, or was removed and has left the set, comes back with `stake` more; nothing of its record is
        /// forgotten. Where all places are taken, the one with the least stake and no seat goes, if its stake is lower.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::enrol_validator())]
        pub fn enrol_validator(origin: OriginFor<T>, stake: Balance) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_enrol_validator(who, stake)
        }

        /// Adds `amount` plancks of ATR to the sender's stake.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::bond_extra())]
        pub fn bond_extra(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_bond_extra(who, amount)
        }

        /// Takes `amount` plancks off the sender's stake. They stay held, and may be slashed, for `unbonding_epochs`; then they
        /// can be withdrawn. What is left must be a stake; to take all, leave.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::unbond())]
        pub fn unbond(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_unbond(who, amount)
        }

        /// Gives back what of the sender's ATR has unbonded.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::withdraw())]
        pub fn withdraw(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_withdraw(who)
        }

        /// Asks to leave. The sender is no candidate any more from the end of the epoch at which it has no seat and nothing is
        /// due for its falls; then its stake unbonds.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::leave())]
        pub fn leave(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_leave(who)
        }

        /// Makes the sender a participant by an active key of its own, and holds [`Config::ParticipantBond`]. One who is a
        /// participant replaces its key.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::enrol_participant())]
        pub fn enrol_participant(origin: OriginFor<T>, key: KeyId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_enrol_participant(who, key)
        }

        /// Ends the sender's participation, forgets its Ψ and gives the bond back.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::leave_participant())]
        pub fn leave_participant(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_leave_participant(who)
        }

        /// Burns `amount` plancks of the sender's PSY for a boost of amount/`boost_psy`, at most 1, which lasts
        /// `boost_epochs` with the running one counted. What is left of an earlier boost is spread over them.
        #[pallet::call_index(7)]
        #[pallet::weight(T::WeightInfo::boost())]
        pub fn boost(origin: OriginFor<T>, amount: Balance) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_boost(who, amount)
        }
    }

    impl<T: Config> Pallet<T> {
        /// ATR held of an account for a reason, plancks.
        pub(crate) fn held(reason: HoldReason, who: &T::AccountId) -> Balance {
            T::Assets::balance_on_hold(Self::ATR_ID, &reason.into(), who)
        }
    }
}
