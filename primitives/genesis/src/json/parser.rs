//! Reading JSON.

use super::Json;
use std::collections::BTreeMap;
use thiserror::Error;

/// How deep arrays and objects may stand in each other. A genesis needs seven levels.
pub const DEPTH_MAX: usize = 32;

/// Where a text is not JSON as it must be, and why.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[error("line {line}, column {column}: {fault}")]
pub struct JsonError {
    /// The line, from 1 on.
    pub line: usize,
    /// The column in characters, from 1 on.
    pub column: usize,
    /// What is wrong there.
    pub fault: JsonFault,
}

/// Why a text is not JSON as it must be.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
pub enum JsonFault {
    /// The bytes are not UTF-8.
    #[error("this is not UTF-8 text")]
    NotUtf8,
    /// Something else was expected.
    #[error("expected {0}")]
    Expected(&'static str),
    /// The text ends too early.
    #[error("the text ends here, but {0} was expected")]
    Ends(&'static str),
    /// Something stands after the value.
    #[error("something stands after the end of the value")]
    Trailing,
    /// A key stands in an object for the second time.
    #[error("the key {0:?} stands in this object twice")]
    KeyTwice(String),
    /// A minus sign.
    #[error("a number must not be negative")]
    Negative,
    /// A fraction or an exponent.
    #[error("a number must be an integer, written with digits alone: no fraction and no exponent")]
    NotAnInteger,
    /// A zero before other digits.
    #[error("a number must not begin with a zero")]
    LeadingZero,
    /// An escape that there is not.
    #[error("there is no such escape")]
    NoSuchEscape,
    /// Half of a surrogate pair.
    #[error("half of a surrogate pair is no character")]
    LoneSurrogate,
    /// A control character in a string.
    #[error("a control character must be escaped in a string")]
    ControlCharacter,
    /// Too many arrays and objects in each other.
    #[error("arrays and objects stand more than {DEPTH_MAX} deep in each other")]
    TooDeep,
}

/// Reads one JSON value and nothing after it.
pub fn parse(bytes: &[u8]) -> Result<Json, JsonError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let sound = bytes.get(..error.valid_up_to()).unwrap_or_default();
        located(&String::from_utf8_lossy(sound), JsonFault::NotUtf8)
    })?;
    let mut parser = Parser { text, at: 0 };
    let read = parser.document();
    read.map_err(|fault| located(text.get(..parser.at).unwrap_or(text), fault))
}

/// A fault at the end of the text that was read.
fn located(read: &str, fault: JsonFault) -> JsonError {
    let line = read.matches('\n').count() + 1;
    let last = read.rsplit('\n').next().unwrap_or_default();
    JsonError {
        line,
        column: last.chars().count() + 1,
        fault,
    }
}

struct Parser<'a> {
    text: &'a str,
    /// How many bytes were read: always at a character's border.
    at: usize,
}

type Parsed<T = Json> = Result<T, JsonFault>;

