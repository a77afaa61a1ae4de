//! Where the key comes from.

use super::*;

#[test]
fn keys_open_from_files_and_development_keys_by_name() {
    use qc_keyfile::{KeyFile, KeyFileError, KeySecret};
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str, mode: u32| {
        let path = dir.path().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        path
    };
    let secret = KeySecret::generate(12).unwrap();
    let text = KeyFile::seal("v", &secret, "correct horse", 2)
        .unwrap()
        .to_text()
        .unwrap();
    let (file, password) = (put("v.key", &text, 0o600), put("pw", "correct horse\n", 0o400));
    let opened = key::open(&file, Some(&password)).unwrap();
    assert_eq!(opened.id, KeyId::of(secret.key().unwrap().public()));
    assert!(!format!("{opened:?}").contains("seed"));

    let wrong = put("wrong", "wrong horse\n", 0o600);
    let error = key::open(&file, Some(&wrong)).unwrap_err();
    assert!(
        matches!(
            &error,
            key::KeyError::File {
                error: KeyFileError::WrongPassword,
                ..
            }
        ),
        "{error}"
    );
    let open = put("open", "correct horse\n", 0o644);
    let error = key::open(&file, Some(&open)).unwrap_err();
    assert!(
        matches!(
            &error,
            key::KeyError::Password {
                error: KeyFileError::TooOpen { .. },
                ..
            }
        ),
        "{error}"
    );
    let error = key::open(&dir.path().join("none"), Some(&password))
        .unwrap_err()
        .to_string();
    assert!(error.ends_with("there is no such file"), "{error}");

    let (key, name) = key::development("//Alice").unwrap();
    assert_eq!((key.id, name), (alice().id, "Alice"));
    assert!(["//Eve", "Alice", "", "//Alice//stash"]
        .iter()
        .all(|seed| key::development(seed).is_none()));
}
