//! The calls that `qc` makes, read from their bytes without metadata.
//!
//! Who signs offline must know what: metadata that come with a file can be forged so that a call looks like another. Pallets
//! and calls keep their indices for ever, so what `qc` itself makes can be told from the bytes alone; live tests compare
//! these indices with a node's metadata. What stands nowhere here is left to metadata, with a warning.

use super::staking::{Staking, ATTUNEMENT, SESSION};
use super::{Portion, Transfer};
use crate::output::amount_text;
use crate::ss58::Account;
use codec::{Compact, Decode, Input};
use qc_pqc::{KeyId, PublicKey, Signature};
use qc_types::{Balance, Capabilities, TokenId};

const ASSETS: u8 = 6;
const BALANCES: u8 = 10;
const KEY_LEDGER: u8 = 12;

/// A call that `qc` makes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Known {
    /// Tokens move.
    Transfer(Transfer),
    /// A key is registered.
    Register {
        /// The key.
        key: KeyId,
        /// What it may be used for.
        capabilities: Capabilities,
    },
    /// A new key takes an old one's place.
    Rotate {
        /// The old one.
        from: KeyId,
        /// The new one.
        to: KeyId,
    },
    /// A key's capabilities are set.
    SetCapabilities {
        /// The key.
        key: KeyId,
        /// What it may be used for.
        capabilities: Capabilities,
    },
    /// A key is revoked.
    Revoke {
        /// The key.
        key: KeyId,
    },
    /// The account requires post-quantum keys.
    RequirePqc,
    /// The account asks to act classically again.
    LeavePqc,
    /// The account calls that off.
    KeepPqc,
    /// What a validator asks of the chain.
    Staking(Staking),
}

impl Known {
    /// Reads a call to its last byte; `None` if it is not one that `qc` makes.
    pub fn read(call: &[u8]) -> Option<Self> {
        let mut rest = call;
        let (pallet, index) = (rest.read_byte().ok()?, rest.read_byte().ok()?);
        let known = match pallet {
            BALANCES => Self::Transfer(read_flx(index, &mut rest)?),
            ASSETS => Self::Transfer(read_asset(index, &mut rest)?),
            KEY_LEDGER => read_keys(index, &mut rest)?,
            ATTUNEMENT | SESSION => Self::Staking(Staking::read(pallet, index, &mut rest)?),
            _ => return None,
        };
        rest.is_empty().then_some(known)
    }

    /// The names of pallet and call, as metadata have them.
    pub fn names(&self) -> (&'static str, &'static str) {
        match self {
            Self::Transfer(transfer) => match (transfer.token, transfer.portion, transfer.keep_alive) {
                (TokenId::Flx, Portion::All, _) => ("Balances", "transfer_all"),
                (TokenId::Flx, _, true) => ("Balances", "transfer_keep_alive"),
                (TokenId::Flx, _, false) => ("Balances", "transfer_allow_death"),
                (_, Portion::All, _) => ("Assets", "transfer_all"),
                (_, _, true) => ("Assets", "transfer_keep_alive"),
                (_, _, false) => ("Assets", "transfer"),
            },
            Self::Register { .. } => ("KeyLedger", "register"),
            Self::Rotate { .. } => ("KeyLedger", "rotate"),
            Self::SetCapabilities { .. } => ("KeyLedger", "set_capabilities"),
            Self::Revoke { .. } => ("KeyLedger", "revoke"),
            Self::RequirePqc => ("KeyLedger", "require_pqc"),
            Self::LeavePqc => ("KeyLedger", "leave_pqc"),
            Self::KeepPqc => ("KeyLedger", "keep_pqc"),
            Self::Staking(staking) => staking.names(),
        }
    }

    /// What it needs of the key that signs it.
    pub fn needs(&self) -> Capabilities {
        match self {
            Self::Transfer(_) => Capabilities::TRANSFER,
            Self::Staking(staking) => staking.needs(),
            _ => Capabilities::MANAGE,
        }
    }

    /// What it does, in words, a line each.
    pub fn lines(&self) -> Vec<String> {
        let (pallet, call) = self.names();
        let mut lines = vec![format!("call      {pallet}.{call}")];
        lines.extend(match self {
            Self::Transfer(transfer) => transfer_lines(transfer),
            Self::Register { key, capabilities } => {
                vec![
                    format!("registers {key}"),
                    format!("for       {}", names_of(*capabilities)),
                ]
            }
            Self::Rotate { from, to } => vec![format!("ends      {from}"), format!("puts in its place {to}")],
            Self::SetCapabilities { key, capabilities } => {
                vec![
                    format!("of        {key}"),
                    format!("sets to   {}", names_of(*capabilities)),
                ]
            }
            Self::Revoke { key } => vec![format!("ends      {key}, for ever")],
            Self::RequirePqc => vec!["from then on only post-quantum keys act for the account".into()],
            Self::LeavePqc => vec!["after seven days classical signatures act for the account again".into()],
            Self::KeepPqc => vec!["calls off that the account leaves its protection".into()],
            Self::Staking(staking) => staking.lines(),
        });
        lines
    }
}

