//! Why the chain said no, by name, and what can be done about it.

mod hints;
mod pool;
mod staking;

pub use hints::immobility;

use self::hints::dispatch_hint;
use qc_types::TokenId;
use serde_json::{json, Map, Value};
use std::fmt;
use subxt::error::DispatchError;

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
            Some(block) => write!(f, "the transaction failed in block {block}: {}", self.name)?,
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

    /// What the chain would refuse, found out before anything was signed; the code is the one that the pool's refusal has.
    pub fn foreseen(code: &'static str, name: &str, docs: impl Into<String>) -> Self {
        let hint = pool::hint_of(code).map(str::to_owned);
        Self {
            code,
            name: name.into(),
            docs: docs.into(),
            hint,
            transaction: None,
            block: None,
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use subxt::error::TokenError;

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
        let code = |rpc, text: &str| Refusal::from_pool(rpc, text, false).map(|refusal| refusal.code);
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
        for (number, expected) in [
            (91, "key_unknown"),
            (92, "key_ended"),
            (93, "capability_missing"),
            (94, "pqc_required"),
            (95, "delegation_barred"),
        ] {
            let text = format!("Invalid Transaction: Custom error: {number}");
            assert_eq!(code(1010, &text), Some(expected));
        }
        assert_eq!(code(1014, "Priority is too low: (1 vs 2)"), Some("priority_too_low"));
        assert_eq!(code(-32601, "Method not found"), None);
    }

    /// A wrong signature means one thing for a classical transaction and another for one by a key.
    #[test]
    fn a_wrong_signature_is_explained_by_what_signed() {
        let text = "Invalid Transaction: Transaction has a bad signature";
        let hint = |by_key| Refusal::from_pool(1010, text, by_key).unwrap().hint.unwrap();
        assert!(
            hint(false).contains("fit the sender") && hint(true).contains("prepare"),
            "{}",
            hint(true)
        );
        assert_eq!(
            Refusal::foreseen("key_ended", "KeyEnded", "").hint,
            Some(hint_of("Custom error: 92"))
        );
    }

    fn hint_of(text: &str) -> String {
        Refusal::from_pool(1010, text, true).unwrap().hint.unwrap()
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
