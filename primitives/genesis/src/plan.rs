//! The plan: what the coordinator writes before there are keys.

mod assembly;
mod fault;

pub(crate) use assembly::pot;
pub use assembly::AssemblyFault;
pub use fault::PlanFault;

use crate::{
    address::Account,
    amount,
    document::{Chain, ChainType},
    json::{is_integer, parse, Json},
};
use qc_harmonics::{economy::CHR_OF_FIVE, field::Topology, symbols::Symbols};
use qc_types::{check_founders, is_name, Balance};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// A plan to fill in, with a word on everything that can be in it.
pub const TEMPLATE: &str = include_str!("plan/template.toml");

/// The largest plan, bytes.
pub const PLAN_BYTES_MAX: usize = 4 << 20;

/// The graph of a plan that has none: the ring of five.
const RING: [(u8, u8); 5] = [(0, 1), (0, 4), (1, 2), (2, 3), (3, 4)];

/// What names of chains and validators are, as `qc_types::is_name` has it.
const NAME_RULE: &str = "must be 1 to 64 bytes without characters that cannot be seen, or spaces at an end or in a row";

/// What an account of a plan gets, plancks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Given {
    /// Who.
    pub account: Account,
    /// FLX.
    pub flx: Balance,
    /// CHR.
    pub chr: Balance,
    /// PSY.
    pub psy: Balance,
    /// ATR, what it stakes included.
    pub atr: Balance,
    /// RES.
    pub res: Balance,
}

/// A plan, every entry of which could be read.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Plan {
    /// What the network is called.
    pub chain: Chain,
    /// Length of an epoch, blocks.
    pub epoch_blocks: u32,
    /// How many founders must sign.
    pub threshold: u32,
    /// Names of the founders, in their order.
    pub founders: Vec<String>,
    /// Names of the validators and their stakes, plancks of ATR, in their order.
    pub validators: Vec<(String, Balance)>,
    /// What accounts get.
    pub accounts: Vec<Given>,
    /// Which shards are joined.
    pub edges: Vec<(u8, u8)>,
    /// FLX of the treasury, plancks.
    pub treasury_flx: Balance,
    /// The symbols, overrides included.
    pub symbols: Symbols,
}

impl Plan {
    /// Reads a plan.
    pub fn parse(bytes: &[u8]) -> Result<Self, PlanFault> {
        if bytes.len() > PLAN_BYTES_MAX {
            return Err(PlanFault::TooLarge(bytes.len()));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| PlanFault::NotUtf8)?;
        let written: Written = toml::from_str(text).map_err(|error| PlanFault::toml(&error, text))?;
        written.read()
    }
}

