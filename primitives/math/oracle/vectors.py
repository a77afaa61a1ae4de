#!/usr/bin/env python3
"""Writes vectors/<function>.csv from mpmath, never from the code under test.

Usage: python3 oracle/vectors.py [DIRECTORY]      (needs mpmath; default directory: vectors/ beside this folder)

Each file has a header line, then inputs and output as integers in units of 10^-18; a domain error is `!Name`. The rows
are boundaries, powers of two and ten with their neighbours, near-ties (inputs whose exact value lies unusually close to
a grid point, found by inverting the function and by search) and random inputs of all magnitudes. The run is
reproducible: the random generator has a fixed seed.

A floor is taken only when it is certain: at 1,000 bits, or at 6,000 where the value is within 2^-500 of a grid point. A
value that is still closer than 2^-3000 must be an exact case, and is proved to be one by integers (see EXACT).
"""
import pathlib
import random
import sys
from fractions import Fraction
from math import gcd, isqrt

import mpmath

S = 10**18
U128 = 2**128 - 1
I128_MAX, I128_MIN = 2**127 - 1, -(2**127)
RANDOM_ROWS = 1000
SEARCHED = 12_000
KEPT = 60


def mp(units):
    return mpmath.mpf(units) / S


class Refused(Exception):
    """A domain error; its text is the error's name."""


# What each function is, in mpmath's terms.
VALUE = {
    "sqrt": lambda x: mpmath.sqrt(mp(x)),
    "ln": lambda x: mpmath.log(mp(x)),
    "log2": lambda x: mpmath.log(mp(x)) / mpmath.log(2),
    "exp": lambda x: mpmath.exp(mp(x)),
    "exp2": lambda x: mpmath.exp(mp(x) * mpmath.log(2)),
    "pow": lambda b, y: mpmath.exp(mp(y) * mpmath.log(mp(b))),
    "phi_series": lambda x: mpmath.atan(mp(x)),
    "tanh": lambda x: mpmath.tanh(mp(x)),
}


def exact_pow(n, b, y):
    """Whether (n/S)^q = (b/S)^p for y/S = p/q, by integers."""
    d = gcd(abs(y), S)
    p, q = y // d, S // d
    return abs(p) < 5000 and q < 5000 and Fraction(n, S) ** q == Fraction(b, S) ** p


