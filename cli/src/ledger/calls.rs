//! The calls that change the ledger, and the proofs that new keys sign.

use crate::errors::{Error, Result};
use crate::extrinsic::{Arguments, Call};
use crate::ss58::Account;
use codec::Encode;
use qc_pqc::{KeyId, PublicKey, Purpose, SecretKey, Signature};
use qc_traits::{possession_payload, rotation_payload};
use qc_types::Capabilities;
use serde::{Deserialize, Serialize};
use subxt::config::substrate::H256;

/// What `format` says in a file with a proof.
const FORMAT: &str = "qc-key-proof";

/// The version of such files.
const VERSION: u64 = 1;

/// What a new key proves: that it is to act for an account. Can be made on another machine, and holds no secret.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Proof {
    format: String,
    version: u64,
    /// The address of the account.
    owner: String,
    /// The account's ledger nonce that it is good for.
    pub nonce: u32,
    /// The chain that it is good for.
    pub genesis: H256,
    /// The id of the new key.
    pub key: KeyId,
    /// The new key.
    public_key: PublicKey,
    /// What the key may be used for; for a rotation, what the old key may be.
    pub capabilities: Capabilities,
    /// The signatures.
    pub proven: Proven,
}

/// The signatures of a proof.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Proven {
    /// The new key's, that it is in possession of who registers it.
    Possession {
        /// The signature.
        signature: Signature,
    },
    /// Both keys', that the new one takes the old one's place.
    #[serde(rename_all = "camelCase")]
    Rotation {
        /// The old key.
        from: KeyId,
        /// Its signature.
        by_old: Signature,
        /// The new key's.
        by_new: Signature,
    },
}

/// What a proof is about, beside the keys.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The account.
    pub owner: Account,
    /// Its ledger nonce.
    pub nonce: u32,
    /// The chain.
    pub genesis: H256,
    /// What the key may be used for.
    pub capabilities: Capabilities,
}

impl Proof {
    /// The new key shows that it is there, and `old`, if there is one, that it makes room.
    pub fn make(about: About, new: &SecretKey, old: Option<&SecretKey>) -> Result<Self> {
        let public_key = new.public().clone();
        let sign = |key: &SecretKey, purpose, payload: &[u8]| {
            key.sign(purpose, &about.genesis.0, payload)
                .map_err(|error| Error::Internal(error.to_string()))
        };
        let proven = match old {
            None => {
                let payload = possession_payload(&about.owner.0, about.nonce, &public_key, about.capabilities);
                Proven::Possession {
                    signature: sign(new, Purpose::Possession, &payload)?,
                }
            }
            Some(old) => {
                let from = KeyId::of(old.public());
                let payload = rotation_payload(&about.owner.0, about.nonce, &from, &public_key, about.capabilities);
                Proven::Rotation {
                    from,
                    by_old: sign(old, Purpose::Rotation, &payload)?,
                    by_new: sign(new, Purpose::Rotation, &payload)?,
                }
            }
        };
        Ok(Self {
            format: FORMAT.into(),
            version: VERSION,
            owner: about.owner.to_string(),
            nonce: about.nonce,
            genesis: about.genesis,
            key: KeyId::of(&public_key),
            public_key,
            capabilities: about.capabilities,
            proven,
        })
    }

    /// Reads a file with a proof.
    pub fn read(text: &str) -> Result<Self, String> {
        let proof: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if proof.format != FORMAT || proof.version != VERSION {
            return Err("its format or version is another".into());
        }
        if proof.key != KeyId::of(&proof.public_key) {
            return Err("its id is not that of its public key".into());
        }
        proof.owner()?;
        Ok(proof)
    }

    /// The account that it is for.
    pub fn owner(&self) -> Result<Account, String> {
        Account::parse(&self.owner).map_err(|error| error.to_string())
    }

    /// Whether the new key signed (purpose, payload) as it says. The old key's signature is looked at if its public key is
    /// known.
    pub fn holds(&self, old: Option<&PublicKey>) -> bool {
        let Ok(owner) = self.owner() else {
            return false;
        };
        let (new, capabilities) = (&self.public_key, self.capabilities);
        let verify = |key: &PublicKey, purpose, payload: &[u8], signature: &Signature| {
            qc_pqc::verify(key, purpose, &self.genesis.0, payload, signature)
        };
        match &self.proven {
            Proven::Possession { signature } => {
                let payload = possession_payload(&owner.0, self.nonce, new, capabilities);
                verify(new, Purpose::Possession, &payload, signature)
            }
            Proven::Rotation { from, by_old, by_new } => {
                let payload = rotation_payload(&owner.0, self.nonce, from, new, capabilities);
                let old_signed =
                    old.is_none_or(|old| KeyId::of(old) == *from && verify(old, Purpose::Rotation, &payload, by_old));
                old_signed && verify(new, Purpose::Rotation, &payload, by_new)
            }
        }
    }

    /// The call that it is for.
    pub fn call(&self) -> Call {
        match &self.proven {
            Proven::Possession { signature } => {
                call("register", (&self.public_key, self.capabilities, signature).encode())
            }
            Proven::Rotation { from, by_old, by_new } => {
                call("rotate", (from, &self.public_key, by_old, by_new).encode())
            }
        }
    }

