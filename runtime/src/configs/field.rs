//! The field: who validates and how coherent they are, ψ on the graph of shards, what validators report, and the incidents
//! that are raised. Here the pallets are introduced to each other; none knows another.

use crate::{
    epoch::{CurrentEpoch, HISTORICAL_SESSIONS},
    AccountId, AssetsHolder, Attunement, Balance, BlockNumber, Clock, Economy, Field, Incidents, KeyLedger, Runtime,
    RuntimeHoldReason, Session, Sync, System, FLX, SLOT_MILLIS,
};
use alloc::vec::Vec;
use codec::Decode;
use frame_support::{
    parameter_types,
    storage::unhashed,
    traits::{ConstU32, Contains, Get},
};
use qc_traits::{
    DisableValidator, Dissonance, ReportedEpochInspect, ShardFacts, ShardFactsInspect, SlotFacts, SlotSpan,
};
use qc_types::{EpochIndex, Home, ShardId};
use sp_consensus_aura::AURA_ENGINE_ID;
use sp_core::storage::well_known_keys;
use sp_io::hashing::blake2_256;
use sp_runtime::{traits::Convert, DigestItem};
use sp_staking::offence::OffenceSeverity;

/// What the field is computed from: the economy's totals and the attunement's stakes, as they are when asked.
pub struct Facts;

impl ShardFactsInspect for Facts {
    fn shards() -> Vec<ShardFacts> {
        let staked = Attunement::staked_atr_per_shard(Economy::shards());
        let in_shards = Economy::shard_totals().into_iter().filter_map(|held| match held.home {
            Home::Shard(shard) => Some((shard, held)),
            Home::Ground => None,
        });
        in_shards
            .zip(staked)
            .map(|((shard, held), staked_atr)| ShardFacts {
                chr: held.chr,
                flx: held.flx,
                staked_atr,
                dissonance: <() as Dissonance<AccountId>>::of_shard(shard),
            })
            .collect()
    }

    fn ground_flx() -> Balance {
        pallet_economy::FlxTotals::<Runtime>::get(Home::Ground)
    }
}

/// The slots of Aura. Asked before Aura's own hook has run in the block, so what Aura stores is still the parent's.
pub struct Slots;

impl SlotFacts for Slots {
    fn passed() -> Option<SlotSpan> {
        let parent = u64::from(pallet_aura::CurrentSlot::<Runtime>::get());
        let digest = System::digest();
        let last = digest.logs().iter().find_map(|item| match item {
            DigestItem::PreRuntime(AURA_ENGINE_ID, data) => u64::decode(&mut &data[..]).ok(),
            _ => None,
        })?;
        // The first block's parent has no slot, and all slots since 1970 are nobody's.
        let first = parent.checked_add(1).filter(|_| parent > 0)?;
        (first <= last).then_some(SlotSpan { first, last })
    }
}

/// What the reports on the last closed epoch are judged by.
pub struct ReportedEpoch;

impl ReportedEpochInspect<AccountId> for ReportedEpoch {
    fn validators() -> Vec<AccountId> {
        Session::validators()
    }

    fn shard_of(validator: &AccountId) -> Option<ShardId> {
        match Economy::home(validator) {
            Home::Shard(shard) => Some(shard),
            Home::Ground => None,
        }
    }

    fn coherence(epoch: EpochIndex) -> Option<u128> {
        let outcome = pallet_attunement::LastOutcome::<Runtime>::get().filter(|outcome| outcome.epoch == epoch)?;
        Some(outcome.coherence)
    }

    fn code_hash() -> [u8; 32] {
        unhashed::get_raw(well_known_keys::CODE).map_or([0; 32], |code| blake2_256(&code))
    }
}

/// The running set.
pub struct RunningSet;

impl Get<Vec<AccountId>> for RunningSet {
    fn get() -> Vec<AccountId> {
        Session::validators()
    }
}

/// Who may become a validator: whoever has session keys registered.
pub struct WithSessionKeys;

impl Contains<AccountId> for WithSessionKeys {
    fn contains(who: &AccountId) -> bool {
        pallet_session::NextKeys::<Runtime>::contains_key(who)
    }
}

/// Disables through the session, within its limit of a third.
pub struct Disable;

impl DisableValidator<AccountId> for Disable {
    fn disable(who: &AccountId) {
        if Session::validators().contains(who) {
            Session::report_offence(who.clone(), OffenceSeverity::max_severity());
        }
    }
}

/// Where an account's stake counts.
pub struct Homes;

impl Convert<AccountId, Home> for Homes {
    fn convert(who: AccountId) -> Home {
        Economy::home(&who)
    }
}

/// The commons pots.
pub struct Pots;

impl Convert<ShardId, AccountId> for Pots {
    fn convert(shard: ShardId) -> AccountId {
        Economy::commons_account(shard)
    }
}

/// Tells the attunement who authored.
pub struct Authors;

impl pallet_authorship::EventHandler<AccountId, BlockNumber> for Authors {
    fn note_author(author: AccountId) {
        Attunement::note_author(&author);
    }
}

parameter_types! {
    /// How long an incident stays open without being raised again, epochs: as long as the protocol asks the checks of one
    /// that halts to hold, at the least.
    pub const IncidentQuietEpochs: u32 = 3;
    /// ATR held of a participant.
    pub const ParticipantBond: Balance = 100 * FLX;
    /// The symbols of the genesis.
    pub ProtocolSymbols: qc_harmonics::symbols::Symbols = pallet_attunement::Symbols::<Runtime>::get();
}

/// Blocks in a day.
const BLOCKS_PER_DAY: BlockNumber = (24 * 60 * 60 * 1_000 / SLOT_MILLIS) as BlockNumber;

impl pallet_attunement::Config for Runtime {
    type WeightInfo = crate::weights::pallet_attunement::WeightInfo<Runtime>;
    type Assets = AssetsHolder;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Burns = Economy;
    type Guard = Economy;
    type Keys = KeyLedger;
    type SessionKeys = WithSessionKeys;
    type Validators = RunningSet;
    type Disable = Disable;
    type Homes = Homes;
    type Pots = Pots;
    type Clock = Clock;
    type Epochs = CurrentEpoch;
    type Slots = Slots;
    type Sync = Sync;
    type Duties = ();
    type Dissonance = ();
    type Incidents = Incidents;
    type Halt = crate::halt::Gate;
    type BlocksPerDay = ConstU32<BLOCKS_PER_DAY>;
    type ParticipantBond = ParticipantBond;
    type OffenceSessions = ConstU32<HISTORICAL_SESSIONS>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Helper;
}

impl pallet_field::Config for Runtime {
    type WeightInfo = crate::weights::pallet_field::WeightInfo<Runtime>;
    type Facts = Facts;
    type Sync = Sync;
    type Incidents = Incidents;
    type Symbols = ProtocolSymbols;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Helper;
}

impl pallet_sync::Config for Runtime {
    type WeightInfo = crate::weights::pallet_sync::WeightInfo<Runtime>;
    type Keys = KeyLedger;
    type Reported = ReportedEpoch;
    type Topology = Field;
    type Field = Field;
    type Conduct = Attunement;
    type Incidents = Incidents;
    type Symbols = ProtocolSymbols;
    type MaxValidators = super::consensus::ValidatorsMax;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = crate::benchmarks::Helper;
}

/// Incidents are recorded and shown; what they halt comes with the gate.
impl pallet_cir::Config for Runtime {
    type WeightInfo = crate::weights::pallet_cir::WeightInfo<Runtime>;
    type Epoch = CurrentEpoch;
    type QuietEpochs = IncidentQuietEpochs;
}
