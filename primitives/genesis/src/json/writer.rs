//! Writing JSON.

use super::Json;
use std::fmt::{self, Write};

impl Json {
    /// The value as RFC 8785 (JCS) writes it: keys by their UTF-16 code units, no white space, its escapes. Numbers stand as
    /// their digits.
    pub fn to_canonical(&self) -> String {
        let mut text = String::new();
        // Writing to a string never fails.
        let _ = self.write(&mut text, None);
        text
    }

    /// The value for people: the same order, two spaces a level.
    pub fn to_pretty(&self) -> String {
        let mut text = String::new();
        let _ = self.write(&mut text, Some(0));
        text.push('\n');
        text
    }

    /// `level` is that of the indentation; without one there is no white space.
    fn write(&self, out: &mut String, level: Option<usize>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Bool(true) => out.write_str("true"),
            Self::Bool(false) => out.write_str("false"),
            Self::Number(digits) => out.write_str(digits),
            Self::String(text) => write_string(out, text),
            Self::Array(items) => {
                let inner = level.map(|level| level + 1);
                out.write_char('[')?;
                for (place, item) in items.iter().enumerate() {
                    separate(out, place, inner)?;
                    item.write(out, inner)?;
                }
                close(out, items.is_empty(), level)?;
                out.write_char(']')
            }
            Self::Object(members) => {
                let inner = level.map(|level| level + 1);
                let mut sorted: Vec<_> = members.iter().collect();
                sorted.sort_by(|(one, _), (other, _)| one.encode_utf16().cmp(other.encode_utf16()));
                out.write_char('{')?;
                for (place, (key, value)) in sorted.into_iter().enumerate() {
                    separate(out, place, inner)?;
                    write_string(out, key)?;
                    out.write_str(if level.is_some() { ": " } else { ":" })?;
                    value.write(out, inner)?;
                }
                close(out, members.is_empty(), level)?;
                out.write_char('}')
            }
        }
    }
}

fn separate(out: &mut String, place: usize, level: Option<usize>) -> fmt::Result {
    if place > 0 {
        out.write_char(',')?;
    }
    indent(out, level)
}

fn close(out: &mut String, empty: bool, level: Option<usize>) -> fmt::Result {
    if empty {
        return Ok(());
    }
    indent(out, level)
}

fn indent(out: &mut String, level: Option<usize>) -> fmt::Result {
    match level {
        Some(level) => write!(out, "\n{:width$}", "", width = 2 * level),
        None => Ok(()),
    }
}

fn write_string(out: &mut String, text: &str) -> fmt::Result {
    out.write_char('"')?;
    for letter in text.chars() {
        match letter {
            '"' => out.write_str("\\\""),
            '\\' => out.write_str("\\\\"),
            '\x08' => out.write_str("\\b"),
            '\t' => out.write_str("\\t"),
            '\n' => out.write_str("\\n"),
            '\x0c' => out.write_str("\\f"),
            '\r' => out.write_str("\\r"),
            '\0'..='\x1f' => write!(out, "\\u{:04x}", u32::from(letter)),
            _ => out.write_char(letter),
        }?;
    }
    out.write_char('"')
}
