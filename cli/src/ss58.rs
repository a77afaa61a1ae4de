//! Account ids and the addresses that people exchange: SS58 with this chain's prefix, 1618.
//!
//! Written here because subxt prints every account with the generic prefix, 42, and sp-core is far too much for sixty lines.

use blake2::{Blake2b512, Digest};
use qc_types::SS58_PREFIX;
use std::fmt;
use thiserror::Error;

/// Bytes of the checksum of a 32-byte account.
const CHECKSUM_BYTES: usize = 2;

/// What goes before the bytes that the checksum is made of.
const CHECKSUM_CONTEXT: &[u8] = b"SS58PRE";

/// The longest text that can be an address; anything longer is refused before base 58 is tried, which takes quadratic time.
const ADDRESS_CHARS_MAX: usize = 64;

/// The largest prefix that SS58 can carry.
const PREFIX_MAX: u16 = 16_383;

/// An account: 32 bytes, printed as an address of this chain.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Account(pub [u8; 32]);

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode(&self.0, SS58_PREFIX))
    }
}

impl Account {
    /// The account id in hexadecimal, with 0x.
    pub fn hex(&self) -> String {
        format!("0x{}", hex::encode(self.0))
    }

    /// Reads an address of this chain, or an account id in hexadecimal with 0x.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        if let Some(digits) = text.strip_prefix("0x") {
            let mut id = [0u8; 32];
            hex::decode_to_slice(digits, &mut id).map_err(|_| AddressError::BadHex(text.into()))?;
            return Ok(Self(id));
        }
        let (prefix, id) = decode(text)?;
        if prefix == SS58_PREFIX {
            Ok(Self(id))
        } else {
            Err(AddressError::OtherChain {
                text: text.into(),
                prefix,
                here: Self(id).to_string(),
            })
        }
    }
}

/// What is wrong with an address that somebody typed.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum AddressError {
    /// 0x, but not 64 hexadecimal digits.
    #[error("{0:?} is not an account id: 0x and 64 hexadecimal digits are expected")]
    BadHex(String),
    /// Not base 58, or not as long as an address.
    #[error("{0:?} is not an address")]
    Malformed(String),
    /// The checksum is wrong: one character is mistyped, or some are missing.
    #[error("{0:?} is not an address: its checksum is wrong")]
    BadChecksum(String),
    /// An address for another chain.
    #[error("{text} is an address of another chain (prefix {prefix}, this chain has {SS58_PREFIX})")]
    OtherChain {
        /// What was given.
        text: String,
        /// The prefix that it carries.
        prefix: u16,
        /// The same account as an address of this chain.
        here: String,
    },
}

impl AddressError {
    /// A stable word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BadHex(_) | Self::Malformed(_) => "address_malformed",
            Self::BadChecksum(_) => "address_checksum",
            Self::OtherChain { .. } => "address_other_chain",
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> String {
        match self {
            Self::OtherChain { here, .. } => format!(
                "if its owner holds the key here too, the same account on this chain is {here}; an address of an exchange \
                 on another chain is nobody's here"
            ),
            Self::BadChecksum(_) => "copy it again: a character is wrong or missing".into(),
            _ => "give an address, 0x and 64 hexadecimal digits, a name in your keystore (qc account list), or a dev name \
                  such as alice"
                .into(),
        }
    }
}

/// The address of an account under an SS58 prefix (0…16383; larger ones are cut to that range).
pub fn encode(id: &[u8; 32], prefix: u16) -> String {
    let prefix = prefix & PREFIX_MAX;
    let [high, low] = prefix.to_be_bytes();
    let mut bytes = Vec::with_capacity(2 + id.len() + CHECKSUM_BYTES);
    if prefix < 64 {
        bytes.push(low);
    } else {
        // 14 bits in two bytes, as the registry lays them out: 01 + bits 7…2, then bits 1…0 + bits 13…8.
        bytes.push((low >> 2) | 0b0100_0000);
        bytes.push(high | (low << 6));
    }
    bytes.extend_from_slice(id);
    let checksum = checksum(&bytes);
    bytes.extend_from_slice(&checksum);
    bs58::encode(bytes).into_string()
}

