mod keys;

use super::*;
use proptest::prelude::*;
use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::fs::PermissionsExt;

/// Quick to open: tests are about the files, not about scrypt.
const QUICK: u8 = 2;
const PASSWORD: &str = "correct horse battery";
const WORDS: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

/// How test files are locked.
fn sealing(force: bool) -> Sealing<'static> {
    Sealing {
        password: PASSWORD,
        work_factor_log2: QUICK,
        force,
    }
}

struct Place {
    _temporary: tempfile::TempDir,
    keystore: Keystore,
}

fn place() -> Place {
    let temporary = tempfile::tempdir().unwrap();
    let keystore = Keystore::new(Some(temporary.path().join("accounts"))).unwrap();
    Place {
        _temporary: temporary,
        keystore,
    }
}

fn with_savings() -> (Place, PathBuf) {
    let place = place();
    let secret = Secret::from_mnemonic(WORDS, "//savings").unwrap();
    let entry = place
        .keystore
        .create("savings", &secret, Origin::Mnemonic, sealing(false))
        .unwrap();
    let path = entry.path;
    (place, path)
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_file_opens_with_its_password_and_shows_no_secret() {
    let (place, path) = with_savings();
    let key = place.keystore.unlock("savings", PASSWORD).unwrap();
    let entry = place.keystore.entry("savings").unwrap();
    assert_eq!(account_of(&key), entry.account);
    assert_eq!(entry.origin, Origin::Mnemonic);
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains("legal winner") && !text.contains(PASSWORD));
    assert_eq!((mode(&path), mode(place.keystore.dir())), (0o600, 0o700));
    let left: Vec<_> = fs::read_dir(place.keystore.dir())
        .unwrap()
        .map(|file| file.unwrap().file_name())
        .collect();
    assert_eq!(left, ["savings.json"], "no temporary file is left");
}

#[test]
fn a_wrong_password_is_named() {
    let (place, path) = with_savings();
    for password in [
        "",
        "correct horse batterx",
        "correct horse battery ",
        PASSWORD.to_uppercase().as_str(),
    ] {
        let error = place.keystore.unlock("savings", password).unwrap_err();
        assert_eq!(error, KeystoreError::WrongPassword(path.clone()));
    }
}

#[test]
fn nothing_is_overwritten_unless_asked_for() {
    let (place, path) = with_savings();
    let before = fs::read(&path).unwrap();
    let other = Secret::dev("//Other").unwrap();
    let refused = place.keystore.create("savings", &other, Origin::Dev, sealing(false));
    assert_eq!(refused, Err(KeystoreError::Exists(path.clone())));
    assert_eq!(
        place.keystore.check_free(Kind::Account, "savings", false),
        Err(KeystoreError::Exists(path.clone()))
    );
    assert_eq!(fs::read(&path).unwrap(), before);
    place.keystore.check_free(Kind::Account, "savings", true).unwrap();
    let entry = place
        .keystore
        .create("savings", &other, Origin::Dev, sealing(true))
        .unwrap();
    assert_eq!(place.keystore.entry("savings"), Ok(entry));
}

#[test]
fn what_others_can_get_at_is_refused() {
    let (place, path) = with_savings();
    for wrong in [0o640, 0o604, 0o620, 0o777] {
        set_mode(&path, wrong);
        let expected = KeystoreError::TooOpen {
            path: path.clone(),
            mode: wrong,
            wanted: 0o600,
        };
        assert_eq!(place.keystore.unlock("savings", PASSWORD).unwrap_err(), expected);
    }
    set_mode(&path, 0o400);
    place.keystore.unlock("savings", PASSWORD).unwrap();
    let dir = place.keystore.dir().to_owned();
    set_mode(&dir, 0o755);
    let expected = KeystoreError::TooOpen {
        path: dir.clone(),
        mode: 0o755,
        wanted: 0o700,
    };
    assert_eq!(place.keystore.entry("savings").unwrap_err(), expected);
    assert_eq!(place.keystore.list().unwrap_err(), expected);
    let secret = Secret::dev("//New").unwrap();
    assert_eq!(
        place.keystore.create("new", &secret, Origin::Dev, sealing(false)),
        Err(expected)
    );
}

#[test]
fn links_directories_and_giants_are_no_account_files() {
    let (place, path) = with_savings();
    let dir = place.keystore.dir();
    symlink(&path, dir.join("link.json")).unwrap();
    fs::create_dir(dir.join("folder.json")).unwrap();
    fs::write(dir.join("giant.json"), vec![b' '; 70_000]).unwrap();
    set_mode(&dir.join("giant.json"), 0o600);
    for name in ["link", "folder", "giant"] {
        let error = place.keystore.entry(name).unwrap_err();
        assert_eq!(
            error,
            KeystoreError::NotAFile(dir.join(name).with_extension("json")),
            "{name}"
        );
    }
}

