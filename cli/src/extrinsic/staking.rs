//! The calls of validators: made by the metadata, and read from their bytes without.

use super::{Arguments, Call};
use crate::output::amount_text;
use codec::{Decode, Encode};
use qc_types::{Balance, Capabilities, TokenId};
use subxt::dynamic::Value;
use subxt::ext::scale_value::Composite;

/// The index of pallet Attunement.
pub(super) const ATTUNEMENT: u8 = 14;

/// The index of pallet Session.
pub(super) const SESSION: u8 = 22;

/// Bytes of a validator's session keys: Aura (sr25519) and GRANDPA (ed25519).
const SESSION_KEYS_BYTES: usize = 64;

/// What a validator asks of the chain. Amounts are plancks.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Staking {
    /// To be a candidate with a stake of ATR.
    Enrol(Balance),
    /// To stake more.
    BondExtra(Balance),
    /// To stake less.
    Unbond(Balance),
    /// To have back what has unbonded.
    Withdraw,
    /// To leave.
    Leave,
    /// To burn PSY for a boost.
    Boost(Balance),
    /// To validate with session keys.
    SetKeys {
        /// The public keys, encoded.
        keys: Vec<u8>,
        /// That the node has them, encoded.
        proof: Vec<u8>,
    },
}

impl Staking {
    /// The names of pallet and call.
    pub fn names(&self) -> (&'static str, &'static str) {
        match self {
            Self::Enrol(_) => ("Attunement", "enrol_validator"),
            Self::BondExtra(_) => ("Attunement", "bond_extra"),
            Self::Unbond(_) => ("Attunement", "unbond"),
            Self::Withdraw => ("Attunement", "withdraw"),
            Self::Leave => ("Attunement", "leave"),
            Self::Boost(_) => ("Attunement", "boost"),
            Self::SetKeys { .. } => ("Session", "set_keys"),
        }
    }

    /// The call that does it.
    pub fn call(&self) -> Call {
        let (pallet, name) = self.names();
        let named = |fields: Vec<(&str, Value)>| Arguments::Named(Composite::named(fields));
        let arguments = match self {
            Self::Enrol(stake) => named(vec![("stake", Value::u128(*stake))]),
            Self::BondExtra(amount) | Self::Unbond(amount) | Self::Boost(amount) => {
                named(vec![("amount", Value::u128(*amount))])
            }
            Self::Withdraw | Self::Leave => named(vec![]),
            Self::SetKeys { keys, proof } => Arguments::Encoded([keys.clone(), proof.encode()].concat()),
        };
        Call::new(pallet, name, arguments)
    }

    /// Reads one from what comes after the bytes of pallet and call; `None` if it is none of these.
    pub(super) fn read(pallet: u8, index: u8, rest: &mut &[u8]) -> Option<Self> {
        Some(match (pallet, index) {
            (ATTUNEMENT, 0) => Self::Enrol(Decode::decode(rest).ok()?),
            (ATTUNEMENT, 1) => Self::BondExtra(Decode::decode(rest).ok()?),
            (ATTUNEMENT, 2) => Self::Unbond(Decode::decode(rest).ok()?),
            (ATTUNEMENT, 3) => Self::Withdraw,
            (ATTUNEMENT, 4) => Self::Leave,
            (ATTUNEMENT, 7) => Self::Boost(Decode::decode(rest).ok()?),
            (SESSION, 0) => {
                let (keys, proof) = <([u8; SESSION_KEYS_BYTES], Vec<u8>)>::decode(rest).ok()?;
                Self::SetKeys {
                    keys: keys.to_vec(),
                    proof,
                }
            }
            _ => return None,
        })
    }

    /// What it needs of a key that signs it.
    pub fn needs(&self) -> Capabilities {
        match self {
            Self::Boost(_) => Capabilities::TRANSFER,
            _ => Capabilities::VALIDATE,
        }
    }

