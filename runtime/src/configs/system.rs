//! The frame: blocks, their limits, the database's costs, migrations.

use crate::{
    filter::LawfulCalls, AccountId, Balance, Block, Hash, MultiBlockMigrations, Nonce, PalletInfo, Runtime,
    RuntimeCall, RuntimeEvent, RuntimeOrigin, RuntimeTask, SingleBlockMigrations, VERSION,
};
use frame_support::{
    derive_impl,
    dispatch::DispatchClass,
    parameter_types,
    traits::ConstU32,
    weights::{
        constants::{BlockExecutionWeight, ExtrinsicBaseWeight, ParityDbWeight, WEIGHT_REF_TIME_PER_SECOND},
        Weight,
    },
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::{traits::AccountIdLookup, Perbill};
use sp_version::RuntimeVersion;

/// Share of a block that ordinary transactions may fill; the rest is for operational ones.
const NORMAL_RATIO: Perbill = Perbill::from_percent(80);

/// A block may weigh two seconds of the reference machine, ordinary transactions 1.6 s of it. Weights charge every read and
/// write as if it went to the disk, so a full block takes well under a second; and the proposer stops after a second of its
/// own, whatever the weight. The weight is what bounds an author who does not stop. docs/decisions/0005 argues the margin.
const BLOCK_WEIGHT_MAX: Weight = Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, u64::MAX);

/// A block may take 8 MiB: half of what one sync response carries. The proposer is told the same number.
pub const BLOCK_LENGTH_MAX: u32 = 8 * 1024 * 1024;

parameter_types! {
    /// Block hashes that `System` keeps: more than the longest mortal era of common wallets.
    pub const BlockHashCount: u32 = 4_096;
    /// The version of this runtime.
    pub const Version: RuntimeVersion = VERSION;
    /// Prefix of addresses.
    pub const Ss58Prefix: u16 = qc_types::SS58_PREFIX;
    /// How long a block may be.
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(BLOCK_LENGTH_MAX)
        .modify_max_length_for_class(DispatchClass::Normal, |length| *length = NORMAL_RATIO * BLOCK_LENGTH_MAX)
        .build();
    /// How long a block may take.
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::builder()
        .base_block(BlockExecutionWeight::get())
        .for_class(DispatchClass::all(), |weights| weights.base_extrinsic = ExtrinsicBaseWeight::get())
        .for_class(DispatchClass::Normal, |weights| weights.max_total = Some(NORMAL_RATIO * BLOCK_WEIGHT_MAX))
        .for_class(DispatchClass::Operational, |weights| {
            weights.max_total = Some(BLOCK_WEIGHT_MAX);
            // argued: a ratio of a constant, less than it
            weights.reserved = Some(BLOCK_WEIGHT_MAX.saturating_sub(NORMAL_RATIO * BLOCK_WEIGHT_MAX));
        })
        .avg_block_initialization(Perbill::from_percent(5))
        .build_or_panic();
    /// What a block may spend on a migration that takes many.
    pub MigrationWeightMax: Weight = Perbill::from_percent(80) * BLOCK_WEIGHT_MAX;
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type BaseCallFilter = LawfulCalls;
    type Block = Block;
    type BlockWeights = RuntimeBlockWeights;
    type BlockLength = RuntimeBlockLength;
    type BlockHashCount = BlockHashCount;
    type AccountId = AccountId;
    type Lookup = AccountIdLookup<AccountId, ()>;
    type Nonce = Nonce;
    type Hash = Hash;
    type DbWeight = ParityDbWeight;
    type Version = Version;
    type AccountData = pallet_balances::AccountData<Balance>;
    type SS58Prefix = Ss58Prefix;
    type MaxConsumers = ConstU32<128>;
    type SystemWeightInfo = crate::weights::frame_system::WeightInfo<Runtime>;
    type ExtensionsWeightInfo = crate::weights::frame_system_extensions::WeightInfo<Runtime>;
    type SingleBlockMigrations = SingleBlockMigrations;
    type MultiBlockMigrator = MultiBlockMigrations;
}

impl pallet_migrations::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    #[cfg(not(feature = "runtime-benchmarks"))]
    type Migrations = ();
    #[cfg(feature = "runtime-benchmarks")]
    type Migrations = pallet_migrations::mock_helpers::MockedMigrations;
    type CursorMaxLen = ConstU32<65_536>;
    type IdentifierMaxLen = ConstU32<256>;
    type MigrationStatusHandler = ();
    type FailedMigrationHandler = frame_support::migrations::FreezeChainOnFailedMigration;
    type MaxServiceWeight = MigrationWeightMax;
    type WeightInfo = crate::weights::pallet_migrations::WeightInfo<Runtime>;
}
