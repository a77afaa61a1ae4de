#!/usr/bin/env python3
"""Certified mathematics in Python integers, written from docs/protocol/mathematics.md and not from the Rust.

Every function takes integers in units of 10^-18 and returns the floor of the exact value in the same units, or raises
MathError. A value is enclosed by two integers lo <= v * 2^P <= hi with every rounding outwards; when both ends have one
floor, that is it (MATH-1). The series here are other ones than in the Rust, so agreement is evidence (MATH-3).

Usage: python3 qc_math.py VECTORS_DIRECTORY     checks every row of every file
"""
import csv
import functools
import pathlib
import sys
from math import gcd, isqrt

S = 10**18
U128_MAX = 2**128 - 1
PRECISIONS = (420, 700)


class MathError(Exception):
    """A typed error; its text is the name used in the vectors."""


def up(a, b):
    """The quotient rounded up."""
    return -(-a // b)


def floor_units(interval_at, offset=0):
    """The floor in units of the value that interval_at(P) encloses; offset is taken off again."""
    for p in PRECISIONS:
        lo, hi = interval_at(p)
        low, high = lo * S >> p, hi * S >> p
        if low == high:
            return low - offset
    raise MathError("Undecided")


def bounded(units):
    if units > U128_MAX:
        raise MathError("Overflow")
    return units


def exp_small(x, p, upper):
    """A bound of e^(x/2^p) from one side, for 0 <= x/2^p < 1."""
    halvings = 16
    term = total = 1 << p
    n = 0
    while term > 1:
        n += 1
        divisor = n << (p + halvings)
        term = up(term * x, divisor) if upper else term * x // divisor
        total += term
    # The terms that are left fall by more than 2^16 each.
    total += 2 if upper else 0
    for _ in range(halvings):
        total = up(total * total, 1 << p) if upper else total * total >> p
    return total


def exp_bound(x, p, upper):
    """A bound of e^(x/2^p) from one side, for any sign, by whole powers of e and one small exponential."""
    if x < 0:
        other = exp_bound(-x, p, not upper)
        return up(1 << (2 * p), other) if upper else (1 << (2 * p)) // other
    whole, rest = x >> p, x & ((1 << p) - 1)
    result = exp_small(rest, p, upper)
    e = exp_small((1 << p) - 1, p, False) if not upper else exp_small(1 << p, p, True)
    for _ in range(whole):
        result = up(result * e, 1 << p) if upper else result * e >> p
    return result


def exp_interval(lo, hi, p):
    return exp_bound(lo, p, False), exp_bound(hi, p, True)


def artanh_interval(a, b, p):
    """artanh(a/b) for 0 <= a/b <= 1/3, by its series."""
    lo, hi = (a << p) // b, up(a << p, b)
    lo_square, hi_square = lo * lo >> p, up(hi * hi, 1 << p)
    lo_sum = hi_sum = 0
    n = 1
    while hi > 1:
        lo_sum, hi_sum = lo_sum + lo // n, hi_sum + up(hi, n)
        lo, hi = lo * lo_square >> p, up(hi * hi_square, 1 << p)
        n += 2
    return lo_sum, hi_sum + 3


@functools.cache
def ln_2(p):
    lo, hi = artanh_interval(1, 3, p)
    return 2 * lo, 2 * hi


@functools.cache
def ln_integer(n, p):
    """ln n: n = m 2^k with m in [1, 2), ln m = 2 artanh((m - 1)/(m + 1))."""
    k = n.bit_length() - 1
    lo, hi = artanh_interval(n - (1 << k), n + (1 << k), p)
    return 2 * lo + k * ln_2(p)[0], 2 * hi + k * ln_2(p)[1]


def ln_units(x, p):
    (lo, hi), (scale_lo, scale_hi) = ln_integer(x, p), ln_integer(S, p)
    return lo - scale_hi, hi - scale_lo


def times_ratio(lo, hi, a, b):
    """[lo, hi] times a/b for b > 0 and any signs."""
    return min(lo * a // b, hi * a // b), max(up(lo * a, b), up(hi * a, b))


def sqrt(x):
    return isqrt(x * S)


def ln(x):
    if x == 0:
        raise MathError("LogOfZero")
    if x == S:
        return 0
    return floor_units(lambda p: ln_units(x, p))


def log2(x):
    if x == 0:
        raise MathError("LogOfZero")
    for k in range(-18, 69):
        if x == (S << k if k >= 0 else S >> -k):
            return k * S

    def interval(p):
        (lo, hi), (two_lo, two_hi) = ln_units(x, p), ln_2(p)
        lo_by, hi_by = (two_hi, two_lo) if lo >= 0 else (two_lo, two_hi)
        return (lo << p) // lo_by, up(hi << p, hi_by)

    return floor_units(interval)


def exp(x):
    if x == 0:
        return S
    if x > 48 * S:
        raise MathError("Overflow")
    if x < -42 * S:
        return 0
    return bounded(floor_units(lambda p: exp_interval((x << p) // S, up(x << p, S), p)))


def exp2(x):
    if x > 69 * S:
        raise MathError("Overflow")
    if x < -60 * S:
        return 0
    if x % S == 0:
        return bounded(S << x // S if x >= 0 else S >> -(x // S))
    return bounded(floor_units(lambda p: exp_interval(*times_ratio(*ln_2(p), x, S), p)))


def integer_root(n, q):
    """The q-th root of n if it is an integer, else None."""
    if n == 1:
        return 1
    if q >= n.bit_length():
        return None
    low, high = 1, 1 << (n.bit_length() // q + 1)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if middle**q <= n else (low, middle - 1)
    return low if low**q == n else None


def exact_power(b, y):
    """The power in units if it is on the grid, else None."""
    p, q = abs(y) // gcd(y, S), S // gcd(y, S)
    u, v = b // gcd(b, S), S // gcd(b, S)
    r, s = integer_root(u, q), integer_root(v, q)
    if r is None or s is None:
        return None
    if y < 0:
        r, s = s, r
    if s > 1 and (p > 60 or S % s**p):
        return None
    if r > 1 and p > 128:
        raise MathError("Overflow")
    return bounded((r**p if r > 1 else 1) * (S // (s**p if s > 1 else 1)))


def pow(b, y):
    if y == 0 or b == S:
        return S
    if b == 0:
        if y < 0:
            raise MathError("DivisionByZero")
        return 0
    exact = exact_power(b, y)
    if exact is not None:
        return exact
    lo, hi = times_ratio(*ln_units(b, PRECISIONS[0]), y, S)
    if lo > 48 << PRECISIONS[0]:
        raise MathError("Overflow")
    if hi < -42 << PRECISIONS[0]:
        return 0
    return bounded(floor_units(lambda p: exp_interval(*times_ratio(*ln_units(b, p), y, S), p)))


def arctan_interval(x, p):
    """arctan(x/S): the angle halved four times, then the alternating series between two partial sums."""
    lo, hi = (x << p) // S, up(x << p, S)
    one = 1 << p
    for _ in range(4):
        lo_root, hi_root = isqrt((one << p) + lo * lo), isqrt((one << p) + hi * hi) + 1
        lo, hi = (lo << p) // (one + hi_root), up(hi << p, one + lo_root)
    lo_square, hi_square = lo * lo >> p, up(hi * hi, one)
    lo_sum, hi_sum, n, sign = 0, 0, 1, 1
    while True:
        lo_term, hi_term = lo // n, up(hi, n)
        lo_sum, hi_sum = (lo_sum + lo_term, hi_sum + hi_term) if sign > 0 else (lo_sum - hi_term, hi_sum - lo_term)
        if hi_term <= 1:
            return 16 * (lo_sum - 2), 16 * (hi_sum + 2)
        lo, hi, n, sign = lo * lo_square >> p, up(hi * hi_square, one), n + 2, -sign


def phi_series(x):
    if x > S:
        raise MathError("AboveOne")
    if x == 0:
        return 0
    return floor_units(lambda p: arctan_interval(x, p))


def tanh(x):
    if x == 0:
        return 0
    if abs(x) >= 22 * S:
        return S - 1 if x > 0 else -S

    def interval(p):
        lo, hi = exp_interval((2 * x << p) // S, up(2 * x << p, S), p)
        one = 1 << p
        # 1 + tanh x = 2 e/(e + 1), rising in e.
        return (2 * lo << p) // (lo + one), up(2 * hi << p, hi + one)

    return floor_units(interval, offset=S)


FUNCTIONS = {f.__name__: f for f in (sqrt, ln, log2, exp, exp2, pow, phi_series, tanh)}


def main():
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__)
        sys.exit(2 if len(sys.argv) != 2 else 0)
    wrong = 0
    for name, function in FUNCTIONS.items():
        with open(pathlib.Path(sys.argv[1]) / f"{name}.csv", newline="") as file:
            rows = list(csv.reader(file))[1:]
        for *arguments, expected in rows:
            try:
                result = str(function(*map(int, arguments)))
            except MathError as error:
                result = f"!{error}"
            if result != expected:
                wrong += 1
                print(f"{name}({', '.join(arguments)}) = {result}, not {expected}")
        print(f"python {name}: {len(rows)} rows")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
