//! What opens, what does not, and by which error. Cheap to seal: tests are about the files, not about scrypt.

use super::*;
use proptest::prelude::*;
use qc_pqc::KeyId;
use std::fs;
use std::os::unix::fs::{symlink, PermissionsExt};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const QUICK: u8 = 2;
const PASSWORD: &str = "correct horse battery";
const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

/// The id of the key of index 1 of [`WORDS`], as the file of `with_file` has it.
fn id() -> KeyId {
    KeyId::of(KeySecret::from_mnemonic(WORDS, 1).unwrap().key().unwrap().public())
}

fn put(path: &Path, bytes: impl AsRef<[u8]>) {
    fs::write(path, bytes).unwrap();
    set_mode(path, 0o600);
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn with_file() -> (TempDir, PathBuf, String) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("validator.key");
    let secret = KeySecret::from_mnemonic(WORDS, 1).unwrap();
    let text = KeyFile::seal("validator", &secret, PASSWORD, QUICK)
        .unwrap()
        .to_text()
        .unwrap();
    put(&path, &text);
    (dir, path, text)
}

#[test]
fn a_file_opens_with_its_password_wherever_it_lies() {
    let (dir, path, text) = with_file();
    let moved = dir.path().join("seal");
    fs::rename(&path, &moved).unwrap();
    let file = KeyFile::read(&moved).unwrap();
    assert_eq!((file.name(), file.id(), file.index()), ("validator", id(), 1));
    let key = file.open(PASSWORD).unwrap();
    assert_eq!(KeyId::of(key.public()), id());
    assert_eq!(file.to_text().unwrap(), text);
    let shown = format!("{file:?}");
    assert!(!text.contains("legal winner") && !shown.contains("secret"), "{shown}");
}

/// A file as qc 0.1 wrote it, under the work factor 2: what is read must not change with this crate.
#[test]
fn a_file_of_the_first_version_still_opens() {
    let file = KeyFile::parse(include_bytes!("../tests-data/first.key")).unwrap();
    assert_eq!((file.name(), file.id(), file.index()), ("first", id(), 1));
    assert_eq!(KeyId::of(file.open(PASSWORD).unwrap().public()), id());
}

#[test]
fn a_wrong_password_is_named() {
    let (_dir, path, _) = with_file();
    for password in ["", "correct horse batterx", "correct horse battery "] {
        assert_eq!(
            KeyFile::read(&path).unwrap().open(password).unwrap_err(),
            KeyFileError::WrongPassword
        );
    }
}

#[test]
fn a_file_cut_short_anywhere_is_named() {
    let (_dir, path, text) = with_file();
    for length in 0..text.len() - 2 {
        put(&path, &text[..length]);
        let error = KeyFile::read(&path).unwrap_err();
        assert!(matches!(error, KeyFileError::Truncated(_)), "{length}: {error}");
    }
}

#[test]
fn kinds_versions_and_edits_are_named() {
    let (_dir, _, text) = with_file();
    let parse = |from: &str, to: &str| KeyFile::parse(text.replacen(from, to, 1).as_bytes());
    assert_eq!(
        parse("qc-key", "qc-account").unwrap_err(),
        KeyFileError::WrongKind {
            found: Kind::Account,
            wanted: Kind::Key
        }
    );
    assert_eq!(
        parse("\"version\": 1", "\"version\": 2").unwrap_err(),
        KeyFileError::UnknownVersion { found: 2 }
    );
    for (from, to) in [
        ("qc-key", "qc-what"),
        ("ml-dsa-87", "ml-dsa-44"),
        ("0x", ""),
        ("\"index\"", "\"indices\""),
    ] {
        assert!(matches!(parse(from, to).unwrap_err(), KeyFileError::Damaged(_)), "{to}");
    }
    // The id or the index of another key: only opening can tell, and does.
    let other = KeyId([7; 32]).to_string();
    for (from, to) in [
        (id().to_string().as_str(), other.as_str()),
        ("\"index\": 1", "\"index\": 0"),
    ] {
        let file = parse(from, to).unwrap();
        assert_eq!(file.open(PASSWORD).unwrap_err(), KeyFileError::KeyMismatch);
    }
}

#[test]
fn what_others_can_read_is_refused() {
    let (_dir, path, _) = with_file();
    for mode in [0o640, 0o604, 0o620, 0o777] {
        set_mode(&path, mode);
        assert_eq!(KeyFile::read(&path).unwrap_err(), KeyFileError::TooOpen { mode });
    }
    set_mode(&path, 0o400);
    KeyFile::read(&path).unwrap();
}

