//! Keys that everybody knows, and finding them in a genesis.

/// A well-known development key, where it was found.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DevelopmentKey {
    /// Whose it is, as developers call it: `//Alice//stash`.
    pub name: String,
    /// What kind of key it is: `sr25519`, `ed25519` or `ML-DSA-87`.
    pub scheme: &'static str,
}

/// The first development key among `bytes`; `None` if there is none.
pub fn find(_bytes: &[u8]) -> Option<DevelopmentKey> {
    None
}
