//! Builds the state of a genesis, or says which constraint it breaks.

use crate::{
    configs::field::Facts, epoch::HISTORICAL_SESSIONS, AccountId, Balance, Balances, Clock, Economy, Runtime,
    RuntimeGenesisConfig, Session, EXISTENTIAL_DEPOSIT,
};
use alloc::{
    collections::BTreeSet,
    format,
    string::{String, ToString},
    vec::Vec,
};
use frame_support::traits::{fungible::Inspect, BuildGenesisConfig, Get};
use qc_harmonics::{
    economy::{check_genesis, GenesisTotals, ShardAllocation},
    field::Topology,
};
use qc_traits::ShardFactsInspect;
use qc_types::{Capabilities, Home, TokenId, DECIMALS};
use sp_core::hexdisplay::HexDisplay;

/// Builds the genesis state from JSON. Constraints that only the state shows are checked on the state; those without which
/// a pallet could not even be built are checked before.
pub fn build_state(json: &[u8]) -> Result<(), String> {
    let config: RuntimeGenesisConfig =
        serde_json::from_slice(json).map_err(|error| format!("the genesis is not what this runtime reads: {error}"))?;
    check_buildable(&config)?;
    config.build();
    check_tokens()?;
    check_seats(&config)?;
    // That runtime, to measure against, has no meter, and so no totals.
    if cfg!(feature = "plain-balances") {
        return Ok(());
    }
    check_genesis(&totals()?).map_err(|fault| fault.to_string())?;
    Economy::check_laws()
        .map_err(|breach| format!("{}: must be {}, is {}", breach.law(), breach.expected, breach.found))
}

fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds {
        Ok(())
    } else {
        Err(otherwise())
    }
}

fn ensure_unique<T: Ord>(items: impl Iterator<Item = T>, what: &str) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for item in items {
        ensure(seen.insert(item), || format!("{what} is named twice"))?;
    }
    Ok(())
}

fn is_summable(mut amounts: impl Iterator<Item = Balance>) -> bool {
    amounts.try_fold(0, Balance::checked_add).is_some()
}

/// An account as a person can look it up, also where the runtime is Wasm and knows no SS58.
fn hex(who: &AccountId) -> String {
    format!("0x{}", HexDisplay::from(&AsRef::<[u8]>::as_ref(who)))
}

/// What a pallet's own genesis would only panic on.
fn check_buildable(config: &RuntimeGenesisConfig) -> Result<(), String> {
    let shards = config.economy.shards;
    ensure((3..=50).contains(&shards), || {
        format!("the number of shards must be 3 to 50, but is {shards}")
    })?;
    ensure_unique(
        config.balances.balances.iter().map(|(who, _)| who),
        "an account in balances.balances",
    )?;
    for (who, amount) in &config.balances.balances {
        ensure(*amount >= EXISTENTIAL_DEPOSIT, || {
            let who = hex(who);
            format!(
                "{who} must hold at least the existential deposit of {EXISTENTIAL_DEPOSIT} plancks, but holds {amount}"
            )
        })?;
    }
    let flx = config.balances.balances.iter().map(|(_, amount)| *amount);
    ensure(is_summable(flx), || "Σ FLX is out of range".into())?;
    ensure_unique(
        config.economy.chr.iter().map(|(who, _)| who),
        "an account in economy.chr",
    )?;
    let chr = config.economy.chr.iter().map(|(_, amount)| *amount);
    ensure(is_summable(chr), || "Σ CHR is out of range".into())?;
    for (who, _) in &config.economy.chr {
        ensure(*who != Economy::treasury_account(), || {
            "the treasury holds no CHR".into()
        })?;
    }
    ensure(config.balances.dev_accounts.is_none(), || {
        "balances.devAccounts must be null: all FLX is named in balances.balances".into()
    })?;
    check_assets_buildable(config)?;
    ensure(!config.session.keys.is_empty(), || {
        "session.keys must name at least one validator".into()
    })?;
    let max = <<Runtime as pallet_aura::Config>::MaxAuthorities as Get<u32>>::get() as usize;
    ensure(config.session.keys.len() <= max, || {
        format!("session.keys names more than {max} validators")
    })?;
    ensure_unique(
        config.session.keys.iter().map(|(who, _, _)| who),
        "an account in session.keys",
    )?;
    // The session seats the second; everything else is asked of the first.
    for (who, validator, _) in &config.session.keys {
        ensure(who == validator, || {
            let (who, validator) = (hex(who), hex(validator));
            format!("session.keys: {who} must be its own validator, but names {validator}")
        })?;
    }
    ensure_unique(
        config.session.keys.iter().map(|(_, _, keys)| &keys.aura),
        "an Aura key in session.keys",
    )?;
    ensure_unique(
        config.session.keys.iter().map(|(_, _, keys)| &keys.grandpa),
        "a GRANDPA key in session.keys",
    )?;
    ensure(config.session.non_authority_keys.is_empty(), || {
        "session.nonAuthorityKeys must be empty".into()
    })?;
    let elsewhere = !config.aura.authorities.is_empty() || !config.grandpa.authorities.is_empty();
    ensure(!elsewhere, || {
        "aura.authorities and grandpa.authorities must be empty: session.keys names them".into()
    })?;
    check_field_buildable(config)?;
    check_founders(config)
}