# Proof that the exact value is n units, for each function.
EXACT = {
    "sqrt": lambda n, x: n * n == x * S,
    "ln": lambda n, x: x == S and n == 0,
    "log2": lambda n, x: n % S == 0 and Fraction(2) ** (n // S) == Fraction(x, S),
    "exp": lambda n, x: x == 0 and n == S,
    "exp2": lambda n, x: x % S == 0 and Fraction(n, S) == Fraction(2) ** (x // S),
    "pow": exact_pow,
    "phi_series": lambda n, x: x == n == 0,
    "tanh": lambda n, x: x == n == 0,
}


def refusal(name, args):
    """Raises for inputs outside the domain; returns the result where it needs no real arithmetic."""
    x = args[0]
    if name in ("ln", "log2") and x == 0:
        raise Refused("LogOfZero")
    if name == "phi_series" and x > S:
        raise Refused("AboveOne")
    if name == "pow" and (args[1] == 0 or x == S):
        return S
    if name == "pow" and x == 0:
        if args[1] < 0:
            raise Refused("DivisionByZero")
        return 0
    # Far outside the range a short computation is enough, and a long one might never end.
    if name in ("exp", "exp2", "pow"):
        mpmath.mp.prec = 400
        log = {"exp": lambda: mp(x), "exp2": lambda: mp(x) * mpmath.log(2)}.get(name, lambda: mp(args[1]) * mpmath.log(mp(x)))()
        if log > 50:
            raise Refused("Overflow")
        if log < -50:
            return 0
    if name == "tanh" and abs(x) > 400 * S:
        return S - 1 if x > 0 else -S
    return None


def floor_of(name, args):
    known = refusal(name, args)
    if known is not None:
        return known
    for bits, near in ((1000, 500), (6000, 3000)):
        mpmath.mp.prec = bits
        scaled = VALUE[name](*args) * S
        nearest = int(mpmath.nint(scaled))
        if abs(scaled - nearest) > mpmath.mpf(2) ** -near:
            result = int(mpmath.floor(scaled))
            break
    else:
        assert EXACT[name](nearest, *args), (name, args)
        result = nearest
    if result > U128:
        raise Refused("Overflow")
    return result


def closeness(name, args):
    """Distance to the nearest grid point, in units; 1 where the function is not defined or exact."""
    try:
        if refusal(name, args) is not None:
            return 1
    except Refused:
        return 1
    mpmath.mp.prec = 700
    scaled = VALUE[name](*args) * S
    distance = abs(scaled - mpmath.nint(scaled))
    return 1 if distance < mpmath.mpf(2) ** -400 else distance


def neighbours(values, low, high):
    return [v + d for v in values for d in (-1, 0, 1) if low <= v + d <= high]


def magnitude(rng, top):
    """A random integer of random length, up to `top`."""
    return min(top, rng.getrandbits(rng.randint(1, top.bit_length())))


def special(low, high):
    """Boundaries, powers of two and ten, whole numbers."""
    values = [0, low, high, S, S // 2, S // 4, S // 3, 2 * S // 3, 3 * S // 2]
    values += [2**k for k in range(128)] + [10**k for k in range(39)]
    values += [k * S for k in (2, 3, 4, 5, 7, 8, 9, 10, 16, 21, 22, 25, 32, 36, 41, 42, 47, 48, 59, 60, 63, 64, 68, 69, 100)]
    values += [S * 2**k for k in range(68)] + [S // 2**k for k in range(1, 19)]
    if low < 0:
        values += [-v for v in values]
    return sorted(set(neighbours(values, low, high)))


def limits(name):
    """Inputs around the ends of the range, found by bisection with mpmath."""
    mpmath.mp.prec = 600
    top, unit = mpmath.log(mp(U128 + 1)), mpmath.log(mp(1))
    return {
        "exp": [int(top * S), int(unit * S)],
        "exp2": [int(top / mpmath.log(2) * S), int(unit / mpmath.log(2) * S)],
        "tanh": [int(mpmath.atanh(1 - mp(1)) * S), -int(mpmath.atanh(1 - mp(1)) * S)],
    }.get(name, [])


def inverted(name, rng):
    """Inputs next to the preimage of a random grid point: near-ties wherever the function is flat."""
    mpmath.mp.prec = 700
    if name in ("ln", "log2"):
        n = rng.randint(20 * S, 47 * S if name == "ln" else 68 * S)
        return (int(mpmath.nint((mpmath.exp(mp(n)) if name == "ln" else mpmath.mpf(2) ** mp(n)) * S)),)
    if name in ("exp", "exp2"):
        n = magnitude(rng, 10**14) + 1
        return (int(mpmath.nint(mpmath.log(mp(n)) / (1 if name == "exp" else mpmath.log(2)) * S)),)
    if name == "tanh":
        n = S - magnitude(rng, 10**15) - 1
        return (rng.choice((1, -1)) * int(mpmath.nint(mpmath.atanh(mp(n)) * S)),)
    if name == "phi_series":
        return (int(mpmath.nint(mpmath.tan(mp(rng.randint(S // 2, 785398163397448309))) * S)),)
    if name == "sqrt":
        n = rng.randint(1, 2**93)
        return (min(U128, max(0, (n * n + rng.choice((-1, 1)) * isqrt(n)) // S)),)
    n, y = magnitude(rng, 10**30) + 1, rng.choice((1, -1)) * (magnitude(rng, S) + 1)
    log = mpmath.log(mp(n)) / mp(y)
    return (int(mpmath.nint(mpmath.exp(log) * S)), y) if -40 < log < 47 else (S + 1, y)


def random_input(name, rng):
    if name == "phi_series":
        return (rng.choice((rng.randint(0, S), magnitude(rng, S))),)
    if name in ("exp", "exp2", "tanh"):
        width = {"exp": 47, "exp2": 68, "tanh": 22}[name] * S
        return (rng.choice((1, -1)) * rng.choice((rng.randint(0, width), magnitude(rng, width))),)
    if name == "pow":
        base = rng.choice((magnitude(rng, U128), rng.randint(1, 4 * S), S + rng.choice((1, -1)) * magnitude(rng, S // 2)))
        mpmath.mp.prec = 200
        log = abs(mpmath.log(mp(max(base, 1)))) or mpmath.mpf(1)
        widest = min(I128_MAX, int(60 / log * S) + 1)
        return (base, rng.choice((1, -1)) * rng.choice((rng.randint(0, widest), magnitude(rng, widest))))
    return (rng.choice((rng.randint(0, U128), magnitude(rng, U128), rng.randint(1, 2 * S))),)


def small_arguments(name):
    """The first inputs above and below nought or one: the hardest cases of tanh, phi_series, exp, ln."""
    if name in ("ln", "log2"):
        return [S + d for k in range(1, 30) for d in (k, -k)]
    signed = name in ("exp", "exp2", "tanh")
    return [d for k in range(30) for d in ((k, -k) if signed else (k,))]


def pow_special(rng):
    rows = [(b, y) for b in (0, 1, 2, S - 1, S, S + 1, 2 * S, U128) for y in (I128_MIN, -S, -1, 0, 1, S // 2, S, I128_MAX)]
    roots = (2, 4, 5, 8, 10, 16, 20, 25, 32, 40, 50, 64, 80, 100, 125)
    for q in roots:  # exact rational powers and their neighbours
        for root in (Fraction(3, 2), Fraction(2), Fraction(11, 10), Fraction(1, 2), Fraction(4, 5), Fraction(3), Fraction(10)):
            base = root**q * S
            if base.denominator == 1 and base <= U128:
                p = rng.choice((1, -1)) * rng.randint(1, 2 * q)
                rows += [(int(base), p * S // q), (int(base) + 1, p * S // q), (int(base), p * S // q + 1)]
    for k in range(-130, 131, 10):
        rows += [(2 * S, k * S), (S // 2, k * S), (S + 1, k * S * 10**17), (S - 1, k * S * 10**16)]
    for k in (1, 2, 3, 4, 7, 18, 19, 36):
        rows += [(11 * S // 10, k * S), (13 * S // 10, -k * S), (S // 10, k * S), (7 * S, k * S), (S * S, k * S), (10**9, -k * S)]
    rows += [(9 * S // 4, S // 2), (9 * S // 4, -S // 2), (2 * S, S // 2), (S // 3, 2 * S), (10**36, -S), (S * 10**9 + 1, 2 * S)]
    # Fees, compounding, square roots written as powers: squares of random grid numbers and their neighbours.
    for _ in range(60):
        root = rng.randint(1, 2**40) * 10**9
        rows += [(root * root // S, S // 2), (root * root // S + 1, S // 2)]
    return [(b, y) for b, y in rows if 0 <= b <= U128 and I128_MIN <= y <= I128_MAX]


def inputs(name):
    rng = random.Random(f"qc-math {name}")
    if name == "pow":
        rows = pow_special(rng)
    else:
        low = I128_MIN if name in ("exp", "exp2", "tanh") else 0
        rows = [(x,) for x in special(low, I128_MAX if low else U128) + small_arguments(name)]
        rows += [(x + d,) for x in limits(name) for d in (-2, -1, 0, 1, 2)]
    candidates = [inverted(name, rng) if i % 2 else random_input(name, rng) for i in range(SEARCHED)]
    near = sorted(candidates, key=lambda args: closeness(name, args))[:KEPT]
    rows += near + [random_input(name, rng) for _ in range(RANDOM_ROWS)]
    return sorted(set(rows))


def main():
    if len(sys.argv) > 1 and sys.argv[1] in ("-h", "--help"):
        print(__doc__)
        return
    here = pathlib.Path(__file__).resolve().parent.parent / "vectors"
    directory = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here
    directory.mkdir(parents=True, exist_ok=True)
    for name in VALUE:
        lines = ["base,exponent,result" if name == "pow" else "x,result"]
        for args in inputs(name):
            try:
                result = str(floor_of(name, args))
            except Refused as refused:
                result = f"!{refused}"
            lines.append(",".join([str(a) for a in args] + [result]))
        (directory / f"{name}.csv").write_text("\n".join(lines) + "\n")
        print(f"{name}: {len(lines) - 1} rows", file=sys.stderr)


if __name__ == "__main__":
    main()
