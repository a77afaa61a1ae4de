//! A genesis for people who are about to sign it: every number.

mod text;

use crate::{
    address::Account,
    amount::grouped,
    canonical::{blake2_256, sha256, GenesisHash},
    cards::hex_text,
    config::{Config, SessionKeys},
    development,
    document::{Chain, Document},
    json::Json,
    plan::{pot, symbol_table},
};
use qc_harmonics::{economy::home_of_hash, symbols::Symbols};
use qc_pqc::KeyId;
use qc_types::{protocol_account, Balance, TokenId, TREASURY_ID};
use std::collections::{BTreeMap, BTreeSet};

/// What an account begins with, plancks, in the order of [`TokenId::ALL`].
pub type Held = [Balance; 5];

/// A founder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Founder {
    /// The name.
    pub name: String,
    /// The key's id.
    pub key: KeyId,
}

/// A founding validator.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Validator {
    /// The account.
    pub account: Account,
    /// The shard that it is at home in.
    pub shard: u8,
    /// What it stakes, plancks of ATR.
    pub stake: Balance,
    /// Its session keys.
    pub session: Option<SessionKeys>,
    /// The id of its SEAL key.
    pub seal_key: Option<KeyId>,
}

/// A shard, and its commons pot.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Shard {
    /// What its accounts hold, the pot included.
    pub total: Held,
    /// What its commons pot holds.
    pub pot: Held,
    /// ATR that validators stake, plancks.
    pub staked: Balance,
    /// ATR that the pot stakes, plancks.
    pub anchor: Balance,
}

/// An account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Holder {
    /// Which.
    pub account: Account,
    /// The shard that it is at home in.
    pub shard: u8,
    /// What it holds.
    pub held: Held,
}

/// A symbol.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Symbol {
    /// Its name as in JSON.
    pub name: String,
    /// Its value.
    pub value: String,
    /// That of the protocol's table.
    pub default: String,
}

/// A genesis, to be read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Summary {
    /// The harmonic genesis hash.
    pub hash: GenesisHash,
    /// What the network is called.
    pub chain: Chain,
    /// SHA-256 of the blob, as the document has it.
    pub code_sha256: [u8; 32],
    /// BLAKE2b-256 of the blob, by which the running chain knows it; of a blob that was given, and is that of the document.
    pub code_blake2: Option<[u8; 32]>,
    /// Length of an epoch, blocks.
    pub epoch_blocks: u32,
    /// The founders.
    pub founders: Vec<Founder>,
    /// How many of them must sign.
    pub threshold: u32,
    /// The validators.
    pub validators: Vec<Validator>,
    /// Ψ̄ that validators begin with, units of 10⁻¹⁸.
    pub psi_start: u128,
    /// All there is of each token.
    pub total: Held,
    /// The shards.
    pub shards: Vec<Shard>,
    /// What the treasury holds.
    pub treasury: Held,
    /// Every other account, in the order of the ids.
    pub holders: Vec<Holder>,
    /// Which shards are joined.
    pub edges: Vec<(u8, u8)>,
    /// Every symbol.
    pub symbols: Vec<Symbol>,
    /// The tables that are the same in every genesis, as they are.
    pub fixed: Json,
    /// The development keys in it, which everybody knows.
    pub known: BTreeSet<String>,
}

impl Summary {
    /// The summary of a document. The blob, if it is given, is to be that of the document: another one's hash is not shown.
    pub fn of(document: &Document, code: Option<&[u8]>) -> Self {
        let config = document.config();
        let held = held(config);
        let code = code.filter(|code| sha256(code) == *document.code_sha256());
        let shard_count = config.economy.shards;
        let treasury = Account(protocol_account(TREASURY_ID));
        let pots: Vec<_> = (0..shard_count).map(pot).collect();
        let holders = held
            .iter()
            .filter(|(account, _)| **account != treasury && !pots.contains(account));
        let holders: Vec<_> = holders
            .map(|(account, held)| Holder {
                account: *account,
                shard: home(account, shard_count),
                held: *held,
            })
            .collect();
        let validators = validators(config);
        let shards = (0..).zip(&pots).map(|(shard, pot)| {
            let pot = held.get(pot).copied().unwrap_or_default();
            shard_of(config, shard, pot, &holders, &validators)
        });
        let known = config.keys().filter_map(|(_, bytes)| development::find(&bytes));
        let mut edges = config.field.edges.clone();
        edges.sort_unstable();
        Self {
            hash: document.hash(),
            chain: document.chain().clone(),
            code_sha256: *document.code_sha256(),
            code_blake2: code.map(blake2_256),
            epoch_blocks: config.clock.epoch_blocks,
            founders: founders(config),
            threshold: config.incidents.threshold,
            shards: shards.collect(),
            validators,
            psi_start: config.attunement.psi_start,
            total: held.values().fold(Held::default(), added),
            treasury: held.get(&treasury).copied().unwrap_or_default(),
            holders,
            edges,
            symbols: symbols(&config.attunement.symbols),
            fixed: fixed(document),
            known: known.map(|key| key.to_string()).collect(),
        }
    }

