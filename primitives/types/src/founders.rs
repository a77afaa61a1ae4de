//! Founders: those whose signatures bring a halted chain back. What every list of them must be, on chain and before there is
//! one.

use alloc::{
    collections::BTreeSet,
    string::{String, ToString},
};
use core::fmt;

/// The fewest founders.
pub const FOUNDERS_MIN: u32 = 3;

/// The most founders.
pub const FOUNDERS_MAX: u32 = 7;

/// The longest name of a founder, bytes of UTF-8.
pub const FOUNDER_NAME_BYTES_MAX: u32 = 64;

/// What is wrong with a list of founders.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum FoundersFault {
    /// There are fewer than [`FOUNDERS_MIN`] or more than [`FOUNDERS_MAX`].
    Number(usize),
    /// The threshold is no more than half of them, or more than there are.
    Threshold {
        /// The threshold.
        threshold: u32,
        /// How many founders there are.
        founders: usize,
    },
    /// A founder has no name: which one, from 0 on.
    NameEmpty(usize),
    /// A name is longer than [`FOUNDER_NAME_BYTES_MAX`].
    NameTooLong(String),
    /// A name, in its escaped form, has what cannot be seen: control and formatting characters, or spaces at an end or in a row.
    NameUnprintable(String),
    /// Two founders have this name.
    NameTwice(String),
    /// The founder of this name has another founder's key.
    KeyTwice(String),
}

impl fmt::Display for FoundersFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(found) => {
                write!(f, "there must be {FOUNDERS_MIN} to {FOUNDERS_MAX} founders, but there are {found}")
            }
            Self::Threshold { threshold, founders } => write!(
                f,
                "the threshold must be more than half of the {founders} founders and at most all of them, but is {threshold}"
            ),
            Self::NameEmpty(place) => write!(f, "founder {place}, counted from 0, has no name"),
            Self::NameTooLong(name) => {
                write!(f, "the name {name:?} is longer than {FOUNDER_NAME_BYTES_MAX} bytes")
            }
            Self::NameUnprintable(name) => write!(
                f,
                "the name \"{name}\" has characters that cannot be seen, or spaces at an end or in a row"
            ),
            Self::NameTwice(name) => write!(f, "two founders are named {name:?}"),
            Self::KeyTwice(name) => write!(f, "the founder {name:?} has the key of another founder"),
        }
    }
}

/// Whether these can be the founders of a chain, with this threshold; the first broken constraint is the error.
///
/// `founders` are names and keys, of whatever type the caller has keys in.
pub fn check_founders<Key: Ord>(founders: &[(String, Key)], threshold: u32) -> Result<(), FoundersFault> {
    let number = u32::try_from(founders.len()).unwrap_or(u32::MAX);
    if !(FOUNDERS_MIN..=FOUNDERS_MAX).contains(&number) {
        return Err(FoundersFault::Number(founders.len()));
    }
    // Number is at most 7 by the check above, so half of it and one more fits.
    if !(number / 2 + 1..=number).contains(&threshold) {
        let founders = founders.len();
        return Err(FoundersFault::Threshold { threshold, founders });
    }
    let (mut names, mut keys) = (BTreeSet::new(), BTreeSet::new());
    for (place, (name, key)) in founders.iter().enumerate() {
        check_name(place, name)?;
        if !names.insert(name) {
            return Err(FoundersFault::NameTwice(name.clone()));
        }
        if !keys.insert(key) {
            return Err(FoundersFault::KeyTwice(name.clone()));
        }
    }
    Ok(())
}

/// Whether a name, of a founder or of anything else in a genesis, can be seen and told apart: 1 to 64 bytes, without
/// characters that cannot be seen, and without spaces at an end or in a row.
pub fn is_name(text: &str) -> bool {
    check_name(0, text).is_ok()
}

fn check_name(place: usize, name: &str) -> Result<(), FoundersFault> {
    if name.is_empty() {
        return Err(FoundersFault::NameEmpty(place));
    }
    if u32::try_from(name.len()).map_or(true, |bytes| bytes > FOUNDER_NAME_BYTES_MAX) {
        return Err(FoundersFault::NameTooLong(name.to_string()));
    }
    let loose = name.starts_with(' ') || name.ends_with(' ') || name.contains("  ");
    if loose || name.chars().any(is_unseen) {
        return Err(FoundersFault::NameUnprintable(name.escape_default().to_string()));
    }
    Ok(())
}

