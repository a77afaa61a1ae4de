#!/usr/bin/env node
// What validators' reports come to, in BigInt, written from docs/protocol/sync.md and not from the Rust or the Python.
//
// Usage: node sync.mjs GOLDEN      judges every case of the file and compares
import { readFileSync } from "node:fs";

const ONE = 10n ** 18n;
const OBSERVED_MAX = 2n ** 127n / 16n - 1n;

const size = (x) => (x < 0n ? -x : x);
const ascending = (values) => [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
const lowerMedian = (values) => ascending(values)[Math.ceil(values.length / 2) - 1];
const big = (text) => (text === null ? null : BigInt(text));
const text = (number) => (number === null ? null : number.toString());

/** How many there are of the value that there are most of. */
function largestGroup(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

function verdict(given) {
  const epsilon = BigInt(given.epsSync);
  const delta = BigInt(given.deltaMax);
  const own = { coherence: big(given.truth.coherence), psi: given.truth.densities.map(BigInt), code: given.truth.code };
  const all = given.reporters.map(({ shard, report }) => {
    if (report === null || report === "void") return { shard, kind: report ?? "missing" };
    const psi = new Map(report.densities.map(([at, value]) => [at, BigInt(value)]));
    return { shard, kind: "report", c: BigInt(report.coherence), psi, code: report.code };
  });
  const n = all.length;
  const valid = all.filter((one) => one.kind === "report");
  const sorted = ascending(valid.map((one) => one.c));
  const quorum = 3 * valid.length > 2 * n;
  const star = quorum ? lowerMedian(sorted) : null;
  const cut = Math.floor(n / 3);
  const left = quorum ? sorted.slice(cut, sorted.length - cut) : [];
  const [low, high] = [left[0], left[left.length - 1]];

  const isFar = (value, from) => from !== null && size(value - from) > epsilon;
  for (const one of valid) {
    one.fromStar = isFar(one.c, star);
    one.farAnyhow = one.fromStar || isFar(one.c, own.coherence);
    one.lies = [...one.psi].filter(([at, value]) => at < own.psi.length && own.psi[at] !== value);
    one.otherCode = own.code !== null && one.code !== own.code;
    one.deviates = one.farAnyhow || one.lies.length > 0 || one.otherCode;
  }
  const deviating = valid.filter((one) => one.deviates);
  let breach = null;
  if (3 * deviating.length > n) {
    const same = Math.max(
      largestGroup(deviating.filter((one) => one.farAnyhow && one.c !== own.coherence).map((one) => `${one.c}`)),
      largestGroup(deviating.filter((one) => one.otherCode).map((one) => one.code)),
      largestGroup(deviating.flatMap((one) => one.lies.map(([at, value]) => `${at}:${value}`))),
    );
    breach = 3 * same > n ? "ChainInDoubt" : "Scattered";
  }

  const f2 = (one) => {
    if (star === null) return null;
    if (one.kind !== "report") return "0";
    const distance = size(one.c - star);
    if (distance >= epsilon) return "0";
    return text(ONE - (distance * ONE + epsilon - 1n) / epsilon);
  };
  const concerned = (one) =>
    one.shard !== null && one.c >= low && one.c <= high && 2n * size(one.c - star) > delta;
  const wide = quorum && high - low > delta;
  const medians = Array.from({ length: given.shards }, (_, shard) => {
    const values = valid.filter((one) => one.shard === shard).map((one) => one.c);
    return values.length === 0 ? null : text(lowerMedian(values));
  });
  const gradients = given.edges.map(([i, j]) => {
    const seen = valid
      .filter((one) => one.shard === i || one.shard === j)
      .filter((one) => one.psi.has(i) && one.psi.has(j))
      .filter((one) => one.psi.get(i) <= OBSERVED_MAX && one.psi.get(j) <= OBSERVED_MAX)
      .map((one) => one.psi.get(j) - one.psi.get(i));
    return seen.length < given.observersMin ? null : text(lowerMedian(seen));
  });
  return {
    came: valid.length,
    void: all.filter((one) => one.kind === "void").length,
    consensus: text(star),
    trimmed: quorum ? [text(low), text(high)] : null,
    deviating: deviating.length,
    breach,
    spreadShards: wide ? [...new Set(valid.filter(concerned).map((one) => one.shard))].sort((a, b) => a - b) : [],
    shardMedians: medians,
    conformity: all.map(f2),
    struck: all.map((one) => breach === null && quorum && (one.kind === "void" || one.fromStar === true)),
    tampered: all.map((one) => breach === null && one.kind === "report" && (one.lies.length > 0 || one.otherCode)),
    gradients,
  };
}

/** SCALE of a report, in hexadecimal: what is signed after the genesis hash. */
function payload(report) {
  const little = (value, bytes) => {
    const out = Buffer.alloc(bytes);
    for (let at = 0, rest = BigInt(value); at < bytes; at += 1, rest >>= 8n) out[at] = Number(rest & 255n);
    return out;
  };
  return Buffer.concat([
    little(report.version, 2),
    little(report.epoch, 4),
    little(report.coherence, 16),
    little(report.densities.length * 4, 1),
    ...report.densities.flatMap(([shard, psi]) => [little(shard, 1), little(psi, 16)]),
    Buffer.alloc(32, report.boundary),
    Buffer.alloc(32, report.code),
  ]).toString("hex");
}

const golden = JSON.parse(readFileSync(process.argv[2], "utf8"));
const wrong = [];
for (const one of golden.cases) {
  const found = verdict(one);
  for (const key of new Set([...Object.keys(found), ...Object.keys(one.verdict)])) {
    if (JSON.stringify(found[key]) !== JSON.stringify(one.verdict[key])) wrong.push(`${one.name}: ${key}`);
  }
}
for (const one of golden.payloads) if (payload(one) !== one.payload) wrong.push(one.payload);
for (const [window, struck, now, counts] of golden.windows) {
  if (now < struck + window !== counts) wrong.push(`window ${[window, struck, now]}`);
}
for (const line of wrong) console.log(`node: wrong: ${line}`);
console.log(`node: ${golden.cases.length} cases, ${golden.payloads.length} payloads, ${wrong.length} wrong`);
process.exit(wrong.length > 0 || golden.cases.length < 200 ? 1 : 0);
