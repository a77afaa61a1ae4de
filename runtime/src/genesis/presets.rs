//! The presets `development` and `local_testnet`: keys that everybody knows, epochs of ten blocks.

use super::{
    allocation::{allocate, anchor_balances, anchors, assets_owner, Endowment},
    dev_keys::{founder_key, reporting_key, FOUNDERS},
};
use crate::{AccountId, Balance, SessionKeys, FLX};
use alloc::{format, vec, vec::Vec};
use qc_harmonics::{economy::CHR_OF_FIVE, symbols::Symbols};
use qc_types::{Capabilities, TokenId, DECIMALS};
use serde_json::{json, Value};
use sp_genesis_builder::{PresetId, DEV_RUNTIME_PRESET, LOCAL_TESTNET_RUNTIME_PRESET};
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};

/// Length of an epoch on both presets, blocks.
const EPOCH_BLOCKS: u32 = 10;

const ENDOWMENT: Endowment = Endowment {
    flx: 1_000_000 * FLX,
    chr: 100_000 * FLX,
    assets: [
        (TokenId::Psy, 10_000 * FLX),
        (TokenId::Atr, 200_000 * FLX),
        (TokenId::Res, 10_000 * FLX),
    ],
};

/// ATR that a validator of a preset stakes, plancks.
const STAKE: Balance = 2_000 * FLX;

/// How many of the founders must agree.
const FOUNDER_THRESHOLD: u32 = 3;

/// The ring of five.
const RING: [(u8, u8); 5] = [(0, 1), (0, 4), (1, 2), (2, 3), (3, 4)];

/// The keys of a well-known validator.
type WellKnown = (Sr25519Keyring, Ed25519Keyring);

const DEV_VALIDATORS: [WellKnown; 1] = [(Sr25519Keyring::Alice, Ed25519Keyring::Alice)];

const LOCAL_VALIDATORS: [WellKnown; 4] = [
    (Sr25519Keyring::Alice, Ed25519Keyring::Alice),
    (Sr25519Keyring::Bob, Ed25519Keyring::Bob),
    (Sr25519Keyring::Charlie, Ed25519Keyring::Charlie),
    (Sr25519Keyring::Dave, Ed25519Keyring::Dave),
];

/// The genesis of a preset, as JSON; `None` if there is none of that name.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    let genesis = match id.as_ref() {
        DEV_RUNTIME_PRESET => well_known(&DEV_VALIDATORS)?,
        LOCAL_TESTNET_RUNTIME_PRESET => well_known(&LOCAL_VALIDATORS)?,
        _ => return None,
    };
    serde_json::to_vec(&genesis).ok()
}

/// The presets there are.
pub fn preset_names() -> Vec<PresetId> {
    vec![
        PresetId::from(DEV_RUNTIME_PRESET),
        PresetId::from(LOCAL_TESTNET_RUNTIME_PRESET),
    ]
}

fn well_known(validators: &[WellKnown]) -> Option<Value> {
    let endowed: Vec<AccountId> = Sr25519Keyring::well_known().map(|key| key.to_account_id()).collect();
    let mut allocation = allocate(&endowed, ENDOWMENT).ok()?;
    let stakes: Vec<_> = validators
        .iter()
        .map(|(aura, _)| (aura.to_account_id(), STAKE))
        .collect();
    let anchors = anchors(&stakes).ok()?;
    allocation.assets.extend(anchor_balances(&anchors)?);
    let reporting: Vec<_> = validators
        .iter()
        .map(|(aura, _)| Some((aura.to_account_id(), reporting_key(*aura)?, Capabilities::SEAL)))
        .collect::<Option<_>>()?;
    let founders: Vec<_> = (1..=FOUNDERS)
        .map(|number| Some((format!("development founder {number}"), founder_key(number)?)))
        .collect::<Option<_>>()?;
    let symbols = Symbols {
        // As many as there are, so that one alone makes a chain on `dev`.
        validators_min: u32::try_from(validators.len()).ok()?,
        ..Symbols::default()
    };
    let session_keys = validators.iter().map(|(aura, grandpa)| {
        let keys = SessionKeys {
            aura: aura.public().into(),
            grandpa: grandpa.public().into(),
        };
        (aura.to_account_id(), aura.to_account_id(), keys)
    });
    let owner = assets_owner();
    let assets: Vec<_> = TokenId::ASSETS
        .iter()
        .map(|token| (token.asset_id(), owner.clone(), true, 1u128))
        .collect();
    let metadata: Vec<_> = TokenId::ASSETS
        .iter()
        .map(|token| {
            (
                token.asset_id(),
                token.name().as_bytes(),
                token.symbol().as_bytes(),
                DECIMALS,
            )
        })
        .collect();
    Some(json!({
        "clock": { "epochBlocks": EPOCH_BLOCKS },
        "balances": { "balances": allocation.balances },
        "assets": { "assets": assets, "metadata": metadata, "accounts": allocation.assets },
        "economy": { "shards": CHR_OF_FIVE.len(), "chr": allocation.chr },
        "keyLedger": { "keys": reporting },
        "incidents": { "founders": founders, "threshold": FOUNDER_THRESHOLD },
        "attunement": { "symbols": symbols, "validators": stakes, "anchors": anchors, "psiStart": 0 },
        "field": { "shards": CHR_OF_FIVE.len(), "edges": RING },
        "session": { "keys": session_keys.collect::<Vec<_>>() },
    }))
}
