#!/usr/bin/env node
// The attunement in JavaScript (BigInt), written from docs/protocol/attunement.md and not from the Rust or the Python.
//
// Usage: node attunement.mjs FILE     recomputes every case of a golden file
import { readFileSync } from "node:fs";
import { exp, ln, sqrt } from "../../../math/independent/qc_math.mjs";

const S = 10n ** 18n;

const SYMBOLS = {
  kappa: 80000000000000000n,
  tauEpochs: 50n,
  gamma: 100000000000000000n,
  alphaMin: 800000000000000000n,
  alphaMax: 1200000000000000000n,
  alphaStep: 20000000000000000n,
  recalibrationEpochs: 10n,
  exponentMax: 10000000000000000000n,
  psiSlash: 700000000000000000n,
  coherenceDeficit: 850000000000000000n,
  psiMinHistoryDays: 7n,
  slashFraction: 50000000000000000n,
  fallEpochs: 15n,
  forgivenEpochs: 10n,
  stakeMin: 1000000000000000n,
  entryStakeShare: 250000000000000000n,
  newcomerSeatsShare: 100000000000000000n,
  validatorsMin: 4n,
  validatorsMax: 100n,
  boostGain: 50000000000000000n,
  boostEpochs: 50n,
  boostPsy: 1000000000000000n,
  boostRecalibrationMin: 100000000000000000n,
  epsSync: 2000000000000000n,
};

const max = (...values) => values.reduce((a, b) => (a > b ? a : b));
const min = (...values) => values.reduce((a, b) => (a < b ? a : b));
const sum = (values) => values.reduce((a, b) => a + b, 0n);
const distance = (a, b) => (a > b ? a - b : b - a);
const ceil = (a, b) => (a + b - 1n) / b;
const times = (a, b) => (a * b) / S;
const ascending = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const lowerMedian = (values) => [...values].sort(ascending)[Math.floor((values.length - 1) / 2)];
// BigInt division cuts towards 0; this one floors.
const floor = (a, b) => (a < 0n && a % b !== 0n ? a / b - 1n : a / b);

// Features

function slots(sym, { barred, assigned, authored }) {
  const forgives = authored < assigned && barred === 0n;
  const next = forgives ? sym.forgivenEpochs - 1n : max(0n, barred - 1n);
  const counted = forgives ? authored + 1n : authored;
  return [assigned === 0n ? null : (counted * S) / assigned, next];
}

function conformity(sym, { report, star }) {
  if (star === null) return null;
  if (report === null) return 0n;
  const off = distance(report, star);
  return off >= sym.epsSync ? 0n : S - ceil(off * S, sym.epsSync);
}

// Phases

const weightsOf = (phases) => (phases.length === 4 ? [3n, 3n, 2n, 2n] : [6n, 4n]).map((tenths) => (tenths * S) / 10n);

function everDue(phases) {
  const due = phases.map((_, k) => k).filter((k) => phases[k][2]);
  return due.length > 0 ? due : phases.map((_, k) => k);
}

function psiOf(phases) {
  const weights = weightsOf(phases);
  const ks = everDue(phases);
  return sum(ks.map((k) => weights[k] * phases[k][0])) / sum(ks.map((k) => weights[k]));
}

function advance(sym, phases, features) {
  const psi = psiOf(phases);
  return phases.map((phase, k) => {
    const f = features[k];
    if (f === null) return phase;
    const [omega, integral, wasDue] = phase;
    const from = wasDue ? omega : psi;
    const moved = (from * (S - sym.kappa) + f * sym.kappa) / S;
    return [moved, (integral * (sym.tauEpochs - 1n)) / sym.tauEpochs + moved, true];
  });
}

// Coherence

function unitVector(vector) {
  const q = sum(vector.map((x) => x * x));
  if (q === 0n) return vector;
  let r = sqrt(q);
  if (r * r !== q * S) r += 1n;
  return vector.map((x) => (x * 10n ** 27n) / r);
}

function resonance(vectors) {
  const n = BigInt(vectors.length);
  if (n < 2n) return n * S;
  const units = vectors.map(unitVector);
  let numerator = 0n;
  for (const k of units[0].keys()) {
    const column = units.map((unit) => unit[k]);
    numerator += sum(column) ** 2n - sum(column.map((x) => x * x));
  }
  return numerator / (n * (n - 1n) * S);
}

function entropy(psis) {
  const n = BigInt(psis.length);
  if (n < 2n) return n * S;
  const total = sum(psis);
  if (total === 0n) return 0n;
  const weighted = psis.filter((psi) => psi > 0n).map((psi) => psi * ln((total * S) / psi));
  return ((sum(weighted) / total) * S) / ln(n * S);
}

