//! Keys that everybody knows, and finding them in a genesis.
//!
//! Two kinds are known: what `subkey` derives from the development phrase of the SDK (`//Alice`, `//Alice//stash` and so on),
//! and the post-quantum keys of [`development_seed`]. Whoever takes part in a network with value by one of them shares it with
//! everybody.

use qc_pqc::{derive::development_seed, KeyId, SecretKey};
use sp_core::{
    crypto::{DeriveJunction, DEV_PHRASE},
    ecdsa, ed25519, sr25519, Blake2Hasher, ByteArray, Hasher, Pair,
};
use std::{collections::BTreeMap, fmt, sync::LazyLock};

/// A well-known development key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DevelopmentKey {
    /// Whose it is, as developers call it: `//Alice//stash`, or `Founder 1` of a post-quantum key.
    pub name: String,
    /// What kind of key it is: `sr25519`, `ed25519`, `ECDSA` or `ML-DSA-87`.
    pub kind: &'static str,
}

impl fmt::Display for DevelopmentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.name, self.kind)
    }
}

/// Those who have keys in every development chain.
const PEOPLE: [&str; 8] = ["Alice", "Bob", "Charlie", "Dave", "Eve", "Ferdie", "One", "Two"];

/// As many founders as a chain can have.
const FOUNDERS: u32 = qc_types::FOUNDERS_MAX;

/// By how many bytes a key is known: as many as an account, an id or a classical public key has.
const MARK_BYTES: usize = 32;

/// The marks of all development keys: of a classical key the public key and its account, of a post-quantum key its beginning
/// (which is random by itself) and its id.
static MARKS: LazyLock<BTreeMap<[u8; MARK_BYTES], DevelopmentKey>> = LazyLock::new(|| {
    let mut marks = BTreeMap::new();
    add_classical::<sr25519::Pair>(&mut marks, "sr25519");
    add_classical::<ed25519::Pair>(&mut marks, "ed25519");
    add_classical::<ecdsa::Pair>(&mut marks, "ECDSA");
    let people = PEOPLE.map(String::from);
    let founders = (1..=FOUNDERS).map(|number| format!("Founder {number}"));
    for name in people.into_iter().chain(founders) {
        let secret = SecretKey::from_seed(&development_seed(&name));
        let key = DevelopmentKey {
            name,
            kind: "ML-DSA-87",
        };
        let marks_of = [
            first_mark(secret.public().as_bytes()),
            Some(KeyId::of(secret.public()).0),
        ];
        marks.extend(marks_of.into_iter().flatten().map(|mark| (mark, key.clone())));
    }
    marks
});

/// The paths from the development phrase that are in use: the phrase itself, every person, and their stashes.
fn paths() -> Vec<Vec<&'static str>> {
    let people = PEOPLE.iter().flat_map(|name| [vec![*name], vec![*name, "stash"]]);
    std::iter::once(vec![]).chain(people).collect()
}

fn add_classical<P: Pair>(marks: &mut BTreeMap<[u8; MARK_BYTES], DevelopmentKey>, kind: &'static str) {
    // Once for all paths: the way from a phrase to a seed is slow on purpose.
    let Ok((root, _)) = P::from_phrase(DEV_PHRASE, None) else {
        return;
    };
    for path in paths() {
        let junctions = path.iter().map(|name| DeriveJunction::hard(*name));
        let Ok((pair, _)) = root.derive(junctions, None) else {
            continue;
        };
        let name = if path.is_empty() {
            "the development phrase".to_owned()
        } else {
            path.iter().map(|name| format!("//{name}")).collect()
        };
        let public = pair.public().to_raw_vec();
        // ECDSA: without the byte that says which of two points it is; and the account, which is a hash of all of it.
        let marks_of = match public.len() {
            MARK_BYTES => [first_mark(&public), None],
            _ => [
                public.get(1..).and_then(first_mark),
                Some(Blake2Hasher::hash(&public).0),
            ],
        };
        let key = DevelopmentKey { name, kind };
        marks.extend(marks_of.into_iter().flatten().map(|mark| (mark, key.clone())));
    }
}

