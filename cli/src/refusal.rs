//! Why the chain said no, by name, and what can be done about it.

use qc_types::TokenId;
use serde_json::{json, Map, Value};
use std::fmt;
use subxt::error::{DispatchError, TokenError};

/// A transaction that the chain refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Refusal {
    /// A stable word for programs.
    pub code: &'static str,
    /// The chain's own name for it, for instance `Assets::BalanceLow` or `Token: Frozen`.
    pub name: String,
    /// What the runtime's documentation says about it.
    pub docs: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The hash of the transaction, if it was sent.
    pub transaction: Option<String>,
    /// The block that holds it, if one does; its fee was paid then.
    pub block: Option<String>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.block {
            Some(block) => write!(f, "the transfer failed in block {block}: {}", self.name)?,
            None => write!(f, "the chain does not accept the transaction: {}", self.name)?,
        }
        if !self.docs.is_empty() {
            write!(f, " — {}", self.docs)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// What JSON errors carry besides code, message and hint.
    pub fn details(&self) -> Map<String, Value> {
        let mut details = Map::new();
        details.insert("name".into(), json!(self.name));
        details.insert("docs".into(), json!(self.docs));
        details.insert("transaction".into(), json!(self.transaction));
        details.insert("block".into(), json!(self.block));
        details
    }

    /// A call that failed in a block, of a transfer of `token`.
    pub fn from_dispatch(error: &DispatchError, token: TokenId) -> Self {
        let (name, docs) = match error {
            DispatchError::Module(module) => match module.details() {
                Ok(found) => (
                    format!("{}::{}", found.pallet.name(), found.variant.name),
                    one_line(&found.variant.docs),
                ),
                Err(_) => (module.details_string(), String::new()),
            },
            DispatchError::Token(error) => (format!("Token: {error:?}"), error.to_string()),
            DispatchError::Arithmetic(error) => (format!("Arithmetic: {error:?}"), error.to_string()),
            DispatchError::Transactional(error) => (format!("Transactional: {error:?}"), error.to_string()),
            other => (format!("{other:?}"), other.to_string()),
        };
        let hint = dispatch_hint(error, &name, token);
        Self {
            code: "dispatch_failed",
            name,
            docs,
            hint,
            transaction: None,
            block: None,
        }
    }

    /// A transaction that the pool of the node would not take; `None` if the error is not the pool's.
    pub fn from_pool(code: i32, message: &str) -> Option<Self> {
        let (code, name, hint) = POOL_ERRORS
            .iter()
            .find(|entry| entry.rpc_code == code && message.contains(entry.text))
            .map(|entry| (entry.code, entry.name, entry.hint))?;
        Some(Self {
            code,
            name: name.into(),
            docs: message.into(),
            hint: Some(hint.into()),
            transaction: None,
            block: None,
        })
    }
}

/// Documentation lines as one.
fn one_line(docs: &[String]) -> String {
    docs.iter()
        .map(|line| line.trim())
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Why a token can be stuck, where it always is or sometimes.
pub fn immobility(token: TokenId) -> Option<&'static str> {
    match token {
        TokenId::Chr => Some("CHR cannot be moved by anybody: it is earned, and only the protocol moves it"),
        TokenId::Psy => Some(
            "PSY can be moved only by an enrolled holder while its coherence Ψ is at least 0.85; nobody else's can leave",
        ),
        TokenId::Atr => Some("ATR that is staked or bonded cannot be moved until it is released"),
        TokenId::Flx | TokenId::Res => None,
    }
}

/// What to do about a call that failed.
fn dispatch_hint(error: &DispatchError, name: &str, token: TokenId) -> Option<String> {
    let symbol = token.symbol();
    let balance = format!("see what can be moved with qc balance (column transferable, {symbol})");
    let stuck = || immobility(token).map_or_else(|| balance.clone(), str::to_owned);
    match error {
        DispatchError::Token(TokenError::Frozen) => Some(stuck()),
        DispatchError::Token(TokenError::FundsUnavailable) => Some(match token {
            TokenId::Chr | TokenId::Psy => stuck(),
            _ => balance,
        }),
        DispatchError::Token(TokenError::NotExpendable | TokenError::OnlyProvider) => {
            Some("the rest would be below the existential deposit: send less, or --all with --allow-death".into())
        }
        DispatchError::Token(TokenError::BelowMinimum | TokenError::CannotCreate) => {
            Some("the receiver would hold less than the existential deposit: send more".into())
        }
        DispatchError::BadOrigin | DispatchError::RootNotAllowed => Some("no account may make this call".into()),
        _ => match name {
            "Assets::BalanceLow" | "Assets::BalanceFrozen" | "Assets::Frozen" => Some(stuck()),
            "Assets::AssetNotLive" => Some(stuck()),
            "Balances::InsufficientBalance" | "Balances::LiquidityRestrictions" => Some(balance),
            "Balances::Expendability" | "Assets::WouldDie" => {
                Some("the rest would be below the existential deposit: send less, or --all with --allow-death".into())
            }
            "Balances::ExistentialDeposit" | "Assets::NoAccount" => Some(balance),
            "System::CallFiltered" => Some("this chain closes that call to everybody, for it would break a law".into()),
            _ => None,
        },
    }
}

/// What a node's pool answers: the RPC code, a part of the text, and our words.
struct PoolError {
    rpc_code: i32,
    text: &'static str,
    code: &'static str,
    name: &'static str,
    hint: &'static str,
}

