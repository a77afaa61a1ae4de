//! `qc-node session-keys`: the keys of a validator's classical consensus, before there is a chain to ask for them.

use codec::Encode;
use qc_genesis::{Account, AddressFault};
use qc_runtime::SessionKeys;
use sc_keystore::LocalKeystore;
use serde_json::json;
use sp_core::{
    bytes::to_hex,
    crypto::{key_types, KeyTypeId},
};
use sp_keystore::{Keystore, KeystoreExt, KeystorePtr};
use sp_state_machine::BasicExternalities;
use std::{
    fs::{DirBuilder, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};
use thiserror::Error;

/// What the command does, for who asks for help.
pub const HELP: &str = "Makes the session keys of a validator before its chain runs: an Aura key (sr25519), with which the node \
    will author blocks, and a GRANDPA key (ed25519), with which it will vote on finality. They go into the keystore from which a \
    node with the same --base-path and this chain's id takes them. What is printed is public: both public keys, and the ownership \
    proof, in which both keys sign for the account that will own them, so that nobody else can register them as his.\n\n\
    Run it as the user that will run the node, on the machine where the keys are to stay. Keep the keystore in no backup: two nodes \
    with the same one would both author and vote, which is an equivocation and is slashed, and lost keys are replaced by new ones \
    (`qc validator keys --rotate`).\n\n\
    Once the chain runs, `qc validator` has the node make new keys instead.";

/// How it is used.
pub const EXAMPLES: &str = "EXAMPLES:\n  \
    qc-node session-keys --owner eE… --base-path /var/lib/qc --chain-id qc-main\n  \
    qc-node session-keys --owner eE… --base-path /var/lib/qc --chain-id qc-main --json > v1.session-keys.json\n  \
    \x20                                       for `qc genesis validator --session-keys v1.session-keys.json`";

/// Makes the session keys of a validator.
#[derive(Clone, Debug, clap::Args)]
pub struct SessionKeysCmd {
    /// The account that will own the keys, which is the one that stakes: its address on this chain, or 0x and 64 hexadecimal
    /// digits.
    #[arg(long, value_name = "ADDRESS")]
    owner: String,

    /// The directory that the node will run with, as its option of the same name.
    #[arg(long, value_name = "DIR")]
    base_path: PathBuf,

    /// The id of the chain, as the plan of the genesis and the chain spec have it.
    #[arg(long, value_name = "ID")]
    chain_id: String,

    /// Make new keys although there are some already. The old ones stay in the keystore.
    #[arg(long)]
    rotate: bool,

    /// Print one line of JSON: owner, aura, grandpa and proof, in hexadecimal digits.
    #[arg(long)]
    json: bool,
}

/// Why there are no session keys.
#[derive(Debug, Error)]
pub enum SessionKeysError {
    /// The owner is no account, or one as another network writes it.
    #[error("{0}")]
    Owner(AddressFault),
    /// The id would lead to another folder than that of a chain.
    #[error("{0:?} is not the id of a chain: letters, digits, '-', '_' and '.' make one, and it begins with no '.'")]
    NotAChainId(String),
    /// There are session keys.
    #[error(
        "{} has session keys already: Aura {}, GRANDPA {}. A node uses the keys that its owner registered; to make others \
         beside these, say --rotate",
        keystore.display(), listed(aura), listed(grandpa)
    )]
    AlreadyThere {
        /// Where.
        keystore: PathBuf,
        /// The Aura keys.
        aura: Vec<String>,
        /// The GRANDPA keys.
        grandpa: Vec<String>,
    },
    /// The folder.
    #[error("the keystore {} cannot be used: {error}", keystore.display())]
    Folder {
        /// Which.
        keystore: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The keystore.
    #[error("the keystore {} failed: {error}", keystore.display())]
    Keystore {
        /// Which.
        keystore: PathBuf,
        /// What it said.
        error: String,
    },
}

fn listed(keys: &[String]) -> String {
    if keys.is_empty() {
        return "none".into();
    }
    keys.join(" and ")
}

/// What is public of new session keys.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewKeys {
    owner: Account,
    keys: SessionKeys,
    /// Signatures of both keys for the owner.
    proof: Vec<u8>,
    keystore: PathBuf,
}

impl SessionKeysCmd {
    /// Makes the keys and prints what is public.
    pub fn run(&self) -> Result<(), SessionKeysError> {
        let made = self.make()?;
        if self.json {
            println!("{}", made.to_json());
        } else {
            println!("{}", made.to_text());
        }
        Ok(())
    }