/// The founders, and that none of their keys does anything else on the chain.
fn check_founders(config: &RuntimeGenesisConfig) -> Result<(), String> {
    let incidents = &config.incidents;
    pallet_cir::check_founders(&incidents.founders, incidents.threshold)
        .map_err(|fault| format!("incidents.founders: {fault}"))?;
    for (name, key) in &incidents.founders {
        let elsewhere = config.key_ledger.keys.iter().any(|(_, other, _)| other == key);
        ensure(!elsewhere, || {
            format!("incidents.founders: the key of the founder {name:?} is also in keyLedger.keys")
        })?;
    }
    Ok(())
}

/// Symbols, field graph, stakes, and that every founding validator can report.
fn check_field_buildable(config: &RuntimeGenesisConfig) -> Result<(), String> {
    let attunement = &config.attunement;
    let (symbols, shards) = (&attunement.symbols, config.economy.shards);
    symbols
        .check()
        .map_err(|fault| format!("attunement.symbols: {fault}"))?;
    ensure(symbols.unbonding_epochs > HISTORICAL_SESSIONS, || {
        format!(
            "attunement.symbols: unbondingEpochs must be above {HISTORICAL_SESSIONS}, for which an equivocation can be proved, \
             or who leaves in time cannot be slashed, but is {}",
            symbols.unbonding_epochs
        )
    })?;
    ensure(attunement.psi_start <= qc_math::ONE, || {
        format!(
            "attunement.psiStart must be at most 1, that is 10^18, but is {}",
            attunement.psi_start
        )
    })?;
    ensure(config.field.shards == shards, || {
        format!(
            "field.shards must be economy.shards, {shards}, but is {}",
            config.field.shards
        )
    })?;
    Topology::build(shards, &config.field.edges).map_err(|fault| format!("field.edges: {fault}"))?;
    pallet_key_ledger::check_genesis_keys(&config.key_ledger.keys)
        .map_err(|fault| format!("keyLedger.keys: {fault}"))?;
    ensure_unique(
        attunement.validators.iter().map(|(who, _)| who),
        "an account in attunement.validators",
    )?;
    ensure_unique(
        attunement.anchors.iter().map(|(shard, _)| shard),
        "a shard in attunement.anchors",
    )?;
    let least = usize::try_from(symbols.validators_min).unwrap_or(usize::MAX);
    ensure(attunement.validators.len() >= least, || {
        format!("attunement.validators must name at least validatorsMin, {least}")
    })?;
    let most = usize::try_from(symbols.validators_max).unwrap_or(usize::MAX);
    ensure(attunement.validators.len() <= most, || {
        format!("attunement.validators must name at most validatorsMax, {most}")
    })?;
    for (shard, _) in &attunement.anchors {
        ensure(shard.0 < shards, || {
            format!("attunement.anchors names shard {}, which there is not", shard.0)
        })?;
    }
    let anchors = attunement
        .anchors
        .iter()
        .map(|(shard, amount)| (Economy::commons_account(*shard), *amount));
    for (who, stake) in attunement.validators.iter().cloned().chain(anchors) {
        ensure(atr_of(config, &who) > stake, || {
            format!(
                "{} must hold a planck of ATR more than the {stake} plancks that it stakes",
                hex(&who)
            )
        })?;
    }
    for (who, stake) in &attunement.validators {
        ensure(*stake >= symbols.stake_min, || {
            format!(
                "{} must stake at least stakeMin, {} plancks, but stakes {stake}",
                hex(who),
                symbols.stake_min
            )
        })?;
        ensure(config.session.keys.iter().any(|(keyed, _, _)| keyed == who), || {
            format!("the validator {} has no keys in session.keys", hex(who))
        })?;
        let may_report = config
            .key_ledger
            .keys
            .iter()
            .any(|(owner, _, capabilities)| owner == who && capabilities.contains(Capabilities::SEAL));
        ensure(may_report, || {
            format!("the validator {} has no key with SEAL in keyLedger.keys", hex(who))
        })?;
    }
    ensure(config.session.keys.len() == attunement.validators.len(), || {
        "session.keys must name the validators of attunement.validators and nobody else".into()
    })
}

/// ATR that a genesis gives an account, plancks.
fn atr_of(config: &RuntimeGenesisConfig, who: &AccountId) -> Balance {
    let is_of = |id: u32, holder: &AccountId| TokenId::from_asset_id(id) == Some(TokenId::Atr) && holder == who;
    let given = config.assets.accounts.iter().find(|(id, holder, _)| is_of(*id, holder));
    given.map_or(0, |(_, _, amount)| *amount)
}