function close(sym, { memory, validators }) {
  const closed = validators.map(({ phases, features }) => {
    const after = advance(sym, phases, features);
    return { phases: after, psi: psiOf(after) };
  });
  const allInGrace = validators.every(({ grace }) => grace);
  const counts = closed.map((_, v) => v).filter((v) => allInGrace || !validators[v].grace);
  const psis = counts.map((v) => closed[v].psi);
  const stakes = counts.map((v) => validators[v].stake);
  const staked = sum(stakes);
  const mean = staked === 0n ? 0n : sum(stakes.map((stake, i) => stake * psis[i])) / staked;
  const R = resonance(counts.map((v) => closed[v].phases.map(([omega, , due]) => (due ? omega : closed[v].psi))));
  const core = times(R, mean);
  const caf = S + times(sym.gamma, memory);
  const coherence = min(S, times(core, caf));
  return { validators: closed, resonance: R, core, caf, coherence, entropy: entropy(psis) };
}

// Gain

function multipliers(sym, { alpha, coherence, validators }) {
  const lambda = (alpha * coherence * 618033988749894848n) / (S * S);
  const means = validators.map((phases) => {
    const ks = everDue(phases);
    return sum(ks.map((k) => phases[k][0])) / BigInt(ks.length);
  });
  const median = lowerMedian(means);
  const K = sym.exponentMax;
  return [lambda, means, means.map((mean) => exp(min(K, max(-K, floor(lambda * (mean - median), S)))))];
}

function recalibrate(sym, state, [coherence, meanBoost]) {
  const elapsed = state.elapsed + 1n;
  const hurried = coherence < sym.coherenceDeficit && meanBoost >= sym.boostRecalibrationMin;
  if (elapsed < (hurried ? ceil(sym.recalibrationEpochs, 2n) : sym.recalibrationEpochs)) return { ...state, elapsed };
  const failed = state.trial !== null && coherence < state.trial[1];
  const before = failed ? state.trial[0] : state.alpha;
  let rising = failed ? !state.rising : state.rising;
  const towards = () => (rising ? before + sym.alphaStep : before - sym.alphaStep);
  const allowed = (alpha) => alpha >= sym.alphaMin && alpha <= sym.alphaMax;
  if (!allowed(towards())) rising = !rising;
  const alpha = allowed(towards()) ? towards() : before;
  return { alpha, trial: [before, coherence], rising, elapsed: 0n };
}

function boost(sym, { level, ends, epoch, burnt, psi }) {
  const left = max(0n, ends - epoch);
  const b = min(S, (level * left) / sym.boostEpochs + (burnt * S) / sym.boostPsy);
  return [b, epoch + sym.boostEpochs, min(S, psi + times(sym.boostGain, b))];
}

// Ψ̄

function history(sym, { start, enrolled, records, days }) {
  const credited = start === null ? 0n : min(sym.psiMinHistoryDays, 89n);
  return days.map((today) => {
    let total = 0n;
    for (let day = today - 89n; day <= today; day += 1n) {
      const psis = records.filter((record) => record[0] === day).map((record) => record[1]);
      if (psis.length > 0) total += sum(psis) / BigInt(psis.length) / 10n ** 9n;
      if (day < enrolled && day >= enrolled - credited) total += start / 10n ** 9n;
    }
    const lived = today - enrolled + 1n + credited;
    return (10n ** 9n * total) / max(sym.psiMinHistoryDays, min(90n, lived));
  });
}

// Falls

function conduct(sym, { size, table }) {
  const F = Number(sym.fallEpochs);
  const watched = table[0].map(() => ({ falls: [], crossings: [], low: 0 }));
  return table.map((row, e) => {
    row.forEach((seen, v) => {
      const one = watched[v];
      if (!Array.isArray(seen) || seen[1] >= sym.psiSlash) {
        one.low = 0;
        return;
      }
      if (one.low === 0) one.falls.push(e);
      if (one.low === 0 && seen[0] >= sym.psiSlash) one.crossings.push(e);
      one.low += 1;
    });
    const fell = watched.filter(({ falls }) => falls.some((at) => at >= e - 2 * F)).length;
    const network = BigInt(3 * fell) > size;
    return watched.map((one) => {
      const slash = one.crossings.includes(e - F);
      const remove = one.low > F;
      return [slash && !network, remove && !network, (slash || remove) && network];
    });
  });
}

// The set