    fn make(&self) -> Result<NewKeys, SessionKeysError> {
        let owner = Account::parse(&self.owner).map_err(SessionKeysError::Owner)?;
        check_chain_id(&self.chain_id)?;
        let folder = self.base_path.join("chains").join(&self.chain_id).join("keystore");
        let failed = |error: String| SessionKeysError::Keystore {
            keystore: folder.clone(),
            error,
        };
        prepare(&folder).map_err(|error| SessionKeysError::Folder {
            keystore: folder.clone(),
            error,
        })?;
        let keystore: KeystorePtr =
            Arc::new(LocalKeystore::open(&folder, None).map_err(|error| failed(error.to_string()))?);
        let held = |kind: KeyTypeId| -> Result<Vec<String>, SessionKeysError> {
            let keys = keystore.keys(kind).map_err(|error| failed(error.to_string()))?;
            Ok(keys.iter().map(|key| to_hex(key, false)).collect())
        };
        let (aura, grandpa) = (held(key_types::AURA)?, held(key_types::GRANDPA)?);
        let are_there = !aura.is_empty() || !grandpa.is_empty();
        if are_there && !self.rotate {
            return Err(SessionKeysError::AlreadyThere {
                keystore: folder,
                aura,
                grandpa,
            });
        }
        // A key that could not be written is answered with a panic, as in a runtime: find out before.
        probe(&folder).map_err(|error| SessionKeysError::Folder {
            keystore: folder.clone(),
            error,
        })?;
        let mut ext = BasicExternalities::new_empty();
        ext.register_extension(KeystoreExt::from(keystore));
        let generated = ext.execute_with(|| SessionKeys::generate(&owner.0, None));
        Ok(NewKeys {
            owner,
            keys: generated.keys,
            proof: generated.proof.encode(),
            keystore: folder,
        })
    }
}

impl NewKeys {
    fn to_json(&self) -> serde_json::Value {
        json!({
            "owner": self.owner.hex(),
            "aura": to_hex(self.keys.aura.as_ref(), false),
            "grandpa": to_hex(self.keys.grandpa.as_ref(), false),
            "proof": to_hex(&self.proof, false),
        })
    }

    fn to_text(&self) -> String {
        format!(
            "owner              {}\n\
             Aura (sr25519)     {}\n\
             GRANDPA (ed25519)  {}\n\
             ownership proof    {}\n\n\
             The secrets are in {} and nowhere else. One node only may ever run with them: keep no copy.",
            self.owner,
            to_hex(self.keys.aura.as_ref(), false),
            to_hex(self.keys.grandpa.as_ref(), false),
            to_hex(&self.proof, false),
            self.keystore.display(),
        )
    }
}

/// The id is the name of a folder.
fn check_chain_id(id: &str) -> Result<(), SessionKeysError> {
    let is_fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if id.is_empty() || id.starts_with('.') || !id.chars().all(is_fit) {
        return Err(SessionKeysError::NotAChainId(id.into()));
    }
    Ok(())
}

/// Makes the folder, or closes it to everybody else where it is there.
fn prepare(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    std::fs::set_permissions(folder, Permissions::from_mode(0o700))
}

