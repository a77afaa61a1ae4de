//! ψ and its gradients.

use super::graphs::topology;
use crate::field::{densities, gradients, FieldFault, ShardInput, Topology};
use proptest::prelude::*;
use qc_math::{MathError, ONE};

/// A shard with CHR, staked ATR and dissonance in thousandths.
fn shard(chr: u128, staked_atr: u128, dissonance_milli: u128) -> ShardInput {
    ShardInput {
        chr,
        staked_atr,
        flx: 77,
        dissonance: dissonance_milli * (ONE / 1000),
    }
}

/// The genesis: CHR 3, 2.5, 2, 1.5, 1 · 10⁹, staked ATR 50, 40, 30, 20, 10 thousand.
#[test]
fn the_five_of_the_genesis() {
    let shards = [
        (3_000_000_000, 50_000),
        (2_500_000_000, 40_000),
        (2_000_000_000, 30_000),
        (1_500_000_000, 20_000),
        (1_000_000_000, 10_000),
    ]
    .map(|(chr, atr)| shard(chr * 10u128.pow(12), atr * 10u128.pow(12), 0));
    let third = |n: u128| n * ONE / 3;
    // 1.5 · 5/3, 1.25 · 4/3, 1 · 1, 0.75 · 2/3, 0.5 · 1/3; 5/3, 4/3, 2/3, 1/3 are rounded before.
    let expected = vec![
        15 * third(5) / 10,
        125 * third(4) / 100,
        ONE,
        75 * third(2) / 100,
        5 * third(1) / 10,
    ];
    assert_eq!(densities(&shards), Ok(expected));
}

#[test]
fn dissonance_damps() {
    let damped = |milli: u128| {
        let shards = [shard(1, 1, milli), shard(1, 1, 0), shard(1, 1, 0)];
        densities(&shards).expect("in range")
    };
    assert_eq!(damped(0), [ONE, ONE, ONE]);
    assert_eq!(damped(1000), [ONE / 2, ONE, ONE]);
    assert_eq!(damped(250), [ONE * 4 / 5, ONE, ONE]);
}

#[test]
fn where_a_sum_is_nothing_all_shares_are() {
    let zero = vec![0, 0, 0];
    assert_eq!(
        densities(&[shard(5, 0, 0), shard(6, 0, 0), shard(7, 0, 0)]),
        Ok(zero.clone())
    );
    assert_eq!(
        densities(&[shard(0, 5, 0), shard(0, 6, 0), shard(0, 7, 0)]),
        Ok(zero.clone())
    );
    assert_eq!(densities(&[ShardInput::default(); 3]), Ok(zero));
    assert_eq!(densities(&[]), Ok(vec![]));
}

#[test]
fn an_empty_shard_has_no_density_and_others_have() {
    let shards = [shard(0, 0, 0), shard(1, 1, 0), shard(1, 1, 0)];
    assert_eq!(densities(&shards), Ok(vec![0, 9 * ONE / 4, 9 * ONE / 4]));
    assert_eq!(
        densities(&[shard(0, 1, 0), shard(1, 0, 0), shard(1, 1, 0)]).map(|psi| (psi[0], psi[1])),
        Ok((0, 0))
    );
}

/// chr and atr are rounded on their own, their product and its quotient by 1 + d only once.
#[test]
fn it_is_rounded_down_where_the_formula_says() {
    // chr = 3/2, atr = 3 · 2/9 = ⅔.
    let psi = densities(&[shard(1, 2, 0), shard(1, 3, 0), shard(0, 4, 0)]).expect("in range");
    assert_eq!(psi[0], 3 * (2 * ONE / 3) / 2);
    assert_eq!(psi[0], ONE - 1, "below the exact 1");
    // (⅔ · 3/2) / (1 + d) with d = 10⁻¹⁸: one rounding of (1 − 10⁻¹⁸) / (1 + 10⁻¹⁸).
    let loud = ShardInput {
        dissonance: 1,
        ..shard(1, 2, 0)
    };
    let psi = densities(&[loud, shard(1, 3, 0), shard(0, 4, 0)]).expect("in range");
    assert_eq!(psi[0], ONE - 2);
    // chr = 3, atr = 3, d = 2: exactly 3.
    let psi = densities(&[shard(1, 1, 2000), shard(0, 0, 0), shard(0, 0, 0)]).expect("in range");
    assert_eq!(psi[0], 3 * ONE);
}

