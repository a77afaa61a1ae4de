// The psi-field in BigInt, written from docs/protocol/field.md and not from the Rust.
//
//   node field.mjs FILE...     checks every row of every file; a .md file's rows are the lines of its ```jsonl blocks
//
// The cycle basis is found by other means than in the other programs: cycle by cycle, each the least that meets a witness
// (de Pina), instead of by reducing candidates.
import { readFileSync } from 'node:fs';

const ONE = 10n ** 18n;
const U128 = 1n << 128n;

class Fault extends Error {
  constructor(...parts) {
    super(parts.join(' '));
    this.parts = parts;
  }
}

const sum = (values) => values.reduce((total, value) => total + value, 0n);
const abs = (value) => (value < 0n ? -value : value);
const floorDiv = (a, b) => {
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
};
const u128 = (value) => {
  if (value >= U128) throw new Fault('Overflow');
  return value;
};

// --- the graph ---------------------------------------------------------------------------------------------------------

function canonical(shards, given) {
  if (shards < 3 || shards > 50) throw new Fault('ShardCount', shards);
  const edges = given.map(([a, b]) => [Math.min(a, b), Math.max(a, b)]).sort((x, y) => x[0] - y[0] || x[1] - y[1]);
  for (const [, higher] of edges) if (higher >= shards) throw new Fault('ShardUnknown', higher, shards);
  for (const [lower, higher] of edges) if (lower === higher) throw new Fault('Loop', lower);
  edges.slice(1).forEach(([i, j], k) => {
    if (edges[k][0] === i && edges[k][1] === j) throw new Fault('EdgeTwice', i, j);
  });
  for (let shard = 0; shard < shards; shard += 1) {
    const degree = edges.filter((edge) => edge.includes(shard)).length;
    if (degree < 2 || degree > 10) throw new Fault('Degree', shard, degree);
  }
  const component = Array.from({ length: shards }, (_, shard) => shard);
  for (let again = true; again; ) {
    again = false;
    for (const [i, j] of edges) {
      const low = Math.min(component[i], component[j]);
      if (component[i] !== low || component[j] !== low) {
        component[i] = component[j] = low;
        again = true;
      }
    }
  }
  const apart = component.findIndex((low) => low !== 0);
  if (apart !== -1) throw new Fault('NotConnected', apart);
  return edges;
}

// A set of edges is a bit for each, edge 0 the highest, so that of two sets of one size the greater number comes first.
const bitOf = (edges, k) => 1n << BigInt(edges.length - 1 - k);

const parity = (set) => {
  let odd = 0;
  for (let rest = set; rest; rest &= rest - 1n) odd ^= 1;
  return odd;
};

// The least closed walk through `start` that meets the witness an odd number of times: a shortest path in the graph of two
// layers, in which the edges of the witness change the layer. A least one over all starts is a simple cycle.
function leastCycle(shards, edges, joined, witness, start, best) {
  const known = new Array(2 * shards);
  known[start] = 0n;
  let layer = [start];
  for (let length = 1; layer.length && (best === null || length <= best.length); length += 1) {
    const fresh = new Map();
    for (const at of layer) {
      for (const [other, k, bit] of joined[at % shards]) {
        const side = at >= shards !== Boolean(witness & bit) ? shards : 0;
        const to = other + side;
        if (known[to] !== undefined || known[at] & bit) continue;
        const set = known[at] | bit;
        if (!fresh.has(to) || set > fresh.get(to)) fresh.set(to, set);
      }
    }
    const end = fresh.get(start + shards);
    if (end !== undefined) return { length, set: end };
    for (const [to, set] of fresh) known[to] = set;
    layer = [...fresh.keys()];
  }
  return null;
}

function basis(shards, edges) {
  const joined = Array.from({ length: shards }, () => []);
  edges.forEach(([i, j], k) => {
    joined[i].push([j, k, bitOf(edges, k)]);
    joined[j].push([i, k, bitOf(edges, k)]);
  });
  // Edges that are in no spanning tree are the first witnesses.
  const component = Array.from({ length: shards }, (_, shard) => shard);
  const witnesses = [];
  edges.forEach(([i, j], k) => {
    const [a, b] = [component[i], component[j]];
    if (a === b) witnesses.push(bitOf(edges, k));
    else component.forEach((c, shard) => (component[shard] = c === b ? a : c));
  });
  const found = [];
  for (let n = 0; n < witnesses.length; n += 1) {
    let best = null;
    // A cycle that meets the witness goes through an end of one of its edges.
    edges.forEach(([i], k) => {
      if (!(witnesses[n] & bitOf(edges, k))) return;
      const cycle = leastCycle(shards, edges, joined, witnesses[n], i, best);
      if (cycle && (!best || cycle.length < best.length || (cycle.length === best.length && cycle.set > best.set))) best = cycle;
    });
    found.push(best);
    for (let later = n + 1; later < witnesses.length; later += 1) {
      if (parity(best.set & witnesses[later])) witnesses[later] ^= witnesses[n];
    }
  }
  return found.sort((a, b) => a.length - b.length || (a.set > b.set ? -1 : 1)).map(({ set }) => along(edges, set));
}

