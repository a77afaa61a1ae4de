// Certified mathematics in BigInt, written from docs/protocol/mathematics.md and not from the Rust.
//
// Every function takes BigInts in units of 10^-18 and returns the floor of the exact value in the same units, or throws
// MathError. A value is enclosed as [lo, hi] in multiples of 2^-P with every rounding outwards; when both ends have one
// floor, that is it (MATH-1). The series are other ones than in the Rust, so agreement is evidence (MATH-3).
//
// Usage: node qc_math.mjs VECTORS_DIRECTORY     checks every row of every file

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const S = 10n ** 18n;
const LIMIT = 1n << 128n;
const PRECISIONS = [420n, 700n];

export class MathError extends Error {}

const fail = (name) => {
  throw new MathError(name);
};

// Quotients for b > 0, rounded down and up.
const down = (a, b) => (a >= 0n ? a / b : -((-a + b - 1n) / b));
const up = (a, b) => -down(-a, b);
const abs = (a) => (a < 0n ? -a : a);
const bits = (n) => BigInt(n.toString(2).length);

function floorUnits(intervalAt, offset = 0n) {
  for (const p of PRECISIONS) {
    const [lo, hi] = intervalAt(p);
    const [low, high] = [down(lo * S, 1n << p), down(hi * S, 1n << p)];
    if (low === high) return low - offset;
  }
  return fail("Undecided");
}

const bounded = (units) => (units >= LIMIT ? fail("Overflow") : units);

const remembered = new Map();
function remember(key, compute) {
  if (!remembered.has(key)) remembered.set(key, compute());
  return remembered.get(key);
}

// artanh(a/b) for 0 <= a/b <= 1/3.
function artanh(a, b, p) {
  let [lo, hi] = [down(a << p, b), up(a << p, b)];
  const [loSquare, hiSquare] = [(lo * lo) >> p, up(hi * hi, 1n << p)];
  let [loSum, hiSum] = [0n, 0n];
  for (let n = 1n; hi > 1n; n += 2n) {
    loSum += lo / n;
    hiSum += up(hi, n);
    [lo, hi] = [(lo * loSquare) >> p, up(hi * hiSquare, 1n << p)];
  }
  return [loSum, hiSum + 3n];
}

// ln n for an integer: n = m 2^k, m in [1, 2).
function lnInteger(n, p) {
  return remember(`ln ${n} ${p}`, () => {
    const k = bits(n) - 1n;
    const [lo, hi] = artanh(n - (1n << k), n + (1n << k), p);
    const [loTwo, hiTwo] = ln2(p);
    return [2n * lo + k * loTwo, 2n * hi + k * hiTwo];
  });
}

const ln2 = (p) => remember(`ln2 ${p}`, () => artanh(1n, 3n, p).map((end) => 2n * end));

function lnUnits(x, p) {
  const [[lo, hi], [loScale, hiScale]] = [lnInteger(x, p), lnInteger(S, p)];
  return [lo - hiScale, hi - loScale];
}

// [lo, hi] times a/b for b > 0 and any signs.
function timesRatio([lo, hi], a, b) {
  return a >= 0n ? [down(lo * a, b), up(hi * a, b)] : [down(hi * a, b), up(lo * a, b)];
}

// One bound of e^(r/2^p) for 0 <= r/2^p < 2, by Taylor at r/2^20 and twenty squarings.
function expReduced(r, p, upper) {
  const halvings = 20n;
  const quotient = upper ? up : down;
  let [term, sum] = [1n << p, 1n << p];
  for (let n = 1n; term > 1n; n++) {
    term = quotient(term * r, n << (p + halvings));
    sum += term;
  }
  if (upper) sum += 2n;
  for (let i = 0n; i < halvings; i++) sum = quotient(sum * sum, 1n << p);
  return sum;
}

// One bound of e^(x/2^p): x = k ln 2 + r, the error of k ln 2 on the safe side.
function expBound(x, p, upper) {
  const [loTwo, hiTwo] = ln2(p);
  const k = down(x, hiTwo);
  const two = upper === k >= 0n ? loTwo : hiTwo;
  const r = x - k * two;
  const reduced = expReduced(r < 0n ? 0n : r, p, upper);
  if (k >= 0n) return reduced << k;
  return upper ? up(reduced, 1n << -k) : reduced >> -k;
}

const expInterval = ([lo, hi], p) => [expBound(lo, p, false), expBound(hi, p, true)];

export const sqrt = (x) => integerRoot(x * S, 2n);

// floor of the q-th root.
function integerRoot(n, q) {
  let [low, high] = [0n, 1n << (bits(n) / q + 1n)];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (middle ** q <= n) low = middle;
    else high = middle - 1n;
  }
  return low;
}

export function ln(x) {
  if (x === 0n) fail("LogOfZero");
  if (x === S) return 0n;
  return floorUnits((p) => lnUnits(x, p));
}

