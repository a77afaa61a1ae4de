//! The canonical form: what does not change a document does not change its hash, and everything else does.

use proptest::prelude::*;
use qc_genesis::canonical::{canonical, harmonic_hash};
use qc_genesis::json::{parse, Json, JsonError, JsonFault, DEPTH_MAX};
use std::collections::BTreeMap;

fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::Bool),
        any::<u128>().prop_map(Json::number),
        "[0-9]{1,3}".prop_map(Json::String),
        any::<String>().prop_map(Json::String),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Json::Array),
            prop::collection::btree_map(any::<String>(), inner, 0..6).prop_map(Json::Object),
        ]
    })
}

/// Choices that repeat: enough disorder for a text.
struct Dice<'a>(std::iter::Cycle<std::slice::Iter<'a, u8>>);

impl Dice<'_> {
    fn roll(&mut self, sides: usize) -> usize {
        usize::from(*self.0.next().expect("it goes round")) % sides
    }

    fn space(&mut self) -> &'static str {
        ["", " ", "\n", "\t\r\n  "][self.roll(4)]
    }
}

/// The value in one of the many ways in which it can be written.
fn written(value: &Json, dice: &mut Dice<'_>) -> String {
    let text = match value {
        Json::Number(digits) if dice.roll(2) == 0 => format!("\"{digits}\""),
        Json::String(text) => string(text, dice),
        Json::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| written(item, dice)).collect();
            format!("[{}]", items.join(","))
        }
        Json::Object(members) => {
            let mut members: Vec<_> = members
                .iter()
                .map(|(key, value)| format!("{}{}:{}", string(key, dice), dice.space(), written(value, dice)))
                .collect();
            for at in (1..members.len()).rev() {
                members.swap(at, dice.roll(at + 1));
            }
            format!("{{{}{}}}", members.join(","), dice.space())
        }
        other => other.to_canonical(),
    };
    format!("{}{text}{}", dice.space(), dice.space())
}

fn string(text: &str, dice: &mut Dice<'_>) -> String {
    let letters = text.chars().map(|letter| {
        let plain = !letter.is_control() && !matches!(letter, '"' | '\\');
        if plain && dice.roll(3) > 0 {
            return letter.to_string();
        }
        let mut units = [0; 2];
        let units = letter.encode_utf16(&mut units).iter();
        units
            .map(|unit| {
                if dice.roll(2) == 0 {
                    format!("\\u{unit:04x}")
                } else {
                    format!("\\u{unit:04X}")
                }
            })
            .collect()
    });
    let letters: Vec<String> = letters.collect();
    format!("\"{}\"", letters.concat())
}

/// Places of the digits of numbers, also of those that stand as strings.
fn digits(text: &str) -> Vec<usize> {
    text.bytes()
        .enumerate()
        .filter(|(_, byte)| byte.is_ascii_digit())
        .map(|(at, _)| at)
        .collect()
}