    /// A proof that proves nothing, for the estimate of fees: as long as one that does.
    pub fn empty(about: About, rotation: bool) -> Self {
        let public_key = PublicKey::MlDsa87(Box::new([0; qc_pqc::ML_DSA_87_PUBLIC_KEY_BYTES]));
        let signature = || Signature::MlDsa87(Box::new([0; qc_pqc::ML_DSA_87_SIGNATURE_BYTES]));
        Self {
            format: FORMAT.into(),
            version: VERSION,
            owner: about.owner.to_string(),
            nonce: about.nonce,
            genesis: about.genesis,
            key: KeyId::of(&public_key),
            public_key,
            capabilities: about.capabilities,
            proven: if rotation {
                Proven::Rotation {
                    from: KeyId::default(),
                    by_old: signature(),
                    by_new: signature(),
                }
            } else {
                Proven::Possession { signature: signature() }
            },
        }
    }
}

/// A call of the ledger with its arguments encoded.
fn call(name: &'static str, arguments: Vec<u8>) -> Call {
    Call::new("KeyLedger", name, Arguments::Encoded(arguments))
}

/// Sets a key's capabilities.
pub fn set_capabilities(key: &KeyId, capabilities: Capabilities) -> Call {
    call("set_capabilities", (key, capabilities).encode())
}

/// Revokes a key.
pub fn revoke(key: &KeyId) -> Call {
    call("revoke", key.encode())
}

/// From then on only post-quantum keys act for the account.
pub fn require_pqc() -> Call {
    call("require_pqc", Vec::new())
}

/// The account asks to act classically again.
pub fn leave_pqc() -> Call {
    call("leave_pqc", Vec::new())
}

/// The account calls that off.
pub fn keep_pqc() -> Call {
    call("keep_pqc", Vec::new())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about() -> About {
        About {
            owner: Account([0xa1; 32]),
            nonce: 4,
            genesis: H256([9; 32]),
            capabilities: Capabilities::TRANSFER.union(Capabilities::MANAGE),
        }
    }

    /// A proof is for one account, nonce, chain and set of capabilities, and for nothing else: what the chain refuses,
    /// `qc` refuses first.
    #[test]
    fn a_proof_of_possession_is_for_exactly_what_it_says() {
        let key = SecretKey::from_seed(&[1; 32]);
        let proof = Proof::make(about(), &key, None).unwrap();
        assert!(proof.holds(None));
        assert_eq!(proof.key, KeyId::of(key.public()));
        let text = serde_json::to_string(&proof).unwrap();
        assert_eq!(Proof::read(&text).unwrap(), proof);
        for (from, to) in [
            ("\"nonce\":4", "\"nonce\":5"),
            ("0909", "0908"),
            ("[\"TRANSFER\",\"MANAGE\"]", "[\"TRANSFER\"]"),
            (&*about().owner.to_string(), &*Account([0xa2; 32]).to_string()),
        ] {
            let other = Proof::read(&text.replacen(from, to, 1)).unwrap();
            assert_ne!(other, proof, "{from}");
            assert!(!other.holds(None), "{from}");
        }
        let mut stolen = proof.clone();
        stolen.public_key = SecretKey::from_seed(&[2; 32]).public().clone();
        assert!(!stolen.holds(None), "another key with this signature");
        assert!(
            Proof::read(&serde_json::to_string(&stolen).unwrap()).is_err(),
            "its id is not the key's"
        );
        assert!(Proof::read(&text.replacen("qc-key-proof", "qc-signed", 1)).is_err());
        assert!(!Proof::empty(about(), false).holds(None));
    }

    #[test]
    fn a_rotation_is_signed_by_both() {
        let (old, new) = (SecretKey::from_seed(&[1; 32]), SecretKey::from_seed(&[2; 32]));
        let proof = Proof::make(about(), &new, Some(&old)).unwrap();
        assert!(proof.holds(Some(old.public())) && proof.holds(None));
        assert!(
            !proof.holds(Some(new.public())),
            "the old key must be the one that it names"
        );
        let Proven::Rotation { from, by_old, by_new } = proof.proven.clone() else {
            panic!("a rotation");
        };
        for proven in [
            Proven::Rotation {
                from,
                by_old: by_new.clone(),
                by_new: by_new.clone(),
            },
            Proven::Rotation {
                from,
                by_old: by_old.clone(),
                by_new: by_old.clone(),
            },
            Proven::Possession { signature: by_new },
        ] {
            let forged = Proof {
                proven,
                ..proof.clone()
            };
            assert!(!forged.holds(Some(old.public())), "{forged:?}");
        }
    }

    /// A fee that is estimated for an empty proof is the fee of a real one only if both are as long.
    #[test]
    fn an_empty_proof_is_as_long_as_a_real_one() {
        let (old, new) = (SecretKey::from_seed(&[1; 32]), SecretKey::from_seed(&[2; 32]));
        for old in [None, Some(&old)] {
            let real = Proof::make(about(), &new, old).unwrap();
            let length = |proof: &Proof| match proof.call().call_data() {
                Arguments::Encoded(bytes) => bytes.len(),
                Arguments::Named(_) => 0,
            };
            assert_eq!(length(&real), length(&Proof::empty(about(), old.is_some())));
        }
    }
}
