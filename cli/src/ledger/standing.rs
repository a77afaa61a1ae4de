//! Who acts for an account beside its keys, and what of that ends when the account requires post-quantum keys.

use crate::client::{Chain, NodeError};
use crate::output::amount_text;
use crate::records::account_value;
use crate::ss58::Account;
use blake2::digest::consts::U32;
use blake2::{Blake2b, Digest};
use qc_types::{Balance, TokenId};
use serde_json::{json, Value};
use subxt::config::substrate::H256;
use subxt::dynamic::Value as Argument;
use subxt::ext::scale_decode::DecodeAsType;
use subxt::ext::scale_value::ValueDef;

/// How many derivatives are looked at: indices 0 to 255 of 65,536.
const DERIVATIVES: u16 = 256;

/// The most open multisig operations of the whole chain that are looked through.
const MULTISIGS_MAX: usize = 10_000;

/// The most approvals of one asset that are listed.
const APPROVALS_MAX: usize = 1_000;

/// A proxy of the account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ProxyHeld {
    /// Who may act for it.
    pub delegate: Account,
    /// In what.
    pub kind: String,
}

/// Somebody who may take an asset from the account.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ApprovalHeld {
    /// Who.
    pub delegate: Account,
    /// Of what.
    pub token: TokenId,
    /// How much.
    pub amount: Balance,
}