    /// For programs: amounts are plancks in strings.
    pub fn to_json(&self) -> Json {
        let founder = |one: &Founder| {
            Json::object([
                ("name", Json::text(&one.name)),
                ("keyId", Json::text(one.key.to_string())),
            ])
        };
        let shard = |(number, one): (usize, &Shard)| {
            Json::object([
                ("shard", digits(number)),
                ("total", held_json(&one.total)),
                ("commonsPot", held_json(&one.pot)),
                ("stakedAtr", digits(one.staked)),
                ("anchorAtr", digits(one.anchor)),
            ])
        };
        let holder = |one: &Holder| {
            Json::object([
                ("account", Json::text(one.account.to_string())),
                ("shard", digits(one.shard)),
                ("held", held_json(&one.held)),
            ])
        };
        let edge = |(one, other): &(u8, u8)| Json::Array(vec![digits(one), digits(other)]);
        let symbol = |one: &Symbol| {
            Json::object([
                ("name", Json::text(&one.name)),
                ("value", Json::text(&one.value)),
                ("default", Json::text(&one.default)),
            ])
        };
        Json::object([
            ("hash", Json::text(self.hash.to_string())),
            ("id", Json::text(&self.chain.id)),
            ("name", Json::text(&self.chain.name)),
            ("chainType", Json::text(self.chain.chain_type.name())),
            ("protocolId", Json::text(&self.chain.protocol_id)),
            ("codeSha256", Json::text(hex_text(&self.code_sha256))),
            (
                "codeBlake2",
                self.code_blake2.map_or(Json::Null, |hash| Json::text(hex_text(&hash))),
            ),
            ("epochBlocks", digits(self.epoch_blocks)),
            ("founders", Json::Array(self.founders.iter().map(founder).collect())),
            ("threshold", digits(self.threshold)),
            (
                "validators",
                Json::Array(self.validators.iter().map(Validator::to_json).collect()),
            ),
            ("psiStart", digits(self.psi_start)),
            ("total", held_json(&self.total)),
            (
                "shards",
                Json::Array(self.shards.iter().enumerate().map(shard).collect()),
            ),
            ("treasury", held_json(&self.treasury)),
            ("accounts", Json::Array(self.holders.iter().map(holder).collect())),
            ("edges", Json::Array(self.edges.iter().map(edge).collect())),
            ("symbols", Json::Array(self.symbols.iter().map(symbol).collect())),
            ("fixed", self.fixed.clone()),
            (
                "knownToEverybody",
                Json::Array(self.known.iter().map(Json::text).collect()),
            ),
        ])
    }
}

impl Validator {
    fn to_json(&self) -> Json {
        let session = |of: fn(&SessionKeys) -> Account| {
            self.session
                .as_ref()
                .map_or(Json::Null, |keys| Json::text(of(keys).hex()))
        };
        Json::object([
            ("account", Json::text(self.account.to_string())),
            ("shard", digits(self.shard)),
            ("stake", digits(self.stake)),
            ("aura", session(|keys| keys.aura)),
            ("grandpa", session(|keys| keys.grandpa)),
            (
                "sealKeyId",
                self.seal_key.map_or(Json::Null, |id| Json::text(id.to_string())),
            ),
        ])
    }
}

fn digits(number: impl ToString) -> Json {
    Json::text(number.to_string())
}