proptest! {
    #[test]
    fn order_space_escapes_and_quoted_digits_change_nothing(
        value in any_json(),
        dice in prop::collection::vec(any::<u8>(), 1..200),
    ) {
        let text = written(&value, &mut Dice(dice.iter().cycle()));
        let read = parse(text.as_bytes());
        prop_assert!(read.is_ok(), "{text}: {read:?}");
        prop_assert_eq!(harmonic_hash(&read.unwrap()), harmonic_hash(&value));
    }

    #[test]
    fn the_canonical_form_is_its_own(value in any_json()) {
        let text = canonical(&value);
        let read = parse(text.as_bytes()).unwrap();
        prop_assert_eq!(canonical(&read), text.clone());
        // serde_json, which is somebody else's, reads the same.
        let theirs: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(theirs, serde_json::from_str::<serde_json::Value>(&value.with_numbers_as_strings().to_pretty()).unwrap());
    }

    #[test]
    fn any_changed_digit_is_another_hash(value in any_json(), which: prop::sample::Index, by in 1u8..10) {
        let text = canonical(&value);
        let places = digits(&text);
        prop_assume!(!places.is_empty());
        let at = places[which.index(places.len())];
        let mut changed = text.clone().into_bytes();
        changed[at] = b'0' + (changed[at] - b'0' + by) % 10;
        // An escape's digit may become one that there is not, which is refused.
        if let Ok(read) = parse(&changed) {
            prop_assert_ne!(harmonic_hash(&read), harmonic_hash(&value));
        }
    }

    #[test]
    fn different_values_have_different_forms(one in any_json(), other in any_json()) {
        let same = one.clone().with_numbers_as_strings() == other.clone().with_numbers_as_strings();
        prop_assert_eq!(same, canonical(&one) == canonical(&other));
        prop_assert_eq!(one.differences(&other, 5).is_empty(), one == other);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn any_text_that_looks_like_json_is_read_or_refused(text in "[\\[\\]{}:,\"\\\\u0-9a-f .eE+-]{0,80}") {
        if let Ok(read) = parse(text.as_bytes()) {
            // What is read here, serde_json reads too; it lets more pass.
            prop_assert!(serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok(), "{text}");
            prop_assert_eq!(parse(canonical(&read).as_bytes()), Ok(read.with_numbers_as_strings()));
        }
    }
}

fn fault(text: &[u8]) -> JsonFault {
    parse(text).expect_err("it is refused").fault
}

#[test]
fn what_parsers_disagree_on_is_refused() {
    for (text, expected) in [
        (&b"{\"a\":1,\"\\u0061\":2}"[..], JsonFault::KeyTwice("a".into())),
        (b"-1", JsonFault::Negative),
        (b"-0", JsonFault::Negative),
        (b"1.0", JsonFault::NotAnInteger),
        (b"1e3", JsonFault::NotAnInteger),
        (b"1E3", JsonFault::NotAnInteger),
        (b"01", JsonFault::LeadingZero),
        (b"NaN", JsonFault::Expected("a value")),
        (b"\"\\ud800\"", JsonFault::LoneSurrogate),
        (b"\"\\ude00\\ud83d\"", JsonFault::LoneSurrogate),
        (b"\"\\ud83dx\"", JsonFault::LoneSurrogate),
        (b"\"\\ud83d\\u0041\"", JsonFault::LoneSurrogate),
        (b"\"\\x41\"", JsonFault::NoSuchEscape),
        (b"\"\\u+123\"", JsonFault::NoSuchEscape),
        (b"\"\n\"", JsonFault::ControlCharacter),
        (b"\"", JsonFault::Ends("a quotation mark")),
        (b"\"\\", JsonFault::Ends("an escape")),
        (b"\xff", JsonFault::NotUtf8),
        (b"\xef\xbb\xbf1", JsonFault::Expected("a value")),
        (b"1 2", JsonFault::Trailing),
        (b"[1,]", JsonFault::Expected("a value")),
        (b"[1 2]", JsonFault::Expected("a comma or ]")),
        (b"{1:2}", JsonFault::Expected("a key in quotation marks")),
        (b"{\"a\"}", JsonFault::Expected("a colon")),
        (b"{\"a\"", JsonFault::Ends("a colon")),
        (b"{\"a\":1", JsonFault::Ends("a comma or }")),
        (b"{", JsonFault::Ends("a key")),
        (b"", JsonFault::Ends("a value")),
    ] {
        assert_eq!(fault(text), expected, "{}", String::from_utf8_lossy(text));
    }
}

#[test]
fn a_fault_says_where_it_is() {
    let error = parse("{\"\u{e9}\": [1,\n  2, -3]}".as_bytes()).unwrap_err();
    assert_eq!(
        error,
        JsonError {
            line: 2,
            column: 6,
            fault: JsonFault::Negative
        }
    );
    assert_eq!(error.to_string(), "line 2, column 6: a number must not be negative");
    assert_eq!(parse(b"\"a\n").unwrap_err().column, 3);
}

#[test]
fn depth_is_bounded() {
    let nested = |depth| [vec![b'['; depth], vec![b']'; depth]].concat();
    assert!(parse(&nested(DEPTH_MAX + 1)).is_ok());
    assert_eq!(fault(&nested(DEPTH_MAX + 2)), JsonFault::TooDeep);
    assert_eq!(fault(&nested(1_000_000)), JsonFault::TooDeep);
}

#[test]
fn keys_are_sorted_by_utf_16() {
    // U+1F600 is D83D DE00 in UTF-16 and so comes before U+FB33, as bytes of UTF-8 after it.
    let keys = ["\u{fb33}", "\u{1f600}", "\u{20ac}", "b", "", "a", "aa"];
    let object = Json::Object(
        keys.iter()
            .map(|key| ((*key).to_owned(), Json::Null))
            .collect::<BTreeMap<_, _>>(),
    );
    let sorted = ["", "a", "aa", "b", "\u{20ac}", "\u{1f600}", "\u{fb33}"].map(|key| format!("\"{key}\":null"));
    assert_eq!(object.to_canonical(), format!("{{{}}}", sorted.join(",")));
}

#[test]
fn differences_say_where_and_what() {
    let one = parse(br#"{"a":[1,{"b":"x"}],"c":null,"e":0}"#).unwrap();
    let other = parse(br#"{"a":[1,{"b":"y"},3],"d":true,"e":0}"#).unwrap();
    assert_eq!(
        one.differences(&other, 9),
        [
            "a[1].b is \"x\" here and \"y\" there",
            "a[2] is missing here",
            "c is missing there",
            "d is missing here"
        ]
    );
    assert_eq!(one.differences(&other, 2).len(), 2);
}