impl Parser<'_> {
    fn document(&mut self) -> Parsed {
        let value = self.value(0)?;
        self.space();
        match self.peek() {
            None => Ok(value),
            Some(_) => Err(JsonFault::Trailing),
        }
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Goes on by so many bytes, which were looked at before.
    fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.skip(1);
        }
    }

    fn demand(&mut self, byte: u8, what: &'static str) -> Parsed<()> {
        self.space();
        match self.peek() {
            Some(found) if found == byte => {
                self.skip(1);
                Ok(())
            }
            Some(_) => Err(JsonFault::Expected(what)),
            None => Err(JsonFault::Ends(what)),
        }
    }

    fn value(&mut self, depth: usize) -> Parsed {
        self.space();
        if depth > DEPTH_MAX {
            return Err(JsonFault::TooDeep);
        }
        match self.peek() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => self.string().map(Json::String),
            Some(b'0'..=b'9') => self.number(),
            Some(b'-') => Err(JsonFault::Negative),
            Some(_) => self.word(),
            None => Err(JsonFault::Ends("a value")),
        }
    }

    fn word(&mut self) -> Parsed {
        for (word, value) in [
            ("null", Json::Null),
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
        ] {
            if self.rest().starts_with(word) {
                self.skip(word.len());
                return Ok(value);
            }
        }
        Err(JsonFault::Expected("a value"))
    }

    fn object(&mut self, depth: usize) -> Parsed {
        self.skip(1);
        let mut members = BTreeMap::new();
        self.space();
        if self.peek() == Some(b'}') {
            self.skip(1);
            return Ok(Json::Object(members));
        }
        loop {
            self.space();
            let key = match self.peek() {
                Some(b'"') => self.string()?,
                Some(_) => return Err(JsonFault::Expected("a key in quotation marks")),
                None => return Err(JsonFault::Ends("a key")),
            };
            if members.contains_key(&key) {
                return Err(JsonFault::KeyTwice(key));
            }
            self.demand(b':', "a colon")?;
            let value = self.value(depth + 1)?;
            members.insert(key, value);
            if !self.goes_on(b'}', "a comma or }")? {
                return Ok(Json::Object(members));
            }
        }
    }

    fn array(&mut self, depth: usize) -> Parsed {
        self.skip(1);
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.skip(1);
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value(depth + 1)?);
            if !self.goes_on(b']', "a comma or ]")? {
                return Ok(Json::Array(items));
            }
        }
    }

    /// Whether a comma comes, and not the end of the array or object.
    fn goes_on(&mut self, end: u8, what: &'static str) -> Parsed<bool> {
        self.space();
        let more = match self.peek() {
            Some(b',') => true,
            Some(found) if found == end => false,
            Some(_) => return Err(JsonFault::Expected(what)),
            None => return Err(JsonFault::Ends(what)),
        };
        self.skip(1);
        Ok(more)
    }

    fn number(&mut self) -> Parsed {
        let digits: String = self.rest().chars().take_while(char::is_ascii_digit).collect();
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(JsonFault::LeadingZero);
        }
        self.skip(digits.len());
        match self.peek() {
            Some(b'.' | b'e' | b'E') => Err(JsonFault::NotAnInteger),
            _ => Ok(Json::Number(digits)),
        }
    }

    fn string(&mut self) -> Parsed<String> {
        self.skip(1);
        let mut string = String::new();
        loop {
            let plain = self
                .rest()
                .find(|letter| matches!(letter, '"' | '\\' | '\0'..='\x1f'))
                .ok_or(JsonFault::Ends("a quotation mark"));
            let plain = match plain {
                Ok(plain) => plain,
                Err(fault) => {
                    self.at = self.text.len();
                    return Err(fault);
                }
            };
            string.push_str(self.rest().get(..plain).unwrap_or_default());
            self.skip(plain);
            match self.peek() {
                Some(b'"') => {
                    self.skip(1);
                    return Ok(string);
                }
                Some(b'\\') => string.push(self.escape()?),
                _ => return Err(JsonFault::ControlCharacter),
            }
        }
    }

    fn escape(&mut self) -> Parsed<char> {
        let escaped = match self.text.as_bytes().get(self.at + 1) {
            Some(b'u') => return self.unicode(),
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(_) => return Err(JsonFault::NoSuchEscape),
            None => return Err(JsonFault::Ends("an escape")),
        };
        self.skip(2);
        Ok(escaped)
    }

    /// `\uXXXX`, or two of them that make one character.
    fn unicode(&mut self) -> Parsed<char> {
        let unit = self.code_unit()?;
        if !(0xd800..0xe000).contains(&unit) {
            return char::from_u32(unit).ok_or(JsonFault::LoneSurrogate);
        }
        if unit >= 0xdc00 || !self.rest().starts_with("\\u") {
            return Err(JsonFault::LoneSurrogate);
        }
        let low = self.code_unit()?;
        if !(0xdc00..0xe000).contains(&low) {
            return Err(JsonFault::LoneSurrogate);
        }
        // No overflow: ten bits and ten bits above 2^16.
        char::from_u32(0x1_0000 + ((unit & 0x3ff) << 10 | (low & 0x3ff))).ok_or(JsonFault::LoneSurrogate)
    }

    fn code_unit(&mut self) -> Parsed<u32> {
        let digits = self.rest().get(2..6).ok_or(JsonFault::NoSuchEscape)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(JsonFault::NoSuchEscape);
        }
        let unit = u32::from_str_radix(digits, 16).map_err(|_| JsonFault::NoSuchEscape)?;
        self.skip(6);
        Ok(unit)
    }
}