fn check_assets_buildable(config: &RuntimeGenesisConfig) -> Result<(), String> {
    let ids: Vec<_> = config.assets.assets.iter().map(|(id, ..)| *id).collect();
    let expected: Vec<_> = TokenId::ASSETS.iter().filter_map(|token| token.asset_id()).collect();
    ensure(ids == expected, || {
        format!("assets.assets must be the assets {expected:?} in this order, but is {ids:?}")
    })?;
    for (id, _, sufficient, minimum) in &config.assets.assets {
        ensure(*sufficient && *minimum == 1, || {
            format!("asset {id} must be sufficient, its minimum 1 planck")
        })?;
    }
    for (id, name, symbol, _) in &config.assets.metadata {
        let max = <<Runtime as pallet_assets::Config>::StringLimit as Get<u32>>::get() as usize;
        ensure(expected.contains(id), || {
            format!("assets.metadata names asset {id}, which there is not")
        })?;
        ensure(name.len() <= max && symbol.len() <= max, || {
            format!("a name of asset {id} is longer than {max} bytes")
        })?;
    }
    for (id, who, amount) in &config.assets.accounts {
        let is_chr = TokenId::from_asset_id(*id) == Some(TokenId::Chr);
        ensure(!is_chr, || {
            format!(
                "assets.accounts gives {} CHR: economy.chr is the only place for it",
                hex(who)
            )
        })?;
        ensure(expected.contains(id), || {
            format!("assets.accounts names asset {id}, which there is not")
        })?;
        ensure(*amount > 0, || {
            format!("assets.accounts gives {} nothing of asset {id}", hex(who))
        })?;
    }
    ensure_unique(
        config.assets.accounts.iter().map(|(id, who, _)| (id, who)),
        "an account in assets.accounts",
    )?;
    let in_range = expected.iter().all(|id| {
        let of_asset = config.assets.accounts.iter().filter(|(asset, ..)| asset == id);
        is_summable(of_asset.map(|(_, _, amount)| *amount))
    });
    ensure(in_range, || "the sum of an asset is out of range".into())?;
    ensure(config.assets.reserves.is_empty(), || {
        "assets.reserves must be empty".into()
    })?;
    ensure(config.assets.next_asset_id.is_none(), || {
        "assets.nextAssetId must be null: there are four assets".into()
    })
}

/// The four assets carry the metadata by which wallets know them, and nobody holds a key to manage them.
fn check_tokens() -> Result<(), String> {
    use frame_support::traits::fungibles::{metadata::Inspect, roles::Inspect as _};
    type Assets = crate::Assets;
    for token in TokenId::ASSETS {
        let Some(id) = token.asset_id() else { continue };
        let fits = Assets::symbol(id) == token.symbol().as_bytes()
            && Assets::name(id) == token.name().as_bytes()
            && Assets::decimals(id) == DECIMALS;
        ensure(fits, || {
            format!(
                "the metadata of asset {id} must be {}, {DECIMALS} decimals",
                token.symbol()
            )
        })?;
        let keyless = Some(super::allocation::assets_owner());
        let owned = [
            Assets::owner(id),
            Assets::issuer(id),
            Assets::admin(id),
            Assets::freezer(id),
        ];
        ensure(owned.iter().all(|owner| *owner == keyless), || {
            format!(
                "asset {id} must be owned by the keyless account {}",
                hex(&super::allocation::assets_owner())
            )
        })?;
    }
    Ok(())
}

/// Those who validate are those who stake.
fn check_seats(config: &RuntimeGenesisConfig) -> Result<(), String> {
    let seated: BTreeSet<_> = Session::validators().into_iter().collect();
    let staking: BTreeSet<_> = config
        .attunement
        .validators
        .iter()
        .map(|(who, _)| who.clone())
        .collect();
    ensure(seated == staking, || {
        let hex = |accounts: BTreeSet<_>| accounts.iter().map(hex).collect::<Vec<_>>().join(", ");
        format!(
            "the validators must be those of attunement.validators, {}, but are {}",
            hex(staking),
            hex(seated)
        )
    })
}

fn totals() -> Result<GenesisTotals, String> {
    let held = Economy::shard_totals();
    let shards = held.iter().filter(|held| matches!(held.home, Home::Shard(_)));
    let ground = held
        .iter()
        .find(|held| held.home == Home::Ground)
        .ok_or("the ground has no total")?;
    let staked = Facts::shards().into_iter().map(|facts| facts.staked_atr);
    Ok(GenesisTotals {
        shards: shards
            .zip(staked)
            .map(|(held, staked_atr)| ShardAllocation {
                chr: held.chr,
                flx: held.flx,
                staked_atr,
            })
            .collect(),
        treasury_flx: ground.flx,
        existential_deposit: Balances::minimum_balance(),
        epoch_blocks: <Clock as Get<crate::BlockNumber>>::get(),
    })
}
