//! Accounts as a genesis writes them: with the prefix that a runtime in Wasm reads, not with the one that people are shown.

use qc_types::SS58_PREFIX;
use serde::{de, Deserialize, Deserializer};
use sp_core::crypto::{AccountId32, Ss58AddressFormat, Ss58Codec};
use std::fmt;
use thiserror::Error;

/// The prefix of addresses in a genesis. The Wasm runtime reads it and those of the public registry, where 1618 is not.
pub const GENESIS_PREFIX: u16 = 42;

/// The longest text that can be an address: base 58 takes quadratic time.
const ADDRESS_CHARS_MAX: usize = 64;

/// An account, or another public key of 32 bytes. It is printed as an address of this chain; as JSON it is an address as a
/// genesis has it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Account(pub [u8; 32]);

/// What is wrong with an address.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum AddressFault {
    /// It is none.
    #[error("{0:?} is not an address: a character is wrong or missing")]
    NotAnAddress(String),
    /// It is one of another prefix.
    #[error("{text} has the address prefix {found}, where {wanted} is needed: the same account is {here}")]
    OtherPrefix {
        /// The address.
        text: String,
        /// Its prefix.
        found: u16,
        /// The one that is needed.
        wanted: u16,
        /// The account with that prefix.
        here: String,
    },
}

impl Account {
    /// The address as a genesis has it.
    pub fn in_genesis(&self) -> String {
        self.with_prefix(GENESIS_PREFIX)
    }

    /// 0x and 64 hexadecimal digits.
    pub fn hex(&self) -> String {
        format!("0x{}", hex::encode(self.0))
    }

    fn with_prefix(&self, prefix: u16) -> String {
        AccountId32::new(self.0).to_ss58check_with_version(Ss58AddressFormat::custom(prefix))
    }

    /// Reads what a person writes: an address of this chain, or 0x and 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, AddressFault> {
        match text.strip_prefix("0x") {
            Some(digits) => {
                let mut id = [0; 32];
                hex::decode_to_slice(digits, &mut id).map_err(|_| AddressFault::NotAnAddress(text.into()))?;
                Ok(Self(id))
            }
            None => Self::with(text, SS58_PREFIX),
        }
    }

    /// Reads an address as a genesis has it.
    pub fn parse_in_genesis(text: &str) -> Result<Self, AddressFault> {
        Self::with(text, GENESIS_PREFIX)
    }

    fn with(text: &str, wanted: u16) -> Result<Self, AddressFault> {
        let none = || AddressFault::NotAnAddress(text.chars().take(2 * ADDRESS_CHARS_MAX).collect());
        if text.len() > ADDRESS_CHARS_MAX {
            return Err(none());
        }
        let (account, format) = AccountId32::from_ss58check_with_version(text).map_err(|_| none())?;
        let account = Self(*account.as_ref());
        let found = u16::from(format);
        if found == wanted {
            return Ok(account);
        }
        Err(AddressFault::OtherPrefix {
            text: text.into(),
            found,
            wanted,
            here: account.with_prefix(wanted),
        })
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.with_prefix(SS58_PREFIX))
    }
}

impl<'de> Deserialize<'de> for Account {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse_in_genesis(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE_42: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";
    const ALICE_1618: &str = "eE7zJ9q3H1AQDykvCKm3MbAuMW1TBWKWQ3Yd1mJUe9aYmjYKB";

    #[test]
    fn people_and_genesis_have_a_prefix_each() {
        let alice = Account::parse(ALICE_1618).unwrap();
        assert_eq!(Account::parse_in_genesis(ALICE_42), Ok(alice));
        assert_eq!(Account::parse(&alice.hex()), Ok(alice));
        assert_eq!(
            (alice.to_string(), alice.in_genesis()),
            (ALICE_1618.into(), ALICE_42.into())
        );
        let refused = Account::parse(ALICE_42).unwrap_err().to_string();
        assert!(
            refused.contains("prefix 42") && refused.contains(ALICE_1618),
            "{refused}"
        );
        assert!(Account::parse_in_genesis(ALICE_1618).is_err());
    }

    #[test]
    fn nothing_else_is_an_address() {
        let long = "1".repeat(100_000);
        let wrong = ALICE_1618.replace('z', "y");
        for text in ["", "0x", "0x00", "alice", "5", &ALICE_1618[1..], &wrong, &long, "0xé"] {
            let refused = Account::parse(text).unwrap_err();
            assert!(refused.to_string().len() < 400, "{refused}");
            assert!(Account::parse_in_genesis(text).is_err());
        }
    }
}