#[test]
fn names_cannot_leave_the_directory_or_pass_for_dev_accounts() {
    let place = place();
    let long = "x".repeat(33);
    for name in [
        "", "..", "../x", "a/b", ".hidden", "-x", "A", "alice", "bob", "é", "a.b", "a b", &long,
    ] {
        assert_eq!(
            place.keystore.entry(name).unwrap_err(),
            KeystoreError::BadName {
                kind: Kind::Account,
                name: name.into()
            },
            "{name:?}"
        );
    }
    assert!(matches!(
        place.keystore.entry("absent"),
        Err(KeystoreError::NotFound { .. })
    ));
    assert!(matches!(
        place.keystore.remove(Kind::Account, "absent"),
        Err(KeystoreError::NotFound { .. })
    ));
}

#[test]
fn other_versions_and_edited_files_are_named() {
    let (place, path) = with_savings();
    let text = fs::read_to_string(&path).unwrap();
    let write = |text: &str| fs::write(&path, text).unwrap();
    for found in [0, 2, 99] {
        write(&text.replace("\"version\": 1", &format!("\"version\": {found}")));
        let expected = KeystoreError::UnknownVersion {
            path: path.clone(),
            found,
            known: 1,
        };
        assert_eq!(place.keystore.entry("savings").unwrap_err(), expected);
    }
    // The address and the public key of somebody else, both of them: only unlocking can tell.
    let entry = {
        write(&text);
        place.keystore.entry("savings").unwrap()
    };
    let thief = account_of(&Secret::dev("//Thief").unwrap().keypair().unwrap());
    write(
        &text
            .replace(&entry.account.to_string(), &thief.to_string())
            .replace(&entry.account.hex(), &thief.hex()),
    );
    let error = place.keystore.unlock("savings", PASSWORD).unwrap_err();
    assert_eq!(error, KeystoreError::KeyMismatch(path.clone()));
    for (from, to) in [
        ("savings", "other"),
        ("sr25519", "ed25519"),
        ("qc-account", "eth-account"),
    ] {
        write(&text.replacen(from, to, 1));
        assert!(
            matches!(place.keystore.entry("savings"), Err(KeystoreError::Damaged { .. })),
            "{to}"
        );
    }
}

#[test]
fn a_file_cut_short_anywhere_is_damaged() {
    let (place, path) = with_savings();
    let whole = fs::read(&path).unwrap();
    for length in 0..whole.len() - 2 {
        fs::write(&path, &whole[..length]).unwrap();
        let error = place.keystore.unlock("savings", PASSWORD).unwrap_err();
        assert!(matches!(error, KeystoreError::Damaged { .. }), "{length}: {error}");
    }
}

#[test]
fn the_list_keeps_what_it_cannot_read() {
    let (place, path) = with_savings();
    fs::write(path.with_file_name("broken.json"), b"{").unwrap();
    set_mode(&path.with_file_name("broken.json"), 0o600);
    fs::write(path.with_file_name("notes.txt"), b"hello").unwrap();
    let list = place.keystore.list().unwrap();
    let names: Vec<_> = list
        .iter()
        .map(|(name, entry)| (name.as_str(), entry.is_ok()))
        .collect();
    assert_eq!(names, [("broken", false), ("savings", true)]);
    place.keystore.remove(Kind::Account, "broken").unwrap();
    assert_eq!(place.keystore.list().unwrap().len(), 1);
}

#[test]
fn an_absent_directory_is_an_empty_keystore() {
    let place = place();
    assert_eq!(place.keystore.list(), Ok(Vec::new()));
    assert!(!place.keystore.dir().exists());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// A flipped bit gives a typed error, or, in a place that carries nothing, the same key; never another key.
    #[test]
    fn flipped_bits_never_give_another_key(at in any::<prop::sample::Index>(), bit in 0u8..8) {
        let (place, path) = with_savings();
        let account = place.keystore.entry("savings").unwrap().account;
        let mut bytes = fs::read(&path).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        fs::write(&path, &bytes).unwrap();
        if let Ok(key) = place.keystore.unlock("savings", PASSWORD) {
            prop_assert_eq!(account_of(&key), account);
        }
    }

    #[test]
    fn any_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let (place, path) = with_savings();
        fs::write(&path, &bytes).unwrap();
        let refused = matches!(place.keystore.unlock("savings", PASSWORD), Err(KeystoreError::Damaged { .. }));
        prop_assert!(refused);
    }
}
