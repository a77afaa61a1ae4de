#!/usr/bin/env python3
"""The psi-field in Python integers, written from docs/protocol/field.md and not from the Rust.

    python3 field.py FILE...     checks every row of every file; a .md file's rows are the lines of its ```jsonl blocks
    python3 field.py --write     prints the golden rows

Flows are computed by the chapter's integer algorithm and held against the exact rational solution (fractions); a cycle basis
of few shards is held against its definition, the greedy choice among all cycles.
"""
import heapq
import json
import sys
from fractions import Fraction
from math import isqrt

ONE = 10**18
U128 = 2**128


class Fault(Exception):
    """What is wrong, as the rows have it: a name, and the numbers it is about."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.parts = list(parts)


def u128(value):
    if value >= U128:
        raise Fault("Overflow")
    return value


# --- the graph ---------------------------------------------------------------------------------------------------------


def canonical(shards, edges):
    """The edges in canonical order, if they make a field graph but for the length of its cycles."""
    if not 3 <= shards <= 50:
        raise Fault("ShardCount", shards)
    edges = sorted((min(edge), max(edge)) for edge in edges)
    for _, higher in edges:
        if higher >= shards:
            raise Fault("ShardUnknown", higher, shards)
    for lower, higher in edges:
        if lower == higher:
            raise Fault("Loop", lower)
    for one, following in zip(edges, edges[1:]):
        if one == following:
            raise Fault("EdgeTwice", *one)
    for shard in range(shards):
        degree = sum(shard in edge for edge in edges)
        if not 2 <= degree <= 10:
            raise Fault("Degree", shard, degree)
    reached, fresh = {0}, [0]
    while fresh:
        shard = fresh.pop()
        for edge in edges:
            if shard in edge:
                other = sum(edge) - shard
                if other not in reached:
                    reached.add(other)
                    fresh.append(other)
    for shard in range(shards):
        if shard not in reached:
            raise Fault("NotConnected", shard)
    return edges


def weights(edges):
    """Weights that order sets of edges as the chapter does: by size, then by the ascending list of numbers. Edge k weighs
    2^(2m) - 2^(m-1-k): the sizes decide, and of two sets of one size the lower list has the greater sum of powers of two."""
    m = len(edges)
    return [(1 << 2 * m) - (1 << m - 1 - k) for k in range(m)]


def independent(rows, cycle):
    """Whether a set of edges (a bit each) is no sum of those before it; then it counts among them."""
    while cycle:
        top = cycle.bit_length()
        if top not in rows:
            rows[top] = cycle
            return True
        cycle ^= rows[top]
    return False


def along(edges, cycle):
    """The shards along a cycle that is given as the set of its edges' numbers."""
    joined = {}
    for k in cycle:
        i, j = edges[k]
        joined.setdefault(i, []).append(j)
        joined.setdefault(j, []).append(i)
    first = min(joined)
    path = [first, min(joined[first])]
    while True:
        step = [shard for shard in joined[path[-1]] if shard != path[-2]][0]
        if step == first:
            return path
        path.append(step)


def basis_by_paths(shards, edges):
    """The minimum cycle basis by Horton's theorem: edges and two shortest paths from a shard."""
    weight = weights(edges)
    candidates = {}
    for start in range(shards):
        best, tree = {start: 0}, {start: 0}
        heap = [(0, start)]
        while heap:
            length, at = heapq.heappop(heap)
            if length > best[at]:
                continue
            for k, edge in enumerate(edges):
                if at in edge:
                    other, longer = sum(edge) - at, length + weight[k]
                    if other not in best or longer < best[other]:
                        best[other], tree[other] = longer, tree[at] | 1 << k
                        heapq.heappush(heap, (longer, other))
        for k, (x, y) in enumerate(edges):
            if tree[x] & tree[y] == 0 and not (tree[x] | tree[y]) >> k & 1:
                cycle = tree[x] | tree[y] | 1 << k
                candidates[cycle] = best[x] + best[y] + weight[k]
    rows, basis = {}, []
    for cycle in sorted(candidates, key=candidates.get):
        if independent(rows, cycle):
            basis.append([k for k in range(len(edges)) if cycle >> k & 1])
    return basis


