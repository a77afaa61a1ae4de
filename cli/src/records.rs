//! What the chain keeps and tells, as far as `qc` looks at it. Fields are found by name, through the metadata.

use crate::client::{Chain, NodeError};
use crate::ss58::Account;
use qc_types::{Balance, EpochIndex, Home, ShardId, TokenId, SS58_PREFIX};
use subxt::config::substrate::H256;
use subxt::dynamic::Value;
use subxt::ext::scale_decode::DecodeAsType;

/// An account as `System::Account` keeps it.
#[derive(Clone, Debug, DecodeAsType, Default)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct SystemAccount {
    /// What it has of FLX.
    data: FlxData,
}

/// What an account has of FLX.
#[derive(Clone, Debug, DecodeAsType, Default)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct FlxData {
    /// Neither reserved nor held.
    free: Balance,
    /// Reserved or held.
    reserved: Balance,
}

/// An account of an asset.
#[derive(Clone, Debug, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AssetAccount {
    balance: Balance,
}

/// An asset.
#[derive(Clone, Debug, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AssetDetails {
    min_balance: Balance,
}

/// `TokenId`, as the metadata describe it.
#[derive(Clone, Copy, Debug, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
enum TokenName {
    Flx,
    Chr,
    Psy,
    Atr,
    Res,
}

impl From<TokenName> for TokenId {
    fn from(name: TokenName) -> Self {
        match name {
            TokenName::Flx => Self::Flx,
            TokenName::Chr => Self::Chr,
            TokenName::Psy => Self::Psy,
            TokenName::Atr => Self::Atr,
            TokenName::Res => Self::Res,
        }
    }
}

/// `Home`, as the metadata describe it.
#[derive(Clone, Copy, Debug, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
enum HomeName {
    Shard(u8),
    Ground,
}

impl From<HomeName> for Home {
    fn from(name: HomeName) -> Self {
        match name {
            HomeName::Shard(shard) => Self::Shard(ShardId(shard)),
            HomeName::Ground => Self::Ground,
        }
    }
}

/// `ShardTotals`, as the metadata describe it.
#[derive(Clone, Debug, DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct ShardTotalsRecord {
    home: HomeName,
    flx: Balance,
    chr: Balance,
}

/// What the accounts of one shard hold together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ShardTotals {
    /// The shard, or the ground vertex.
    pub home: Home,
    /// FLX in plancks.
    pub flx: Balance,
    /// CHR in plancks.
    pub chr: Balance,
}

/// What an account has of one token.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Holding {
    /// The token.
    pub token: TokenId,
    /// Neither reserved nor held.
    pub free: Balance,
    /// Reserved or held: a stake, a deposit, a bond.
    pub held: Balance,
    /// What could be moved to somebody else right now, by the runtime's own word.
    pub transferable: Balance,
}

impl Holding {
    /// All of it. Saturates, for a node may claim anything.
    pub fn total(&self) -> Balance {
        self.free.saturating_add(self.held)
    }
}

/// Home shards for people.
pub fn home_text(home: Home) -> String {
    match home {
        Home::Shard(ShardId(shard)) => format!("shard {shard}"),
        Home::Ground => "ground".into(),
    }
}

/// An account as an argument.
pub fn account_value(account: Account) -> Value {
    Value::from_bytes(account.0)
}

/// A token as an argument.
fn token_value(token: TokenId) -> Value {
    let variant = match token {
        TokenId::Flx => "Flx",
        TokenId::Chr => "Chr",
        TokenId::Psy => "Psy",
        TokenId::Atr => "Atr",
        TokenId::Res => "Res",
    };
    Value::unnamed_variant(variant, [])
}

impl Chain {
    /// What an account has of a token.
    pub async fn holding(&self, account: Account, token: TokenId, at: H256) -> Result<Holding, NodeError> {
        let who = || account_value(account);
        let (free, held) = match token.asset_id() {
            None => {
                let found: Option<SystemAccount> = self.storage("System", "Account", vec![who()], at).await?;
                let data = found.unwrap_or_default().data;
                (data.free, data.reserved)
            }
            Some(id) => {
                let keys = || vec![Value::u128(u128::from(id)), who()];
                let found: Option<AssetAccount> = self.storage("Assets", "Account", keys(), at).await?;
                let held: Option<Balance> = self.storage("AssetsHolder", "BalancesOnHold", keys(), at).await?;
                (found.map_or(0, |found| found.balance), held.unwrap_or(0))
            }
        };
        let transferable = self
            .api("EconomyApi", "transferable", vec![who(), token_value(token)], at)
            .await?;
        Ok(Holding {
            token,
            free,
            held,
            transferable,
        })
    }

    /// The home shard of an account.
    pub async fn home_shard(&self, account: Account, at: H256) -> Result<Home, NodeError> {
        let home: HomeName = self
            .api("EconomyApi", "home_shard", vec![account_value(account)], at)
            .await?;
        Ok(home.into())
    }

    /// The supply of every token.
    pub async fn totals(&self, at: H256) -> Result<Vec<(TokenId, Balance)>, NodeError> {
        let totals: Vec<(TokenName, Balance)> = self.api("EconomyApi", "totals", vec![], at).await?;
        Ok(totals.into_iter().map(|(token, total)| (token.into(), total)).collect())
    }

    /// What every shard holds.
    pub async fn shard_totals(&self, at: H256) -> Result<Vec<ShardTotals>, NodeError> {
        let totals: Vec<ShardTotalsRecord> = self.api("EconomyApi", "shard_totals", vec![], at).await?;
        let plain = |record: ShardTotalsRecord| ShardTotals {
            home: record.home.into(),
            flx: record.flx,
            chr: record.chr,
        };
        Ok(totals.into_iter().map(plain).collect())
    }

    /// The number of the epoch; epoch = session.
    pub async fn epoch(&self, at: H256) -> Result<EpochIndex, NodeError> {
        self.stored("Session", "CurrentIndex", vec![], at).await
    }

    /// The least that an account can hold of a token, below which it is gone.
    pub async fn existential_deposit(&self, token: TokenId, at: H256) -> Result<Balance, NodeError> {
        match token.asset_id() {
            None => self
                .constant("Balances", "ExistentialDeposit")
                .ok_or_else(|| NodeError::nonsense("Balances::ExistentialDeposit", "there is no such constant")),
            Some(id) => {
                let details: AssetDetails = self
                    .stored("Assets", "Asset", vec![Value::u128(u128::from(id))], at)
                    .await?;
                Ok(details.min_balance)
            }
        }
    }

    /// The address prefix that the chain states, if it is not the one that this `qc` prints.
    pub fn other_prefix(&self) -> Option<u16> {
        self.constant::<u16>("System", "SS58Prefix")
            .filter(|prefix| *prefix != SS58_PREFIX)
    }
}
