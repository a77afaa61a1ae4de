//! Members of objects, with their path in messages.

use super::DocumentFault;
use crate::json::Json;

/// Refuses what is no object, and members that are not known.
pub fn check_members(json: &Json, at: &str, known: &[&str]) -> Result<(), DocumentFault> {
    let Json::Object(members) = json else {
        return Err(DocumentFault::Kind {
            path: at.trim_end_matches('.').to_owned(),
            wanted: "an object",
            found: json.kind(),
        });
    };
    match members.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(DocumentFault::Unknown(format!("{at}{key}"))),
        None => Ok(()),
    }
}

/// A member that is a string.
pub fn string<'a>(json: &'a Json, at: &str, key: &str) -> Result<&'a str, DocumentFault> {
    let path = || format!("{at}{key}");
    match json.get(key) {
        Some(Json::String(text)) => Ok(text),
        Some(other) => Err(DocumentFault::Kind {
            path: path(),
            wanted: "a string",
            found: other.kind(),
        }),
        None => Err(DocumentFault::Missing(path())),
    }
}

/// A member that is a hash: 0x and 64 digits, letters small, for two ways to write it would be two documents.
pub fn hash_of(json: &Json, key: &'static str) -> Result<[u8; 32], DocumentFault> {
    let text = string(json, "", key)?;
    let mut hash = [0; 32];
    let digits = text.strip_prefix("0x").unwrap_or_default();
    let small = !digits.bytes().any(|byte| byte.is_ascii_uppercase());
    if small && hex::decode_to_slice(digits, &mut hash).is_ok() {
        return Ok(hash);
    }
    Err(DocumentFault::NotAHash(key))
}
