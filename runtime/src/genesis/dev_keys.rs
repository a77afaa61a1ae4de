//! The post-quantum keys of the well-known validators and founders: public keys of seeds that everybody knows
//! (`qc_pqc::derive::development_seed`), for development alone. The runtime makes no keys, so it carries them; a test derives
//! them again.

use qc_pqc::{LengthError, PublicKey};
use sp_keyring::Sr25519Keyring;

/// The key of a well-known validator, 2,592 bytes as they are; `None` of anybody else.
fn bytes(who: Sr25519Keyring) -> Option<&'static [u8]> {
    match who {
        Sr25519Keyring::Alice => Some(include_bytes!("dev-keys/alice.pub")),
        Sr25519Keyring::Bob => Some(include_bytes!("dev-keys/bob.pub")),
        Sr25519Keyring::Charlie => Some(include_bytes!("dev-keys/charlie.pub")),
        Sr25519Keyring::Dave => Some(include_bytes!("dev-keys/dave.pub")),
        _ => None,
    }
}

/// The public key with which a well-known validator reports; `None` of anybody else.
pub fn reporting_key(who: Sr25519Keyring) -> Option<PublicKey> {
    let key: Result<PublicKey, LengthError> = PublicKey::ml_dsa_87(bytes(who)?);
    key.ok()
}

/// How many founders the presets have.
pub const FOUNDERS: u8 = 5;

/// The public key of a founder of the presets, numbered from 1 on; `None` if there is none of this number.
pub fn founder_key(number: u8) -> Option<PublicKey> {
    let bytes: &[u8] = match number {
        1 => include_bytes!("dev-keys/founder-1.pub"),
        2 => include_bytes!("dev-keys/founder-2.pub"),
        3 => include_bytes!("dev-keys/founder-3.pub"),
        4 => include_bytes!("dev-keys/founder-4.pub"),
        5 => include_bytes!("dev-keys/founder-5.pub"),
        _ => return None,
    };
    PublicKey::ml_dsa_87(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use qc_pqc::{derive::development_seed, SecretKey};

    /// Catches a key file that was changed or swapped: the node would sign with a key that the genesis does not have.
    #[test]
    fn they_are_what_their_seeds_make() {
        for (who, name) in [
            (Sr25519Keyring::Alice, "Alice"),
            (Sr25519Keyring::Bob, "Bob"),
            (Sr25519Keyring::Charlie, "Charlie"),
            (Sr25519Keyring::Dave, "Dave"),
        ] {
            let made = SecretKey::from_seed(&development_seed(name));
            assert_eq!(reporting_key(who).as_ref(), Some(made.public()), "{name}");
        }
        assert_eq!(reporting_key(Sr25519Keyring::Eve), None);
    }

    #[test]
    fn the_founders_are_what_their_seeds_make() {
        for number in 1..=FOUNDERS {
            let name = format!("Founder {number}");
            let made = SecretKey::from_seed(&development_seed(&name));
            assert_eq!(founder_key(number).as_ref(), Some(made.public()), "{name}");
        }
        assert_eq!(founder_key(0), None);
        assert_eq!(founder_key(FOUNDERS + 1), None);
    }
}
