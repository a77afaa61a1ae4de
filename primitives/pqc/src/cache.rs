//! Verification on the host, and the cache of what verified.
//!
//! A transaction's signature is verified when it enters the pool, when it leaves the pool for a block, and when a block with it
//! is imported. The cache makes the second and third time one hash and one look-up. It keeps digests of exact claims that
//! verified, nothing of those that failed, in a fixed amount of memory, one for the process. Whether a claim is cached never
//! changes the answer, only the time: weights are charged as if nothing were cached.
//!
//! It cannot be poisoned: a digest enters in one place, after [`verify_uncached`] said yes to the very claim that was hashed;
//! and two claims have the same digest only if they are the same or somebody found a collision of BLAKE2b-256, since each part
//! is hashed with its length.

use crate::{key::Scheme, ml_dsa_87};
use codec::Encode;
use std::{
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
};

/// Digests that the cache of the process keeps at most: eight times what the default transaction pool holds.
pub const ENTRIES_MAX: usize = 65_536;

/// Digests in a set.
const WAYS: usize = 8;

/// Sets of the cache of the process.
const SETS: usize = ENTRIES_MAX / WAYS;

/// What a signature says: that the owner of the public key signed the message under the context. Each part may have any
/// length.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Claim<'a> {
    /// The public key, without the scheme's byte.
    pub public_key: &'a [u8],
    /// The context string of FIPS 204.
    pub context: &'a [u8],
    /// The message as signed: for [`crate::verify`] genesis hash ‖ payload.
    pub message: &'a [u8],
    /// The signature, without the scheme's byte.
    pub signature: &'a [u8],
}

impl Claim<'_> {
    /// BLAKE2b-256 over the scheme's byte and then context, key, message and signature, each after its length in 8 bytes, little
    /// endian. No two claims give the same input to the hash.
    pub fn digest(&self) -> [u8; 32] {
        let mut state = blake2b_simd::Params::new().hash_length(32).to_state();
        Scheme::MlDsa87.using_encoded(|scheme| state.update(scheme));
        for part in [self.context, self.public_key, self.message, self.signature] {
            state.update(&len_u64(part).to_le_bytes()).update(part);
        }
        let mut digest = [0; 32];
        digest.copy_from_slice(state.finalize().as_bytes());
        digest
    }
}

fn len_u64(part: &[u8]) -> u64 {
    // argued: no slice is longer than isize::MAX bytes, and no machine that the SDK runs on has more than 64 bits.
    u64::try_from(part.len()).unwrap_or(u64::MAX)
}

/// What the cache did since the process began.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Stats {
    /// Verifications answered from the cache.
    pub hits: u64,
    /// Verifications that had to be done, whatever came of them; those that filled the cache ahead are not among them.
    pub misses: u64,
    /// Digests that are in the cache now.
    pub entries: usize,
}

/// Up to eight digests, the last used first.
#[derive(Clone, Copy)]
struct Set {
    used: usize,
    digests: [[u8; 32]; WAYS],
}

impl Set {
    const EMPTY: Set = Set {
        used: 0,
        digests: [[0; 32]; WAYS],
    };

    /// Whether the digest is here; it comes first from now on.
    fn touch(&mut self, digest: &[u8; 32]) -> bool {
        let mut digests = self.digests.iter_mut().take(self.used);
        let Some(at) = digests.position(|one| one == digest) else {
            return false;
        };
        if let Some(front) = self.digests.get_mut(..=at) {
            front.rotate_right(1);
        }
        true
    }

    /// Puts a digest that is not here in front; the one used longest ago goes if the set is full. Whether the set grew.
    fn put(&mut self, digest: [u8; 32]) -> bool {
        self.digests.rotate_right(1);
        self.digests[0] = digest;
        let grew = self.used < WAYS;
        self.used += usize::from(grew);
        grew
    }
}

struct Inner {
    sets: Box<[Set]>,
    stats: Stats,
}

/// A cache of the digests of claims that verified: sets of eight, in each of which the one used longest ago makes room. Its
/// memory is taken once, when it is made.
///
/// A node has one, behind the functions of this module; others are for tests.
pub struct Cache {
    inner: Mutex<Inner>,
    /// Which set a digest belongs to is secret to the process: nobody can choose signatures that drive out those of another.
    places: RandomState,
}

impl Cache {
    /// A cache of so many sets of eight digests, at least one.
    pub fn with_sets(sets: usize) -> Self {
        Self {
            inner: Mutex::new(Inner {
                sets: vec![Set::EMPTY; sets.max(1)].into_boxed_slice(),
                stats: Stats::default(),
            }),
            places: RandomState::new(),
        }
    }