/// Whether a file can be written there.
fn probe(folder: &Path) -> io::Result<()> {
    let file = folder.join(format!(".probe-{}", std::process::id()));
    std::fs::write(&file, [])?;
    std::fs::remove_file(&file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;
    use sp_core::{ed25519, sr25519};
    use sp_runtime::traits::OpaqueKeys;

    const ALICE: &str = "eE7zJ9q3H1AQDykvCKm3MbAuMW1TBWKWQ3Yd1mJUe9aYmjYKB";
    const ALICE_42: &str = "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY";

    fn command(base_path: &Path) -> SessionKeysCmd {
        SessionKeysCmd {
            owner: ALICE.into(),
            base_path: base_path.join("node"),
            chain_id: "qc-main".into(),
            rotate: false,
            json: false,
        }
    }

    fn mode(path: &Path) -> u32 {
        std::fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn its_help_teaches() {
        let mut node = crate::cli::Cli::command();
        let command = node
            .find_subcommand_mut("session-keys")
            .expect("there is such a command");
        let help = command.render_long_help().to_string();
        for word in ["equivocation", "--rotate", "v1.session-keys.json", "ownership proof"] {
            assert!(help.contains(word), "{help}");
        }
    }

    #[test]
    fn keys_are_made_stored_and_proved() {
        let dir = tempfile::tempdir().unwrap();
        let made = command(dir.path()).make().unwrap();
        let owner = Account::parse(ALICE).unwrap();
        assert!(made.keys.ownership_proof_is_valid(&owner.0, &made.proof));
        assert!(!made.keys.ownership_proof_is_valid(&[7; 32], &made.proof));
        // Where a node with this base path and chain looks for them, and for nobody else's eyes.
        let folder = dir.path().join("node/chains/qc-main/keystore");
        assert_eq!(mode(&folder), 0o700);
        let keystore = LocalKeystore::open(&folder, None).unwrap();
        assert_eq!(
            keystore.sr25519_public_keys(key_types::AURA),
            [sr25519::Public::from(made.keys.aura.clone())]
        );
        assert_eq!(
            keystore.ed25519_public_keys(key_types::GRANDPA),
            [ed25519::Public::from(made.keys.grandpa.clone())]
        );
        let files: Vec<_> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .collect();
        assert_eq!(files.len(), 2);
        // No secret is printed.
        for file in files {
            assert_eq!(mode(&file), 0o600);
            let secret: String = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
            assert!(!made.to_text().contains(&secret) && !made.to_json().to_string().contains(&secret));
        }
    }

    #[test]
    fn what_is_printed_is_what_the_ceremony_reads() {
        let dir = tempfile::tempdir().unwrap();
        let made = command(dir.path()).make().unwrap();
        let json = made.to_json();
        let names: Vec<_> = json.as_object().unwrap().keys().cloned().collect();
        assert_eq!(names.len(), 4);
        let bytes = |name: &str| sp_core::bytes::from_hex(json[name].as_str().unwrap()).unwrap();
        assert_eq!(bytes("owner"), Account::parse(ALICE).unwrap().0);
        assert_eq!(bytes("aura"), made.keys.aura.encode());
        assert_eq!(bytes("grandpa"), made.keys.grandpa.encode());
        assert_eq!(bytes("proof"), made.proof);
        assert!(made.to_text().contains(ALICE));
    }

    #[test]
    fn keys_that_are_there_are_not_replaced_unasked() {
        let dir = tempfile::tempdir().unwrap();
        let first = command(dir.path()).make().unwrap();
        let refused = command(dir.path()).make().unwrap_err();
        assert!(matches!(refused, SessionKeysError::AlreadyThere { .. }), "{refused}");
        let message = refused.to_string();
        assert!(message.contains("--rotate") && message.contains(&to_hex(first.keys.aura.as_ref(), false)));
        let rotated = SessionKeysCmd {
            rotate: true,
            ..command(dir.path())
        };
        let second = rotated.make().unwrap();
        assert_ne!(second.keys, first.keys);
        let folder = dir.path().join("node/chains/qc-main/keystore");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), 4);
        // Another chain has a keystore of its own.
        let elsewhere = SessionKeysCmd {
            chain_id: "qc-other".into(),
            ..command(dir.path())
        };
        assert!(elsewhere.make().is_ok());
    }

    #[test]
    fn an_open_folder_is_closed() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("node/chains/qc-main/keystore");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        command(dir.path()).make().unwrap();
        assert_eq!(mode(&folder), 0o700);
    }

    #[test]
    fn what_is_no_owner_chain_or_folder_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let fault = |change: fn(&mut SessionKeysCmd)| {
            let mut command = command(dir.path());
            change(&mut command);
            command.make().unwrap_err().to_string()
        };
        let message = fault(|command| command.owner = ALICE_42.into());
        assert!(message.contains("prefix 42") && message.contains(ALICE), "{message}");
        for owner in ["", "alice", "0x00", "0xzz"] {
            let command = SessionKeysCmd {
                owner: owner.into(),
                ..command(dir.path())
            };
            assert!(
                matches!(
                    command.make(),
                    Err(SessionKeysError::Owner(AddressFault::NotAnAddress(_)))
                ),
                "{owner}"
            );
        }
        for id in ["", "..", "../x", "a/b", ".hidden", "a b"] {
            let command = SessionKeysCmd {
                chain_id: id.into(),
                ..command(dir.path())
            };
            assert!(matches!(command.make(), Err(SessionKeysError::NotAChainId(_))), "{id}");
        }
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "nothing was made");
        std::fs::write(dir.path().join("node"), "a file").unwrap();
        let message = fault(|_| ());
        assert!(message.contains("keystore cannot be used"), "{message}");
    }
}