#[test]
fn what_is_out_of_range_is_an_error() {
    let most = u128::MAX;
    assert_eq!(
        densities(&[shard(most, 1, 0), shard(1, 1, 0), shard(1, 1, 0)]),
        Err(MathError::Overflow)
    );
    assert_eq!(
        densities(&[shard(1, most, 0), shard(1, 1, 0), shard(1, 1, 0)]),
        Err(MathError::Overflow)
    );
    assert_eq!(
        densities(&[shard(most / 2, 1, 0), shard(1, 1, 0), shard(1, 1, 0)]),
        Err(MathError::Overflow)
    );
    let damped = |dissonance: u128| {
        let loud = ShardInput {
            dissonance,
            ..shard(1, 1, 0)
        };
        densities(&[loud, shard(1, 1, 0), shard(1, 1, 0)])
    };
    assert_eq!(damped(most), Err(MathError::Overflow));
    assert_eq!(damped(most - ONE), Ok(vec![0, ONE, ONE]));
    assert_eq!(damped(most - ONE + 1), Err(MathError::Overflow));
}

#[test]
fn a_gradient_is_the_higher_less_the_lower() {
    let topology = Topology::build(5, &Topology::ring_of_five()).expect("a field graph");
    assert_eq!(gradients(&topology, &[10, 7, 9, 0, 4]), Ok(vec![-3, -6, 2, -9, 4]));
    let fault = Err(FieldFault::ShardCount { expected: 5 });
    assert_eq!(gradients(&topology, &[10, 7, 9, 0]), fault);
    assert_eq!(gradients(&topology, &[10, 7, 9, 0, 4, 1]), fault);
    let overflow = Err(FieldFault::Math(MathError::Overflow));
    assert_eq!(gradients(&topology, &[0, 1 << 127, 0, 0, 0]), overflow);
    assert_eq!(
        gradients(&topology, &[0, (1 << 127) - 1, 0, 0, 0]).map(|all| all[0]),
        Ok(i128::MAX)
    );
}

fn shards() -> impl Strategy<Value = Vec<ShardInput>> {
    let one =
        (0..10u128.pow(22), 0..10u128.pow(22), 0..10 * ONE).prop_map(|(chr, staked_atr, dissonance)| ShardInput {
            chr,
            staked_atr,
            flx: 0,
            dissonance,
        });
    prop::collection::vec(one, 3..=50)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// At most the density of who has everything, and nothing negative comes of rounding: shares add up to N less rounding.
    #[test]
    fn densities_are_bounded(shards in shards()) {
        let count = shards.len() as u128;
        let psi = densities(&shards).expect("in range");
        prop_assert!(psi.iter().all(|psi| *psi <= count * count * ONE));
        prop_assert_eq!(psi.len(), shards.len());
    }

    /// A shard's density does not depend on its number.
    #[test]
    fn they_follow_their_shards(shards in shards(), turn in 0usize..50) {
        let turn = turn % shards.len();
        let mut turned = shards.clone();
        turned.rotate_left(turn);
        let mut psi = densities(&shards).expect("in range");
        psi.rotate_left(turn);
        prop_assert_eq!(densities(&turned), Ok(psi));
    }

    /// More dissonance never makes denser, and touches nobody else.
    #[test]
    fn dissonance_never_pays(shards in shards(), at in 0usize..50, more in 1..ONE) {
        let at = at % shards.len();
        let mut louder = shards.clone();
        louder[at].dissonance += more;
        let (before, after) = (densities(&shards).expect("in range"), densities(&louder).expect("in range"));
        prop_assert!(after[at] <= before[at]);
        prop_assert!((0..shards.len()).all(|other| other == at || after[other] == before[other]));
    }

    /// Every amount twice as large is the same field.
    #[test]
    fn only_shares_count(shards in shards(), times in 2u128..1000) {
        let scaled: Vec<_> = shards
            .iter()
            .map(|one| ShardInput { chr: one.chr * times, staked_atr: one.staked_atr * times, ..*one })
            .collect();
        prop_assert_eq!(densities(&scaled), densities(&shards));
    }

    #[test]
    fn gradients_are_differences(topology in topology(), seed in prop::collection::vec(0..2500 * ONE, 50)) {
        let psi = &seed[..usize::from(topology.shards())];
        let found = gradients(&topology, psi).expect("in range");
        for ((i, j), gradient) in topology.edges().iter().zip(&found) {
            prop_assert_eq!(psi[usize::from(*i)].checked_add_signed(*gradient), Some(psi[usize::from(*j)]));
        }
    }
}