function along(edges, set) {
  const rest = edges.filter((_, k) => set & bitOf(edges, k));
  const [[first, second]] = rest.splice(0, 1);
  const path = [first];
  for (let at = second; at !== first; ) {
    path.push(at);
    const [[i, j]] = rest.splice(rest.findIndex((edge) => edge.includes(at)), 1);
    at = i === at ? j : i;
  }
  return path;
}

function topology(shards, given) {
  const edges = canonical(shards, given);
  const cycles = basis(shards, edges);
  for (const cycle of cycles) if (cycle.length > 8) throw new Fault('CycleTooLong', Math.min(...cycle), cycle.length);
  return { edges, cycles };
}

// --- densities and gradients -------------------------------------------------------------------------------------------

function densities(shards) {
  const n = BigInt(shards.length);
  const chr = u128(sum(shards.map((shard) => shard.chr)));
  const atr = u128(sum(shards.map((shard) => shard.atr)));
  const share = (part, whole) => (whole === 0n ? 0n : (u128(n * part) * ONE) / whole);
  return shards.map((shard) => (share(shard.chr, chr) * share(shard.atr, atr)) / u128(ONE + shard.d));
}

// --- flows -------------------------------------------------------------------------------------------------------------

const FACTOR = 1n << 32n;
const PLANCK = 1n << 16n;

function potentials(shards, edges, b) {
  const a = Array.from({ length: shards }, (_, i) => Array.from({ length: shards }, (_, j) => (i === j ? 1n : 0n)));
  for (const [i, j] of edges) {
    a[i][i] += 1n;
    a[j][j] += 1n;
    a[i][j] = a[j][i] = -1n;
  }
  const [c, l, d] = [[], [], []];
  for (let i = 0; i < shards; i += 1) {
    c.push([]);
    l.push([]);
    for (let j = 0; j < i; j += 1) {
      c[i][j] = a[i][j] * FACTOR - floorDiv(sum(c[j].map((entry, k) => l[i][k] * entry)), FACTOR);
      l[i][j] = floorDiv(c[i][j] * FACTOR, d[j]);
    }
    d[i] = a[i][i] * FACTOR - floorDiv(sum(l[i].map((entry, k) => entry * c[i][k])), FACTOR);
  }
  const solve = (right) => {
    const y = [];
    right.forEach((value, i) => y.push(value - floorDiv(sum(l[i].map((entry, k) => entry * y[k])), FACTOR)));
    const x = y.map((value, i) => floorDiv(value * FACTOR, d[i]));
    for (let i = shards - 1; i >= 0; i -= 1) for (let k = 0; k < i; k += 1) x[k] -= floorDiv(l[i][k] * x[i], FACTOR);
    return x;
  };
  const p = new Array(shards).fill(0n);
  const residual = () => a.map((row, i) => b[i] * PLANCK - sum(row.map((entry, j) => entry * p[j])));
  for (let round = 0; round < 6; round += 1) solve(residual()).forEach((step, i) => (p[i] += step));
  if (residual().some((rest) => abs(rest) > PLANCK / 4n)) throw new Fault('Unsettled');
  return p;
}

function flows(shards, edges, net) {
  if (sum(net) !== 0n) throw new Fault('NotConserved', String(sum(net)));
  const ground = net.slice(0, -1);
  const p = potentials(shards, edges, net.slice(0, -1));
  const alongEdges = edges.map(([i, j]) => {
    const difference = p[j] - p[i];
    const size = (abs(difference) + PLANCK / 2n) / PLANCK;
    const flow = difference < 0n ? -size : size;
    ground[i] += flow;
    ground[j] -= flow;
    return flow;
  });
  return { flows: alongEdges, ground };
}

// --- flux, alignment, curl ---------------------------------------------------------------------------------------------

const flux = (flow, gradient, total) => flow.map((f, k) => (total === 0n ? 0n : floorDiv(f * gradient[k], total)));

function rootFloor(n) {
  let [low, high] = [0n, 1n << 64n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle * middle <= n) low = middle;
    else high = middle;
  }
  return low;
}