/// The prefix and the account of an address of any chain.
pub fn decode(text: &str) -> Result<(u16, [u8; 32]), AddressError> {
    let malformed = || AddressError::Malformed(text.into());
    if text.len() > ADDRESS_CHARS_MAX {
        return Err(malformed());
    }
    let bytes = bs58::decode(text).into_vec().map_err(|_| malformed())?;
    let (prefix, rest) = match *bytes.as_slice() {
        [first @ 0..=63, ref rest @ ..] => (u16::from(first), rest),
        [first @ 64..=127, second, ref rest @ ..] => (
            u16::from_be_bytes([second & 0b0011_1111, (first << 2) | (second >> 6)]),
            rest,
        ),
        _ => return Err(malformed()),
    };
    let (id, given) = rest.split_at_checked(32).ok_or_else(malformed)?;
    if given.len() != CHECKSUM_BYTES {
        return Err(malformed());
    }
    let body = bytes
        .len()
        .checked_sub(CHECKSUM_BYTES)
        .and_then(|end| bytes.get(..end))
        .ok_or_else(malformed)?;
    if given != checksum(body) {
        return Err(AddressError::BadChecksum(text.into()));
    }
    Ok((prefix, id.try_into().map_err(|_| malformed())?))
}

/// The first bytes of BLAKE2b-512 over the context and what is to be checked.
fn checksum(bytes: &[u8]) -> [u8; CHECKSUM_BYTES] {
    let hash = Blake2b512::new()
        .chain_update(CHECKSUM_CONTEXT)
        .chain_update(bytes)
        .finalize();
    let mut checksum = [0u8; CHECKSUM_BYTES];
    checksum.copy_from_slice(&hash[..CHECKSUM_BYTES]);
    checksum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALICE: &str = "d43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d";
    const BOB: &str = "8eaf04151687736326c9fea17e25fc5287613693c912909cb226aa4794f26a48";

    fn id(hex: &str) -> [u8; 32] {
        let mut id = [0; 32];
        hex::decode_to_slice(hex, &mut id).unwrap();
        id
    }

    /// The first four lines are what every wallet prints; the others come from an independent implementation in Python.
    #[test]
    fn known_vectors() {
        for (key, prefix, address) in [
            (ALICE, 42, "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"),
            (BOB, 42, "5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty"),
            (ALICE, 0, "15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5"),
            (BOB, 2, "FoQJpPyadYccjavVdTWxpxU7rUEaYhfLCPwXgkfD6Zat9QP"),
            (ALICE, 1618, "eE7zJ9q3H1AQDykvCKm3MbAuMW1TBWKWQ3Yd1mJUe9aYmjYKB"),
            (BOB, 1618, "eE6R8sks8sSQKpkRgtq5QqpzPQASJ3n74YiUghwLy5bdXxopU"),
            (ALICE, 255, "yGHXkYLYqxijLKKfd9Q2CB9shRVu8rPNBS53wvwGTutYg4zTg"),
            (ALICE, 64, "cEaNSpz4PxFcZ7nT1VEKrKewH67rfx6MfcM6yKojyyPz7qaqp"),
            (BOB, 16383, "yNYZ9YmV73KqE11fLn1UkDaiW3DtmrPddpVotddem1n6A2RWL"),
        ] {
            assert_eq!(encode(&id(key), prefix), address);
            assert_eq!(decode(address), Ok((prefix, id(key))));
        }
    }

    #[test]
    fn other_chains_are_refused_with_the_address_here() {
        let refused = Account::parse("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY").unwrap_err();
        assert_eq!(refused.code(), "address_other_chain");
        assert!(refused.to_string().contains("prefix 42"));
        assert!(refused
            .hint()
            .contains("eE7zJ9q3H1AQDykvCKm3MbAuMW1TBWKWQ3Yd1mJUe9aYmjYKB"));
    }

    #[test]
    fn hexadecimal_accounts_are_read() {
        let alice = Account(id(ALICE));
        assert_eq!(Account::parse(&alice.hex()), Ok(alice));
        assert_eq!(
            Account::parse(&alice.hex().to_uppercase().replacen("0X", "0x", 1)),
            Ok(alice)
        );
        for text in ["0x", "0x00", &format!("0x{ALICE}00"), &format!("0x{}g", &ALICE[..63])] {
            assert_eq!(Account::parse(text), Err(AddressError::BadHex(text.into())));
        }
    }

    #[test]
    fn one_wrong_character_is_noticed() {
        let address = Account(id(ALICE)).to_string();
        for at in 0..address.len() {
            let mut wrong = address.clone().into_bytes();
            wrong[at] = if wrong[at] == b'z' { b'y' } else { b'z' };
            if wrong != address.as_bytes() {
                assert!(
                    Account::parse(std::str::from_utf8(&wrong).unwrap()).is_err(),
                    "character {at}"
                );
            }
        }
        assert!(Account::parse(&address[..address.len() - 1]).is_err());
        assert!(Account::parse("").is_err());
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(id: [u8; 32], prefix in 0u16..=PREFIX_MAX) {
            prop_assert_eq!(decode(&encode(&id, prefix)), Ok((prefix, id)));
        }

        #[test]
        fn anything_typed_is_an_account_or_an_error(text in ".{0,80}") {
            let _ = Account::parse(&text);
        }
    }
}
