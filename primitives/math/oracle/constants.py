#!/usr/bin/env python3
"""Writes src/tables.rs: every irrational constant of the crate, computed here at 1,200 bits and cut at 2^-320.

Usage: python3 oracle/constants.py > src/tables.rs   (needs mpmath)

A constant is six 64-bit limbs, least significant first: floor(c * 2^320). The test `tests/constants.rs` computes all of
them again with another library and compares more than 60 digits.
"""
import mpmath

mpmath.mp.prec = 1200
LIMBS = 6
FRACTION_BITS = 64 * (LIMBS - 1)
INTERVALS = 64
SCALE = 10**18


def limbs(value):
    cut = int(mpmath.floor(value * mpmath.mpf(2) ** FRACTION_BITS))
    return [(cut >> (64 * i)) & (2**64 - 1) for i in range(LIMBS)]


def literal(value):
    return "[" + ", ".join(f"0x{limb:016x}" for limb in limbs(value)) + "]"


def named(name, text, value):
    parts = ",\n    ".join(f"0x{limb:016x}" for limb in limbs(value))
    print(f"\n/// {text}, cut at 2^-320.\npub(crate) const {name}: [u64; STORED_LIMBS] = [\n    {parts},\n];")


def table(name, text, values):
    print(f"\n/// {text}, each cut at 2^-320.\n#[rustfmt::skip]")
    print(f"pub(crate) const {name}: [[u64; STORED_LIMBS]; {len(values)}] = [")
    for value in values:
        print(f"    {literal(value)},")
    print("];")


print("//! The irrational constants, written by `oracle/constants.py`; `tests/constants.rs` computes them again.")
print("//! Limbs are least significant first; the last one is the integer part.")
print(f"\n/// Limbs of a stored constant.\npub(crate) const STORED_LIMBS: usize = {LIMBS};")
named("LN_2", "ln 2", mpmath.log(2))
named("LOG2_E", "log2 e = 1/ln 2", 1 / mpmath.log(2))
named("LN_SCALE", "ln 10^18, the logarithm of the number of units in one", mpmath.log(SCALE))
named("LOG2_SCALE", "log2 10^18", mpmath.log(SCALE) / mpmath.log(2))
table("LN_TABLE", "ln(1 + j/64) for j = 0 ... 63",
      [mpmath.log(1 + mpmath.mpf(j) / INTERVALS) for j in range(INTERVALS)])
table("ATAN_TABLE", "arctan(j/64) for j = 0 ... 64",
      [mpmath.atan(mpmath.mpf(j) / INTERVALS) for j in range(INTERVALS + 1)])