fn first_mark(bytes: &[u8]) -> Option<[u8; MARK_BYTES]> {
    bytes.first_chunk().copied()
}

/// The first development key among `bytes`, wherever it begins; `None` if there is none.
///
/// A key is a public key of any scheme, an account, or the id of a post-quantum key, as bytes.
pub fn find(bytes: &[u8]) -> Option<DevelopmentKey> {
    bytes.windows(MARK_BYTES).find_map(|window| MARKS.get(window)).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::crypto::{AccountId32, Ss58Codec};

    fn found(bytes: &[u8]) -> String {
        find(bytes).map_or("none".into(), |key| key.to_string())
    }

    /// As `subkey inspect` prints them.
    #[test]
    fn the_well_known_are_known() {
        for (address, name) in [
            ("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY", "//Alice (sr25519)"),
            ("5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty", "//Bob (sr25519)"),
            (
                "5GNJqTPyNqANBkUVMN1LPPrxXnFouWXoe2wNSmmEoLctxiZY",
                "//Alice//stash (sr25519)",
            ),
            ("5FA9nQDVg267DEd8m1ZypXLBnvN7SFxYwV7ndqSYGiN9TTpu", "//Alice (ed25519)"),
            (
                "5DfhGyQdFobKM8NsWvEeAKk5EQQgYe9AydgJ7rMB6E1EqRzV",
                "the development phrase (sr25519)",
            ),
        ] {
            let account = AccountId32::from_ss58check(address).unwrap();
            assert_eq!(found(account.as_ref()), name);
        }
        // The account of the ECDSA key of //Alice: blake2_256 of its 33 bytes.
        let alice = ecdsa::Pair::from_string("//Alice", None).unwrap().public();
        assert_eq!(found(Blake2Hasher::hash(alice.as_slice()).as_ref()), "//Alice (ECDSA)");
        assert_eq!(found(alice.as_slice()), "//Alice (ECDSA)");
    }

    #[test]
    fn post_quantum_keys_and_their_ids_are_known() {
        for name in ["Alice", "Dave", "Founder 1", "Founder 5"] {
            let secret = SecretKey::from_seed(&development_seed(name));
            let expected = format!("{name} (ML-DSA-87)");
            assert_eq!(found(secret.public().as_bytes()), expected);
            assert_eq!(found(KeyId::of(secret.public()).as_ref()), expected);
        }
    }

    #[test]
    fn they_are_found_wherever_they_stand() {
        let alice = sr25519::Pair::from_string("//Alice", None).unwrap().public();
        let bob = ed25519::Pair::from_string("//Bob", None).unwrap().public();
        let bytes = [[7; 45].as_slice(), bob.as_slice(), alice.as_slice(), &[1]].concat();
        assert_eq!(found(&bytes), "//Bob (ed25519)");
        assert_eq!(found(&bytes[46..]), "//Alice (sr25519)");
        assert_eq!(found(&bytes[78..]), "none");
        assert_eq!(found(&bytes[..76]), "none");
        assert_eq!(found(&[]), "none");
    }

    #[test]
    fn other_keys_are_not_taken_for_them() {
        for seed in 0..32u8 {
            let public = sr25519::Pair::from_seed(&[seed; 32]).public();
            assert_eq!(find(public.as_slice()), None);
        }
        assert_eq!(found(SecretKey::from_seed(&[9; 32]).public().as_bytes()), "none");
        // Every one has marks of its own: 17 paths in three kinds, one of which has two marks, and the post-quantum keys.
        let post_quantum = PEOPLE.len() + FOUNDERS as usize;
        assert_eq!(MARKS.len(), 17 * 4 + 2 * post_quantum);
    }
}
