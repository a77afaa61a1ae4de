//! Transactions as wallets make them, and as they should never be made.

use codec::Encode;
use frame_metadata_hash_extension::CheckMetadataHash;
use qc_pqc::{KeyId, Purpose, SecretKey};
use qc_runtime::{
    extensions::{AfterAuthorizer, AuthorizeByKey, CheckHalt, CheckProtection},
    AccountId, Balance, Hash, Nonce, RuntimeCall, Signature, SignedPayload, System, TxExtension, TxExtensionV1,
    UncheckedExtrinsic,
};
use sp_core::{sr25519, Pair};
use sp_keyring::Sr25519Keyring;
use sp_runtime::{
    generic::{Era, Preamble},
    traits::{ExtensionVariant, PipelineAtVers, TransactionExtension},
};

/// What a signature covers besides the call and the extensions.
pub type Implicit = <TxExtension as TransactionExtension<RuntimeCall>>::Implicit;

/// The extensions of version 0, as `runtime/src/extensions.rs` defines them.
pub fn extension(nonce: Nonce, era: Era, tip: Balance) -> TxExtension {
    (
        frame_system::AuthorizeCall::new(),
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(era),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        (CheckHalt, CheckProtection),
        pallet_transaction_payment::ChargeTransactionPayment::from(tip),
        CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    )
}

/// The extensions of version 1 that follow the authoriser.
pub fn after_authorizer(nonce: Nonce, era: Era, tip: Balance) -> AfterAuthorizer {
    (
        frame_system::CheckNonZeroSender::new(),
        frame_system::CheckSpecVersion::new(),
        frame_system::CheckTxVersion::new(),
        frame_system::CheckGenesis::new(),
        frame_system::CheckEra::from(era),
        frame_system::CheckNonce::from(nonce),
        frame_system::CheckWeight::new(),
        CheckHalt,
        pallet_transaction_payment::ChargeTransactionPayment::from(tip),
        CheckMetadataHash::new(false),
        frame_system::WeightReclaim::new(),
    )
}

/// What a key signs of a transaction of version 1: the hash of everything that follows the authoriser.
pub fn payload_v1(call: &RuntimeCall, following: &AfterAuthorizer) -> [u8; 32] {
    let implicit = following.implicit().expect("the era is of this chain");
    AuthorizeByKey::payload(&(1u8, call, following, implicit))
}

/// A transaction of version 1 that `key` signed, next in the nonces of `owner`.
pub fn sign_by_key(owner: &AccountId, key: &SecretKey, call: RuntimeCall) -> UncheckedExtrinsic {
    let following = after_authorizer(nonce(owner), Era::Immortal, 0);
    sign_following(key, call, following)
}

/// As [`sign_by_key`], with the extensions that follow given.
pub fn sign_following(key: &SecretKey, call: RuntimeCall, following: AfterAuthorizer) -> UncheckedExtrinsic {
    let payload = payload_v1(&call, &following);
    let signature = key
        .sign_deterministic(Purpose::Transaction, &genesis(), &payload)
        .expect("a key can sign");
    let authorize = AuthorizeByKey {
        key: KeyId::of(key.public()),
        signature,
    };
    general_v1(call, (authorize, following))
}

/// The genesis hash of the chain under test.
pub fn genesis() -> [u8; 32] {
    System::block_hash(0).0
}

/// What the extensions make a signature cover now.
pub fn implicit(extension: &TxExtension) -> Implicit {
    extension.implicit().expect("the era is of this chain")
}

/// How many transactions an account has sent.
pub fn nonce(who: &AccountId) -> Nonce {
    System::account_nonce(who)
}

/// What the owner of a key pair sends: signed by it, in the name of its own account.
pub fn sign_by_pair(pair: &sr25519::Pair, call: RuntimeCall, extension: TxExtension) -> UncheckedExtrinsic {
    let implicit = implicit(&extension);
    let payload = SignedPayload::from_raw(call.clone(), extension.clone(), implicit);
    let signature: Signature = payload.using_encoded(|bytes| pair.sign(bytes)).into();
    let who: AccountId = pair.public().into();
    UncheckedExtrinsic::new_signed(call, who.into(), signature, extension)
}

/// Signs with one key in the name of an account.
pub fn sign_as(
    who: AccountId,
    key: Sr25519Keyring,
    call: RuntimeCall,
    extension: TxExtension,
    implicit: Implicit,
) -> UncheckedExtrinsic {
    let payload = SignedPayload::from_raw(call.clone(), extension.clone(), implicit);
    let signature: Signature = payload.using_encoded(|bytes| key.sign(bytes)).into();
    UncheckedExtrinsic::new_signed(call, who.into(), signature, extension)
}

/// What a wallet sends: the signer's next transaction.
pub fn sign(signer: Sr25519Keyring, call: RuntimeCall, era: Era, tip: Balance) -> UncheckedExtrinsic {
    let who = signer.to_account_id();
    let extension = extension(nonce(&who), era, tip);
    let implicit = implicit(&extension);
    sign_as(who, signer, call, extension, implicit)
}

/// A general transaction of version 1.
pub fn general_v1(call: RuntimeCall, extension: TxExtensionV1) -> UncheckedExtrinsic {
    let variant = ExtensionVariant::Other(PipelineAtVers::new(extension));
    UncheckedExtrinsic::from_parts(call, Preamble::General(variant))
}

/// A general transaction of version 1 with a key that nobody registered and a signature of nobody's.
pub fn forged_v1(call: RuntimeCall) -> UncheckedExtrinsic {
    let authorize = AuthorizeByKey {
        key: KeyId([7; 32]),
        signature: qc_pqc::Signature::MlDsa87(vec![1; 4_627].try_into().expect("its length")),
    };
    let following = after_authorizer(0, Era::Immortal, 0);
    general_v1(call, (authorize, following))
}

/// Replaces what stands at an index of the implicit data: 2 the spec version, 3 the transaction version, 4 the genesis hash,
/// 5 the hash of the block in which the era begins.
pub fn tamper(implicit: &mut Implicit, at: u8, hash: Hash) {
    match at {
        2 => implicit.2 += 1,
        3 => implicit.3 += 1,
        4 => implicit.4 = hash,
        _ => implicit.5 = hash,
    }
}
