//! Where the key comes from.

use super::*;
use qc_keyfile::{KeyFile, KeySecret};
use std::{
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Command, Stdio},
};

/// Names the key file that [`opens_what_it_is_told`] opens.
const TOLD: &str = "QC_TEST_KEY_FILE";

/// Runs a command without a terminal, whoever runs the tests.
const WITHOUT_TERMINAL: &str =
    "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:], start_new_session=True))";

/// Runs a command at a terminal of its own; types the word that comes first when it is asked, and shows what the terminal shows.
const AT_TERMINAL: &str = "
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])
shown, typed = b'', False
while True:
    try:
        some = os.read(terminal, 4096)
    except OSError:
        break
    if not some:
        break
    shown += some
    if b'Password of' in shown and not typed:
        typed = True
        os.write(terminal, sys.argv[1].encode() + b'\\n')
os.waitpid(child, 0)
print(shown.decode())
";

/// A sealed key in a file that only its owner reads, and the key's id.
fn sealed(folder: &Path, password: &str) -> (PathBuf, KeyId) {
    let secret = KeySecret::generate(12).unwrap();
    let text = KeyFile::seal("v", &secret, password, 2).unwrap().to_text().unwrap();
    let path = folder.join("v.key");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    (path, KeyId::of(secret.key().unwrap().public()))
}

/// Without the variable, nothing. With it, run by the tests below: opens the file as the node does when it starts.
#[test]
fn opens_what_it_is_told() {
    let Some(file) = std::env::var_os(TOLD) else { return };
    match key::open(Path::new(&file), None) {
        Ok(key) => println!("opened {}", key.id),
        Err(error) => println!("{error}"),
    }
}

/// What [`opens_what_it_is_told`] says in a process that a program in Python starts.
fn opened_by(python: &str, arguments: &[&str], file: &Path) -> String {
    let output = Command::new("python3")
        .args(["-c", python])
        .args(arguments)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "worker::tests::keys::opens_what_it_is_told", "--nocapture"])
        .env(TOLD, file)
        .stdin(Stdio::null())
        .output()
        .expect("the tests need python3 (scripts/setup.sh --tests sees to it)");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn without_a_terminal_a_password_file_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let (file, _) = sealed(dir.path(), "correct horse");
    let said = opened_by(WITHOUT_TERMINAL, &[], &file);
    let asked = format!("there is no terminal to ask for the password of {} (", file.display());
    assert!(said.contains(&asked), "{said}");
    assert!(said.contains("): give --pqc-password-file"), "{said}");
}

#[test]
fn at_a_terminal_the_password_is_asked_for() {
    let dir = tempfile::tempdir().unwrap();
    let (file, id) = sealed(dir.path(), "correct horse");
    let said = opened_by(AT_TERMINAL, &["correct horse"], &file);
    assert!(said.contains(&format!("Password of {}: ", file.display())), "{said}");
    assert!(said.contains(&format!("opened {id}")), "{said}");
    let said = opened_by(AT_TERMINAL, &["wrong horse"], &file);
    let wrong = qc_keyfile::KeyFileError::WrongPassword.to_string();
    assert!(said.contains(&wrong) && !said.contains("opened"), "{said}");
}

#[test]
fn keys_open_from_files_and_development_keys_by_name() {
    use qc_keyfile::KeyFileError;
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
