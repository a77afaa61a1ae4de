//! Words of the command line that are read by more than one command.

use qc_types::{Capabilities, TokenId};

/// Reads a token's symbol.
pub(super) fn token(text: &str) -> Result<TokenId, String> {
    let known = || TokenId::ALL.map(|token| token.symbol()).join(", ");
    TokenId::from_symbol(text).ok_or_else(|| format!("there is no such token; there are {}", known()))
}

/// Reads a lifetime: eras are powers of two, and the chain forgets the hashes of old blocks.
pub(super) fn lifetime(text: &str) -> Result<u64, String> {
    match text.parse::<u64>() {
        Ok(0) => Ok(0),
        Ok(blocks) if blocks.is_power_of_two() && (4..=2_048).contains(&blocks) => Ok(blocks),
        _ => Err("give a power of two from 4 to 2048, or 0 for a transaction that never expires".into()),
    }
}

/// Reads a list of capabilities with commas between them, or `all`, or `none`.
pub(super) fn capabilities(text: &str) -> Result<Capabilities, String> {
    match text.to_ascii_lowercase().as_str() {
        "all" => return Ok(Capabilities::ALL),
        "none" => return Ok(Capabilities::NONE),
        _ => {}
    }
    text.split(',').try_fold(Capabilities::NONE, |set, name| {
        let one = Capabilities::from_name(name.trim()).ok_or_else(|| {
            let known = Capabilities::ALL.names().collect::<Vec<_>>().join(", ");
            format!("there is no capability {name:?}; there are {known}, and all, and none")
        })?;
        Ok(set.union(one))
    })
}

/// Reads a hash: 0x and 64 hexadecimal digits.
pub(super) fn hash(text: &str) -> Result<[u8; 32], String> {
    let mut bytes = [0u8; 32];
    hex::decode_to_slice(text.strip_prefix("0x").unwrap_or(text), &mut bytes)
        .map_err(|_| "give 0x and 64 hexadecimal digits".to_owned())?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_lifetimes() {
        assert_eq!(token("atr"), Ok(TokenId::Atr));
        assert!(token("DOT").is_err_and(|message| message.contains("RES")));
        assert_eq!((lifetime("64"), lifetime("0")), (Ok(64), Ok(0)));
        for text in ["3", "65", "4096", "-1", "x"] {
            assert!(lifetime(text).is_err(), "{text}");
        }
    }

    #[test]
    fn capabilities_are_lists_of_names() {
        let both = Capabilities::TRANSFER.union(Capabilities::MANAGE);
        for text in ["TRANSFER,MANAGE", "manage, transfer", "Transfer,MANAGE,transfer"] {
            assert_eq!(capabilities(text), Ok(both), "{text}");
        }
        assert_eq!(
            (capabilities("all"), capabilities("NONE")),
            (Ok(Capabilities::ALL), Ok(Capabilities::NONE))
        );
        for text in ["", "TRANSFER,", "SUDO", "TRANSFER MANAGE", "65"] {
            assert!(capabilities(text).is_err(), "{text:?}");
        }
    }
}