export function log2(x) {
  if (x === 0n) fail("LogOfZero");
  const [larger, smaller] = x > S ? [x, S] : [S, x];
  const ratio = larger / smaller;
  if (larger % smaller === 0n && (ratio & (ratio - 1n)) === 0n) {
    const units = (bits(ratio) - 1n) * S;
    return x < S ? -units : units;
  }
  return floorUnits((p) => {
    const [[lo, hi], [loTwo, hiTwo]] = [lnUnits(x, p), ln2(p)];
    return [down(lo << p, lo >= 0n ? hiTwo : loTwo), up(hi << p, hi >= 0n ? loTwo : hiTwo)];
  });
}

export function exp(x) {
  if (x === 0n) return S;
  if (x > 48n * S) fail("Overflow");
  if (x < -42n * S) return 0n;
  return bounded(floorUnits((p) => expInterval([down(x << p, S), up(x << p, S)], p)));
}

export function exp2(x) {
  if (x > 69n * S) fail("Overflow");
  if (x < -60n * S) return 0n;
  const k = down(x, S);
  if (k * S === x) return k >= 0n ? bounded(S << k) : S >> -k;
  return bounded(floorUnits((p) => expInterval(timesRatio(ln2(p), x, S), p)));
}

function gcd(a, b) {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}

function exactRoot(n, q) {
  if (n === 1n) return 1n;
  if (q >= bits(n)) return null;
  const root = integerRoot(n, q);
  return root ** q === n ? root : null;
}

// The power if it is on the grid, else null.
function exactPower(b, y) {
  const [byY, byB] = [gcd(abs(y), S), gcd(b, S)];
  const [p, q] = [abs(y) / byY, S / byY];
  let [r, s] = [exactRoot(b / byB, q), exactRoot(S / byB, q)];
  if (r === null || s === null) return null;
  if (y < 0n) [r, s] = [s, r];
  if (s > 1n && (p > 60n || S % s ** p !== 0n)) return null;
  if (r > 1n && p > 128n) fail("Overflow");
  const power = (n) => (n === 1n ? 1n : n ** p);
  return bounded(power(r) * (S / power(s)));
}

export function pow(b, y) {
  if (y === 0n || b === S) return S;
  if (b === 0n) return y < 0n ? fail("DivisionByZero") : 0n;
  const exact = exactPower(b, y);
  if (exact !== null) return exact;
  const [lo, hi] = timesRatio(lnUnits(b, PRECISIONS[0]), y, S);
  if (lo > 48n << PRECISIONS[0]) fail("Overflow");
  if (hi < -(42n << PRECISIONS[0])) return 0n;
  return bounded(floorUnits((p) => expInterval(timesRatio(lnUnits(b, p), y, S), p)));
}

// Euler's series: arctan x = sum of t_n, t_0 = x/(1 + x^2), t_n = t_(n-1) * 2n/(2n + 1) * x^2/(1 + x^2). All terms are
// positive and fall by more than half.
function arctan(x, p) {
  const square = x * x;
  const whole = S * S + square;
  let [lo, hi] = [down((x * S) << p, whole), up((x * S) << p, whole)];
  let [loSum, hiSum] = [lo, hi];
  for (let n = 1n; hi > 1n; n++) {
    const [a, b] = [2n * n * square, (2n * n + 1n) * whole];
    [lo, hi] = [down(lo * a, b), up(hi * a, b)];
    loSum += lo;
    hiSum += hi;
  }
  return [loSum, hiSum + 2n];
}

export function phi_series(x) {
  if (x > S) fail("AboveOne");
  if (x === 0n) return 0n;
  return floorUnits((p) => arctan(x, p));
}

export function tanh(x) {
  if (x === 0n) return 0n;
  if (abs(x) >= 22n * S) return x > 0n ? S - 1n : -S;
  return floorUnits((p) => {
    const [lo, hi] = expInterval([down((2n * x) << p, S), up((2n * x) << p, S)], p);
    const one = 1n << p;
    // 1 + tanh x = 2 e/(e + 1), rising in e.
    return [down((2n * lo) << p, lo + one), up((2n * hi) << p, hi + one)];
  }, S);
}

const FUNCTIONS = { sqrt, ln, log2, exp, exp2, pow, phi_series, tanh };

function result(compute) {
  try {
    return compute().toString();
  } catch (error) {
    if (error instanceof MathError) return `!${error.message}`;
    throw error;
  }
}

function checkAll(directory) {
  let wrong = 0;
  for (const [name, compute] of Object.entries(FUNCTIONS)) {
    const rows = readFileSync(join(directory, `${name}.csv`), "utf8").trim().split("\n").slice(1);
    for (const row of rows) {
      const fields = row.split(",");
      const expected = fields.pop();
      const got = result(() => compute(...fields.map(BigInt)));
      if (got !== expected) {
        wrong++;
        console.log(`${name}(${fields.join(", ")}) = ${got}, not ${expected}`);
      }
    }
    console.log(`node ${name}: ${rows.length} rows`);
  }
  return wrong;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.length !== 3 || process.argv[2].startsWith("-")) {
    console.log("Usage: node qc_math.mjs VECTORS_DIRECTORY");
    process.exit(process.argv[2] === "--help" || process.argv[2] === "-h" ? 0 : 2);
  }
  process.exit(checkAll(process.argv[2]) === 0 ? 0 : 1);
}
