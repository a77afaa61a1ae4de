//! What a post-quantum key may be used for.

use alloc::{string::String, vec::Vec};
use codec::{Decode, DecodeWithMemTracking, Encode, Error, Input, MaxEncodedLen};
use core::fmt;
use scale_info::TypeInfo;
use serde::{de, Deserialize, Deserializer, Serialize, Serializer};

/// A set of capabilities: one bit for each of seven, as one byte. The eighth bit is of no capability, and a byte that has it
/// does not decode. In JSON, the list of their names: `["TRANSFER", "MANAGE"]`.
///
/// Every call needs exactly one of them, a call that wraps others the union of what those need.
#[derive(Clone, Copy, Default, Encode, Eq, Hash, MaxEncodedLen, Ord, PartialEq, PartialOrd, TypeInfo)]
pub struct Capabilities(u8);

/// Every capability by its name, by ascending bit.
const NAMES: [(Capabilities, &str); 7] = [
    (Capabilities::TRANSFER, "TRANSFER"),
    (Capabilities::GOVERN, "GOVERN"),
    (Capabilities::VALIDATE, "VALIDATE"),
    (Capabilities::SEAL, "SEAL"),
    (Capabilities::RECOVER, "RECOVER"),
    (Capabilities::BRIDGE, "BRIDGE"),
    (Capabilities::MANAGE, "MANAGE"),
];

impl Capabilities {
    /// None: the key authorises nothing.
    pub const NONE: Self = Self(0);
    /// Moves what the account holds.
    pub const TRANSFER: Self = Self(1);
    /// Proposes and votes.
    pub const GOVERN: Self = Self(1 << 1);
    /// Validates, and reports on the field.
    pub const VALIDATE: Self = Self(1 << 2);
    /// Seals checkpoints.
    pub const SEAL: Self = Self(1 << 3);
    /// Takes part in recovery.
    pub const RECOVER: Self = Self(1 << 4);
    /// Bridges fields.
    pub const BRIDGE: Self = Self(1 << 5);
    /// Manages the account's keys and who may act for the account.
    pub const MANAGE: Self = Self(1 << 6);
    /// All seven.
    pub const ALL: Self = Self(0b0111_1111);

    /// The set of a byte; `None` if the byte has a bit of no capability.
    pub const fn from_bits(bits: u8) -> Option<Self> {
        if bits & !Self::ALL.0 == 0 {
            Some(Self(bits))
        } else {
            None
        }
    }

    /// The byte of the set: what is stored, signed and hashed.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The capability of a name, whatever its case; `None` if there is none of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        NAMES
            .into_iter()
            .find(|(_, one)| one.eq_ignore_ascii_case(name))
            .map(|(capability, _)| capability)
    }

    /// The names of what is in the set, by ascending bit.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        NAMES
            .into_iter()
            .filter(move |(capability, _)| self.contains(*capability))
            .map(|(_, name)| name)
    }

    /// Whether everything in `other` is in this set too.
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What is in either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this set and not in `other`.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.names()).finish()
    }
}

impl Decode for Capabilities {
    fn decode<I: Input>(input: &mut I) -> Result<Self, Error> {
        Self::from_bits(u8::decode(input)?).ok_or_else(|| "a bit of no capability".into())
    }
}

impl DecodeWithMemTracking for Capabilities {}

impl Serialize for Capabilities {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.names())
    }
}

impl<'de> Deserialize<'de> for Capabilities {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(deserializer)?;
        names.iter().try_fold(Self::NONE, |set, name| {
            let one = Self::from_name(name)
                .ok_or_else(|| <D::Error as de::Error>::custom(format_args!("{name} is no capability")))?;
            if set.contains(one) {
                return Err(de::Error::custom(format_args!("{name} is named twice")));
            }
            Ok(set.union(one))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    /// The bits are part of what is hashed and signed: they must never move.
    #[test]
    fn each_has_its_bit_for_ever() {
        let bits: Vec<_> = NAMES
            .into_iter()
            .map(|(capability, name)| (name, capability.bits()))
            .collect();
        let fixed = vec![
            ("TRANSFER", 1),
            ("GOVERN", 2),
            ("VALIDATE", 4),
            ("SEAL", 8),
            ("RECOVER", 16),
            ("BRIDGE", 32),
            ("MANAGE", 64),
        ];
        assert_eq!(bits, fixed);
        let all = NAMES
            .into_iter()
            .fold(Capabilities::NONE, |set, (one, _)| set.union(one));
        assert_eq!(all, Capabilities::ALL);
    }

    #[test]
    fn a_byte_decodes_exactly_if_every_bit_is_known() {
        for byte in 0..=u8::MAX {
            let decoded = Capabilities::decode(&mut &[byte][..]);
            assert_eq!(decoded.is_ok(), byte < 128, "{byte}");
            assert_eq!(decoded.ok(), Capabilities::from_bits(byte));
            if let Some(set) = Capabilities::from_bits(byte) {
                assert_eq!(set.encode(), [byte]);
            }
        }
        assert!(Capabilities::decode(&mut &[][..]).is_err());
    }

    #[test]
    fn sets_contain_join_and_part() {
        let both = Capabilities::TRANSFER.union(Capabilities::MANAGE);
        assert!(both.contains(Capabilities::MANAGE) && both.contains(both) && both.contains(Capabilities::NONE));
        assert!(
            !Capabilities::MANAGE.contains(both),
            "a part does not contain the whole"
        );
        assert_eq!(both.without(Capabilities::MANAGE), Capabilities::TRANSFER);
        assert!(both.without(both).is_empty() && !both.is_empty());
    }

    #[test]
    fn names_are_read_back_and_strangers_refused() {
        for bits in 0..128 {
            let set = Capabilities::from_bits(bits).expect("a known set");
            let read = set
                .names()
                .map(|name| Capabilities::from_name(&name.to_ascii_lowercase()).expect("a known name"))
                .fold(Capabilities::NONE, Capabilities::union);
            assert_eq!(read, set);
        }
        assert_eq!(Capabilities::from_name("SUDO"), None);
    }

    /// What a genesis may say: names, each known and none twice.
    #[test]
    fn a_list_of_names_is_read_and_nothing_else() {
        use serde::de::value::{Error, SeqDeserializer};
        let read =
            |names: Vec<&'static str>| Capabilities::deserialize(SeqDeserializer::<_, Error>::new(names.into_iter()));
        assert_eq!(
            read(vec!["MANAGE", "TRANSFER"]),
            Ok(Capabilities::TRANSFER.union(Capabilities::MANAGE))
        );
        assert_eq!(read(vec![]), Ok(Capabilities::NONE));
        assert!(read(vec!["MANAGE", "ROOT"]).is_err(), "unknown");
        assert!(read(vec!["MANAGE", "manage"]).is_err(), "twice");
    }
}
