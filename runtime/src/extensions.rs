//! The two transaction pipelines.
//!
//! Version 0 is what every wallet signs. What is ours in it, [`CheckHalt`] and [`CheckProtection`], carries no bytes and no
//! implicit data, so a wallet that does not know it signs the right thing. Version 1 is for transactions that a post-quantum
//! key authorises: it begins with [`AuthorizeByKey`], and goes on as version 0 does.

mod authorize;
mod protection;

pub use authorize::AuthorizeByKey;
pub use protection::CheckProtection;

use crate::{halt, AccountId, Runtime, RuntimeCall};
use codec::{Decode, DecodeWithMemTracking, Encode};
use frame_support::traits::OriginTrait;
use qc_traits::HaltGate;
use qc_types::Scope;
use scale_info::TypeInfo;
use sp_runtime::{
    generic::Era,
    impl_tx_ext_default,
    traits::{DispatchInfoOf, DispatchOriginOf, TransactionExtension, ValidateResult},
    transaction_validity::{InvalidTransaction, TransactionSource, ValidTransaction},
};

/// Custom codes of invalid transactions: what a node's "Custom error: N" means.
pub mod code {
    /// The account, its shard or the chain is halted.
    pub const HALTED: u8 = 51;
    /// The key ledger has no key of that id.
    pub const KEY_UNKNOWN: u8 = 91;
    /// The key was revoked or rotated out.
    pub const KEY_ENDED: u8 = 92;
    /// The key may not authorise the call, or a call inside it.
    pub const CAPABILITY_MISSING: u8 = 93;
    /// The transaction would act for an account that requires post-quantum keys, and none of its keys signed.
    pub const PQC_REQUIRED: u8 = 94;
    /// The transaction would give somebody classical power (a proxy, an approval) over an account that requires post-quantum
    /// keys.
    pub const DELEGATION_BARRED: u8 = 95;
}

/// Version 0: the ordinary pipeline.
#[cfg(not(feature = "plain-balances"))]
pub type TxExtension = (
    frame_system::AuthorizeCall<Runtime>,
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    (CheckHalt, CheckProtection),
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// Version 0 without what is ours, to measure against.
#[cfg(feature = "plain-balances")]
pub type TxExtension = (
    frame_system::AuthorizeCall<Runtime>,
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// Version 0 for a call that authorises itself: immortal, without nonce or tip.
#[cfg(not(feature = "plain-balances"))]
pub fn of_nobody() -> TxExtension {
    (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(0),
        frame_system::CheckWeight::new(),
        (CheckHalt, CheckProtection),
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    )
}

/// Version 0 without what is ours, for a call that authorises itself.
#[cfg(feature = "plain-balances")]
pub fn of_nobody() -> TxExtension {
    (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(Era::Immortal),
        frame_system::CheckNonce::from(0),
        frame_system::CheckWeight::new(),
        pallet_transaction_payment::ChargeTransactionPayment::from(0),
        frame_metadata_hash_extension::CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    )
}

/// What follows the authoriser in version 1, and what its signature covers besides the call.
pub type AfterAuthorizer = (
    frame_system::CheckNonZeroSender<Runtime>,
    frame_system::CheckSpecVersion<Runtime>,
    frame_system::CheckTxVersion<Runtime>,
    frame_system::CheckGenesis<Runtime>,
    frame_system::CheckEra<Runtime>,
    frame_system::CheckNonce<Runtime>,
    frame_system::CheckWeight<Runtime>,
    CheckHalt,
    pallet_transaction_payment::ChargeTransactionPayment<Runtime>,
    frame_metadata_hash_extension::CheckMetadataHash<Runtime>,
    frame_system::WeightReclaim<Runtime>,
);

/// Version 1: a key of the key ledger speaks for its owner.
pub type TxExtensionV1 = (AuthorizeByKey, AfterAuthorizer);

/// Refuses a transaction of a halted account, shard or chain. Carries nothing.
#[derive(Clone, Debug, Decode, DecodeWithMemTracking, Default, Encode, Eq, PartialEq, TypeInfo)]
pub struct CheckHalt;

impl CheckHalt {
    /// Refuses what the gate halts, unless it belongs to the way out. Of any gate, so that a test can halt what it likes.
    pub(crate) fn check<Gate: HaltGate<AccountId>>(
        origin: &DispatchOriginOf<RuntimeCall>,
        call: &RuntimeCall,
    ) -> Result<(), InvalidTransaction> {
        let is_halted = match origin.as_system_ref() {
            Some(frame_system::RawOrigin::Signed(who)) => Gate::is_halted(&Scope::Account(who.clone())),
            _ => Gate::is_chain_halted(),
        };
        if is_halted && !halt::is_way_out(call) {
            return Err(InvalidTransaction::Custom(code::HALTED));
        }
        Ok(())
    }
}

impl TransactionExtension<RuntimeCall> for CheckHalt {
    const IDENTIFIER: &'static str = "CheckHalt";
    type Implicit = ();
    type Val = ();
    type Pre = ();

    fn validate(
        &self,
        origin: DispatchOriginOf<RuntimeCall>,
        call: &RuntimeCall,
        _: &DispatchInfoOf<RuntimeCall>,
        _: usize,
        _: Self::Implicit,
        _: &impl Encode,
        _: TransactionSource,
    ) -> ValidateResult<Self::Val, RuntimeCall> {
        Self::check::<halt::Gate>(&origin, call)?;
        Ok((ValidTransaction::default(), (), origin))
    }

    impl_tx_ext_default!(RuntimeCall; weight prepare);
}
