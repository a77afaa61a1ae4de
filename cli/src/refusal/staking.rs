//! What to do about an error of the calls of validators.

/// What to do about an error of the attunement or of the session; `None` if it is neither's.
pub(super) fn staking_hint(name: &str) -> Option<&'static str> {
    match name.split_once("::")? {
        ("Attunement", error) => attunement_hint(error),
        ("Session", error) => session_hint(error),
        _ => None,
    }
}

fn attunement_hint(error: &str) -> Option<&'static str> {
    Some(match error {
        "AlreadyCandidate" => "stake more with qc validator bond-extra; qc validator status ACCOUNT shows how it stands",
        "NotCandidate" => "become one first: qc validator enrol STAKE",
        "AlreadyLeaving" => "it asked to leave, or is on its way out: qc validator enrol STAKE takes that back once it may",
        "RemovalPending" => "enrol again when it has left the set: qc validator status ACCOUNT tells",
        "OnBlacklist" => "qc validator status ACCOUNT says what for and until when; then it may enrol again, with fresh stake",
        "SessionKeysMissing" => "let your node make session keys and register them first: qc validator keys",
        "StakeBelowMinimum" => {
            "stake more, or leave more of it staked; qc validator status ACCOUNT shows the least there may be. To take all of \
             it back: qc validator leave"
        }
        "CandidatesFull" => "every place is taken by one who stakes at least as much: stake more",
        "AmountZero" => "give more than 0",
        "AmountAboveStake" => "qc validator status ACCOUNT shows the stake; to take all of it back: qc validator leave",
        "TooManyUnbondings" => "wait until a part has unbonded, and take it back: qc validator withdraw",
        "NothingUnbonded" => "qc validator status ACCOUNT shows what unbonds, and when it can be taken back",
        "KeyUnknown" => "register the key first: qc key register",
        "KeyForeign" => "give a key of this account: qc account show ACCOUNT lists them",
        "KeyEnded" => "give an active key: qc account show ACCOUNT lists them",
        "KeyUnchanged" => "there is nothing to do: it takes part by this key already",
        "ParticipantsFull" => "wait until somebody leaves",
        "NotParticipant" => "there is nothing to end",
        "NotEnrolled" => "boosts are for validators, candidates and participants: become one first",
        "AboveFullBoost" => "burn less: a full boost takes no more than the chain says, 1000 PSY where it was not set otherwise",
        _ => return None,
    })
}

fn session_hint(error: &str) -> Option<&'static str> {
    Some(match error {
        "InvalidProof" => {
            "the node proved the keys for another account, or did not make them: run qc validator keys again, for the account \
             that signs"
        }
        "DuplicatedKey" => "another account has registered one of these keys: make new ones with qc validator keys --rotate",
        "NoKeys" => "there is nothing to do: no session keys are registered",
        "NoAccount" | "NoAssociatedValidatorId" => "the account needs FLX for the deposit before it can have session keys",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pallets' errors.
    #[test]
    fn every_error_says_what_to_do() {
        for error in [
            "AlreadyCandidate",
            "NotCandidate",
            "AlreadyLeaving",
            "RemovalPending",
            "OnBlacklist",
            "SessionKeysMissing",
            "StakeBelowMinimum",
            "CandidatesFull",
            "AmountZero",
            "AmountAboveStake",
            "TooManyUnbondings",
            "NothingUnbonded",
            "KeyUnknown",
            "KeyForeign",
            "KeyEnded",
            "KeyUnchanged",
            "ParticipantsFull",
            "NotParticipant",
            "NotEnrolled",
            "AboveFullBoost",
        ] {
            assert!(staking_hint(&format!("Attunement::{error}")).is_some(), "{error}");
        }
        for error in [
            "InvalidProof",
            "NoAssociatedValidatorId",
            "DuplicatedKey",
            "NoKeys",
            "NoAccount",
        ] {
            assert!(staking_hint(&format!("Session::{error}")).is_some(), "{error}");
        }
        for other in ["Attunement::Whatever", "Sync::NoKeys", "NoKeys", ""] {
            assert_eq!(staking_hint(other), None, "{other}");
        }
    }
}
