//! From a plan and the cards of those whom it names to a document.

use super::{symbol_table, Given, Plan};
use crate::{
    address::Account,
    canonical::blake2_256,
    cards::{key_text, Card, FounderCard, ValidatorCard},
    document::{Document, DocumentFault},
    json::Json,
};
use qc_harmonics::economy::{allocate, anchors, home_of_hash, AllocationFault, Grant, CHR_OF_FIVE, STAKED_ATR_OF_FIVE};
use qc_types::{
    protocol_account, protocol_account_of_shard, Balance, ShardId, TokenId, ASSETS_OWNER_ID, COMMONS_ID, DECIMALS,
    TREASURY_ID,
};
use std::collections::BTreeMap;
use thiserror::Error;

/// The fee multiplier that a chain begins with: one, in units of 10⁻¹⁸, as the SDK writes it.
const MULTIPLIER: &str = "1000000000000000000";

/// Why a plan and cards make no document.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum AssemblyFault {
    /// A card of somebody who is not in the plan.
    #[error("{file} is the card of the {role} {name:?}, whom the plan does not name")]
    NotInPlan {
        /// The file.
        file: String,
        /// Founder or validator.
        role: &'static str,
        /// The name on the card.
        name: String,
    },
    /// Two cards of one name.
    #[error("{first} and {second} are both cards of the {role} {name:?}")]
    CardTwice {
        /// The first file.
        first: String,
        /// The second file.
        second: String,
        /// Founder or validator.
        role: &'static str,
        /// The name on the cards.
        name: String,
    },
    /// No card of somebody whom the plan names.
    #[error("there is no card of the {role} {name:?}")]
    NoCard {
        /// Founder or validator.
        role: &'static str,
        /// The name in the plan.
        name: String,
    },
    /// The plan gives an account what only the protocol has.
    #[error("[[accounts]] gives {0} something, which is an account of the protocol's own")]
    ProtocolAccount(Account),
    /// A validator has not enough to stake.
    #[error(
        "the validator {name:?} stakes {} ATR, so [[accounts]] must give its account {account} a planck more at least, \
         but gives {}",
        crate::amount::format(*stake),
        crate::amount::format(*given)
    )]
    TooLittleAtr {
        /// The name in the plan.
        name: String,
        /// Its account.
        account: Account,
        /// What it stakes, plancks.
        stake: Balance,
        /// What it has, plancks.
        given: Balance,
    },
    /// More is given than there is.
    #[error("{0}")]
    Allocation(AllocationFault),
    /// What came out is no genesis.
    #[error("{0}")]
    Document(DocumentFault),
}

impl From<AllocationFault> for AssemblyFault {
    fn from(fault: AllocationFault) -> Self {
        Self::Allocation(fault)
    }
}

/// Cards with the files that they are from.
type Filed<'a, T> = BTreeMap<&'a str, (&'a str, &'a T)>;

/// The cards of those whom a plan names, in its order.
struct Hand<'a> {
    founders: Vec<&'a FounderCard>,
    validators: Vec<(&'a ValidatorCard, Balance)>,
}

impl Plan {
    /// The document of this plan, with the cards of all whom it names and of nobody else, for a runtime's blob of this
    /// SHA-256.
    pub fn assemble(&self, cards: &[(String, Card)], code_sha256: [u8; 32]) -> Result<Document, AssemblyFault> {
        let hand = self.deal(cards)?;
        self.check_stakes(&hand)?;
        let config = self.config(&hand)?;
        Document::new(self.chain.clone(), code_sha256, config).map_err(AssemblyFault::Document)
    }

