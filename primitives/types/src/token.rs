//! The five tokens.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// An amount in plancks, of any of the five tokens.
pub type Balance = u128;

/// The id under which `pallet-assets` keeps a token. FLX has none: it is the native currency.
pub type AssetId = u32;

/// Decimals of every token: 1 whole token = 10¹² plancks.
pub const DECIMALS: u8 = 12;

/// Plancks in one whole token.
pub const PLANCKS_PER_WHOLE: Balance = 1_000_000_000_000;

/// One of the five tokens.
#[derive(
    Clone,
    Copy,
    Debug,
    Decode,
    DecodeWithMemTracking,
    Deserialize,
    Encode,
    Eq,
    Hash,
    MaxEncodedLen,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
    TypeInfo,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum TokenId {
    /// ΦLux: energy, fees and rewards; the native currency (`pallet-balances`).
    Flx,
    /// Coheron: ethical alignment, earned; moved by the protocol alone.
    Chr,
    /// ΨSync: coherence; an enrolled holder may move it while coherent.
    Psy,
    /// Attractor: stability anchor, staked by validators; anyone may move what is not staked.
    Atr,
    /// Resonance: bridging between fields; anyone may move it.
    Res,
}

impl TokenId {
    /// All five, the native one first.
    pub const ALL: [TokenId; 5] = [Self::Flx, Self::Chr, Self::Psy, Self::Atr, Self::Res];

    /// The four that `pallet-assets` keeps, by ascending asset id.
    pub const ASSETS: [TokenId; 4] = [Self::Chr, Self::Psy, Self::Atr, Self::Res];

    /// The id under `pallet-assets`; `None` for FLX.
    pub const fn asset_id(self) -> Option<AssetId> {
        match self {
            Self::Flx => None,
            Self::Chr => Some(1),
            Self::Psy => Some(2),
            Self::Atr => Some(3),
            Self::Res => Some(4),
        }
    }

    /// The token kept under an asset id; `None` if there is no such token.
    pub const fn from_asset_id(id: AssetId) -> Option<Self> {
        match id {
            1 => Some(Self::Chr),
            2 => Some(Self::Psy),
            3 => Some(Self::Atr),
            4 => Some(Self::Res),
            _ => None,
        }
    }

    /// The ticker, for instance `"FLX"`.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Flx => "FLX",
            Self::Chr => "CHR",
            Self::Psy => "PSY",
            Self::Atr => "ATR",
            Self::Res => "RES",
        }
    }

    /// The full name, for instance `"Coheron"`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flx => "PhiLux",
            Self::Chr => "Coheron",
            Self::Psy => "PsiSync",
            Self::Atr => "Attractor",
            Self::Res => "Resonance",
        }
    }

    /// The token of a ticker, whatever its case; `None` if there is no such token.
    pub fn from_symbol(symbol: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|token| token.symbol().eq_ignore_ascii_case(symbol))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asset_ids_and_symbols_are_read_back() {
        for token in TokenId::ALL {
            assert_eq!(TokenId::from_symbol(token.symbol()), Some(token));
            match token.asset_id() {
                Some(id) => assert_eq!(TokenId::from_asset_id(id), Some(token)),
                None => assert_eq!(token, TokenId::Flx),
            }
        }
        assert_eq!(TokenId::from_asset_id(0), None);
        assert_eq!(TokenId::from_asset_id(5), None);
        assert_eq!(TokenId::from_symbol("DOT"), None);
    }
}
