//! Who makes blocks and who finalises them: Aura, GRANDPA, sessions, offences. All of it classical cryptography.

use super::equivocations::OncePerSession;
use crate::{
    epoch::EpochManager, AccountId, Aura, Balance, Balances, BlockNumber, Clock, Historical, Runtime, RuntimeEvent,
    Session, SessionKeys, SLOT_MILLIS,
};
use frame_support::{
    parameter_types,
    traits::{ConstBool, ConstU32, ConstU64, Get},
};
use pallet_session::historical::NoteHistoricalRoot;
use sp_consensus_aura::sr25519::AuthorityId as AuraId;
use sp_runtime::traits::{Convert, ConvertInto, OpaqueKeys};

parameter_types! {
    /// The most validators that there can be.
    pub const ValidatorsMax: u32 = 100;
    /// FLX held for a validator's session keys, 64 bytes and two index entries.
    pub const SessionKeyDeposit: Balance = crate::deposit(3, 64 + 2 * 68);
    /// How many GRANDPA set ids are remembered, one a session.
    pub const SetIdSessionsMax: u64 = crate::epoch::HISTORICAL_SESSIONS as u64;
    /// How long the report of an equivocation stays valid in the pool, blocks: as long as it can be proved.
    pub ReportLongevity: u64 =
        u64::from(crate::epoch::HISTORICAL_SESSIONS) * u64::from(<Clock as Get<BlockNumber>>::get());
}

impl pallet_timestamp::Config for Runtime {
    type Moment = u64;
    type OnTimestampSet = Aura;
    type MinimumPeriod = ConstU64<{ SLOT_MILLIS / 2 }>;
    type WeightInfo = crate::weights::pallet_timestamp::WeightInfo<Runtime>;
}

impl pallet_clock::Config for Runtime {
    type Halt = crate::halt::Gate;
}

impl pallet_aura::Config for Runtime {
    type AuthorityId = AuraId;
    type MaxAuthorities = ValidatorsMax;
    type DisabledValidators = Session;
    type AllowMultipleBlocksPerSlot = ConstBool<false>;
    type SlotDuration = ConstU64<SLOT_MILLIS>;
}

impl pallet_grandpa::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = ();
    type MaxAuthorities = ValidatorsMax;
    type MaxNominators = ConstU32<0>;
    type MaxSetIdSessionEntries = SetIdSessionsMax;
    type KeyOwnerProof = sp_session::MembershipProof;
    type EquivocationReportSystem =
        pallet_grandpa::EquivocationReportSystem<Self, OncePerSession, Historical, ReportLongevity>;
}

impl pallet_authorship::Config for Runtime {
    type FindAuthor = pallet_session::FindAccountFromAuthorIndex<Self, Aura>;
    type EventHandler = super::field::Authors;
}

impl pallet_session::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type ValidatorId = AccountId;
    type ValidatorIdOf = ConvertInto;
    type ShouldEndSession = pallet_session::PeriodicSessions<Clock, SessionOffset>;
    type NextSessionRotation = pallet_session::PeriodicSessions<Clock, SessionOffset>;
    type SessionManager = NoteHistoricalRoot<Self, EpochManager>;
    type SessionHandler = <SessionKeys as OpaqueKeys>::KeyTypeIdProviders;
    type Keys = SessionKeys;
    type DisablingStrategy = pallet_session::disabling::UpToLimitDisablingStrategy;
    type WeightInfo = ();
    type Currency = Balances;
    type KeyDeposit = SessionKeyDeposit;
}

parameter_types! {
    /// The first session ends after a whole epoch.
    pub const SessionOffset: BlockNumber = 0;
}

/// All that is to be known of a validator is its account.
pub struct IsValidator;

impl Convert<AccountId, Option<()>> for IsValidator {
    fn convert(_: AccountId) -> Option<()> {
        Some(())
    }
}

impl pallet_session::historical::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type FullIdentification = ();
    type FullIdentificationOf = IsValidator;
}

/// Offences are shown as events; the attunement, where the validators' stake is, remembers them and makes them cost it.
impl pallet_offences::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type IdentificationTuple = pallet_session::historical::IdentificationTuple<Self>;
    type OnOffenceHandler = crate::Attunement;
}
