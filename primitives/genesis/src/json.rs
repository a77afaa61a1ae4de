//! JSON as a genesis needs it: integers to the last digit, no key twice, bounded depth. What other parsers let pass, with
//! each its own idea of what it means, is refused here, so that all who read a document read the same.

mod parser;
mod writer;

pub use parser::{parse, JsonError, JsonFault, DEPTH_MAX};

use std::collections::{BTreeMap, BTreeSet};

/// A JSON value. Numbers are kept as they are written: decimal digits, without a sign and without zeros before them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Json {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// The digits of an integer.
    Number(String),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Json>),
    /// An object.
    Object(BTreeMap<String, Json>),
}

impl Json {
    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    /// An integer.
    pub fn number(number: impl Into<u128>) -> Self {
        Self::Number(number.into().to_string())
    }

    /// An object of these members.
    pub fn object<const N: usize>(members: [(&str, Json); N]) -> Self {
        Self::Object(
            members
                .into_iter()
                .map(|(key, value)| (key.to_owned(), value))
                .collect(),
        )
    }

    /// The member of an object; `None` if there is none, or this is no object.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Self::Object(members) => members.get(key),
            _ => None,
        }
    }

    /// What it is called in a message.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::String(_) => "a string",
            Self::Array(_) => "an array",
            Self::Object(_) => "an object",
        }
    }

    /// The value with a patch over it, as the SDK puts the config of a preset over the runtime's default: members of objects
    /// one by one, anything else in the place of what was there.
    pub fn patched(self, patch: &Json) -> Self {
        match (self, patch) {
            (Self::Object(mut members), Self::Object(patches)) => {
                for (key, patch) in patches {
                    let value = match members.remove(key) {
                        Some(value) => value.patched(patch),
                        None => patch.clone(),
                    };
                    members.insert(key.clone(), value);
                }
                Self::Object(members)
            }
            (_, patch) => patch.clone(),
        }
    }

    /// Where another value differs from this one, each with what is here and what is there; at most so many.
    pub fn differences(&self, other: &Json, max: usize) -> Vec<String> {
        let mut found = Vec::new();
        self.compare(other, "", max, &mut found);
        found
    }

    fn compare(&self, other: &Json, path: &str, max: usize, found: &mut Vec<String>) {
        if found.len() >= max || self == other {
            return;
        }
        match (self, other) {
            (Self::Object(here), Self::Object(there)) => {
                let keys: BTreeSet<_> = here.keys().chain(there.keys()).collect();
                for key in keys {
                    let inner = if path.is_empty() {
                        key.clone()
                    } else {
                        format!("{path}.{key}")
                    };
                    compare_items(here.get(key), there.get(key), &inner, max, found);
                }
            }
            (Self::Array(here), Self::Array(there)) => {
                for place in 0..here.len().max(there.len()) {
                    compare_items(
                        here.get(place),
                        there.get(place),
                        &format!("{path}[{place}]"),
                        max,
                        found,
                    );
                }
            }
            (here, there) => found.push(format!("{path} is {} here and {} there", here.short(), there.short())),
        }
    }

    /// The beginning of it, for a message.
    fn short(&self) -> String {
        let text = self.to_canonical();
        match text.char_indices().nth(60) {
            Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
            None => text,
        }
    }

    /// The same with every number written as a string of its digits.
    pub fn with_numbers_as_strings(self) -> Self {
        match self {
            Self::Number(digits) => Self::String(digits),
            Self::Array(items) => Self::Array(items.into_iter().map(Self::with_numbers_as_strings).collect()),
            Self::Object(members) => Self::Object(
                members
                    .into_iter()
                    .map(|(key, value)| (key, value.with_numbers_as_strings()))
                    .collect(),
            ),
            other => other,
        }
    }
}

fn compare_items(here: Option<&Json>, there: Option<&Json>, path: &str, max: usize, found: &mut Vec<String>) {
    match (here, there) {
        (Some(here), Some(there)) => here.compare(there, path, max, found),
        _ if found.len() >= max => {}
        (Some(_), None) => found.push(format!("{path} is missing there")),
        (None, Some(_)) => found.push(format!("{path} is missing here")),
        (None, None) => {}
    }
}

/// Whether a text is an integer as JSON writes it: digits, and no 0 before others.
pub fn is_integer(text: &str) -> bool {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits && (text == "0" || !text.starts_with('0'))
}