/// Everything that acts for an account beside its own signature, as far as storage tells.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Standing {
    /// Its proxies.
    pub proxies: Vec<ProxyHeld>,
    /// The accounts for which it announced something as their proxy.
    pub announcements: Vec<Account>,
    /// Who may take its assets.
    pub approvals: Vec<ApprovalHeld>,
    /// The multisig accounts with an open operation that it has approved.
    pub approved: Vec<Account>,
    /// How many operations are open of the account itself, if it is a multisig.
    pub operations: usize,
    /// Its derivatives that exist on the chain, by index.
    pub derivatives: Vec<(u16, Account)>,
    /// Whether every open multisig operation of the chain was looked at.
    pub complete: bool,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct ProxyShown {
    delegate: [u8; 32],
    proxy_type: Argument,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct AnnouncementShown {
    real: [u8; 32],
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct ApprovalShown {
    amount: Balance,
}

#[derive(DecodeAsType)]
#[decode_as_type(crate_path = "subxt::ext::scale_decode")]
struct MultisigShown {
    approvals: Vec<[u8; 32]>,
}

/// Looks at everything that acts for an account at a block.
pub async fn standing(chain: &Chain, who: Account, at: H256) -> Result<Standing, NodeError> {
    let key = || vec![account_value(who)];
    let (proxies, _): (Vec<ProxyShown>, Balance) = chain.stored("Proxy", "Proxies", key(), at).await?;
    let (announced, _): (Vec<AnnouncementShown>, Balance) = chain.stored("Proxy", "Announcements", key(), at).await?;
    let mut found = Standing {
        proxies: proxies.iter().map(proxy).collect(),
        announcements: announced.into_iter().map(|one| Account(one.real)).collect(),
        complete: true,
        ..Standing::default()
    };
    for token in TokenId::ASSETS {
        let Some(id) = token.asset_id() else { continue };
        let prefix = vec![Argument::u128(id.into()), account_value(who)];
        let under = chain
            .storage_under::<ApprovalShown>("Assets", "Approvals", prefix, at, APPROVALS_MAX)
            .await?;
        found
            .approvals
            .extend(under.items.iter().map(|(key, approval)| ApprovalHeld {
                delegate: last_account(key),
                token,
                amount: approval.amount,
            }));
    }
    let open = chain
        .storage_under::<MultisigShown>("Multisig", "Multisigs", vec![], at, MULTISIGS_MAX)
        .await?;
    found.complete = open.complete;
    for (key, operation) in &open.items {
        let of = first_account(key);
        if of == who {
            found.operations += 1;
        } else if operation.approvals.contains(&who.0) {
            found.approved.push(of);
        }
    }
    found.derivatives = derivatives(chain, who, at).await?;
    Ok(found)
}

fn proxy(shown: &ProxyShown) -> ProxyHeld {
    let kind = match &shown.proxy_type.value {
        ValueDef::Variant(variant) => variant.name.clone(),
        _ => "unknown".into(),
    };
    ProxyHeld {
        delegate: Account(shown.delegate),
        kind,
    }
}

/// The account in which a storage key ends.
fn last_account(key: &[u8]) -> Account {
    Account(key.last_chunk().copied().unwrap_or_default())
}

/// The account that stands first in a storage key of `Multisigs`: pallet and item (16 bytes each), Twox64 of the account,
/// the account.
fn first_account(key: &[u8]) -> Account {
    const BEFORE: usize = 16 + 16 + 8;
    let account = key.get(BEFORE..).and_then(|rest| rest.first_chunk());
    Account(account.copied().unwrap_or_default())
}

/// A derivative of an account, as `pallet-utility` makes it.
fn derivative(who: Account, index: u16) -> Account {
    let hash = Blake2b::<U32>::new()
        .chain_update(b"modlpy/utilisuba")
        .chain_update(who.0)
        .chain_update(index.to_le_bytes())
        .finalize();
    Account(hash.into())
}

/// Those of the first derivatives that exist.
async fn derivatives(chain: &Chain, who: Account, at: H256) -> Result<Vec<(u16, Account)>, NodeError> {
    let all: Vec<(u16, Account)> = (0..DERIVATIVES).map(|index| (index, derivative(who, index))).collect();
    let keys = all
        .iter()
        .map(|(_, account)| chain.storage_key("System", "Account", vec![account_value(*account)]))
        .collect::<Result<Vec<_>, _>>()?;
    let found = chain.node.values(&keys, at).await?;
    Ok(all
        .into_iter()
        .zip(keys)
        .filter(|(_, key)| found.contains_key(key))
        .map(|(derivative, _)| derivative)
        .collect())
}

impl Standing {
    /// Whether the chain refuses to protect the account as things are.
    pub fn blocks(&self) -> bool {
        !(self.proxies.is_empty() && self.announcements.is_empty() && self.approvals.is_empty())
    }

    /// What changes, in words, a line each.
    pub fn lines(&self) -> Vec<String> {
        let mut lines =
            vec!["wallets and programs that sign classically: they can do nothing for the account any more".to_owned()];
        let mut tell = |what: &str, items: Vec<String>, then: &str| {
            if items.is_empty() {
                lines.push(format!("{what}: none"));
            } else {
                lines.push(format!("{what}: {}; {then}", items.join("; ")));
            }
        };
        tell(
            "proxies",
            self.proxies
                .iter()
                .map(|one| format!("{} ({})", one.delegate, one.kind))
                .collect(),
            "they must be removed first: Proxy.remove_proxies; new ones cannot act",
        );
        tell(
            "announcements as a proxy of others",
            self.announcements.iter().map(Account::to_string).collect(),
            "they must be taken back first: Proxy.remove_announcement",
        );
        let approval = |one: &ApprovalHeld| format!("{} of {}", one.delegate, amount_text(one.amount, one.token));
        tell(
            "approvals to take assets",
            self.approvals.iter().map(approval).collect(),
            "they must be cancelled first: Assets.cancel_approval",
        );
        tell(
            "open multisig operations that it approved",
            self.approved.iter().map(|of| format!("of {of}")).collect(),
            "what it approved stays approved; from then on it approves by a key",
        );
        if self.operations > 0 {
            lines.push(format!(
                "it is a multisig itself, with {} open operations: its signatories cannot carry them out any more",
                self.operations
            ));
        }
        let derivative = |(index, account): &(u16, Account)| format!("{index} {account}");
        let derived: Vec<String> = self.derivatives.iter().map(derivative).collect();
        lines.push(match derived.as_slice() {
            [] => format!("derivatives (of the first {DERIVATIVES}): none"),
            _ => format!(
                "derivatives: {}; only a key of this account reaches them then",
                derived.join("; ")
            ),
        });
        lines.push("accounts for which it is a proxy or a signatory: it goes on acting for them, by a key".into());
        if !self.complete {
            lines.push(format!(
                "only the first {MULTISIGS_MAX} open multisig operations of the chain were looked at"
            ));
        }
        lines
    }

    /// The same for programs.
    pub fn machine(&self) -> Value {
        let accounts = |all: &[Account]| all.iter().map(Account::to_string).collect::<Vec<_>>();
        json!({
            "proxies": self.proxies.iter().map(|one| json!({
                "delegate": one.delegate.to_string(), "type": one.kind,
            })).collect::<Vec<_>>(),
            "announcements": accounts(&self.announcements),
            "approvals": self.approvals.iter().map(|one| json!({
                "delegate": one.delegate.to_string(), "token": one.token,
                "amount": crate::output::amount_json(one.amount),
            })).collect::<Vec<_>>(),
            "multisigApproved": accounts(&self.approved),
            "multisigOperations": self.operations,
            "derivatives": self.derivatives.iter().map(|(index, account)| json!({
                "index": index, "address": account.to_string(),
            })).collect::<Vec<_>>(),
            "complete": self.complete,
            "blocks": self.blocks(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOB: Account = Account([0xb0; 32]);

    #[test]
    fn nobody_else_blocks_nothing() {
        let none = Standing {
            complete: true,
            ..Standing::default()
        };
        assert!(!none.blocks());
        let text = none.lines().join("\n");
        assert!(
            text.contains("proxies: none") && text.contains("approvals to take assets: none"),
            "{text}"
        );
    }

    /// What the chain refuses (`DelegationsLive`) must be called a hindrance, and what it lets pass must not.
    #[test]
    fn what_blocks_is_what_the_chain_refuses() {
        let proxies = Standing {
            proxies: vec![ProxyHeld {
                delegate: BOB,
                kind: "Any".into(),
            }],
            ..Standing::default()
        };
        let announcements = Standing {
            announcements: vec![BOB],
            ..Standing::default()
        };
        let approvals = Standing {
            approvals: vec![ApprovalHeld {
                delegate: BOB,
                token: TokenId::Atr,
                amount: 1_500_000_000_000,
            }],
            ..Standing::default()
        };
        for (standing, word) in [
            (&proxies, "remove_proxies"),
            (&announcements, "remove_announcement"),
            (&approvals, "1.5 ATR"),
        ] {
            assert!(standing.blocks());
            let text = standing.lines().join("\n");
            assert!(text.contains(word) && text.contains(&BOB.to_string()), "{text}");
            assert_eq!(standing.machine()["blocks"], true);
        }
        let harmless = Standing {
            approved: vec![BOB],
            derivatives: vec![(3, BOB)],
            operations: 2,
            ..Standing::default()
        };
        assert!(!harmless.blocks());
        let text = harmless.lines().join("\n");
        assert!(text.contains("signatories cannot") && text.contains("3 eE"), "{text}");
        assert!(text.contains("only the first 10000"), "not complete: {text}");
    }

    /// BLAKE2b-256 of "modlpy/utilisuba", the account and the index, computed with Python's hashlib.
    #[test]
    fn derivatives_are_pallet_utilitys() {
        assert_eq!(
            derivative(Account([0xa1; 32]), 0).hex(),
            "0x62f22ff2471c9bbe3c3108ccd1234acf66819be3026ad5141938add2a6bd76db"
        );
        assert_eq!(
            derivative(Account([0xa1; 32]), 258).hex(),
            "0x159e8a1a5a78b49ded53d72c4353afdd306fc24b75f1fc61b65d3ee22282ca22"
        );
    }
}
