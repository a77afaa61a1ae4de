//! Files of post-quantum keys.

use super::*;
use qc_pqc::KeyId;

/// A file of the second key of `WORDS`.
fn with_vault() -> (Place, KeyEntry) {
    let place = place();
    let secret = KeySecret::from_mnemonic(WORDS, 1).unwrap();
    let entry = place.keystore.create_key("vault", &secret, sealing(false)).unwrap();
    (place, entry)
}

#[test]
fn a_file_opens_with_its_password_and_shows_no_secret() {
    let (place, entry) = with_vault();
    let key = place.keystore.unlock_key("vault", PASSWORD).unwrap();
    assert_eq!(KeyId::of(key.public()), entry.id);
    assert_eq!(entry.index, 1);
    assert_eq!(place.keystore.key("vault"), Ok(entry.clone()));
    assert_eq!(place.keystore.key_of(&entry.id), Ok(Some(entry.clone())));
    assert_eq!(place.keystore.key_of(&KeyId([1; 32])), Ok(None));
    let text = fs::read_to_string(&entry.path).unwrap();
    let seed = hex::encode(key.seed());
    assert!(!text.contains("legal winner") && !text.contains(PASSWORD) && !text.contains(&seed));
    assert_eq!((mode(&entry.path), mode(place.keystore.dir())), (0o600, 0o700));
    assert!(entry.path.ends_with("vault.key"));
}

/// The same mnemonic and index bring the same key back; another index another one.
#[test]
fn the_mnemonic_and_the_index_are_the_key() {
    let (place, entry) = with_vault();
    let id = |index| {
        let secret = KeySecret::from_mnemonic(WORDS, index).unwrap();
        place.keystore.create_key("again", &secret, sealing(true)).unwrap().id
    };
    assert_eq!(id(1), entry.id);
    assert_ne!(id(0), entry.id);
}

#[test]
fn a_wrong_password_is_named() {
    let (place, entry) = with_vault();
    for password in ["", "correct horse batterx", PASSWORD.to_uppercase().as_str()] {
        let error = place.keystore.unlock_key("vault", password).unwrap_err();
        assert_eq!(error, KeystoreError::WrongPassword(entry.path.clone()));
        assert!(error.hint().contains("qc key import vault"), "{}", error.hint());
    }
}

#[test]
fn what_others_can_read_is_refused() {
    let (place, entry) = with_vault();
    for wrong in [0o640, 0o604, 0o777] {
        set_mode(&entry.path, wrong);
        let error = place.keystore.unlock_key("vault", PASSWORD).unwrap_err();
        assert!(
            matches!(error, KeystoreError::TooOpen { wanted: 0o600, .. }),
            "{wrong:o}"
        );
    }
    set_mode(&entry.path, 0o600);
    symlink(&entry.path, place.keystore.dir().join("link.key")).unwrap();
    assert!(matches!(place.keystore.key("link"), Err(KeystoreError::NotAFile(_))));
}

/// An account and a key may have the same name, and neither file passes for the other, whatever it is called.
#[test]
fn accounts_and_keys_are_told_apart() {
    let (place, path) = with_savings();
    let keystore = &place.keystore;
    let secret = KeySecret::from_mnemonic(WORDS, 0).unwrap();
    let key = keystore.create_key("savings", &secret, sealing(false)).unwrap();
    assert_ne!(key.path, path);
    assert!(keystore.entry("savings").is_ok() && keystore.key("savings").is_ok());
    assert_eq!((keystore.list().unwrap().len(), keystore.keys().unwrap().len()), (1, 1));

    fs::copy(&path, key.path.with_file_name("other.key")).unwrap();
    fs::copy(&key.path, path.with_file_name("other.json")).unwrap();
    let text = keystore.key("other").unwrap_err().to_string();
    assert!(
        text.contains("a file of the kind account, not of the kind key"),
        "{text}"
    );
    let error = keystore.entry("other").unwrap_err();
    assert!(error.to_string().contains("a file of the kind key"), "{error}");
    assert_eq!(
        (error.code(), keystore.key("other").unwrap_err().code()),
        ("account_file_damaged", "key_file_damaged")
    );
    // Not even with what stands in the clear rewritten: what is sealed is of one kind only.
    let forged = fs::read_to_string(&key.path).unwrap();
    let sealed =
        serde_json::from_str::<serde_json::Value>(&fs::read_to_string(&path).unwrap()).unwrap()["secret"].clone();
    let mut record: serde_json::Value = serde_json::from_str(&forged).unwrap();
    record["secret"] = sealed;
    fs::write(&key.path, record.to_string()).unwrap();
    let error = keystore.unlock_key("savings", PASSWORD).unwrap_err();
    assert!(error.to_string().contains("not a mnemonic of this kind"), "{error}");

    keystore.remove(Kind::Key, "savings").unwrap();
    assert!(keystore.entry("savings").is_ok(), "the account stays");
    assert_eq!(keystore.key("savings").unwrap_err().code(), "key_not_found");
}