/// A plan as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    chain: WrittenChain,
    founders: WrittenFounders,
    #[serde(default)]
    validators: Vec<WrittenValidator>,
    #[serde(default)]
    accounts: Vec<WrittenAccount>,
    #[serde(default)]
    field: WrittenField,
    treasury: WrittenTreasury,
    #[serde(default)]
    symbols: BTreeMap<String, Number>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenChain {
    id: String,
    name: String,
    #[serde(rename = "type")]
    chain_type: Option<String>,
    epoch_blocks: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenFounders {
    threshold: u32,
    members: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenValidator {
    name: String,
    stake: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenAccount {
    account: String,
    flx: Option<String>,
    chr: Option<String>,
    psy: Option<String>,
    atr: Option<String>,
    res: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenField {
    edges: Option<Vec<(u8, u8)>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenTreasury {
    flx: String,
}

/// TOML's own integers end at 2⁶³; larger ones are written as strings.
#[derive(Deserialize)]
#[serde(untagged)]
enum Number {
    Integer(i64),
    Digits(String),
}

impl Number {
    fn digits(&self) -> Option<String> {
        let digits = match self {
            Self::Integer(number) => number.to_string(),
            Self::Digits(digits) => digits.clone(),
        };
        is_integer(&digits).then_some(digits)
    }
}

impl Written {
    fn read(self) -> Result<Plan, PlanFault> {
        let founders = self.founders.members;
        let keys: Vec<_> = founders.iter().cloned().zip(0..).collect();
        check_founders::<i32>(&keys, self.founders.threshold).map_err(PlanFault::Founders)?;
        let edges = self.field.edges.unwrap_or_else(|| RING.to_vec());
        let shards = u8::try_from(CHR_OF_FIVE.len()).unwrap_or(u8::MAX);
        Topology::build(shards, &edges).map_err(|fault| PlanFault::Edges(fault.to_string()))?;
        let treasury_flx = whole("[treasury]", "flx", &self.treasury.flx)?;
        Ok(Plan {
            epoch_blocks: self.chain.epoch_blocks,
            chain: self.chain.read()?,
            threshold: self.founders.threshold,
            founders,
            validators: validators(self.validators)?,
            accounts: accounts(self.accounts)?,
            edges,
            treasury_flx,
            symbols: symbols(&self.symbols)?,
        })
    }
}

impl WrittenChain {
    fn read(self) -> Result<Chain, PlanFault> {
        let entry = |field: &'static str, what: String| PlanFault::entry("[chain]", field, what);
        if !Chain::is_id(&self.id) {
            return Err(entry("id", "must be 1 to 32 of a-z, 0-9 and -, a letter first".into()));
        }
        if !is_name(&self.name) {
            return Err(entry("name", NAME_RULE.into()));
        }
        let chain_type = match self.chain_type {
            None => ChainType::Live,
            Some(name) => ChainType::from_name(&name)
                .ok_or_else(|| entry("type", format!("must be Live, Local or Development, but is {name:?}")))?,
        };
        Ok(Chain {
            protocol_id: self.id.clone(),
            id: self.id,
            name: self.name,
            chain_type,
        })
    }
}

fn validators(written: Vec<WrittenValidator>) -> Result<Vec<(String, Balance)>, PlanFault> {
    let mut names = BTreeSet::new();
    let mut validators = Vec::new();
    for validator in written {
        let table = format!("[[validators]] {:?}", validator.name);
        if !is_name(&validator.name) {
            return Err(PlanFault::entry(&table, "name", NAME_RULE.into()));
        }
        if !names.insert(validator.name.clone()) {
            return Err(PlanFault::entry(&table, "name", "two validators have it".into()));
        }
        let stake = whole(&table, "stake", &validator.stake)?;
        validators.push((validator.name, stake));
    }
    if validators.is_empty() {
        return Err(PlanFault::NoValidators);
    }
    Ok(validators)
}

fn accounts(written: Vec<WrittenAccount>) -> Result<Vec<Given>, PlanFault> {
    let mut seen = BTreeSet::new();
    let mut accounts = Vec::new();
    for (place, entry) in written.into_iter().enumerate() {
        let table = format!("[[accounts]] number {} ({:?})", place + 1, entry.account);
        let account =
            Account::parse(&entry.account).map_err(|fault| PlanFault::entry(&table, "account", fault.to_string()))?;
        if !seen.insert(account) {
            return Err(PlanFault::entry(&table, "account", "it is there twice".into()));
        }
        let amount = |field, text: &Option<String>| match text {
            Some(text) => whole(&table, field, text),
            None => Ok(0),
        };
        accounts.push(Given {
            account,
            flx: amount("flx", &entry.flx)?,
            chr: amount("chr", &entry.chr)?,
            psy: amount("psy", &entry.psy)?,
            atr: amount("atr", &entry.atr)?,
            res: amount("res", &entry.res)?,
        });
    }
    Ok(accounts)
}

/// Whole tokens of an entry in plancks.
fn whole(table: &str, field: &'static str, text: &str) -> Result<Balance, PlanFault> {
    amount::parse(text).ok_or_else(|| {
        let what = format!("{text:?} is no amount: write whole tokens, for instance \"1.5\", with at most 12 decimals");
        PlanFault::entry(table, field, what)
    })
}

/// The protocol's table with the plan's overrides.
fn symbols(overrides: &BTreeMap<String, Number>) -> Result<Symbols, PlanFault> {
    let entry = |name: &str, what: String| PlanFault::Symbol {
        name: name.to_owned(),
        what,
    };
    let mut table = symbol_table(&Symbols::default());
    for (name, number) in overrides {
        let digits = number
            .digits()
            .ok_or_else(|| entry(name, "must be an integer, or a string of its digits".into()))?;
        match table.get_mut(name) {
            Some(value) => *value = digits,
            None => {
                return Err(entry(
                    name,
                    "there is no such symbol: qc genesis review shows all".into(),
                ))
            }
        }
    }
    let members = table.into_iter().map(|(name, digits)| (name, Json::Number(digits)));
    let text = Json::Object(members.collect()).to_canonical();
    let symbols: Symbols = serde_json::from_str(&text).map_err(|error| {
        let message = error.to_string();
        PlanFault::Symbols(message.split(" at line ").next().unwrap_or_default().to_owned())
    })?;
    symbols.check().map_err(|fault| PlanFault::Symbols(fault.to_string()))?;
    Ok(symbols)
}

/// Symbols by name, as digits.
pub fn symbol_table(symbols: &Symbols) -> BTreeMap<String, String> {
    let text = serde_json::to_string(symbols).unwrap_or_default();
    let Ok(Json::Object(members)) = parse(text.as_bytes()) else {
        return BTreeMap::new();
    };
    let number = |(name, value)| match value {
        Json::Number(digits) | Json::String(digits) => Some((name, digits)),
        _ => None,
    };
    members.into_iter().filter_map(number).collect()
}