/// A transfer, a line each.
fn transfer_lines(transfer: &Transfer) -> Vec<String> {
    let amount = match transfer.portion {
        Portion::Exactly(plancks) => amount_text(plancks, transfer.token),
        Portion::All => format!("all {} that can be moved", transfer.token.symbol()),
    };
    let end = if transfer.keep_alive {
        "may not end: the transfer fails instead"
    } else {
        "may end, if too little is left"
    };
    vec![
        format!("moves     {amount}"),
        format!("to        {}", transfer.to),
        format!("the account that pays {end}"),
    ]
}

/// Capabilities for people.
pub fn names_of(capabilities: Capabilities) -> String {
    if capabilities.is_empty() {
        return "nothing".into();
    }
    capabilities.names().collect::<Vec<_>>().join(", ")
}

/// A receiver: an account by its id, and no other way of naming one.
fn read_receiver(rest: &mut &[u8]) -> Option<Account> {
    const BY_ID: u8 = 0;
    (rest.read_byte().ok()? == BY_ID).then_some(())?;
    Some(Account(Decode::decode(rest).ok()?))
}

/// `Compact` as SCALE writes it; a longer way to write the same number is not taken.
fn read_compact(rest: &mut &[u8]) -> Option<Balance> {
    Some(Compact::<Balance>::decode(rest).ok()?.0)
}

fn read_flx(index: u8, rest: &mut &[u8]) -> Option<Transfer> {
    let to = read_receiver(rest)?;
    let (portion, keep_alive) = match index {
        0 => (Portion::Exactly(read_compact(rest)?), false),
        3 => (Portion::Exactly(read_compact(rest)?), true),
        4 => (Portion::All, bool::decode(rest).ok()?),
        _ => return None,
    };
    Some(Transfer {
        to,
        token: TokenId::Flx,
        portion,
        keep_alive,
    })
}

fn read_asset(index: u8, rest: &mut &[u8]) -> Option<Transfer> {
    let id = u32::try_from(read_compact(rest)?).ok()?;
    let token = TokenId::from_asset_id(id)?;
    let to = read_receiver(rest)?;
    let (portion, keep_alive) = match index {
        8 => (Portion::Exactly(read_compact(rest)?), false),
        9 => (Portion::Exactly(read_compact(rest)?), true),
        32 => (Portion::All, bool::decode(rest).ok()?),
        _ => return None,
    };
    Some(Transfer {
        to,
        token,
        portion,
        keep_alive,
    })
}

