//! Hexadecimal text: lower-case digits after `0x` when written, either case when read.

use alloc::{string::String, vec::Vec};
use codec::{Decode, Encode, MaxEncodedLen};
use core::fmt;

/// Text that is not the hexadecimal form of what it should be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum HexError {
    /// It does not begin with `0x`.
    NoPrefix,
    /// The character at this place, counted in bytes after the prefix, is no hexadecimal digit.
    NoDigit(usize),
    /// It has another number of digits than the type's encoding.
    Length {
        /// Digits that the type asks for.
        expected: usize,
        /// Digits, or bytes of whatever there is, after the prefix.
        given: usize,
    },
    /// There are digits enough, but they encode nothing of this type: the first byte names no scheme.
    NoSuchScheme,
}

impl fmt::Display for HexError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoPrefix => f.write_str("no 0x at the beginning"),
            Self::NoDigit(at) => write!(f, "no hexadecimal digit at {at} after the 0x"),
            Self::Length { expected, given } => write!(f, "{given} hexadecimal digits instead of {expected}"),
            Self::NoSuchScheme => f.write_str("the first byte names no signature scheme"),
        }
    }
}

impl core::error::Error for HexError {}

/// `0x` and two digits for each byte.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digits = halves.filter_map(|half| char::from_digit(half.into(), 16));
    ['0', 'x'].into_iter().chain(digits).collect()
}

/// The first eight bytes, for people.
pub(crate) fn short(bytes: &[u8]) -> String {
    let mut text = encode(bytes.get(..8).unwrap_or(bytes));
    text.push('…');
    text
}

/// The value whose SCALE encoding the text shows. The length is checked before anything is allocated.
pub(crate) fn decode<T: Decode + Encode + MaxEncodedLen>(text: &str) -> Result<T, HexError> {
    let digits = text.strip_prefix("0x").ok_or(HexError::NoPrefix)?.as_bytes();
    let bytes = T::max_encoded_len();
    if digits.len() / 2 != bytes || digits.len() % 2 != 0 {
        return Err(HexError::Length {
            expected: bytes * 2,
            given: digits.len(),
        });
    }
    let value = |at: usize, digit: u8| match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        b'A'..=b'F' => Ok(digit - b'A' + 10),
        _ => Err(HexError::NoDigit(at)),
    };
    let mut encoded = Vec::with_capacity(bytes);
    for (at, pair) in digits.chunks_exact(2).enumerate() {
        if let [high, low] = pair {
            encoded.push(value(2 * at, *high)? << 4 | value(2 * at + 1, *low)?);
        }
    }
    T::decode(&mut encoded.as_slice()).map_err(|_| HexError::NoSuchScheme)
}
