//! Why a node's pool would not take a transaction.

use super::Refusal;

impl Refusal {
    /// A transaction that the pool of the node would not take; `None` if the error is not the pool's. `by_key`: whether a
    /// post-quantum key signed it.
    pub fn from_pool(code: i32, message: &str, by_key: bool) -> Option<Self> {
        let (code, name, hint) = POOL_ERRORS
            .iter()
            .find(|entry| entry.rpc_code == code && message.contains(entry.text))
            .map(|entry| (entry.code, entry.name, entry.hint))?;
        let hint = if by_key && name == "BadProof" {
            BAD_PROOF_BY_KEY
        } else {
            hint
        };
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

/// What to do about the refusal of a code.
pub(super) fn hint_of(code: &str) -> Option<&'static str> {
    POOL_ERRORS
        .iter()
        .find(|entry| entry.code == code)
        .map(|entry| entry.hint)
}

/// What to do where an account requires post-quantum keys.
pub(super) const PQC_REQUIRED: &str =
    "the account requires post-quantum keys, so that nothing classical moves anything of it, \
     no proxy, approval, multisig or derivative either: sign with one of its keys (--by-key NAME)";

/// What to do about a wrong signature by a post-quantum key.
const BAD_PROOF_BY_KEY: &str =
    "the signature is not over this transaction on this chain: if the runtime was upgraded or the \
     transaction was prepared elsewhere, prepare and sign it again";

/// What a node's pool answers: the RPC code, a part of the text, and our words.
struct PoolError {
    rpc_code: i32,
    text: &'static str,
    code: &'static str,
    name: &'static str,
    hint: &'static str,
}

/// The pool's errors, the more particular ones first. Codes and texts are those of `sc-rpc-api` and `sp-runtime`.
const POOL_ERRORS: [PoolError; 21] = [
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
        text: "Custom error: 91",
        code: "key_unknown",
        name: "KeyUnknown",
        hint: "the key ledger has no such key: register it first (qc key register), or wait until that is in a block",
    },
    PoolError {
        rpc_code: 1010,
        text: "Custom error: 92",
        code: "key_ended",
        name: "KeyEnded",
        hint: "the key was rotated out or revoked and authorises nothing any more: sign with an active key of the account, \
               which qc account show lists",
    },
    PoolError {
        rpc_code: 1010,
        text: "Custom error: 93",
        code: "capability_missing",
        name: "CapabilityMissing",
        hint: "the key may not authorise this, or a call inside it: sign with another key (qc account show lists what each \
               may do), or let a key that may MANAGE give it the capability (qc key capabilities)",
    },
    PoolError {
        rpc_code: 1010,
        text: "Custom error: 94",
        code: "pqc_required",
        name: "PqcRequired",
        hint: PQC_REQUIRED,
    },
    PoolError {
        rpc_code: 1010,
        text: "Custom error: 95",
        code: "delegation_barred",
        name: "DelegationBarred",
        hint: "it would give somebody classical power (a proxy, an approval) over an account that requires post-quantum keys: \
               nobody can be given that",
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