fn read_keys(index: u8, rest: &mut &[u8]) -> Option<Known> {
    Some(match index {
        0 => {
            let (public, capabilities, _) = <(PublicKey, Capabilities, Signature)>::decode(rest).ok()?;
            Known::Register {
                key: KeyId::of(&public),
                capabilities,
            }
        }
        1 => {
            let (from, public, _, _) = <(KeyId, PublicKey, Signature, Signature)>::decode(rest).ok()?;
            Known::Rotate {
                from,
                to: KeyId::of(&public),
            }
        }
        2 => {
            let (key, capabilities) = Decode::decode(rest).ok()?;
            Known::SetCapabilities { key, capabilities }
        }
        3 => Known::Revoke {
            key: Decode::decode(rest).ok()?,
        },
        5 => Known::RequirePqc,
        6 => Known::LeavePqc,
        7 => Known::KeepPqc,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::amount;
    use codec::Encode;
    use proptest::prelude::*;

    const BOB: Account = Account([0xbb; 32]);

    fn transfer(bytes: &[u8]) -> Option<Transfer> {
        match Known::read(bytes) {
            Some(Known::Transfer(transfer)) => Some(transfer),
            _ => None,
        }
    }

    /// Bytes written down by hand from the SDK's call indices.
    #[test]
    fn transfers_are_told_from_their_bytes() {
        let to = [&[0u8][..], &BOB.0].concat();
        let flx = |head: &[u8], tail: &[u8]| [head, &to, tail].concat();
        let exactly = |plancks, token, keep_alive| Transfer {
            to: BOB,
            token,
            portion: Portion::Exactly(plancks),
            keep_alive,
        };
        assert_eq!(transfer(&flx(&[10, 0], &[4])), Some(exactly(1, TokenId::Flx, false)));
        let million = [0x02, 0x09, 0x3d, 0x00];
        assert_eq!(
            transfer(&flx(&[10, 3], &million)),
            Some(exactly(1_000_000, TokenId::Flx, true))
        );
        assert_eq!(transfer(&flx(&[6, 8, 12], &[4])), Some(exactly(1, TokenId::Atr, false)));
        assert_eq!(transfer(&flx(&[6, 9, 16], &[4])), Some(exactly(1, TokenId::Res, true)));
        let all = transfer(&flx(&[6, 32, 4], &[1])).unwrap();
        assert_eq!(
            (all.token, all.portion, all.keep_alive),
            (TokenId::Chr, Portion::All, true)
        );
        assert!(!transfer(&flx(&[10, 4], &[0])).unwrap().keep_alive);
    }

    /// What is not exactly a known call must go to the metadata, never be shown as something that it resembles.
    #[test]
    fn what_only_resembles_a_known_call_is_not_one() {
        let to = [&[0u8][..], &BOB.0].concat();
        let good = [&[10u8, 3][..], &to, &[4]].concat();
        assert!(Known::read(&good).is_some());
        assert_eq!(Known::read(&[&good[..], &[0]].concat()), None, "a byte is left over");
        assert_eq!(Known::read(&good[..good.len() - 1]), None, "a byte is missing");
        let by_index = [&[10u8, 3, 1][..], &BOB.0, &[4]].concat();
        assert_eq!(Known::read(&by_index), None, "another way to name an account");
        let long_one = [&[10u8, 3][..], &to, &[0x02, 0, 0, 0]].concat();
        assert_eq!(Known::read(&long_one), None, "0 written at length");
        for unknown in [
            &[10u8, 10][..],
            &[6, 0],
            &[6, 22],
            &[12, 4],
            &[12, 8],
            &[40, 0],
            &[],
            &[10],
        ] {
            assert_eq!(Known::read(&[unknown, &to, &[4]].concat()), None, "{unknown:?}");
        }
        let fifth_asset = [&[6u8, 8, 20][..], &to, &[4]].concat();
        assert_eq!(Known::read(&fifth_asset), None, "an asset that there is not");
    }

    #[test]
    fn calls_of_the_ledger_are_told_from_their_bytes() {
        let public = PublicKey::ml_dsa_87(&[7; 2592]).unwrap();
        let signature = Signature::ml_dsa_87(&[9; 4627]).unwrap();
        let (old, key) = (KeyId([1; 32]), KeyId::of(&public));
        let both = Capabilities::TRANSFER.union(Capabilities::MANAGE);
        let bytes = |index: u8, arguments: Vec<u8>| [vec![12, index], arguments].concat();
        for (call, expected) in [
            (
                bytes(0, (&public, both, &signature).encode()),
                Known::Register {
                    key,
                    capabilities: both,
                },
            ),
            (
                bytes(1, (old, &public, &signature, &signature).encode()),
                Known::Rotate { from: old, to: key },
            ),
            (
                bytes(2, (old, both).encode()),
                Known::SetCapabilities {
                    key: old,
                    capabilities: both,
                },
            ),
            (bytes(3, old.encode()), Known::Revoke { key: old }),
            (bytes(5, vec![]), Known::RequirePqc),
            (bytes(6, vec![]), Known::LeavePqc),
            (bytes(7, vec![]), Known::KeepPqc),
        ] {
            assert_eq!(Known::read(&call), Some(expected));
            assert_eq!(Known::read(&[call, vec![0]].concat()), None);
        }
        assert_eq!(
            Known::read(&bytes(2, (old, 0x80u8).encode())),
            None,
            "a capability that there is not"
        );
        let lines = Known::Register {
            key,
            capabilities: both,
        }
        .lines()
        .join("\n");
        assert!(
            lines.contains(&key.to_string()) && lines.contains("TRANSFER, MANAGE"),
            "{lines}"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_call_or_not(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
            let _ = Known::read(&bytes);
        }

        /// Different transfers never look the same.
        #[test]
        fn amounts_and_receivers_are_shown(one: (u128, [u8; 32]), other: (u128, [u8; 32])) {
            let lines = |(plancks, to): (u128, [u8; 32])| Known::Transfer(Transfer {
                to: Account(to),
                token: TokenId::Flx,
                portion: Portion::Exactly(plancks),
                keep_alive: true,
            }).lines();
            prop_assert_eq!(one == other, lines(one) == lines(other));
            prop_assert!(lines(one).join("\n").contains(&amount::format(one.0)));
        }
    }
}
