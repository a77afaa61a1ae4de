//! What others ask of the key ledger, and what a key signs to get into it.

use alloc::vec::Vec;
use codec::Encode;
use qc_pqc::{KeyId, PublicKey};
use qc_types::Capabilities;

/// What a key is to those who ask.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct KeyInfo<AccountId> {
    /// The account that the key acts for.
    pub owner: AccountId,
    /// What it may be used for while it is active.
    pub capabilities: Capabilities,
    /// Whether it authorises anything at all: neither rotated out nor revoked.
    pub active: bool,
}

/// The keys there are, and who acts now.
///
/// `()` knows no key, and no account that requires one.
pub trait KeyInspect<AccountId> {
    /// What a key is; `None` if there never was one of that id. An id is never used again, so the owner stands for ever.
    fn key(id: &KeyId) -> Option<KeyInfo<AccountId>>;

    /// The public key of an active key; `None` of any other.
    fn public_key(id: &KeyId) -> Option<PublicKey>;

    /// Whether the account acts by post-quantum keys only, now.
    fn requires_pqc(who: &AccountId) -> bool;

    /// Whom the transaction that is running acts for, and by which key; `None` outside of one that a post-quantum key
    /// authorised.
    fn authorised() -> Option<(AccountId, KeyId)>;
}

impl<AccountId> KeyInspect<AccountId> for () {
    fn key(_: &KeyId) -> Option<KeyInfo<AccountId>> {
        None
    }

    fn public_key(_: &KeyId) -> Option<PublicKey> {
        None
    }

    fn requires_pqc(_: &AccountId) -> bool {
        false
    }

    fn authorised() -> Option<(AccountId, KeyId)> {
        None
    }
}

/// What a new key signs (purpose `Possession`) to be registered: SCALE of the owner, the owner's ledger nonce, the scheme's
/// byte and the public key's, the capabilities' byte. The genesis hash is put before it when it is signed.
pub fn possession_payload<AccountId: Encode>(
    owner: &AccountId,
    nonce: u32,
    public_key: &PublicKey,
    capabilities: Capabilities,
) -> Vec<u8> {
    (owner, nonce, public_key, capabilities).encode()
}

/// What the old and the new key sign (purpose `Rotation`) for the new one to take the old one's place: SCALE of the owner,
/// the owner's ledger nonce, the old key's id, the new scheme's byte and public key's, the byte of the capabilities that are
/// kept. The genesis hash is put before it when it is signed.
pub fn rotation_payload<AccountId: Encode>(
    owner: &AccountId,
    nonce: u32,
    from: &KeyId,
    public_key: &PublicKey,
    capabilities: Capabilities,
) -> Vec<u8> {
    (owner, nonce, from, public_key, capabilities).encode()
}
