//! The genesis config as the runtime reads it, typed: what the checks and the summary work with. Whether it makes a sound
//! state is for the runtime's own genesis builder to say.

mod digits;
mod fault;
mod keys;

pub use digits::numbers_as_the_runtime_reads_them;
pub use fault::ConfigFault;

use crate::{address::Account, json::Json};
use qc_harmonics::symbols::Symbols;
use qc_pqc::{KeyId, PublicKey};
use qc_types::{check_founders, AssetId, Balance, Capabilities, SHARDS_MAX, SHARDS_MIN};
use serde::{de::DeserializeOwned, Deserialize};
use std::collections::BTreeSet;

/// `clock`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Clock {
    /// Length of an epoch, blocks.
    pub epoch_blocks: u32,
}

/// `balances`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Balances {
    /// FLX in plancks, by account.
    pub balances: Vec<(Account, Balance)>,
    /// Must be null.
    #[serde(default)]
    pub dev_accounts: Option<()>,
}

/// `assets`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Assets {
    /// Id, owner, whether it is sufficient, the least amount of it.
    pub assets: Vec<(AssetId, Account, bool, Balance)>,
    /// Id, name, symbol, decimals.
    pub metadata: Vec<(AssetId, Vec<u8>, Vec<u8>, u8)>,
    /// PSY, ATR and RES in plancks, by account.
    pub accounts: Vec<(AssetId, Account, Balance)>,
    /// Must be null.
    #[serde(default)]
    pub next_asset_id: Option<()>,
    /// Must be empty.
    #[serde(default)]
    pub reserves: Vec<()>,
}

/// `economy`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Economy {
    /// How many shards there are.
    pub shards: u8,
    /// CHR in plancks, by account.
    pub chr: Vec<(Account, Balance)>,
}

/// `keyLedger`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KeyLedger {
    /// Post-quantum keys: for whom, the key, what it may do.
    pub keys: Vec<(Account, PublicKey, Capabilities)>,
}

/// `attunement`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Attunement {
    /// The protocol's constants.
    pub symbols: Symbols,
    /// Validators and their stakes, plancks of ATR.
    pub validators: Vec<(Account, Balance)>,
    /// What the commons pots stake, by shard, plancks of ATR.
    pub anchors: Vec<(u8, Balance)>,
    /// Ψ̄ that validators begin with, units of 10⁻¹⁸.
    pub psi_start: u128,
}

/// `field`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Field {
    /// How many shards there are.
    pub shards: u8,
    /// Which are joined.
    pub edges: Vec<(u8, u8)>,
}

/// `incidents`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Incidents {
    /// Names and keys of the founders.
    pub founders: Vec<(String, PublicKey)>,
    /// How many of them must sign.
    pub threshold: u32,
}

/// The keys of a validator's sessions.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SessionKeys {
    /// Aura, sr25519.
    pub aura: Account,
    /// GRANDPA, ed25519.
    pub grandpa: Account,
}

/// `session`.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Session {
    /// Account, validator (the same), keys.
    pub keys: Vec<(Account, Account, SessionKeys)>,
    /// Must be empty.
    #[serde(default)]
    pub non_authority_keys: Vec<()>,
}

/// The tables whose content is the same in every genesis: the runtime checks them.
const FIXED: [&str; 4] = ["aura", "grandpa", "system", "transactionPayment"];

/// The tables that are read here.
const READ: [&str; 9] = [
    "assets",
    "attunement",
    "balances",
    "clock",
    "economy",
    "field",
    "incidents",
    "keyLedger",
    "session",
];

/// The most validators that a genesis can have: as many as sessions can.
const VALIDATORS_MAX: usize = 100;

/// A genesis config.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Config {
    /// The clock.
    pub clock: Clock,
    /// FLX.
    pub balances: Balances,
    /// PSY, ATR, RES, and what the four assets are.
    pub assets: Assets,
    /// CHR and the number of shards.
    pub economy: Economy,
    /// Post-quantum keys.
    pub key_ledger: KeyLedger,
    /// Symbols, validators, stakes.
    pub attunement: Attunement,
    /// The graph of shards.
    pub field: Field,
    /// The founders.
    pub incidents: Incidents,
    /// The validators' session keys.
    pub session: Session,
}

