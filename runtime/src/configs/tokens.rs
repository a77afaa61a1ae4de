//! The five tokens and what a transaction costs.

use crate::{
    deposit, epoch::CurrentEpoch, AccountId, Assets, AssetsHolder, Balance, Balances, Economy, Runtime, RuntimeEvent,
    RuntimeFreezeReason, RuntimeHoldReason, EXISTENTIAL_DEPOSIT, MILLI_FLX,
};
#[cfg(not(feature = "runtime-benchmarks"))]
use frame_support::traits::NeverEnsureOrigin;
use frame_support::{
    parameter_types,
    traits::{tokens::imbalance::ResolveTo, AsEnsureOriginWithArg, ConstU128, ConstU32, ConstU8, VariantCountOf},
    weights::{ConstantMultiplier, WeightToFeeCoefficient, WeightToFeeCoefficients, WeightToFeePolynomial},
    PalletId,
};
use pallet_transaction_payment::{FungibleAdapter, Multiplier, TargetedFeeAdjustment};
use qc_types::AssetId;
use sp_runtime::{
    traits::{Bounded, One},
    FixedPointNumber, Perbill, Perquintill,
};

parameter_types! {
    /// Id of the treasury.
    pub const TreasuryId: PalletId = PalletId(qc_types::TREASURY_ID);
    /// Id of the commons pots.
    pub const CommonsId: PalletId = PalletId(qc_types::COMMONS_ID);
    /// FLX held for the record of an explicit home, and for the move to it.
    pub const HomeDeposit: Balance = deposit(3, 128);
    /// The sink of every pallet: fees, tips, dust.
    pub TreasuryAccount: AccountId = Economy::treasury_account();
    /// The fullness of blocks at which fees stay as they are.
    pub const TargetFullness: Perquintill = Perquintill::from_percent(50);
    /// How fast fees follow the fullness of blocks: at most by a factor of about e in a day of full blocks.
    // argued: constants
    pub AdjustmentVariable: Multiplier = Multiplier::saturating_from_rational(5, 100_000);
    /// Fees never fall below what weight and length cost.
    pub MultiplierMin: Multiplier = Multiplier::one();
    /// Fees can rise as far as the type goes: congestion is paid for, not refused.
    pub MultiplierMax: Multiplier = Bounded::max_value();
}

/// FLX. Every change of an account is metered into its home; dust goes to the treasury.
impl pallet_balances::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type WeightInfo = crate::weights::pallet_balances::WeightInfo<Runtime>;
    type Balance = Balance;
    type DustRemoval = ResolveTo<TreasuryAccount, Balances>;
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    #[cfg(not(feature = "plain-balances"))]
    type AccountStore = pallet_economy::MeteredAccounts<Runtime>;
    #[cfg(feature = "plain-balances")]
    type AccountStore = crate::System;
    type ReserveIdentifier = [u8; 8];
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type DoneSlashHandler = ();
}

/// CHR, PSY, ATR and RES. Their owner is a keyless account and nobody is the force origin: no asset can be made, minted,
/// burnt or managed by a call.
impl pallet_assets::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type Balance = Balance;
    type RemoveItemsLimit = ConstU32<1_000>;
    type AssetId = AssetId;
    type AssetIdParameter = codec::Compact<AssetId>;
    type ReserveData = ();
    type Currency = Balances;
    #[cfg(not(feature = "runtime-benchmarks"))]
    type CreateOrigin = AsEnsureOriginWithArg<NeverEnsureOrigin<AccountId>>;
    #[cfg(not(feature = "runtime-benchmarks"))]
    type ForceOrigin = NeverEnsureOrigin<()>;
    // The benchmarks make assets of their own.
    #[cfg(feature = "runtime-benchmarks")]
    type CreateOrigin = AsEnsureOriginWithArg<frame_system::EnsureSigned<AccountId>>;
    #[cfg(feature = "runtime-benchmarks")]
    type ForceOrigin = frame_system::EnsureRoot<AccountId>;
    type AssetDeposit = ConstU128<{ deposit(1, 256) }>;
    type AssetAccountDeposit = ConstU128<{ deposit(1, 128) }>;
    type MetadataDepositBase = ConstU128<{ deposit(1, 0) }>;
    type MetadataDepositPerByte = ConstU128<{ deposit(0, 1) }>;
    type ApprovalDeposit = ConstU128<{ deposit(1, 128) }>;
    type StringLimit = ConstU32<32>;
    type Freezer = Economy;
    type Holder = AssetsHolder;
    type Extra = ();
    type CallbackHandle = ();
    type AssetIdAllocator = ();
    type WeightInfo = crate::weights::pallet_assets::WeightInfo<Runtime>;
    #[cfg(feature = "runtime-benchmarks")]
    type BenchmarkHelper = ();
}

impl pallet_assets_holder::Config for Runtime {
    type RuntimeHoldReason = RuntimeHoldReason;
    type RuntimeEvent = RuntimeEvent;
}

impl pallet_economy::Config for Runtime {
    type WeightInfo = crate::weights::pallet_economy::WeightInfo<Runtime>;
    type Native = Balances;
    type RuntimeHoldReason = RuntimeHoldReason;
    type Assets = Assets;
    type Attunement = crate::Attunement;
    type Debits = crate::KeyLedger;
    type Halt = crate::halt::Gate;
    type Epochs = CurrentEpoch;
    type Incidents = crate::Incidents;
    type TreasuryId = TreasuryId;
    type CommonsId = CommonsId;
    type HomeDeposit = HomeDeposit;
    type MovesPerEpochMax = ConstU32<100>;
}

/// Weight to FLX: 2 plancks a picosecond. A transfer of FLX costs about 0.0012 FLX, length included.
pub struct WeightToFee;

impl WeightToFeePolynomial for WeightToFee {
    type Balance = Balance;

    fn polynomial() -> WeightToFeeCoefficients<Balance> {
        let linear = WeightToFeeCoefficient {
            coeff_integer: 2,
            coeff_frac: Perbill::zero(),
            negative: false,
            degree: 1,
        };
        [linear].into_iter().collect()
    }
}

impl pallet_transaction_payment::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type OnChargeTransaction = FungibleAdapter<Balances, ResolveTo<TreasuryAccount, Balances>>;
    type WeightToFee = WeightToFee;
    type LengthToFee = ConstantMultiplier<Balance, ConstU128<{ MILLI_FLX / 1_000 }>>;
    type FeeMultiplierUpdate =
        TargetedFeeAdjustment<Self, TargetFullness, AdjustmentVariable, MultiplierMin, MultiplierMax>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type WeightInfo = crate::weights::pallet_transaction_payment::WeightInfo<Runtime>;
}