    /// Bytes that a cache of so many sets takes.
    pub const fn memory(sets: usize) -> usize {
        core::mem::size_of::<Self>() + sets * core::mem::size_of::<Set>()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Nothing panics while the lock is held, and what it guards is whole at every moment.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the digest is in the cache, with the set it belongs to brought up to date.
    fn knows(inner: &mut Inner, place: u64, digest: &[u8; 32]) -> bool {
        Self::set(inner, place).is_some_and(|set| set.touch(digest))
    }

    fn set(inner: &mut Inner, place: u64) -> Option<&mut Set> {
        let sets = u64::try_from(inner.sets.len()).ok()?;
        let at = usize::try_from(place.checked_rem(sets)?).ok()?;
        inner.sets.get_mut(at)
    }

    /// The one way into the cache: after the claim with this digest verified.
    fn keep(inner: &mut Inner, place: u64, digest: [u8; 32]) {
        // Another thread may have verified the same claim meanwhile.
        if Self::knows(inner, place, &digest) {
            return;
        }
        if Self::set(inner, place).is_some_and(|set| set.put(digest)) {
            inner.stats.entries += 1;
        }
    }

    fn check(&self, claim: &Claim, counted: bool) -> bool {
        let digest = claim.digest();
        let place = self.places.hash_one(digest);
        {
            let mut inner = self.lock();
            let known = Self::knows(&mut inner, place, &digest);
            let count = u64::from(counted);
            if known {
                inner.stats.hits += count;
                return true;
            }
            inner.stats.misses += count;
        }
        let verified = verify_uncached(claim);
        if verified {
            Self::keep(&mut self.lock(), place, digest);
        }
        verified
    }

    /// Whether the claim verifies: from the cache if it is there, else by verifying.
    pub fn verify(&self, claim: &Claim) -> bool {
        self.check(claim, true)
    }

    /// As [`Self::verify`], without counting as a hit or a miss: fills the cache ahead of a block's execution.
    pub fn warm(&self, claim: &Claim) -> bool {
        self.check(claim, false)
    }

    /// Whether the claim is in the cache. Changes nothing, not even which digest goes next.
    pub fn contains(&self, claim: &Claim) -> bool {
        let digest = claim.digest();
        let place = self.places.hash_one(digest);
        let mut inner = self.lock();
        Self::set(&mut inner, place).is_some_and(|set| set.digests.iter().take(set.used).any(|one| *one == digest))
    }

    /// What the cache did so far.
    pub fn stats(&self) -> Stats {
        self.lock().stats
    }
}

/// The cache of the process.
fn cache() -> &'static Cache {
    static CACHE: OnceLock<Cache> = OnceLock::new();
    CACHE.get_or_init(|| Cache::with_sets(SETS))
}

/// Whether the claim verifies, by verifying it: the implementation that decides in consensus, without the cache.
pub fn verify_uncached(claim: &Claim) -> bool {
    ml_dsa_87::verify(claim)
}

/// Whether the claim verifies, by the cache of the process: what the host function answers.
pub fn verify_cached(claim: &Claim) -> bool {
    cache().verify(claim)
}

/// Verifies the claim ahead of its use, unless it is in the cache of the process, and keeps it if it verifies.
pub fn warm(claim: &Claim) -> bool {
    cache().warm(claim)
}

/// Whether the claim is in the cache of the process.
pub fn contains(claim: &Claim) -> bool {
    cache().contains(claim)
}

/// What the cache of the process did so far.
pub fn stats() -> Stats {
    cache().stats()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn digest(number: u8) -> [u8; 32] {
        [number; 32]
    }

    proptest! {
        /// Catches a set that forgets too early, keeps too long, doubles or mixes up digests: it is the list of the last
        /// eight used, always.
        #[test]
        fn a_set_keeps_the_last_eight(uses in prop::collection::vec(0_u8..20, 0..200)) {
            let mut set = Set::EMPTY;
            let mut model: Vec<u8> = Vec::new();
            for one in uses {
                let known = set.touch(&digest(one));
                prop_assert_eq!(known, model.contains(&one));
                let grew = !known && set.put(digest(one));
                prop_assert_eq!(grew, !known && model.len() < WAYS);
                model.retain(|other| *other != one);
                model.insert(0, one);
                model.truncate(WAYS);
                let kept: Vec<_> = set.digests.iter().take(set.used).map(|digest| digest[0]).collect();
                prop_assert_eq!(&kept, &model);
            }
        }
    }

    /// Catches empty places that pass for a digest of zeroes.
    #[test]
    fn an_empty_set_knows_nothing() {
        assert!(!Set::EMPTY.clone().touch(&[0; 32]));
    }

    /// The bound that the documents name: 65,536 digests of 32 bytes and a counter for each eight, all of it taken at once.
    #[test]
    fn the_memory_of_the_process_cache_is_fixed() {
        assert_eq!(SETS * WAYS, ENTRIES_MAX);
        let inner = cache().lock();
        assert_eq!(inner.sets.len(), SETS);
        assert_eq!(std::mem::size_of_val(&*inner.sets), ENTRIES_MAX * 33);
        assert!(Cache::memory(SETS) < 2_200_000);
    }
}