#[test]
fn other_versions_and_edited_files_are_named() {
    let (place, entry) = with_vault();
    let text = fs::read_to_string(&entry.path).unwrap();
    let write = |text: &str| fs::write(&entry.path, text).unwrap();
    write(&text.replace("\"version\": 1", "\"version\": 2"));
    assert_eq!(place.keystore.key("vault").unwrap_err().code(), "key_file_version");
    for (from, to) in [
        ("vault", "other"),
        ("ml-dsa-87", "ml-dsa-44"),
        ("qc-key", "qc-whatever"),
        ("0x", ""),
    ] {
        write(&text.replacen(from, to, 1));
        assert_eq!(
            place.keystore.key("vault").unwrap_err().code(),
            "key_file_damaged",
            "{to}"
        );
    }
    // The id or the index of another key: only unlocking can tell, and does.
    let other = KeyId([7; 32]).to_string();
    for (from, to) in [
        (entry.id.to_string().as_str(), other.as_str()),
        ("\"index\": 1", "\"index\": 0"),
    ] {
        write(&text.replacen(from, to, 1));
        assert!(place.keystore.key("vault").is_ok());
        let error = place.keystore.unlock_key("vault", PASSWORD).unwrap_err();
        assert_eq!(error, KeystoreError::KeyMismatch(entry.path.clone()));
    }
}

#[test]
fn a_file_cut_short_anywhere_is_damaged() {
    let (place, entry) = with_vault();
    let whole = fs::read(&entry.path).unwrap();
    for length in 0..whole.len() - 2 {
        fs::write(&entry.path, &whole[..length]).unwrap();
        let error = place.keystore.unlock_key("vault", PASSWORD).unwrap_err();
        assert_eq!(error.code(), "key_file_damaged", "{length}: {error}");
    }
}

#[test]
fn nothing_is_overwritten_unless_asked_for() {
    let (place, entry) = with_vault();
    let before = fs::read(&entry.path).unwrap();
    let other = KeySecret::generate(24).unwrap();
    let refused = place.keystore.create_key("vault", &other, sealing(false));
    assert_eq!(refused, Err(KeystoreError::Exists(entry.path.clone())));
    assert_eq!(
        place.keystore.check_free(Kind::Key, "vault", false).unwrap_err().code(),
        "key_exists"
    );
    assert_eq!(fs::read(&entry.path).unwrap(), before);
    assert_ne!(
        place.keystore.create_key("vault", &other, sealing(true)).unwrap().id,
        entry.id
    );
    assert_eq!(
        place
            .keystore
            .create_key("alice", &other, sealing(true))
            .unwrap_err()
            .code(),
        "key_name"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// A flipped bit gives a typed error, or, in a place that carries nothing, the same key; never another key.
    #[test]
    fn flipped_bits_never_give_another_key(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let (place, entry) = with_vault();
        let mut bytes = fs::read(&entry.path).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        fs::write(&entry.path, &bytes).unwrap();
        if let Ok(key) = place.keystore.unlock_key("vault", PASSWORD) {
            prop_assert_eq!(KeyId::of(key.public()), entry.id);
        }
    }
}