    /// Of what token it takes something.
    pub fn token(&self) -> TokenId {
        match self {
            Self::Boost(_) => TokenId::Psy,
            Self::SetKeys { .. } => TokenId::Flx,
            _ => TokenId::Atr,
        }
    }

    /// What it does, in words, a line each.
    pub fn lines(&self) -> Vec<String> {
        let amount = |plancks: &Balance| amount_text(*plancks, self.token());
        match self {
            Self::Enrol(stake) => vec![format!("stakes    {}, to be a validator", amount(stake))],
            Self::BondExtra(more) => vec![format!("stakes    {} more", amount(more))],
            Self::Unbond(less) => vec![format!("unbonds   {} of the stake", amount(less))],
            Self::Withdraw => vec!["gives back what has unbonded".into()],
            Self::Leave => vec!["asks to leave the validators; the stake unbonds then".into()],
            Self::Boost(burnt) => vec![format!("burns     {} for a boost of the rewards", amount(burnt))],
            Self::SetKeys { keys, .. } => vec![format!(
                "whoever has the session keys 0x{} validates with the account's stake",
                hex::encode(keys)
            )],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Known;
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Option<Staking> {
        match Known::read(bytes) {
            Some(Known::Staking(staking)) => Some(staking),
            _ => None,
        }
    }

    /// Bytes written down by hand from the pallets' call indices: amounts are 16 bytes, the lowest first.
    #[test]
    fn calls_are_told_from_their_bytes() {
        let thousand = [0, 0x80, 0xc6, 0xa4, 0x7e, 0x8d, 0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        let whole = 1_000_000_000_000_000;
        let with = |index: u8| [&[14, index][..], &thousand].concat();
        for (bytes, expected) in [
            (with(0), Staking::Enrol(whole)),
            (with(1), Staking::BondExtra(whole)),
            (with(2), Staking::Unbond(whole)),
            (vec![14, 3], Staking::Withdraw),
            (vec![14, 4], Staking::Leave),
            (with(7), Staking::Boost(whole)),
        ] {
            assert_eq!(read(&bytes), Some(expected));
            assert_eq!(read(&[&bytes[..], &[0]].concat()), None, "a byte is left over");
            assert_eq!(read(&bytes[..bytes.len() - 1]), None, "a byte is missing");
        }
        let keys = [&[22, 0][..], &[7; 64], &[8, 0xab, 0xcd]].concat();
        let expected = Staking::SetKeys {
            keys: vec![7; 64],
            proof: vec![0xab, 0xcd],
        };
        assert_eq!(read(&keys), Some(expected.clone()));
        let Arguments::Encoded(arguments) = expected.call().call_data().clone() else {
            panic!("encoded");
        };
        assert_eq!(arguments, keys[2..], "and made as they are read");
        for other in [[14u8, 5], [14, 6], [14, 8], [22, 1], [22, 2]] {
            assert_eq!(read(&[&other[..], &thousand].concat()), None, "{other:?}");
        }
    }

    #[test]
    fn what_a_key_must_be_able_to_do() {
        assert_eq!(Staking::Boost(1).needs(), Capabilities::TRANSFER);
        for staking in [Staking::Enrol(1), Staking::Leave, Staking::Withdraw] {
            assert_eq!(staking.needs(), Capabilities::VALIDATE);
            assert_eq!(staking.token(), TokenId::Atr);
        }
    }

    proptest! {
        /// Whoever signs offline sees the amount to the last planck, and of what.
        #[test]
        fn different_calls_never_look_the_same(one: (u8, u128), other: (u8, u128)) {
            let shown = |(index, amount): (u8, u128)| {
                let bytes = [vec![14, index % 3], amount.to_le_bytes().to_vec()].concat();
                Known::read(&bytes).unwrap().lines()
            };
            let same = one.0 % 3 == other.0 % 3 && one.1 == other.1;
            prop_assert_eq!(same, shown(one) == shown(other));
            prop_assert!(shown(one).join("\n").contains(&crate::amount::format(one.1)));
        }
    }
}
