//! How accounts act together, for each other and later: utility, proxies, multisigs, preimages, the scheduler.

use super::RuntimeBlockWeights;
use crate::{
    deposit, AccountId, Balance, Balances, OriginCaller, Preimage, Runtime, RuntimeCall, RuntimeEvent,
    RuntimeHoldReason, RuntimeOrigin, System,
};
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
#[cfg(not(feature = "runtime-benchmarks"))]
use frame_support::traits::NeverEnsureOrigin;
use frame_support::{
    parameter_types,
    traits::{
        fungible::HoldConsideration, ConstU128, ConstU32, EqualPrivilegeOnly, InstanceFilter, LinearStoragePrice,
    },
    weights::Weight,
};
use frame_system::EnsureRoot;
use scale_info::TypeInfo;
use sp_runtime::{traits::BlakeTwo256, Perbill};

impl pallet_utility::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type PalletsOrigin = OriginCaller;
    type WeightInfo = crate::weights::pallet_utility::WeightInfo<Runtime>;
}

impl pallet_multisig::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type DepositBase = ConstU128<{ deposit(1, 88) }>;
    type DepositFactor = ConstU128<{ deposit(0, 32) }>;
    type MaxSignatories = ConstU32<100>;
    type WeightInfo = crate::weights::pallet_multisig::WeightInfo<Runtime>;
    type BlockNumberProvider = System;
}

/// What a proxy may do for its account.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Default,
    Encode,
    Eq,
    MaxEncodedLen,
    Ord,
    PartialEq,
    PartialOrd,
    TypeInfo,
)]
pub enum ProxyType {
    /// Whatever the account may do.
    #[default]
    Any,
    /// Whatever moves neither FLX nor assets.
    NonTransfer,
    /// Only call off what another proxy announced.
    CancelProxy,
}

impl InstanceFilter<RuntimeCall> for ProxyType {
    fn filter(&self, call: &RuntimeCall) -> bool {
        match self {
            Self::Any => true,
            Self::NonTransfer => matches!(
                call,
                RuntimeCall::System(..)
                    | RuntimeCall::Timestamp(..)
                    | RuntimeCall::Economy(..)
                    | RuntimeCall::Session(..)
                    | RuntimeCall::Grandpa(..)
                    | RuntimeCall::Utility(..)
                    | RuntimeCall::Multisig(..)
                    | RuntimeCall::Preimage(..)
                    | RuntimeCall::Proxy(
                        pallet_proxy::Call::remove_proxy { .. }
                            | pallet_proxy::Call::remove_proxies { .. }
                            | pallet_proxy::Call::reject_announcement { .. }
                            | pallet_proxy::Call::announce { .. }
                            | pallet_proxy::Call::remove_announcement { .. }
                    )
            ),
            Self::CancelProxy => {
                matches!(call, RuntimeCall::Proxy(pallet_proxy::Call::reject_announcement { .. }))
            }
        }
    }

    fn is_superset(&self, other: &Self) -> bool {
        match (self, other) {
            (a, b) if a == b => true,
            (Self::Any, _) => true,
            (_, Self::Any) => false,
            (Self::NonTransfer, Self::CancelProxy) => true,
            _ => false,
        }
    }
}

impl pallet_proxy::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeCall = RuntimeCall;
    type Currency = Balances;
    type ProxyType = ProxyType;
    type ProxyDepositBase = ConstU128<{ deposit(1, 8) }>;
    type ProxyDepositFactor = ConstU128<{ deposit(0, 37) }>;
    type MaxProxies = ConstU32<32>;
    type WeightInfo = crate::weights::pallet_proxy::WeightInfo<Runtime>;
    type MaxPending = ConstU32<32>;
    type CallHasher = BlakeTwo256;
    type AnnouncementDepositBase = ConstU128<{ deposit(1, 8) }>;
    type AnnouncementDepositFactor = ConstU128<{ deposit(0, 68) }>;
    type BlockNumberProvider = System;
}

parameter_types! {
    /// Why FLX is held for a preimage.
    pub const PreimageHoldReason: RuntimeHoldReason = RuntimeHoldReason::Preimage(pallet_preimage::HoldReason::Preimage);
    /// What a preimage costs while it is noted.
    pub const PreimageBaseDeposit: Balance = deposit(2, 64);
    /// What a byte of it costs.
    pub const PreimageByteDeposit: Balance = deposit(0, 1);
    /// What a block may spend on scheduled calls.
    pub ScheduledWeightMax: Weight = Perbill::from_percent(50) * RuntimeBlockWeights::get().max_block;
}

/// Preimages are paid for by their deposit; nobody notes them for free.
impl pallet_preimage::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = crate::weights::pallet_preimage::WeightInfo<Runtime>;
    type Currency = Balances;
    #[cfg(not(feature = "runtime-benchmarks"))]
    type ManagerOrigin = NeverEnsureOrigin<AccountId>;
    #[cfg(feature = "runtime-benchmarks")]
    type ManagerOrigin = EnsureRoot<AccountId>;
    type Consideration = HoldConsideration<
        AccountId,
        Balances,
        PreimageHoldReason,
        LinearStoragePrice<PreimageBaseDeposit, PreimageByteDeposit, Balance>,
    >;
}

/// Only Root schedules, and no person is Root: the scheduler is there for governance to come.
impl pallet_scheduler::Config for Runtime {
    type RuntimeEvent = RuntimeEvent;
    type RuntimeOrigin = RuntimeOrigin;
    type PalletsOrigin = OriginCaller;
    type RuntimeCall = RuntimeCall;
    type MaximumWeight = ScheduledWeightMax;
    type ScheduleOrigin = EnsureRoot<AccountId>;
    type OriginPrivilegeCmp = EqualPrivilegeOnly;
    type MaxScheduledPerBlock = ConstU32<50>;
    type WeightInfo = crate::weights::pallet_scheduler::WeightInfo<Runtime>;
    type Preimages = Preimage;
    type BlockNumberProvider = System;
}