    fn deal<'a>(&self, cards: &'a [(String, Card)]) -> Result<Hand<'a>, AssemblyFault> {
        let (mut founders, mut validators): (Filed<FounderCard>, Filed<ValidatorCard>) = Default::default();
        for (file, card) in cards {
            match card {
                Card::Founder(card) => file_card(&mut founders, "founder", &card.name, file, card)?,
                Card::Validator(card) => file_card(&mut validators, "validator", &card.name, file, card)?,
            }
        }
        let hand = Hand {
            founders: self
                .founders
                .iter()
                .map(|name| take(&mut founders, "founder", name))
                .collect::<Result<_, _>>()?,
            validators: self
                .validators
                .iter()
                .map(|(name, stake)| Ok((take(&mut validators, "validator", name)?, *stake)))
                .collect::<Result<_, AssemblyFault>>()?,
        };
        let left = founders.iter().map(|(name, (file, _))| ("founder", *name, *file));
        let left = left.chain(validators.iter().map(|(name, (file, _))| ("validator", *name, *file)));
        match left.into_iter().next() {
            None => Ok(hand),
            Some((role, name, file)) => Err(AssemblyFault::NotInPlan {
                file: file.to_owned(),
                role,
                name: name.to_owned(),
            }),
        }
    }

    fn check_stakes(&self, hand: &Hand<'_>) -> Result<(), AssemblyFault> {
        for (card, stake) in &hand.validators {
            let account = card.session.owner;
            let given = self.accounts.iter().find(|given| given.account == account);
            let given = given.map_or(0, |given| given.atr);
            if given <= *stake {
                return Err(AssemblyFault::TooLittleAtr {
                    name: card.name.clone(),
                    account,
                    stake: *stake,
                    given,
                });
            }
        }
        Ok(())
    }

    fn config(&self, hand: &Hand<'_>) -> Result<Json, AssemblyFault> {
        let shards = u8::try_from(CHR_OF_FIVE.len()).map_err(|_| AllocationFault::Overflow)?;
        let home = |account: &Account| home_of_hash(&blake2_256(&account.0), shards);
        let grants: Vec<_> = self
            .accounts
            .iter()
            .map(|given| Grant {
                shard: home(&given.account),
                chr: given.chr,
                flx: given.flx,
            })
            .collect();
        let pots = allocate(&CHR_OF_FIVE, self.treasury_flx, &grants)?;
        let stakes: Vec<_> = hand
            .validators
            .iter()
            .map(|(card, stake)| (home(&card.session.owner), *stake))
            .collect();
        let anchors = anchors(&STAKED_ATR_OF_FIVE, &stakes)?;
        let pot_accounts: Vec<_> = (0..shards).map(pot).collect();
        let treasury = Account(protocol_account(TREASURY_ID));
        let own = |account: &Account| pot_accounts.contains(account) || *account == treasury || *account == owner();
        if let Some(given) = self.accounts.iter().find(|given| own(&given.account)) {
            return Err(AssemblyFault::ProtocolAccount(given.account));
        }
        let mut flx = amounts(self.accounts.iter().map(|given| (given.account, given.flx)));
        let mut chr = amounts(self.accounts.iter().map(|given| (given.account, given.chr)));
        let mut assets = self.assets();
        let mut anchored = Vec::new();
        for (((account, pot), anchor), shard) in pot_accounts.into_iter().zip(pots).zip(anchors).zip(0..shards) {
            flx.extend(amounts([(account, pot.flx)].into_iter()));
            chr.extend(amounts([(account, pot.chr)].into_iter()));
            // A planck more than the anchor: an account stays with what it cannot stake.
            let atr = anchor.checked_add(1).ok_or(AllocationFault::Overflow)?;
            assets.extend(asset(TokenId::Atr, account, atr));
            anchored.push(Json::Array(vec![Json::number(shard), Json::number(anchor)]));
        }
        flx.extend(amounts([(treasury, self.treasury_flx)].into_iter()));
        let mut config = BTreeMap::from(hand.tables());
        config.extend([
            (
                "clock",
                Json::object([("epochBlocks", Json::number(self.epoch_blocks))]),
            ),
            (
                "balances",
                Json::object([("balances", Json::Array(flx)), ("devAccounts", Json::Null)]),
            ),
            ("assets", asset_tables(assets)),
            (
                "economy",
                Json::object([("shards", Json::number(shards)), ("chr", Json::Array(chr))]),
            ),
            ("attunement", self.attunement(hand, anchored)),
            ("field", self.field(shards)),
            ("incidents", hand.incidents(self.threshold)),
        ]);
        let config = config.into_iter().map(|(name, table)| (name.to_owned(), table));
        Ok(Json::Object(config.collect()))
    }

    fn assets(&self) -> Vec<Json> {
        let of = |token: TokenId, amount: fn(&Given) -> Balance| {
            let given = self.accounts.iter().map(move |given| (given.account, amount(given)));
            given.filter_map(move |(account, amount)| asset(token, account, amount))
        };
        of(TokenId::Psy, |given| given.psy)
            .chain(of(TokenId::Atr, |given| given.atr))
            .chain(of(TokenId::Res, |given| given.res))
            .collect()
    }

    fn attunement(&self, hand: &Hand<'_>, anchors: Vec<Json>) -> Json {
        let symbols = symbol_table(&self.symbols);
        let symbols = symbols.into_iter().map(|(name, digits)| (name, Json::Number(digits)));
        let stakes = hand.validators.iter().map(|(card, stake)| (card.session.owner, *stake));
        Json::object([
            ("symbols", Json::Object(symbols.collect())),
            ("validators", Json::Array(amounts(stakes))),
            ("anchors", Json::Array(anchors)),
            ("psiStart", Json::number(0u8)),
        ])
    }

    fn field(&self, shards: u8) -> Json {
        let edge = |(one, other): &(u8, u8)| Json::Array(vec![Json::number(*one), Json::number(*other)]);
        Json::object([
            ("shards", Json::number(shards)),
            ("edges", Json::Array(self.edges.iter().map(edge).collect())),
        ])
    }
}