def basis_by_definition(shards, edges):
    """The same by its definition: all cycles by length, then by their edges' numbers, each taken that is no sum of those
    before it. For few shards only."""
    number = {edge: k for k, edge in enumerate(edges)}
    cycles = []

    def extend(path):
        for other in range(shards):
            k = number.get((min(path[-1], other), max(path[-1], other)))
            if k is None:
                continue
            if other == path[0] and len(path) > 2 and path[1] < path[-1]:
                steps = zip(path, path[1:] + path[:1])
                cycles.append(sorted(number[min(s), max(s)] for s in steps))
            elif other > path[0] and other not in path:
                extend(path + [other])

    for first in range(shards):
        extend([first])
    rows, basis = {}, []
    for cycle in sorted(cycles, key=lambda cycle: (len(cycle), cycle)):
        if independent(rows, sum(1 << k for k in cycle)):
            basis.append(cycle)
    return basis


def topology(shards, edges):
    edges = canonical(shards, edges)
    basis = basis_by_paths(shards, edges)
    assert len(basis) == len(edges) - shards + 1
    if shards <= 7:
        assert basis == basis_by_definition(shards, edges), "Horton against the definition"
    for cycle in basis:
        if len(cycle) > 8:
            raise Fault("CycleTooLong", min(along(edges, cycle)), len(cycle))
    return edges, [along(edges, cycle) for cycle in basis]


# --- densities and gradients -------------------------------------------------------------------------------------------


