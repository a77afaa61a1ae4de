//! What to do about a call that failed.

use qc_types::TokenId;
use subxt::error::{DispatchError, TokenError};

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
pub(super) fn dispatch_hint(error: &DispatchError, name: &str, token: TokenId) -> Option<String> {
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
            "Economy::PqcRequired" => Some(super::pool::PQC_REQUIRED.into()),
            "System::CallFiltered" => Some("this chain closes that call to everybody, for it would break a law".into()),
            _ => ledger_hint(name)
                .or_else(|| super::staking::staking_hint(name))
                .map(str::to_owned),
        },
    }
}

/// What to do about an error of the key ledger.
fn ledger_hint(name: &str) -> Option<&'static str> {
    Some(match name.strip_prefix("KeyLedger::")? {
        "KeyExists" => {
            "no key is registered twice, not even after it was revoked, nor by another account: make a new one with qc key \
             new NAME"
        }
        "KeyUnknown" => "qc account show ACCOUNT lists the keys of an account",
        "KeyForeign" => "qc key show KEY says whose key it is",
        "KeyEnded" => "it was rotated out or revoked and stays so: qc account show ACCOUNT lists the active keys",
        "TooManyKeys" => "an account has at most 16 active keys: revoke one first, or rotate",
        "PossessionUnproven" => {
            "the account's keys changed since the proof was made, or it was made for another account, chain or set of \
             capabilities: run the command again, or make a new proof"
        }
        "RotationUnsignedByOld" | "RotationUnsignedByNew" => {
            "the account's keys changed since both keys signed, or they signed for another account or chain: run the command \
             again, or make a new proof"
        }
        "CapabilitiesUnchanged" => "there is nothing to do: qc key show KEY",
        "TooFewOperations" => "a commit has 2 to 8 operations; one alone has a call of its own",
        "LastManageKey" => {
            "nobody could manage the account's keys any more: register another key that may MANAGE first, or rotate this one"
        }
        "ManageMissing" => "sign with a key of the account that may MANAGE: qc account show ACCOUNT lists them",
        "NotAuthorisedByKey" => "sign with a post-quantum key of the account: --by-key NAME",
        "AlreadyProtected" => "there is nothing to do: the account requires post-quantum keys",
        "NotProtected" => "there is nothing to do: the account does not require post-quantum keys",
        "LeavePending" => "qc account show ACCOUNT says when it takes effect; qc key keep ACCOUNT calls it off",
        "NoLeavePending" => "there is nothing to call off: qc account show ACCOUNT",
        "TooFewManageKeys" => {
            "register a second key that may MANAGE first, and keep it elsewhere: qc key new NAME, qc key register"
        }
        "DelegationsLive" => {
            "remove the account's proxies, take back what it announced as a proxy, cancel its approvals: qc key require \
             ACCOUNT --dry-run shows them"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pallet's errors.
    #[test]
    fn every_error_of_the_ledger_says_what_to_do() {
        for name in [
            "KeyExists",
            "KeyUnknown",
            "KeyForeign",
            "KeyEnded",
            "TooManyKeys",
            "PossessionUnproven",
            "RotationUnsignedByOld",
            "RotationUnsignedByNew",
            "CapabilitiesUnchanged",
            "TooFewOperations",
            "LastManageKey",
            "ManageMissing",
            "NotAuthorisedByKey",
            "AlreadyProtected",
            "NotProtected",
            "LeavePending",
            "NoLeavePending",
            "TooFewManageKeys",
            "DelegationsLive",
        ] {
            assert!(ledger_hint(&format!("KeyLedger::{name}")).is_some(), "{name}");
        }
        assert_eq!(ledger_hint("KeyLedger::Whatever"), None);
        assert_eq!(ledger_hint("Assets::KeyExists"), None);
    }
}
