//! The cache of what verified: it never changes an answer, keeps nothing that failed, knows exact claims only, and stays
//! within its bound.

use proptest::prelude::*;
use qc_pqc::{
    cache::{self, verify_uncached, Cache, Claim, Stats, ENTRIES_MAX},
    SecretKey,
};
use std::{collections::BTreeSet, sync::OnceLock, thread};

/// A claim that owns its parts: context, key, message, signature.
type Parts = [Vec<u8>; 4];

fn claim(parts: &Parts) -> Claim<'_> {
    let [context, public_key, message, signature] = parts;
    Claim {
        public_key,
        context,
        message,
        signature,
    }
}

/// 64 claims that verify, of four keys.
fn valid() -> &'static Vec<Parts> {
    static VALID: OnceLock<Vec<Parts>> = OnceLock::new();
    VALID.get_or_init(|| {
        let keys: Vec<_> = (1..=4).map(|seed| SecretKey::from_seed(&[seed; 32])).collect();
        let parts = |number: u8| {
            let key = &keys[usize::from(number) % keys.len()];
            let (context, message) = (
                vec![number; usize::from(number % 5) + 1],
                vec![number; usize::from(number) + 1],
            );
            let signature = key.sign_with(&context, &message, [0; 32]).expect("it can be signed");
            [
                context,
                key.public().as_bytes().to_vec(),
                message,
                signature.as_bytes().to_vec(),
            ]
        };
        (0..64).map(parts).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Catches a cache that remembers failures, mixes claims up, or lets what it forgot decide: over any sequence of valid and
    /// invalid claims, in a cache so small that it forgets all the time, each answer is the one without a cache.
    #[test]
    fn no_answer_depends_on_the_cache(uses in prop::collection::vec((0..64_usize, 0..4_usize, any::<bool>(), any::<bool>()), 1..60)) {
        let cache = Cache::with_sets(1);
        for (which, part, broken, warm) in uses {
            let mut parts = valid()[which].clone();
            if broken {
                parts[part][0] ^= 1;
            }
            let claim = claim(&parts);
            let answer = if warm { cache.warm(&claim) } else { cache.verify(&claim) };
            prop_assert_eq!(answer, !broken);
            prop_assert_eq!(answer, verify_uncached(&claim));
            prop_assert_eq!(cache.contains(&claim), !broken);
            prop_assert!(cache.stats().entries <= 8);
        }
    }

    /// Catches a digest that leaves a part out, or runs parts together: claims that differ, in whatever, have other digests.
    #[test]
    fn digests_are_of_exact_claims(
        parts in prop::array::uniform4(prop::collection::vec(any::<u8>(), 0..12)),
        which in 0..4_usize,
        other in prop::collection::vec(any::<u8>(), 0..12),
        borders in prop::array::uniform3(0..48_usize),
    ) {
        let digest = claim(&parts).digest();
        prop_assert_eq!(claim(&parts.clone()).digest(), digest);
        let mut changed = parts.clone();
        changed[which] = other;
        prop_assert_eq!(claim(&changed).digest() == digest, changed == parts);
        // The same bytes, cut elsewhere.
        let all = parts.concat();
        let mut at = borders.map(|border| border.min(all.len()));
        at.sort_unstable();
        let cut = [&all[..at[0]], &all[at[0]..at[1]], &all[at[1]..at[2]], &all[at[2]..]].map(<[u8]>::to_vec);
        prop_assert_eq!(claim(&cut).digest() == digest, cut == parts);
    }
}

/// Catches a look-up that forgets a part: with one part changed in any way, a cached claim is not there, and the answer is no.
#[test]
fn changing_any_one_part_misses() {
    let cache = Cache::with_sets(8);
    let original = &valid()[9];
    assert!(cache.verify(&claim(original)) && cache.contains(&claim(original)));
    for part in 0..4 {
        let end = original[part].len();
        type Edit<'a> = &'a dyn Fn(&mut Vec<u8>);
        let changes: [Edit; 6] = [
            &|bytes| bytes[0] ^= 1,
            &|bytes| bytes[end - 1] ^= 0x80,
            &|bytes| bytes.push(0),
            &|bytes| bytes.truncate(end - 1),
            &Vec::clear,
            &|bytes| bytes.insert(0, 0),
        ];
        for change in changes {
            let mut parts = original.clone();
            change(&mut parts[part]);
            assert!(!cache.contains(&claim(&parts)));
            assert!(!cache.verify(&claim(&parts)));
            assert!(!cache.contains(&claim(&parts)));
        }
    }
    assert_eq!(
        cache.stats(),
        Stats {
            hits: 0,
            misses: 25,
            entries: 1
        }
    );
}

/// Catches a second verification of what is known, and statistics that say something else.
#[test]
fn what_verified_is_a_hit_and_what_failed_never() {
    let cache = Cache::with_sets(8);
    let good = &valid()[0];
    let mut bad = good.clone();
    bad[3][100] ^= 4;
    for _ in 0..3 {
        assert!(cache.verify(&claim(good)));
        assert!(!cache.verify(&claim(&bad)));
    }
    assert!(cache.warm(&claim(good)) && !cache.warm(&claim(&bad)));
    assert_eq!(
        cache.stats(),
        Stats {
            hits: 2,
            misses: 4,
            entries: 1
        }
    );
    // Warming is no hit and no miss, and makes one.
    assert!(cache.warm(&claim(&valid()[1])) && cache.verify(&claim(&valid()[1])));
    assert_eq!(
        (cache.stats().hits, cache.stats().misses, cache.stats().entries),
        (3, 4, 2)
    );
}

/// Catches a cache that grows: more claims than it has room for, and the last used is always there.
#[test]
fn the_bound_holds() {
    for sets in [1, 2, 4] {
        let cache = Cache::with_sets(sets);
        for _ in 0..2 {
            for parts in valid() {
                assert!(cache.verify(&claim(parts)) && cache.contains(&claim(parts)));
                assert!(cache.stats().entries <= 8 * sets);
            }
        }
        let kept = valid().iter().filter(|parts| cache.contains(&claim(parts))).count();
        assert_eq!(kept, cache.stats().entries);
        assert!(kept < 64);
        assert!(Cache::memory(sets) <= 300 * sets + 300);
    }
    assert_eq!(ENTRIES_MAX, 65_536);
}

/// Catches races: eight threads on the same claims, good and bad, get the right answers and leave each good claim there once.
#[test]
fn many_threads_may_use_one_cache() {
    let cache = Cache::with_sets(256);
    thread::scope(|scope| {
        for offset in 0..8 {
            let cache = &cache;
            scope.spawn(move || {
                for number in 0..64 {
                    let mut parts = valid()[(number + 8 * offset) % 64].clone();
                    assert!(cache.verify(&claim(&parts)));
                    parts[2][0] ^= 1;
                    assert!(!cache.warm(&claim(&parts)));
                }
            });
        }
    });
    let stats = cache.stats();
    assert_eq!(stats.entries, 64);
    assert_eq!(stats.hits + stats.misses, 8 * 64);
    assert!(valid().iter().all(|parts| cache.contains(&claim(parts))));
    let digests: BTreeSet<_> = valid().iter().map(|parts| claim(parts).digest()).collect();
    assert_eq!(digests.len(), 64);
}

/// The functions of the module are one cache: what the host function verified, block import finds, and the other way round.
#[test]
fn the_process_has_one_cache() {
    let [warmed, verified, hosted] = [10, 11, 12].map(|which| claim(&valid()[which]));
    for one in [warmed, verified, hosted] {
        assert!(!cache::contains(&one));
    }
    let before = cache::stats();
    assert!(cache::warm(&warmed));
    assert!(cache::verify_cached(&verified));
    let by_host =
        |one: Claim| qc_pqc::ml_dsa::ml_dsa_87_verify(one.public_key, one.context, one.message, one.signature);
    assert!(by_host(hosted));
    assert!([warmed, verified, hosted].iter().all(cache::contains));
    assert!(by_host(warmed) && by_host(verified) && cache::verify_cached(&hosted));
    let after = cache::stats();
    assert_eq!(after.hits - before.hits, 3);
    assert_eq!(after.misses - before.misses, 2);
    assert_eq!(after.entries - before.entries, 3);
}