def densities(shards):
    n = len(shards)
    chr_sum = u128(sum(chr for chr, _, _ in shards))
    atr_sum = u128(sum(atr for _, atr, _ in shards))

    def share(part, whole):
        return u128(n * part) * ONE // whole if whole else 0

    return [share(chr, chr_sum) * share(atr, atr_sum) // u128(ONE + d) for chr, atr, d in shards]


def gradients(edges, psi):
    return [psi[j] - psi[i] for i, j in edges]


# --- flows -------------------------------------------------------------------------------------------------------------

FACTOR = 2**32
PLANCK = 2**16
ROUNDS = 6


def laplacian(shards, edges):
    """A: the Laplacian of the graph with the ground, without the ground's row and column."""
    a = [[0] * shards for _ in range(shards)]
    for i in range(shards):
        a[i][i] = 1
    for i, j in edges:
        a[i][i] += 1
        a[j][j] += 1
        a[i][j] = a[j][i] = -1
    return a


def factors(a):
    n = len(a)
    c, l, d = [[0] * n for _ in range(n)], [[0] * n for _ in range(n)], [0] * n
    for i in range(n):
        for j in range(i):
            c[i][j] = a[i][j] * FACTOR - sum(l[i][k] * c[j][k] for k in range(j)) // FACTOR
            l[i][j] = c[i][j] * FACTOR // d[j]
        d[i] = a[i][i] * FACTOR - sum(l[i][k] * c[i][k] for k in range(i)) // FACTOR
    return l, d


def solve(l, d, b):
    n = len(b)
    y = []
    for i in range(n):
        y.append(b[i] - sum(l[i][k] * y[k] for k in range(i)) // FACTOR)
    x = [y[i] * FACTOR // d[i] for i in range(n)]
    for i in reversed(range(n)):
        for k in range(i):
            x[k] -= l[i][k] * x[i] // FACTOR
    return x


def potentials(a, b):
    n = len(a)
    l, d = factors(a)
    p = [0] * n

    def residual():
        return [b[i] * PLANCK - sum(a[i][j] * p[j] for j in range(n)) for i in range(n)]

    for _ in range(ROUNDS):
        p = [old + step for old, step in zip(p, solve(l, d, residual()))]
    if max(abs(rest) for rest in residual()) > PLANCK // 4:
        raise Fault("Unsettled")
    return p


def exact_potentials(a, b):
    """The rational solution, by elimination in fractions."""
    n = len(a)
    rows = [[Fraction(entry) for entry in row] + [Fraction(b[i])] for i, row in enumerate(a)]
    for k in range(n):
        for i in range(k + 1, n):
            if rows[i][k]:
                factor = rows[i][k] / rows[k][k]
                rows[i] = [x - factor * y if y else x for x, y in zip(rows[i], rows[k])]
    p = [Fraction(0)] * n
    for i in reversed(range(n)):
        p[i] = (rows[i][n] - sum(rows[i][j] * p[j] for j in range(i + 1, n))) / rows[i][i]
    return p


def nearest(potential):
    size = (abs(potential) + PLANCK // 2) // PLANCK
    return -size if potential < 0 else size


def flows(shards, edges, net):
    if sum(net) != 0:
        raise Fault("NotConserved", str(sum(net)))
    b = net[:-1]
    a = laplacian(shards, edges)
    p, exact = potentials(a, b), exact_potentials(a, b)
    assert all(abs(Fraction(p[i], PLANCK) - exact[i]) <= Fraction(1, 4) for i in range(shards)), "the bound on potentials"
    along_edges, ground = [], list(b)
    for i, j in edges:
        flow = nearest(p[j] - p[i])
        assert abs(flow - (exact[j] - exact[i])) < 1, "within a planck of the exact flow"
        along_edges.append(flow)
        ground[i] += flow
        ground[j] -= flow
    into = [ground[v] + sum(f * ((j == v) - (i == v)) for (i, j), f in zip(edges, along_edges)) for v in range(shards)]
    assert into + [-sum(ground)] == net, "FLX-2"
    return along_edges, ground


# --- flux, alignment, curl ---------------------------------------------------------------------------------------------


def flux(flow, gradient, total):
    return [f * g // total if total else 0 for f, g in zip(flow, gradient)]


def scaled(vector):
    largest = max((abs(entry) for entry in vector), default=0)
    if largest == 0:
        return [0] * len(vector)
    sizes = [abs(entry) * 2**27 // largest for entry in vector]
    return [-size if entry < 0 else size for entry, size in zip(vector, sizes)]


def alignment(flow, gradient):
    u, v = scaled(flow), scaled(gradient)
    product = sum(x * y for x, y in zip(u, v))
    squares = sum(x * x for x in u) * sum(y * y for y in v)
    if squares == 0:
        return 0
    size = isqrt(product * product * ONE // squares * ONE)
    assert size <= ONE
    return -size if product < 0 else size


def curls(edges, cycles, observed):
    number = {edge: k for k, edge in enumerate(edges)}
    found = []
    for cycle in cycles:
        total = 0
        for i, j in zip(cycle, cycle[1:] + cycle[:1]):
            gradient = observed[number[min(i, j), max(i, j)]]
            if gradient is None or total is None:
                total = None
            else:
                total += gradient if i < j else -gradient
        found.append(total)
    return found


def anomalies(cycles, found, curl_max, is_breached):
    sick = {s for cycle, c in zip(cycles, found) if c is not None and abs(c) > curl_max for s in cycle}
    return sorted(sick) if is_breached else []


# --- rows --------------------------------------------------------------------------------------------------------------


def integers(values):
    return [int(value) for value in values]


def strings(values):
    return [None if value is None else str(value) for value in values]


def pairs(values):
    return [tuple(value) for value in values]


def answer(row):
    """What a row's inputs give, under the names that the row has for it."""
    kind = row["kind"]
    if kind == "topology":
        edges, cycles = topology(row["shards"], pairs(row["edges"]))
        return {"canonical": [list(edge) for edge in edges], "cycles": cycles}
    if kind == "densities":
        shards = [(int(one["chr"]), int(one["atr"]), int(one["d"])) for one in row["shards"]]
        return {"psi": strings(densities(shards))}
    if kind == "gradients":
        edges, _ = topology(row["shards"], pairs(row["edges"]))
        return {"gradients": strings(gradients(edges, integers(row["psi"])))}
    if kind == "flows":
        edges = canonical(row["shards"], pairs(row["edges"]))
        along_edges, ground = flows(row["shards"], edges, integers(row["net"]))
        return {"flows": strings(along_edges), "ground": strings(ground)}
    if kind == "flux":
        found = flux(integers(row["flows"]), integers(row["gradients"]), int(row["total"]))
        return {"flux": strings(found)}
    if kind == "alignment":
        return {"alignment": str(alignment(integers(row["flows"]), integers(row["gradients"])))}
    if kind == "curl":
        edges, cycles = topology(row["shards"], pairs(row["edges"]))
        observed = [None if value is None else int(value) for value in row["observed"]]
        found = curls(edges, cycles, observed)
        named = anomalies(cycles, found, int(row["curlMax"]), row["breached"])
        return {"curls": strings(found), "anomalies": named}
    raise ValueError(f"no kind of row: {kind}")


def answered(row):
    try:
        return answer(row)
    except Fault as fault:
        return {"fault": fault.parts}


def rows_of(path):
    is_open = not path.endswith(".md")
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if path.endswith(".md") and line.startswith("```"):
                is_open = line == "```jsonl"
            elif is_open and line:
                yield number, json.loads(line)


RESULTS = ("canonical", "cycles", "psi", "gradients", "flows", "ground", "flux", "alignment", "curls", "anomalies", "fault")
INPUTS = {"flux": ("flows", "gradients"), "alignment": ("flows", "gradients")}


def check(paths):
    counts, wrong = {}, 0
    for path in paths:
        for number, row in rows_of(path):
            inputs = INPUTS.get(row["kind"], ())
            if row["kind"] == "gradients":
                inputs = ("psi",)
            expected = {name: row[name] for name in RESULTS if name in row and name not in inputs}
            found = answered(row)
            counts[row["kind"]] = counts.get(row["kind"], 0) + 1
            if found != expected:
                wrong += 1
                print(f"{path}:{number}: {found}, not {expected}")
    for kind, count in sorted(counts.items()):
        print(f"python {kind} {count} rows")
    return wrong == 0 and bool(counts)


# --- the golden rows ---------------------------------------------------------------------------------------------------


class Random:
    """Numbers that anybody can draw again: the top 64 bits of a 128-bit linear congruence (Knuth's MMIX factor, squared)."""

    def __init__(self, seed):
        self.state = seed

    def bits(self):
        self.state = (self.state * 6364136223846793005**2 + 1442695040888963407) % U128
        return self.state >> 64

    def below(self, n):
        return ((self.bits() << 64 | self.bits()) * n) >> 128

    def signed(self, bits):
        return self.below(2 ** (bits + 1)) - 2**bits

    def shuffled(self, values):
        values = list(values)
        for i in reversed(range(1, len(values))):
            j = self.below(i + 1)
            values[i], values[j] = values[j], values[i]
        return values


def circulant(n, distances):
    found = {(min(i, (i + d) % n), max(i, (i + d) % n)) for i in range(n) for d in distances}
    return sorted(edge for edge in found if edge[0] != edge[1])


def dense(n):
    return circulant(n, (1, 2, 3, 4, 5) if n <= 32 else (1, 2, 4, 8, 16))


def some_graph(random, n):
    """A field graph of n shards: a circulant with a short way round, some edges more, names shuffled."""
    distances = (1,) if n <= 8 else (1, 2) if n <= 16 else (1, 2, 4) if n <= 30 else (1, 2, 4, 7)
    edges = circulant(n, distances)
    for _ in range(random.below(2 * n)):
        i, j = random.below(n), random.below(n)
        edge = (min(i, j), max(i, j))
        degrees = [sum(v in e for e in edges) for v in edge]
        if i != j and edge not in edges and max(degrees) < 10:
            edges.append(edge)
    names = random.shuffled(range(n))
    return [[names[i], names[j]] for i, j in random.shuffled(edges)]


def golden():
    random = Random(1618)
    rows = []
    ring = [[0, 1], [1, 2], [2, 3], [3, 4], [0, 4]]
    row = lambda kind, **inputs: rows.append({"kind": kind, **inputs})
    graph = lambda n, edges: row("topology", shards=n, edges=[list(edge) for edge in edges])

    graph(5, ring)
    graph(2, [[0, 1]])
    graph(51, circulant(51, (1, 2)))
    graph(4, ring)
    graph(5, ring + [[2, 2]])
    graph(5, ring + [[4, 0]])
    graph(6, ring)
    graph(5, ring[:4])
    graph(6, [[0, 1], [1, 2], [2, 0], [3, 4], [4, 5], [5, 3]])
    graph(12, [[0, i] for i in range(1, 12)] + [[i, i % 11 + 1] for i in range(1, 12)])
    graph(5, [[0, 2], [2, 1], [0, 3], [3, 1], [0, 4], [4, 1]])
    graph(9, circulant(9, (1,)))
    graph(8, circulant(8, (1,)))
    graph(50, circulant(50, (1, 2, 3, 4, 5)))
    for n in (3, 4, 7, 10, 11, 32, 50):
        graph(n, dense(n))
    for n in list(range(3, 8)) * 4 + [9, 12, 16, 17, 25, 33, 41, 50]:
        graph(n, some_graph(random, n))

    shard = lambda chr, atr, d: {"chr": str(chr), "atr": str(atr), "d": str(d)}
    genesis = zip((30, 25, 20, 15, 10), (50, 40, 30, 20, 10))
    row("densities", shards=[shard(chr * 10**20, atr * 10**15, 0) for chr, atr in genesis])
    row("densities", shards=[shard(0, 0, 0)] * 3)
    row("densities", shards=[shard(5, 0, 0)] * 3)
    row("densities", shards=[shard(0, 5, ONE)] * 3)
    row("densities", shards=[shard(1, 2, 0), shard(1, 3, 0), shard(0, 4, 0)])
    row("densities", shards=[shard(U128 - 1, 1, 0), shard(1, 1, 0), shard(1, 1, 0)])
    row("densities", shards=[shard(U128 // 3, 1, 0), shard(1, 1, 0), shard(1, 1, 0)])
    row("densities", shards=[shard(U128 // 3 + 1, 1, 0), shard(1, 1, 0), shard(1, 1, 0)])
    row("densities", shards=[shard(1, 1, U128 - ONE - 1), shard(1, 1, 0), shard(1, 1, 0)])
    row("densities", shards=[shard(1, 1, U128 - ONE), shard(1, 1, 0), shard(1, 1, 0)])
    for n in [3, 4, 5, 5, 5, 8, 13, 21, 34, 50] * 4:
        each = [shard(random.below(10**22), random.below(10**17), random.below(3 * ONE)) for _ in range(n)]
        if random.below(3) == 0:
            each[random.below(n)] = shard(0, 0, 0)
        row("densities", shards=each)

    for n in (3, 5, 8, 20, 50):
        psi = strings(random.below(2500 * ONE) for _ in range(n))
        row("gradients", shards=n, edges=some_graph(random, n), psi=psi)

    balanced = lambda net: strings(net + [-sum(net)])
    triangle = [[0, 1], [0, 2], [1, 2]]
    for net in ([-4, 4, 0], [0, 0, 400], [-1, 1, 0], [1, -1, 0], [-3, 3, 0], [0, 0, 0], [1, 0, 0], [-1, 0, 0]):
        row("flows", shards=3, edges=triangle, net=balanced(net))
    row("flows", shards=3, edges=triangle, net=strings([1, -1, 0, 1]))
    row("flows", shards=3, edges=triangle, net=strings([-7, 0, 0, 4]))
    row("flows", shards=5, edges=ring, net=balanced([110, 0, 0, 0, 0]))
    for n in (3, 11, 32, 50):
        most = 2**77 - 1
        row("flows", shards=n, edges=[list(e) for e in dense(n)], net=balanced([most] + [0] * (n - 2) + [-most]))
    for n in [3, 4, 5, 5, 5, 6, 7, 8, 10, 12] * 6 + [16, 20, 25, 30, 33, 40, 45, 50]:
        bits = random.below(72)
        row("flows", shards=n, edges=some_graph(random, n), net=balanced([random.signed(bits) for _ in range(n)]))

    vectors = lambda m, bits: strings(random.signed(bits) for _ in range(m))
    row("flux", flows=["1", "1", "-1", "2"], gradients=["1", "-1", "1", "2"], total="3")
    row("flux", flows=["5", "-5"], gradients=["7", "7"], total="0")
    for m in [3, 5, 5, 8, 20, 60, 250] * 4:
        row("flux", flows=vectors(m, random.below(73)), gradients=vectors(m, random.below(72)), total=str(6_180_339_887 * 10**12))

    for f, g in (([3, -6, 9], [1, -2, 3]), ([3, -6, 9], [-1, 2, -3]), ([7, 0, 0, 0], [5, 5, 5, 5]), ([1, 0], [1, 1]), ([1, 1], [1, -1]),
                 ([3, 4], [4, 3]), ([0, 0], [1, 2]), ([1, 2], [0, 0]), ([-2**127], [1]), ([2**28, 2**28 - 1], [2**28, 1 - 2**28])):
        row("alignment", flows=strings(f), gradients=strings(g))
    for m in [3, 5, 5, 8, 20, 60, 250] * 6:
        row("alignment", flows=vectors(m, random.below(74)), gradients=vectors(m, random.below(73)))

    for n in [3, 4, 5, 5, 6, 7, 8, 12, 20, 50] * 4:
        edges = some_graph(random, n)
        psi = [random.below(2500 * ONE) for _ in range(n)]
        ordered = canonical(n, pairs(edges))
        observed = gradients(ordered, psi)
        for _ in range(random.below(3)):
            observed[random.below(len(observed))] += random.signed(62)
        for _ in range(random.below(3)):
            observed[random.below(len(observed))] = None
        curl_max, is_breached = str(ONE // 100), random.below(3) > 0
        row("curl", shards=n, edges=edges, observed=strings(observed), curlMax=curl_max, breached=is_breached)
    return [{**one, **answered(one)} for one in rows]


def main(arguments):
    if arguments == ["--write"]:
        for row in golden():
            print(json.dumps(row, separators=(",", ":")))
        return 0
    if not arguments or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 2
    return 0 if check(arguments) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
