//! A small chain's metadata, made by hand, for tests without a node: a few calls at the indices that the real ones have, and
//! one that `qc` does not know.
// The enums stand for the runtime's; only their shape matters.
#![allow(dead_code, missing_docs, non_camel_case_types)]

pub mod field;
pub mod rpc;

use codec::Encode;
use frame_metadata::v15::{
    CustomMetadata, ExtrinsicMetadata, OuterEnums, PalletCallMetadata, PalletMetadata, RuntimeMetadataV15,
};
use frame_metadata::RuntimeMetadataPrefixed;
use scale_info::{meta_type, MetaType, TypeInfo};
use subxt::metadata::Metadata;

#[derive(Encode, TypeInfo)]
pub struct AccountId32(pub [u8; 32]);

#[derive(Encode, TypeInfo)]
pub enum MultiAddress {
    Id(AccountId32),
    Index(()),
}

pub mod balances {
    use super::*;

    #[derive(Encode, TypeInfo)]
    pub enum Call {
        #[codec(index = 3)]
        transfer_keep_alive {
            dest: MultiAddress,
            #[codec(compact)]
            value: u128,
        },
    }
}

/// As `balances`, but it names the call otherwise: what forged metadata look like.
pub mod forged {
    use super::*;

    #[derive(Encode, TypeInfo)]
    pub enum Call {
        #[codec(index = 3)]
        say_hello {
            to: MultiAddress,
            #[codec(compact)]
            times: u128,
        },
    }
}

pub mod key_ledger {
    use super::*;

    #[derive(Encode, TypeInfo)]
    pub enum Call {
        #[codec(index = 3)]
        revoke { key: qc_pqc::KeyId },
        #[codec(index = 5)]
        require_pqc {},
    }
}

pub mod utility {
    use super::*;

    #[derive(Encode, TypeInfo)]
    pub enum Call {
        #[codec(index = 0)]
        batch { calls: Vec<InnerCall> },
        #[codec(index = 1)]
        remark { remark: Vec<u8>, loud: bool },
    }
}

#[derive(Encode, TypeInfo)]
pub enum InnerCall {
    #[codec(index = 10)]
    Balances(balances::Call),
}

#[derive(Encode, TypeInfo)]
pub enum RuntimeCall {
    #[codec(index = 10)]
    Balances(balances::Call),
    #[codec(index = 12)]
    KeyLedger(key_ledger::Call),
    #[codec(index = 40)]
    Utility(utility::Call),
}

#[derive(Encode, TypeInfo)]
pub enum ForgedCall {
    #[codec(index = 10)]
    Balances(forged::Call),
}

fn pallet(name: &'static str, index: u8, calls: MetaType) -> PalletMetadata {
    PalletMetadata {
        name,
        storage: None,
        calls: Some(PalletCallMetadata { ty: calls }),
        event: None,
        constants: vec![],
        error: None,
        index,
        docs: vec![],
    }
}

fn bytes(call: MetaType, pallets: Vec<PalletMetadata>) -> Vec<u8> {
    let nothing = meta_type::<()>();
    let extrinsic = ExtrinsicMetadata {
        version: 4,
        address_ty: nothing,
        call_ty: call,
        signature_ty: nothing,
        extra_ty: nothing,
        signed_extensions: vec![],
    };
    let outer_enums = OuterEnums {
        call_enum_ty: call,
        event_enum_ty: nothing,
        error_enum_ty: nothing,
    };
    let custom = CustomMetadata {
        map: Default::default(),
    };
    let metadata = RuntimeMetadataV15::new(pallets, extrinsic, nothing, vec![], outer_enums, custom);
    RuntimeMetadataPrefixed::from(metadata).encode()
}

/// The metadata of the small chain.
pub fn metadata_bytes() -> Vec<u8> {
    let pallets = vec![
        pallet("Balances", 10, meta_type::<balances::Call>()),
        pallet("KeyLedger", 12, meta_type::<key_ledger::Call>()),
        pallet("Utility", 40, meta_type::<utility::Call>()),
    ];
    bytes(meta_type::<RuntimeCall>(), pallets)
}

/// Metadata that call a transfer something else.
pub fn forged_metadata_bytes() -> Vec<u8> {
    bytes(
        meta_type::<ForgedCall>(),
        vec![pallet("Balances", 10, meta_type::<forged::Call>())],
    )
}

/// The metadata, read.
pub fn metadata() -> Metadata {
    crate::client::read_metadata_15(&metadata_bytes()).expect("metadata of version 15")
}

/// A transfer to an account, as a call of the small chain.
pub fn transfer(to: [u8; 32], value: u128) -> balances::Call {
    balances::Call::transfer_keep_alive {
        dest: MultiAddress::Id(AccountId32(to)),
        value,
    }
}