impl Hand<'_> {
    /// The tables that are of cards alone, and those that are the same in every genesis.
    fn tables(&self) -> [(&'static str, Json); 6] {
        let ledger = self.validators.iter().map(|(card, _)| {
            Json::Array(vec![
                Json::text(card.session.owner.in_genesis()),
                Json::text(key_text(&card.seal_key)),
                Json::Array(vec![Json::text("SEAL")]),
            ])
        });
        let session = self.validators.iter().map(|(card, _)| {
            let owner = Json::text(card.session.owner.in_genesis());
            let keys = Json::object([
                ("aura", Json::text(Account(card.session.aura).in_genesis())),
                ("grandpa", Json::text(Account(card.session.grandpa).in_genesis())),
            ]);
            Json::Array(vec![owner.clone(), owner, keys])
        });
        let nobody = || Json::object([("authorities", Json::Array(Vec::new()))]);
        [
            ("keyLedger", Json::object([("keys", Json::Array(ledger.collect()))])),
            (
                "session",
                Json::object([
                    ("keys", Json::Array(session.collect())),
                    ("nonAuthorityKeys", Json::Array(Vec::new())),
                ]),
            ),
            ("aura", nobody()),
            ("grandpa", nobody()),
            ("system", Json::object([])),
            (
                "transactionPayment",
                Json::object([("multiplier", Json::text(MULTIPLIER))]),
            ),
        ]
    }

    fn incidents(&self, threshold: u32) -> Json {
        let founder =
            |card: &&FounderCard| Json::Array(vec![Json::text(&card.name), Json::text(key_text(&card.public_key))]);
        Json::object([
            ("founders", Json::Array(self.founders.iter().map(founder).collect())),
            ("threshold", Json::number(threshold)),
        ])
    }
}

fn file_card<'a, T>(
    filed: &mut Filed<'a, T>,
    role: &'static str,
    name: &'a str,
    file: &'a str,
    card: &'a T,
) -> Result<(), AssemblyFault> {
    match filed.insert(name, (file, card)) {
        None => Ok(()),
        Some((first, _)) => Err(AssemblyFault::CardTwice {
            first: first.to_owned(),
            second: file.to_owned(),
            role,
            name: name.to_owned(),
        }),
    }
}

fn take<'a, T>(filed: &mut Filed<'a, T>, role: &'static str, name: &str) -> Result<&'a T, AssemblyFault> {
    let card = filed.remove(name).map(|(_, card)| card);
    card.ok_or_else(|| AssemblyFault::NoCard {
        role,
        name: name.to_owned(),
    })
}

/// The commons pot of a shard.
pub(crate) fn pot(shard: u8) -> Account {
    Account(protocol_account_of_shard(COMMONS_ID, ShardId(shard)))
}

/// The keyless owner of the four assets.
fn owner() -> Account {
    Account(protocol_account(ASSETS_OWNER_ID))
}

/// Accounts and amounts; who gets nothing is not named.
fn amounts(given: impl Iterator<Item = (Account, Balance)>) -> Vec<Json> {
    let named = given.filter(|(_, amount)| *amount > 0);
    named
        .map(|(account, amount)| Json::Array(vec![Json::text(account.in_genesis()), Json::number(amount)]))
        .collect()
}

fn asset(token: TokenId, account: Account, amount: Balance) -> Option<Json> {
    let id = token.asset_id().filter(|_| amount > 0)?;
    Some(Json::Array(vec![
        Json::number(id),
        Json::text(account.in_genesis()),
        Json::number(amount),
    ]))
}

fn asset_tables(accounts: Vec<Json>) -> Json {
    let bytes = |text: &str| Json::Array(text.bytes().map(Json::number).collect());
    let ids = || {
        TokenId::ASSETS
            .into_iter()
            .filter_map(|token| Some((token, token.asset_id()?)))
    };
    let assets = ids().map(|(_, id)| {
        let owner = Json::text(owner().in_genesis());
        Json::Array(vec![Json::number(id), owner, Json::Bool(true), Json::number(1u8)])
    });
    let metadata = ids().map(|(token, id)| {
        Json::Array(vec![
            Json::number(id),
            bytes(token.name()),
            bytes(token.symbol()),
            Json::number(DECIMALS),
        ])
    });
    Json::object([
        ("assets", Json::Array(assets.collect())),
        ("metadata", Json::Array(metadata.collect())),
        ("accounts", Json::Array(accounts)),
        ("nextAssetId", Json::Null),
        ("reserves", Json::Array(Vec::new())),
    ])
}
