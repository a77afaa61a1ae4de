//! Every constant of `src/tables.rs`, computed again with another library than the one that wrote them: all 320 fractional
//! bits (96 decimal digits), and the named ones also against 60 digits as printed in the literature.

#[path = "../src/tables.rs"]
mod tables;

use astro_float::{BigFloat, Consts, RoundingMode};
use tables::{ATAN_TABLE, LN_2, LN_SCALE, LN_TABLE, LOG2_E, LOG2_SCALE, STORED_LIMBS};

const BITS: usize = 768;
const ROUNDING: RoundingMode = RoundingMode::None;

/// floor(value * 2^320) as limbs, for 0 <= value < 2^64.
fn cut(value: &BigFloat) -> [u64; STORED_LIMBS] {
    let (words, _, _, exponent, _) = value.as_raw_parts().expect("a finite value");
    // The number is its words read as one integer, divided by 2^(length - exponent).
    let lowest = 64 * words.len() as i64 - i64::from(exponent) - 320;
    let bit = |index: i64| {
        usize::try_from(index / 64)
            .ok()
            .and_then(|word| words.get(word))
            .is_some_and(|w| w >> (index % 64) & 1 == 1)
    };
    core::array::from_fn(|limb| {
        (0..64)
            .map(|i| (i, lowest + 64 * limb as i64 + i))
            .filter(|(_, index)| *index >= 0 && bit(*index))
            .fold(0, |sum, (i, _)| sum | 1_u64 << i)
    })
}

fn number(n: u64) -> BigFloat {
    BigFloat::from_u64(n, BITS)
}

fn ln(value: &BigFloat, constants: &mut Consts) -> BigFloat {
    value.ln(BITS, ROUNDING, constants)
}

/// The first 60 digits after the point, and the whole part before it.
fn decimal(limbs: [u64; STORED_LIMBS]) -> String {
    let mut fraction = limbs;
    let whole = std::mem::replace(&mut fraction[STORED_LIMBS - 1], 0);
    let digit = |_| {
        let mut carry = 0;
        for limb in &mut fraction {
            (*limb, carry) = limb.carrying_mul(10, carry);
        }
        std::mem::replace(&mut fraction[STORED_LIMBS - 1], 0).to_string()
    };
    format!("{whole}.{}", (0..60).map(digit).collect::<String>())
}

#[test]
fn named_constants_are_recomputed() {
    let mut constants = Consts::new().expect("memory for constants");
    let ln_2 = ln(&number(2), &mut constants);
    let ln_scale = ln(&number(1_000_000_000_000_000_000), &mut constants);
    assert_eq!(LN_2, cut(&ln_2));
    assert_eq!(LOG2_E, cut(&number(1).div(&ln_2, BITS, ROUNDING)));
    assert_eq!(LN_SCALE, cut(&ln_scale));
    assert_eq!(LOG2_SCALE, cut(&ln_scale.div(&ln_2, BITS, ROUNDING)));
}

#[test]
fn named_constants_have_the_digits_of_the_literature() {
    assert_eq!(
        decimal(LN_2),
        "0.693147180559945309417232121458176568075500134360255254120680"
    );
    assert_eq!(
        decimal(LOG2_E),
        "1.442695040888963407359924681001892137426645954152985934135449"
    );
    assert_eq!(
        decimal(ATAN_TABLE[64]),
        "0.785398163397448309615660845819875721049292349843776455243736"
    );
}

#[test]
fn logarithm_table_is_recomputed() {
    let mut constants = Consts::new().expect("memory for constants");
    for (j, limbs) in (64..).zip(LN_TABLE) {
        let value = number(j).div(&number(64), BITS, ROUNDING);
        assert_eq!(limbs, cut(&ln(&value, &mut constants)), "ln({j}/64)");
    }
}

#[test]
fn inverse_tangent_table_is_recomputed() {
    let mut constants = Consts::new().expect("memory for constants");
    for (j, limbs) in (0..).zip(ATAN_TABLE) {
        let value = number(j).div(&number(64), BITS, ROUNDING);
        assert_eq!(
            limbs,
            cut(&value.atan(BITS, ROUNDING, &mut constants)),
            "arctan({j}/64)"
        );
    }
}