#[test]
fn links_folders_giants_and_nothing_are_no_key_files() {
    let (dir, path, _) = with_file();
    let link = dir.path().join("link");
    symlink(&path, &link).unwrap();
    assert_eq!(KeyFile::read(&link).unwrap_err(), KeyFileError::NotAFile);
    assert_eq!(KeyFile::read(dir.path()).unwrap_err(), KeyFileError::NotAFile);
    let giant = dir.path().join("giant");
    put(&giant, vec![b' '; 70_000]);
    assert_eq!(
        KeyFile::read(&giant).unwrap_err(),
        KeyFileError::TooLarge { max: FILE_BYTES_MAX }
    );
    assert_eq!(
        KeyFile::read(&dir.path().join("none")).unwrap_err(),
        KeyFileError::Absent
    );
}

#[test]
fn a_password_is_the_first_line_of_a_file_of_its_owners_alone() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("password");
    put(&path, " correct horse \nbattery\n");
    assert_eq!(read_password(&path).unwrap().as_str(), " correct horse ");
    set_mode(&path, 0o640);
    assert_eq!(read_password(&path).unwrap_err(), KeyFileError::TooOpen { mode: 0o640 });
    put(&path, "\nsecond");
    assert_eq!(read_password(&path).unwrap_err(), KeyFileError::Empty);
    put(&path, vec![b'x'; PASSWORD_BYTES_MAX + 1]);
    assert!(matches!(
        read_password(&path).unwrap_err(),
        KeyFileError::TooLarge { .. }
    ));
    put(&path, [0xff, 0xfe]);
    assert!(matches!(read_password(&path).unwrap_err(), KeyFileError::Damaged(_)));
    assert_eq!(
        read_password(&dir.path().join("none")).unwrap_err(),
        KeyFileError::Absent
    );
}

/// BIP-39's own vector gives the seed; which key of the mnemonic it is changes the key.
#[test]
fn words_are_checked_and_give_a_key_for_each_index() {
    for words in ["", "abandon", &"abandon ".repeat(12), &"quantum ".repeat(12)] {
        assert!(KeySecret::from_mnemonic(words, 0).is_err(), "{words}");
    }
    let spaced = WORDS.replace(' ', "  \n").to_uppercase();
    assert_eq!(KeySecret::from_mnemonic(&spaced, 1), KeySecret::from_mnemonic(WORDS, 1));
    let other = KeySecret::from_mnemonic(WORDS, 0).unwrap().key().unwrap();
    assert_ne!(KeyId::of(other.public()), id());
    assert!(KeySecret::generate(11).is_err());
    assert_ne!(KeySecret::generate(12), KeySecret::generate(12));
    assert_eq!(format!("{:?}", KeySecret::generate(24).unwrap()), "KeySecret(…)");
}

#[test]
fn a_forged_work_factor_is_refused_before_it_is_done() {
    let sealed = seal(&"a secret", "correct horse", QUICK).unwrap();
    let body: String = sealed.lines().filter(|line| !line.starts_with('-')).collect();
    let bytes = base64_lite(&body);
    let at = bytes
        .windows(10)
        .position(|window| window.starts_with(b"-> scrypt "))
        .unwrap()
        + 10;
    let end = at + bytes[at..].iter().position(|byte| *byte == b'\n').unwrap();
    let mut forged = bytes[..end - 1].to_vec();
    forged.extend_from_slice(b"40");
    forged.extend_from_slice(&bytes[end..]);
    // The file is in age's binary form now; that is read too. Doing 2⁴⁰ rounds would take days.
    let error = open::<String>(&forged, "correct horse").unwrap_err();
    assert!(
        error.to_string().contains("more work than any file that qc writes"),
        "{error}"
    );
}

fn base64_lite(text: &str) -> Vec<u8> {
    let value = |byte: u8| "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".find(char::from(byte));
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0u32, 0u32);
    for six in text.bytes().filter_map(value) {
        held = (held << 6) | u32::try_from(six).unwrap();
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((held >> bits) & 0xff).unwrap());
        }
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// A flipped bit gives a typed error, or, in a place that carries nothing, the same key; never another key.
    #[test]
    fn flipped_bits_never_give_another_key(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let mut bytes = include_bytes!("../tests-data/first.key").to_vec();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        if let Ok(key) = KeyFile::parse(&bytes).and_then(|file| file.open(PASSWORD)) {
            prop_assert_eq!(KeyId::of(key.public()), id());
        }
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(KeyFile::parse(&bytes).is_err());
    }
}