function alignment(flow, gradient) {
  const scaled = (vector) => {
    const largest = vector.map(abs).reduce((most, size) => (size > most ? size : most), 0n);
    // BigInt's division rounds towards 0.
    return vector.map((entry) => (largest === 0n ? 0n : (entry * (1n << 27n)) / largest));
  };
  const [u, v] = [scaled(flow), scaled(gradient)];
  const dot = (x, y) => sum(x.map((entry, k) => entry * y[k]));
  const squares = dot(u, u) * dot(v, v);
  if (squares === 0n) return 0n;
  const size = rootFloor(((dot(u, v) ** 2n * ONE) / squares) * ONE);
  return dot(u, v) < 0n ? -size : size;
}

function curls({ edges, cycles }, observed) {
  const ofStep = (from, to) => {
    const gradient = observed[edges.findIndex(([i, j]) => i === Math.min(from, to) && j === Math.max(from, to))];
    return gradient === null || from < to ? gradient : -gradient;
  };
  return cycles.map((cycle) => {
    const steps = cycle.map((from, at) => ofStep(from, cycle[(at + 1) % cycle.length]));
    return steps.includes(null) ? null : sum(steps);
  });
}

function anomalies({ cycles }, found, curlMax, breached) {
  const sick = cycles.filter((_, k) => found[k] !== null && abs(found[k]) > curlMax).flat();
  return breached ? [...new Set(sick)].sort((a, b) => a - b) : [];
}

// --- rows --------------------------------------------------------------------------------------------------------------

const integers = (values) => values.map((value) => (value === null ? null : BigInt(value)));
const strings = (values) => values.map((value) => (value === null ? null : String(value)));

const kinds = {
  topology(row) {
    const { edges, cycles } = topology(row.shards, row.edges);
    return { canonical: edges, cycles };
  },
  densities(row) {
    const shards = row.shards.map(({ chr, atr, d }) => ({ chr: BigInt(chr), atr: BigInt(atr), d: BigInt(d) }));
    return { psi: strings(densities(shards)) };
  },
  gradients(row) {
    const psi = integers(row.psi);
    return { gradients: strings(canonical(row.shards, row.edges).map(([i, j]) => psi[j] - psi[i])) };
  },
  flows(row) {
    const found = flows(row.shards, canonical(row.shards, row.edges), integers(row.net));
    return { flows: strings(found.flows), ground: strings(found.ground) };
  },
  flux: (row) => ({ flux: strings(flux(integers(row.flows), integers(row.gradients), BigInt(row.total))) }),
  alignment: (row) => ({ alignment: String(alignment(integers(row.flows), integers(row.gradients))) }),
  curl(row) {
    const graph = topology(row.shards, row.edges);
    const found = curls(graph, integers(row.observed));
    return { curls: strings(found), anomalies: anomalies(graph, found, BigInt(row.curlMax), row.breached) };
  },
};

const results = {
  topology: ['canonical', 'cycles'],
  densities: ['psi'],
  gradients: ['gradients'],
  flows: ['flows', 'ground'],
  flux: ['flux'],
  alignment: ['alignment'],
  curl: ['curls', 'anomalies'],
};

function answered(row) {
  try {
    return kinds[row.kind](row);
  } catch (fault) {
    if (fault instanceof Fault) return { fault: fault.parts };
    throw fault;
  }
}

function* rowsOf(path) {
  let isOpen = !path.endsWith('.md');
  for (const [at, text] of readFileSync(path, 'utf8').split('\n').entries()) {
    const line = text.trim();
    if (path.endsWith('.md') && line.startsWith('```')) isOpen = line === '```jsonl';
    else if (isOpen && line) yield [at + 1, JSON.parse(line)];
  }
}

const paths = process.argv.slice(2);
if (paths.length === 0 || paths[0].startsWith('-')) {
  console.error('usage: node field.mjs FILE...');
  process.exit(2);
}
const counts = new Map();
let wrong = 0;
for (const path of paths) {
  for (const [number, row] of rowsOf(path)) {
    const names = row.fault ? ['fault'] : results[row.kind];
    const expected = JSON.stringify(names.map((name) => [name, row[name]]));
    const answer = answered(row);
    const found = JSON.stringify(Object.entries(answer));
    counts.set(row.kind, (counts.get(row.kind) ?? 0) + 1);
    if (found !== expected) {
      wrong += 1;
      console.log(`${path}:${number}: ${found}, not ${expected}`);
    }
  }
}
for (const [kind, count] of [...counts].sort()) console.log(`node ${kind} ${count} rows`);
process.exit(wrong === 0 && counts.size > 0 ? 0 : 1);