/// The pool's errors, the more particular ones first. Codes and texts are those of `sc-rpc-api` and `sp-runtime`.
const POOL_ERRORS: [PoolError; 16] = [
    PoolError {
        rpc_code: 1010,
        text: "bad signature",
        code: "bad_signature",
        name: "BadProof",
        hint: "the key does not fit the sender, or qc and the node disagree on the chain (genesis hash, runtime version): \
               if the runtime was upgraded just now, try again",
    },
    PoolError {
        rpc_code: 1010,
        text: "is outdated",
        code: "stale_nonce",
        name: "Stale",
        hint: "a transaction with this nonce is in a block already: leave --nonce out, and check whether it was this very \
               transfer",
    },
    PoolError {
        rpc_code: 1010,
        text: "valid in the future",
        code: "future_nonce",
        name: "Future",
        hint: "a transaction with a smaller nonce has to come first: leave --nonce out",
    },
    PoolError {
        rpc_code: 1010,
        text: "pay some fees",
        code: "cannot_pay_fees",
        name: "Payment",
        hint: "the sender needs FLX for the fee (and the tip), whatever the token that moves: qc fee says how much",
    },
    PoolError {
        rpc_code: 1010,
        text: "ancient birth block",
        code: "expired",
        name: "AncientBirthBlock",
        hint: "the transaction expired before it was sent; run the command again",
    },
    PoolError {
        rpc_code: 1010,
        text: "exhaust",
        code: "block_full",
        name: "ExhaustsResources",
        hint: "it does not fit a block now; try again in a while",
    },
    PoolError {
        rpc_code: 1010,
        text: "Custom error: 51",
        code: "halted",
        name: "Halted",
        hint: "an incident response halts this account, its shard or the whole chain; wait until it is lifted",
    },
    PoolError {
        rpc_code: 1010,
        text: "",
        code: "invalid_transaction",
        name: "Invalid",
        hint: "the chain may have halted this call, or be of another version than this qc: qc chain tells more",
    },
    PoolError {
        rpc_code: 1011,
        text: "",
        code: "unknown_validity",
        name: "UnknownValidity",
        hint: "the node cannot tell whether the transaction is valid; it may be behind the chain: qc chain tells more",
    },
    PoolError {
        rpc_code: 1012,
        text: "",
        code: "temporarily_banned",
        name: "TemporarilyBanned",
        hint: "the node saw this very transaction fail shortly ago; wait half an hour, or change the tip",
    },
    PoolError {
        rpc_code: 1013,
        text: "",
        code: "already_sent",
        name: "AlreadyImported",
        hint: "this very transaction is in the pool already: it will be included, do nothing",
    },
    PoolError {
        rpc_code: 1014,
        text: "",
        code: "priority_too_low",
        name: "TooLowPriority",
        hint: "another transaction of this sender with the same nonce waits in the pool: wait for it, or replace it with a \
               larger --tip",
    },
    PoolError { rpc_code: 1015, text: "", code: "invalid_transaction", name: "CycleDetected", hint: "leave --nonce out" },
    PoolError {
        rpc_code: 1016,
        text: "",
        code: "pool_full",
        name: "ImmediatelyDropped",
        hint: "the node's pool is full: try again later, or with a --tip",
    },
    PoolError {
        rpc_code: 1018,
        text: "",
        code: "invalid_transaction",
        name: "Unactionable",
        hint: "this node will not forward the transaction; try another node",
    },
    PoolError {
        rpc_code: 1002,
        text: "",
        code: "invalid_transaction",
        name: "Undecodable",
        hint: "the node cannot verify the transaction: it may be of another version than this qc",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frozen_tokens_are_explained() {
        let frozen = DispatchError::Token(TokenError::Frozen);
        let chr = Refusal::from_dispatch(&frozen, TokenId::Chr);
        assert_eq!(chr.name, "Token: Frozen");
        assert!(chr.hint.is_some_and(|hint| hint.contains("anybody")));
        let psy = Refusal::from_dispatch(&frozen, TokenId::Psy);
        assert!(psy.hint.is_some_and(|hint| hint.contains("0.85")));
        let flx = Refusal::from_dispatch(&frozen, TokenId::Flx);
        assert!(flx.hint.is_some_and(|hint| hint.contains("qc balance")));
    }

    #[test]
    fn pool_errors_are_told_apart() {
        let code = |rpc, text| Refusal::from_pool(rpc, text).map(|refusal| refusal.code);
        assert_eq!(
            code(1010, "Invalid Transaction: Transaction is outdated"),
            Some("stale_nonce")
        );
        assert_eq!(
            code(1010, "Invalid Transaction: Transaction has a bad signature"),
            Some("bad_signature")
        );
        let fees = "Invalid Transaction: Inability to pay some fees (e.g. account balance too low)";
        assert_eq!(code(1010, fees), Some("cannot_pay_fees"));
        assert_eq!(
            code(1010, "Invalid Transaction: Custom error: 7"),
            Some("invalid_transaction")
        );
        assert_eq!(code(1010, "Invalid Transaction: Custom error: 51"), Some("halted"));
        assert_eq!(code(1014, "Priority is too low: (1 vs 2)"), Some("priority_too_low"));
        assert_eq!(code(-32601, "Method not found"), None);
    }

    #[test]
    fn the_message_carries_name_and_docs() {
        let mut refusal = Refusal::from_dispatch(&DispatchError::Token(TokenError::Frozen), TokenId::Chr);
        refusal.block = Some("7".into());
        let text = refusal.to_string();
        assert!(
            text.contains("Token: Frozen") && text.contains("Funds exist but are frozen."),
            "{text}"
        );
        assert_eq!(refusal.details()["block"], "7");
    }
}