impl Config {
    /// Reads a config whose numbers are as the runtime reads them.
    pub fn read(json: &Json) -> Result<Self, ConfigFault> {
        let Json::Object(tables) = json else {
            return Err(ConfigFault::NotAnObject(json.kind()));
        };
        let unknown = |name: &&String| !FIXED.contains(&name.as_str()) && !READ.contains(&name.as_str());
        if let Some(name) = tables.keys().find(unknown) {
            return Err(ConfigFault::UnknownTable(name.clone()));
        }
        let config = Self {
            clock: table(json, "clock")?,
            balances: table(json, "balances")?,
            assets: table(json, "assets")?,
            economy: table(json, "economy")?,
            key_ledger: table(json, "keyLedger")?,
            attunement: table(json, "attunement")?,
            field: table(json, "field")?,
            incidents: table(json, "incidents")?,
            session: table(json, "session")?,
        };
        config.check()?;
        Ok(config)
    }

    /// What the ceremony stands on: sound founders, and for each validator one SEAL key by which it signs, and no other
    /// post-quantum key, for nobody would have shown that it is anybody's.
    fn check(&self) -> Result<(), ConfigFault> {
        self.check_size()?;
        let founders = self.incidents.founders.iter();
        let founders: Vec<_> = founders.map(|(name, key)| (name.clone(), KeyId::of(key))).collect();
        check_founders(&founders, self.incidents.threshold)?;
        let mut accounts = BTreeSet::new();
        for (account, _) in &self.attunement.validators {
            if !accounts.insert(account) {
                return Err(ConfigFault::ValidatorTwice(*account));
            }
        }
        for account in &accounts {
            let sets = self.session.keys.iter();
            let own = sets.filter(|(who, validator, _)| who == *account && validator == *account);
            if own.count() != 1 {
                return Err(ConfigFault::NoSessionKeys(**account));
            }
        }
        let mut sealing = BTreeSet::new();
        let mut ids = BTreeSet::new();
        for (account, key, capabilities) in &self.key_ledger.keys {
            let id = KeyId::of(key);
            if let Some((name, _)) = founders.iter().find(|(_, founder)| *founder == id) {
                return Err(ConfigFault::KeyOfFounder {
                    account: *account,
                    founder: name.clone(),
                });
            }
            if !ids.insert(id) {
                return Err(ConfigFault::KeyTwice(id));
            }
            if !accounts.contains(account) || *capabilities != Capabilities::SEAL || !sealing.insert(account) {
                return Err(ConfigFault::StrayKey { account: *account, id });
            }
        }
        match accounts.iter().find(|account| !sealing.contains(*account)) {
            Some(account) => Err(ConfigFault::NoSealKey(**account)),
            None => Ok(()),
        }
    }

    /// What the work on a config grows with, so that no file keeps its reader busy for hours.
    fn check_size(&self) -> Result<(), ConfigFault> {
        let shards = self.economy.shards;
        if !(SHARDS_MIN..=SHARDS_MAX).contains(&shards) {
            return Err(ConfigFault::Shards(shards));
        }
        for (list, found) in [
            ("attunement.validators", self.attunement.validators.len()),
            ("session.keys", self.session.keys.len()),
        ] {
            if found > VALIDATORS_MAX {
                return Err(ConfigFault::TooManyValidators { list, found });
            }
        }
        Ok(())
    }

    /// The key with which a validator seals.
    pub fn seal_key(&self, validator: &Account) -> Option<&PublicKey> {
        let found = self.key_ledger.keys.iter().find(|(account, _, _)| account == validator);
        found.map(|(_, key, _)| key)
    }
}

fn table<T: DeserializeOwned>(config: &Json, name: &'static str) -> Result<T, ConfigFault> {
    let table = config.get(name).ok_or(ConfigFault::MissingTable(name))?;
    serde_json::from_str(&table.to_canonical()).map_err(|error| {
        let message = error.to_string();
        // The place is one in a text that nobody has seen.
        let what = message.split(" at line ").next().unwrap_or_default().to_owned();
        ConfigFault::Table { name, what }
    })
}
