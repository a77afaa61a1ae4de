//! `0x…` and back.

use crate::{Error, Result};

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Bytes as `0x…`.
pub fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 + bytes.len() * 2);
    text.push_str("0x");
    for byte in bytes {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}

/// `0x…` as bytes; `what` names the source in the error.
pub fn decode(what: &str, text: &str) -> Result<Vec<u8>> {
    let odd = || Error::Answer {
        method: what.into(),
        detail: format!("not hexadecimal: {:.80}", text),
    };
    let digits = text.strip_prefix("0x").unwrap_or(text).as_bytes();
    if !digits.len().is_multiple_of(2) {
        return Err(odd());
    }
    let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|n| u8::try_from(n).ok());
    digits
        .chunks_exact(2)
        .map(|pair| Some(nibble(pair[0])? << 4 | nibble(pair[1])?))
        .collect::<Option<_>>()
        .ok_or_else(odd)
}

/// `0x…` as a 32-byte hash.
pub fn decode_hash(what: &str, text: &str) -> Result<[u8; 32]> {
    let bytes = decode(what, text)?;
    bytes.try_into().map_err(|_| Error::Answer {
        method: what.into(),
        detail: format!("not 32 bytes: {text}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(decode("test", &encode(&bytes)).ok(), Some(bytes));
        assert!(decode("test", "0xabc").is_err());
        assert!(decode("test", "0xzz").is_err());
        assert!(decode_hash("test", "0x00").is_err());
    }
}
