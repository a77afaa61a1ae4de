//! From a mnemonic to keys: the documented derivation (docs/protocol/signatures.md).

use hkdf::Hkdf;
use sha2::Sha512;
use zeroize::Zeroizing;

/// The salt of the derivation; names the scheme, so that another scheme gets other seeds from the same words.
pub const SALT: &[u8] = b"qc/ml-dsa-87";

/// The seed (ξ of FIPS 204) of the key with this index: 32 bytes of HKDF-SHA512 (RFC 5869) with [`SALT`], the 64-byte BIP-39
/// seed of the mnemonic and its passphrase as input keying material, and `key/` followed by the index in ASCII decimal
/// digits as info.
pub fn seed(bip39_seed: &[u8; 64], index: u32) -> Zeroizing<[u8; 32]> {
    expand(bip39_seed, &format!("key/{index}"))
}

/// The seed of a key that everybody knows, for the presets of development alone: as [`seed`], with the ASCII word
/// `development` as input keying material and the name (for instance `Alice`) as info. No network with value may take it.
pub fn development_seed(name: &str) -> Zeroizing<[u8; 32]> {
    expand(b"development", name)
}

fn expand(keying_material: &[u8], info: &str) -> Zeroizing<[u8; 32]> {
    let mut seed = Zeroizing::new([0; 32]);
    #[allow(clippy::expect_used)]
    Hkdf::<Sha512>::new(Some(SALT), keying_material)
        .expand(info.as_bytes(), seed.as_mut_slice())
        // argued: HKDF refuses only outputs longer than 255 hashes, here 255 × 64 bytes; 32 are asked for.
        .expect("32 bytes are no more than HKDF-SHA512 gives");
    seed
}