function choose(sym, { candidates }) {
  const all = candidates.map(([stake, psi, newcomer, sits, claim], at) => ({ at, stake, psi, newcomer, sits, claim }));
  if (!all.some((one) => one.sits && !one.newcomer)) {
    for (const one of all) if (one.sits) one.newcomer = false;
  }
  for (const one of all) one.score = one.newcomer ? one.stake : times(one.stake, one.psi);
  const stakes = all.filter((one) => one.sits && !one.newcomer).map((one) => one.stake);
  const share = stakes.length === 0 ? 0n : ceil(sym.entryStakeShare * lowerMedian(stakes), S);
  const entry = max(sym.stakeMin, share);

  const ranked = all.filter((one) => one.claim === "seat" && one.stake >= entry);
  ranked.sort((a, b) => ascending(b.score, a.score) || a.at - b.at);
  const x = ranked.filter((one) => !one.newcomer);
  const y = ranked.filter((one) => one.newcomer);
  const M = Number(sym.validatorsMax);
  const reserved = Number(ceil(sym.newcomerSeatsShare * sym.validatorsMax, S));
  let k = Math.min(y.length, M, Math.max(M - x.length, reserved));
  while (k > 0 && 3 * k >= Math.min(x.length, M - k) + k) k -= 1;
  const established = x.slice(0, M - k);
  const newcomers = y.slice(0, k);
  if (established.length + newcomers.length === 0) return [entry, []];

  const sitting = all.filter((one) => one.sits);
  const urgency = ["bar", "remove", "leave", "seat"];
  const going = sitting.filter((one) => !established.includes(one) && !newcomers.includes(one));
  going.sort(
    (a, b) =>
      urgency.indexOf(a.claim) - urgency.indexOf(b.claim) || ascending(a.score, b.score) || b.at - a.at,
  );
  const limit = sitting.length === 0 ? 0 : Math.floor((sitting.length - 1) / 3);
  const least = Math.max(1, Math.min(sitting.length, Number(sym.validatorsMin)));
  const indices = (set) => [entry, [...set].map((one) => BigInt(one.at)).sort(ascending)];
  const newIn = (set) => [...set].filter((one) => one.newcomer).length;
  const few = (set) => newIn(set) === 0 || 3 * newIn(set) < set.size;
  const seat = (set, one) => {
    if (set.size < M) set.add(one);
  };

  for (let r = Math.min(limit, going.length); r >= 0; r -= 1) {
    const set = new Set(sitting);
    going.slice(0, r).forEach((one) => set.delete(one));
    established.forEach((one) => seat(set, one));
    let lost = r;
    for (const one of [...going.slice(r), ...newcomers.toReversed()]) {
      if (few(set) || lost >= limit) break;
      if (one.newcomer && set.delete(one)) lost += 1;
    }
    if (!few(set)) continue;
    if (lost === r) {
      for (const one of newcomers) if (!set.has(one) && 3 * (newIn(set) + 1) < set.size + 1) seat(set, one);
    }
    if (set.size >= least) return indices(set);
  }
  const set = new Set(sitting);
  established.forEach((one) => seat(set, one));
  return indices(set);
}

// The golden file

const COMPUTE = {
  close,
  slots,
  conformity,
  multipliers,
  boost,
  history,
  conduct,
  set: choose,
  harmony: (_, { dissonance }) => (S * S) / (S + dissonance),
  slash: (sym, { stake }) => ceil(stake * sym.slashFraction, S),
  participant: (sym, { phases, features }) => {
    const after = advance(sym, phases, features);
    return { phases: after, psi: psiOf(after) };
  },
  recalibrate: (sym, { state, epochs }) => {
    let now = state;
    return epochs.map((epoch) => (now = recalibrate(sym, now, epoch)));
  },
};

const revive = (_, value) => (typeof value === "string" && /^-?\d+$/.test(value) ? BigInt(value) : value);
const numeral = (_, value) => (typeof value === "bigint" ? value.toString() : value);
// Objects with their keys in order, so that texts can be compared.
const canonical = (value) =>
  JSON.stringify(value, (key, one) =>
    one !== null && typeof one === "object" && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort())
      : numeral(key, one),
  );

function check(file) {
  const counts = {};
  let wrong = 0;
  for (const [at, line] of readFileSync(file, "utf8").trim().split("\n").entries()) {
    const { of, symbols, in: given, out } = JSON.parse(line, revive);
    const got = canonical(COMPUTE[of]({ ...SYMBOLS, ...symbols }, given));
    counts[of] = (counts[of] ?? 0) + 1;
    if (got !== canonical(out)) {
      wrong += 1;
      console.log(`line ${at + 1}: ${of}: ${got}, not ${canonical(out)}`);
    }
  }
  for (const [of, count] of Object.entries(counts)) console.log(`node ${of}: ${count} cases`);
  return wrong === 0 && Object.keys(counts).length > 0 ? 0 : 1;
}

const file = process.argv[2];
if (process.argv.length !== 3 || file.startsWith("-")) {
  console.log("Usage: node attunement.mjs FILE");
  process.exit(file === "--help" || file === "-h" ? 0 : 2);
}
process.exit(check(file));
