#!/usr/bin/env python3
"""What validators' reports come to, in Python integers, written from docs/protocol/sync.md and not from the Rust.

Usage: python3 sync.py check GOLDEN       judges every case of the file and compares
       python3 sync.py generate           writes the golden file to standard output, always the same

Numbers in units of 10^-18 are decimal strings in the file, since they do not fit what JSON readers take for numbers.
"""
import json
import sys

ONE = 10**18
U128_MAX = 2**128 - 1
OBSERVED_MAX = 2**127 // 16 - 1


def lower_median(values):
    return sorted(values)[(len(values) - 1) // 2]


def neighbourhood(home, edges):
    joined = {home}
    for low, high in edges:
        if low == home:
            joined.add(high)
        if high == home:
            joined.add(low)
    return sorted(joined)


def conformity(report, star, epsilon):
    if report is None or report == "void":
        return 0
    distance = abs(report["coherence"] - star)
    if distance >= epsilon:
        return 0
    return ONE - -(-distance * ONE // epsilon)


def most_frequent(values):
    return max((values.count(value) for value in values), default=0)


def judge(case):
    epsilon, delta = case["epsSync"], case["deltaMax"]
    reporters, truth = case["reporters"], case["truth"]
    n = len(reporters)
    valid = [(one["shard"], one["report"]) for one in reporters if isinstance(one["report"], dict)]
    coherences = sorted(report["coherence"] for _, report in valid)
    came = len(valid)
    star = lower_median(coherences) if 3 * came > 2 * n else None
    trimmed = None
    if star is not None:
        kept = coherences[n // 3 : came - n // 3]
        trimmed = (kept[0], kept[-1])

    def far(value, origin):
        return origin is not None and abs(value - origin) > epsilon

    def lies(report):
        own = truth["densities"]
        return [(shard, psi) for shard, psi in report["densities"] if shard < len(own) and own[shard] != psi]

    def code_differs(report):
        return truth["code"] is not None and report["code"] != truth["code"]

    def deviates(report):
        return (
            far(report["coherence"], star)
            or far(report["coherence"], truth["coherence"])
            or bool(lies(report))
            or code_differs(report)
        )

    deviating = [report for _, report in valid if deviates(report)]
    breach = None
    if 3 * len(deviating) > n:
        others = [
            report["coherence"]
            for report in deviating
            if (far(report["coherence"], star) or far(report["coherence"], truth["coherence"]))
            and report["coherence"] != truth["coherence"]
        ]
        codes = [report["code"] for report in deviating if code_differs(report)]
        densities = [lie for report in deviating for lie in lies(report)]
        agree = max(most_frequent(others), most_frequent(codes), most_frequent(densities))
        breach = "ChainInDoubt" if 3 * agree > n else "Scattered"

    def judged(one):
        report = one["report"]
        is_report = isinstance(report, dict)
        punishable = breach is None
        struck = punishable and star is not None and (report == "void" or (is_report and far(report["coherence"], star)))
        tampered = punishable and is_report and (bool(lies(report)) or code_differs(report))
        return (None if star is None else conformity(report, star, epsilon), struck, tampered)

    spread_shards = set()
    if trimmed is not None and trimmed[1] - trimmed[0] > delta:
        for shard, report in valid:
            value = report["coherence"]
            if trimmed[0] <= value <= trimmed[1] and 2 * abs(value - star) > delta and shard is not None:
                spread_shards.add(shard)
    medians = []
    for shard in range(case["shards"]):
        values = [report["coherence"] for home, report in valid if home == shard]
        medians.append(lower_median(values) if values else None)
    judgements = [judged(one) for one in reporters]
    return {
        "came": came,
        "void": sum(1 for one in reporters if one["report"] == "void"),
        "consensus": star,
        "trimmed": trimmed and list(trimmed),
        "deviating": len(deviating),
        "breach": breach,
        "spreadShards": sorted(spread_shards),
        "shardMedians": medians,
        "conformity": [one[0] for one in judgements],
        "struck": [one[1] for one in judgements],
        "tampered": [one[2] for one in judgements],
        "gradients": [gradient(edge, valid, case["observersMin"]) for edge in case["edges"]],
    }


def gradient(edge, valid, observers_min):
    low, high = edge
    seen = []
    for home, report in valid:
        psi = dict(map(tuple, report["densities"]))
        if home in (low, high) and low in psi and high in psi and max(psi[low], psi[high]) <= OBSERVED_MAX:
            seen.append(psi[high] - psi[low])
    return lower_median(seen) if len(seen) >= observers_min else None


def payload(report):
    """SCALE of a report: what is signed after the genesis hash."""
    out = report["version"].to_bytes(2, "little") + report["epoch"].to_bytes(4, "little")
    out += report["coherence"].to_bytes(16, "little")
    out += bytes([len(report["densities"]) << 2])
    for shard, psi in report["densities"]:
        out += bytes([shard]) + psi.to_bytes(16, "little")
    return (out + bytes([report["boundary"]]) * 32 + bytes([report["code"]]) * 32).hex()


def in_window(window, struck, now):
    return now - struck < window


# Reading and writing.

BIG = {"epsSync", "deltaMax", "coherence", "consensus", "trimmed", "shardMedians", "conformity", "gradients"}


def pack(value, key=""):
    if isinstance(value, dict):
        return {name: pack(inner, name) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        if key == "densities":
            return [[one[0], str(one[1])] if isinstance(one, (list, tuple)) else str(one) for one in value]
        return [pack(inner, key) for inner in value]
    return str(value) if key in BIG and value is not None else value


def unpack(value, key=""):
    if isinstance(value, dict):
        return {name: unpack(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        if key == "densities":
            return [[one[0], int(one[1])] if isinstance(one, list) else int(one) for one in value]
        return [unpack(inner, key) for inner in value]
    return int(value) if key in BIG and isinstance(value, str) else value


# Making cases.


class Draw:
    """Numbers that are the same everywhere (Knuth's MMIX generator)."""

    def __init__(self, seed):
        self.state = seed

    def below(self, bound):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 24) % bound

    def of(self, values):
        return values[self.below(len(values))]


def coherence(draw, own, epsilon, kind):
    edges = [own, own + epsilon, own + epsilon + 1, max(own - epsilon - 1, 0), own + epsilon // 2]
    if kind == "lie":
        return draw.of(edges + [0, U128_MAX, ONE, draw.below(ONE), own + 2 * epsilon, own + 3 * epsilon])
    return own + draw.below(epsilon // 2) if kind == "jitter" else own


def made(draw, number):
    shards = 3 + draw.below(6)
    edges = [[i, i + 1] for i in range(shards - 1)] + [[0, shards - 1]]
    if shards > 4 and draw.below(2):
        edges.append([0, 2])
    edges.sort()
    epsilon = draw.of([2 * 10**15, 3 * 10**15, 7, 10**16])
    own = 97 * 10**16
    truth = {
        "coherence": draw.of([own, own, own, None, own - 5 * epsilon]),
        "densities": draw.of([[draw.below(4 * ONE) for _ in range(shards)]] * 4 + [[]]),
        "code": draw.of([192, 192, 192, None]),
    }
    psi = truth["densities"] or [ONE] * shards
    n = draw.of([0, 1, 2, 3, 4, 5, 6, 7, 9, 12, 13, 18])
    lying = draw.of([0, 1, n // 3, n // 3 + 1, n // 2])
    together = draw.below(3) == 0
    away = draw.of([0, 0, 1, n // 3])
    shared = coherence(draw, own, epsilon, "lie")
    reporters = []
    for at in range(n):
        home = draw.of([at % shards] * 9 + [None])
        around = neighbourhood(home, edges) if home is not None else []
        report = {
            "coherence": coherence(draw, own, epsilon, draw.of(["true", "true", "jitter"])),
            "densities": [[shard, psi[shard]] for shard in around],
            "code": 192,
        }
        if at < lying:
            kind = "coherence" if together else draw.of(["coherence", "density", "code", "void", "huge"])
            if kind == "coherence":
                report["coherence"] = shared if together else coherence(draw, own, epsilon, "lie")
            elif kind == "code":
                report["code"] = draw.below(190)
            elif kind == "void":
                report = "void"
            elif around:
                lie = U128_MAX - draw.below(9) if kind == "huge" else draw.of([5 * ONE, draw.below(9 * ONE)])
                report["densities"][draw.below(len(around))][1] = lie
        elif at >= n - away:
            report = None
        reporters.append({"shard": home, "report": report})
    return {
        "name": f"drawn {number}",
        "epsSync": epsilon,
        "deltaMax": epsilon * 5 // 2,
        "observersMin": draw.of([1, 2, 4]),
        "shards": shards,
        "edges": edges,
        "truth": truth,
        "reporters": reporters,
    }


def generate():
    draw = Draw(1618)
    cases = []
    for number in range(240):
        case = made(draw, number)
        cases.append(json.dumps(pack({**case, "verdict": judge(case)}), separators=(",", ":")))
    payloads = []
    for count in (0, 1, 3, 11):
        report = {
            "version": 1 + count,
            "epoch": draw.below(2**32),
            "coherence": draw.of([U128_MAX, draw.below(ONE)]),
            "densities": [[shard, draw.below(9 * ONE)] for shard in range(count)],
            "boundary": draw.below(256),
            "code": draw.below(256),
        }
        payloads.append(json.dumps({**pack(report), "payload": payload(report)}, separators=(",", ":")))
    windows = [[w, s, t, in_window(w, s, t)] for w in (1, 10, 32) for s in (0, 5) for t in (5, 6, 9, 10, 14, 15, 31, 32, 36, 37)]
    print('{"cases":[\n' + ",\n".join(cases) + '\n],\n"payloads":[\n' + ",\n".join(payloads))
    print('],\n"windows":' + json.dumps(windows, separators=(",", ":")) + "}")


def check(path):
    with open(path, encoding="utf-8") as file:
        golden = json.load(file)
    wrong = []
    for packed in golden["cases"]:
        if pack(judge(unpack(packed))) != packed["verdict"]:
            wrong.append(packed["name"])
    for packed in golden["payloads"]:
        if payload(unpack(packed)) != packed["payload"]:
            wrong.append(packed["payload"])
    wrong += [f"window {row}" for row in golden["windows"] if in_window(*row[:3]) != row[3]]
    for name in wrong:
        print(f"python: wrong: {name}")
    print(f"python: {len(golden['cases'])} cases, {len(golden['payloads'])} payloads, {len(wrong)} wrong")
    return 1 if wrong or len(golden["cases"]) < 200 else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["generate"]:
        generate()
    elif len(sys.argv) == 3 and sys.argv[1] == "check":
        sys.exit(check(sys.argv[2]))
    else:
        sys.exit(__doc__)