/// Characters that a reader of a name does not see, or that change the order in which the others are shown: two names that
/// look alike would not be the same.
const fn is_unseen(character: char) -> bool {
    matches!(
        character,
        // Control characters.
        '\0'..='\x1F' | '\x7F'..='\u{9F}'
        // Spaces that are not the space.
        | '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{2028}' | '\u{2029}' | '\u{202F}' | '\u{205F}' | '\u{3000}'
        // What joins, breaks, turns round or shows nothing.
        | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFF}' | '\u{1D173}'..='\u{1D17A}'
        // Private use, tags and further selectors.
        | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..='\u{10FFFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn five() -> Vec<(String, u8)> {
        ["Ada", "Emmy", "Grace", "李善蘭", "Sofja W. Kowalewskaja"]
            .into_iter()
            .map(String::from)
            .zip(0..)
            .collect()
    }

    fn fault(change: impl FnOnce(&mut Vec<(String, u8)>)) -> FoundersFault {
        let mut founders = five();
        change(&mut founders);
        let threshold = u32::try_from(founders.len()).unwrap_or(0) / 2 + 1;
        check_founders(&founders, threshold).expect_err("a broken list must be refused")
    }

    #[test]
    fn sound_lists_pass() {
        for threshold in 3..=5 {
            assert_eq!(check_founders(&five(), threshold), Ok(()));
        }
        assert_eq!(check_founders(&five()[..3], 2), Ok(()));
        assert_eq!(check_founders(&five()[..4], 3), Ok(()));
    }

    #[test]
    fn numbers_have_bounds() {
        assert_eq!(fault(|list| list.truncate(2)), FoundersFault::Number(2));
        assert_eq!(fault(|list| list.clear()), FoundersFault::Number(0));
        let more = |list: &mut Vec<(String, u8)>| (5..8).for_each(|key| list.push((key.to_string(), key)));
        assert_eq!(fault(more), FoundersFault::Number(8));
        for (founders, threshold) in [(5, 0), (5, 2), (5, 6), (4, 2), (3, 1)] {
            assert_eq!(
                check_founders(&five()[..founders], threshold),
                Err(FoundersFault::Threshold { threshold, founders })
            );
        }
    }

    #[test]
    fn names_can_be_seen_and_told_apart() {
        assert_eq!(fault(|list| list[1].0.clear()), FoundersFault::NameEmpty(1));
        let long = "é".repeat(33);
        assert_eq!(
            fault(|list| list[1].0 = long.clone()),
            FoundersFault::NameTooLong(long.clone())
        );
        assert_eq!(
            check_founders(&[five(), Vec::from([("é".repeat(32), 9)])].concat(), 4),
            Ok(())
        );
        for name in [
            " Ada",
            "Ada ",
            "A  da",
            "A\nda",
            "\u{202E}adA",
            "Ada\u{200B}",
            "A\u{A0}da",
            "A\u{7F}",
            "\u{FEFF}Ada",
        ] {
            let escaped = name.escape_default().to_string();
            assert_eq!(
                fault(|list| list[0].0 = name.into()),
                FoundersFault::NameUnprintable(escaped)
            );
        }
        assert_eq!(
            fault(|list| list[4].0 = "Ada".into()),
            FoundersFault::NameTwice("Ada".into())
        );
        assert_eq!(fault(|list| list[2].1 = 0), FoundersFault::KeyTwice("Grace".into()));
    }

    #[test]
    fn messages_name_the_constraint() {
        let message = fault(|list| list[0].0 = "A\nda".into()).to_string();
        assert_eq!(
            message,
            "the name \"A\\nda\" has characters that cannot be seen, or spaces at an end or in a row"
        );
        let message = check_founders(&five(), 2).expect_err("too few").to_string();
        assert_eq!(
            message,
            "the threshold must be more than half of the 5 founders and at most all of them, but is 2"
        );
        assert_eq!(
            fault(|list| list.truncate(2)).to_string(),
            "there must be 3 to 7 founders, but there are 2"
        );
    }
}