fn held_json(held: &Held) -> Json {
    let amounts = TokenId::ALL.into_iter().zip(held);
    Json::Object(
        amounts
            .map(|(token, amount)| (token.symbol().to_owned(), digits(amount)))
            .collect(),
    )
}

fn home(account: &Account, shards: u8) -> u8 {
    home_of_hash(&blake2_256(&account.0), shards)
}

/// What every account holds. A sum beyond 2¹²⁸, of an account that is named again and again, stays there: the runtime
/// refuses such a genesis.
fn held(config: &Config) -> BTreeMap<Account, Held> {
    let mut held: BTreeMap<Account, Held> = BTreeMap::new();
    let mut add = |account: &Account, token: TokenId, amount: Balance| {
        let place = TokenId::ALL.iter().position(|one| *one == token);
        let sum = place.and_then(|place| held.entry(*account).or_default().get_mut(place));
        if let Some(sum) = sum {
            // argued: what is shown is no state; the runtime refuses sums out of range.
            *sum = sum.saturating_add(amount);
        }
    };
    for (account, amount) in &config.balances.balances {
        add(account, TokenId::Flx, *amount);
    }
    for (account, amount) in &config.economy.chr {
        add(account, TokenId::Chr, *amount);
    }
    for (id, account, amount) in &config.assets.accounts {
        if let Some(token) = TokenId::from_asset_id(*id) {
            add(account, token, *amount);
        }
    }
    held
}

fn added(sum: Held, held: &Held) -> Held {
    let mut sum = sum;
    for (sum, amount) in sum.iter_mut().zip(held) {
        // argued: as in `held`.
        *sum = sum.saturating_add(*amount);
    }
    sum
}

fn shard_of(config: &Config, shard: u8, pot: Held, holders: &[Holder], validators: &[Validator]) -> Shard {
    let at_home = holders.iter().filter(|one| one.shard == shard);
    let stakes = validators.iter().filter(|one| one.shard == shard);
    let anchors = config.attunement.anchors.iter().filter(|(of, _)| *of == shard);
    // argued: as in `held`.
    let sum = |amounts: &mut dyn Iterator<Item = Balance>| amounts.fold(0, Balance::saturating_add);
    Shard {
        total: at_home.map(|one| &one.held).fold(pot, added),
        pot,
        staked: sum(&mut stakes.map(|one| one.stake)),
        anchor: sum(&mut anchors.map(|(_, anchor)| *anchor)),
    }
}

fn founders(config: &Config) -> Vec<Founder> {
    let founders = config.incidents.founders.iter();
    founders
        .map(|(name, key)| Founder {
            name: name.clone(),
            key: KeyId::of(key),
        })
        .collect()
}

fn validators(config: &Config) -> Vec<Validator> {
    let validators = config.attunement.validators.iter();
    validators
        .map(|(account, stake)| Validator {
            account: *account,
            shard: home(account, config.economy.shards),
            stake: *stake,
            session: config
                .session
                .keys
                .iter()
                .find(|(who, ..)| who == account)
                .map(|(_, _, keys)| *keys),
            seal_key: config.seal_key(account).map(KeyId::of),
        })
        .collect()
}

fn symbols(symbols: &Symbols) -> Vec<Symbol> {
    let defaults = symbol_table(&Symbols::default());
    let table = symbol_table(symbols).into_iter();
    table
        .map(|(name, value)| Symbol {
            default: defaults.get(&name).cloned().unwrap_or_default(),
            name,
            value,
        })
        .collect()
}

/// What is in no other part of the summary.
fn fixed(document: &Document) -> Json {
    let config = document.config_json();
    let table = |name: &str| Some((name.to_owned(), config.get(name)?.clone()));
    let assets = |name: &str| Some((format!("assets.{name}"), config.get("assets")?.get(name)?.clone()));
    let tables = ["aura", "grandpa", "system", "transactionPayment"]
        .into_iter()
        .filter_map(table);
    Json::Object(
        tables
            .chain(["assets", "metadata"].into_iter().filter_map(assets))
            .collect(),
    )
}

/// A number with commas, or as it is if it is none.
fn number(text: &str) -> String {
    if crate::json::is_integer(text) {
        grouped(text)
    } else {
        text.to_owned()
    }
}
