#!/usr/bin/env python3
"""The attunement in Python integers, written from docs/protocol/attunement.md and not from the Rust.

Usage: attunement.py FILE           recomputes every case of a golden file
       attunement.py --write FILE   makes the golden file anew: the cases are made here, from a fixed seed
"""
import json
import pathlib
import sys
from math import isqrt

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "math" / "independent"))
import qc_math  # noqa: E402

S = 10**18
WEIGHTS = {4: [3 * S // 10, 3 * S // 10, 2 * S // 10, 2 * S // 10], 2: [6 * S // 10, 4 * S // 10]}
DEFAULTS = {
    "kappa": 8 * S // 100,
    "tauEpochs": 50,
    "gamma": S // 10,
    "alphaMin": 8 * S // 10,
    "alphaMax": 12 * S // 10,
    "alphaStep": S // 50,
    "recalibrationEpochs": 10,
    "exponentMax": 10 * S,
    "psiSlash": 7 * S // 10,
    "coherenceDeficit": 85 * S // 100,
    "psiMinHistoryDays": 7,
    "fallEpochs": 15,
    "slashFraction": S // 20,
    "forgivenEpochs": 10,
    "stakeMin": 10**15,
    "entryStakeShare": S // 4,
    "newcomerSeatsShare": S // 10,
    "validatorsMin": 4,
    "validatorsMax": 100,
    "boostGain": S // 20,
    "boostEpochs": 50,
    "boostPsy": 10**15,
    "boostRecalibrationMin": S // 10,
    "epsSync": S // 500,
}


def up(a, b):
    return -(-a // b)


def mul(a, b):
    return a * b // S


def lower_median(values):
    return sorted(values)[(len(values) - 1) // 2]


# Features


def slots(sym, barred, assigned, authored):
    if assigned - authored > 0 and barred == 0:
        forgiven, barred = 1, sym["forgivenEpochs"] - 1
    else:
        forgiven, barred = 0, max(0, barred - 1)
    return [None if assigned == 0 else (authored + forgiven) * S // assigned, barred]


def conformity(sym, report, star):
    if star is None:
        return None
    if report is None or abs(report - star) >= sym["epsSync"]:
        return 0
    return S - up(abs(report - star) * S, sym["epsSync"])


def harmony(d):
    return S * S // (S + d)


# Phases: [omega, integral, was due]


def known(phases):
    due = [k for k, phase in enumerate(phases) if phase[2]]
    return due or range(len(phases))


def psi(phases):
    weights = WEIGHTS[len(phases)]
    ks = known(phases)
    return sum(weights[k] * phases[k][0] for k in ks) // sum(weights[k] for k in ks)


def step(sym, phases, features):
    before, after = psi(phases), []
    for (omega, integral, was_due), f in zip(phases, features):
        if f is not None:
            start = omega if was_due else before
            omega = (start * (S - sym["kappa"]) + f * sym["kappa"]) // S
            integral = integral * (sym["tauEpochs"] - 1) // sym["tauEpochs"] + omega
            was_due = True
        after.append([omega, integral, was_due])
    return after


# Coherence


def unit_vector(vector):
    q = sum(x * x for x in vector)
    if q == 0:
        return [0] * len(vector)
    r = isqrt(q * S)
    r += r * r < q * S
    return [x * 10**27 // r for x in vector]


def resonance(vectors):
    n = len(vectors)
    if n < 2:
        return n * S
    units = [unit_vector(vector) for vector in vectors]
    total = sum(sum(column) ** 2 for column in zip(*units))
    own = sum(x * x for unit in units for x in unit)
    return (total - own) // (n * (n - 1) * S)


def entropy(psis):
    n, total = len(psis), sum(psis)
    if n < 2:
        return n * S
    if total == 0:
        return 0
    e = sum(p * qc_math.ln(total * S // p) for p in psis if p) // total
    return e * S // qc_math.ln(n * S)


def close(sym, memory, validators):
    closed = []
    for v in validators:
        phases = step(sym, v["phases"], v["features"])
        closed.append({"phases": phases, "psi": psi(phases)})
    counted = [i for i, v in enumerate(validators) if not v["grace"]] or list(range(len(validators)))
    vectors, psis, stakes = [], [], []
    for i in counted:
        own = closed[i]["psi"]
        vectors.append([omega if due else own for omega, _, due in closed[i]["phases"]])
        psis.append(own)
        stakes.append(validators[i]["stake"])
    stake = sum(stakes)
    mean = sum(s * p for s, p in zip(stakes, psis)) // stake if stake else 0
    r = resonance(vectors)
    core = mul(r, mean)
    caf = S + mul(sym["gamma"], memory)
    return {
        "validators": closed,
        "resonance": r,
        "core": core,
        "caf": caf,
        "coherence": min(S, mul(core, caf)),
        "entropy": entropy(psis),
    }


# Gain


def multipliers(sym, alpha, coherence, vectors):
    lam = alpha * coherence * 618033988749894848 // S**2
    means = []
    for phases in vectors:
        ks = known(phases)
        means.append(sum(phases[k][0] for k in ks) // len(ks))
    middle = lower_median(means)
    bound = sym["exponentMax"]
    values = [qc_math.exp(min(bound, max(-bound, lam * (mean - middle) // S))) for mean in means]
    return [lam, means, values]


def recalibrate(sym, state, coherence, mean_boost):
    state = dict(state, elapsed=state["elapsed"] + 1)
    interval = sym["recalibrationEpochs"]
    if coherence < sym["coherenceDeficit"] and mean_boost >= sym["boostRecalibrationMin"]:
        interval = up(interval, 2)
    if state["elapsed"] < interval:
        return state
    alpha, rising = state["alpha"], state["rising"]
    if state["trial"] is not None and coherence < state["trial"][1]:
        alpha, rising = state["trial"][0], not rising
    start = alpha
    for _ in range(2):
        moved = start + (sym["alphaStep"] if rising else -sym["alphaStep"])
        if sym["alphaMin"] <= moved <= sym["alphaMax"]:
            alpha = moved
            break
        if _ == 0:
            rising = not rising
    return {"alpha": alpha, "trial": [start, coherence], "rising": rising, "elapsed": 0}


def boost(sym, level, ends, epoch, burnt):
    left = max(0, ends - epoch)
    level = min(S, level * left // sym["boostEpochs"] + burnt * S // sym["boostPsy"])
    return [level, epoch + sym["boostEpochs"]]


def effective(sym, psi_raw, level):
    return min(S, psi_raw + mul(sym["boostGain"], level))


# History


def history_mean(sym, start, enrolled, records, today):
    days = {}
    for day, value in records:
        days.setdefault(day, []).append(value)
    buckets = {day: sum(values) // len(values) // 10**9 for day, values in days.items()}
    credited = 0
    if start is not None:
        credited = min(sym["psiMinHistoryDays"], 89)
        for back in range(1, credited + 1):
            buckets[enrolled - back] = start // 10**9
    total = sum(bucket for day, bucket in buckets.items() if today - 90 < day <= today)
    lived = today - enrolled + 1 + credited
    return 10**9 * total // max(sym["psiMinHistoryDays"], min(90, lived))


# Falls


def conduct(sym, set_size, table):
    """table[e][v]: null (not in the set), "grace", or [psi before, psi after]. Gives [slash, remove, dropped] of each."""
    f = sym["fallEpochs"]
    count = len(table[0])
    falls, crossings, running = [set() for _ in range(count)], [set() for _ in range(count)], [0] * count
    verdicts = []
    for e, row in enumerate(table):
        for v, seen in enumerate(row):
            if not isinstance(seen, list) or seen[1] >= sym["psiSlash"]:
                running[v] = 0
                continue
            if running[v] == 0:
                falls[v].add(e)
                if seen[0] >= sym["psiSlash"]:
                    crossings[v].add(e)
            running[v] += 1
        fell = sum(any(e - 2 * f <= at <= e for at in one) for one in falls)
        outage = 3 * fell > set_size
        verdicts.append([])
        for v in range(count):
            slash, remove = e - f in crossings[v], running[v] > f
            verdicts[e].append([slash and not outage, remove and not outage, (slash or remove) and outage])
    return verdicts


# The set. A candidate: [stake, psi_eff, newcomer, sits, claim]


URGENCY = ["seat", "leave", "remove", "bar"]


def entry_stake(sym, candidates, established):
    stakes = [c[0] for c, e in zip(candidates, established) if c[3] and e]
    if not stakes:
        return sym["stakeMin"]
    return max(sym["stakeMin"], up(sym["entryStakeShare"] * lower_median(stakes), S))


def choose(sym, candidates):
    founding = not any(c[3] and not c[2] for c in candidates)
    established = [not c[2] or (founding and c[3]) for c in candidates]
    entry = entry_stake(sym, candidates, established)
    order = range(len(candidates))
    score = [mul(c[0], c[1]) if e else c[0] for c, e in zip(candidates, established)]
    ranked = sorted((i for i in order if candidates[i][4] == "seat" and candidates[i][0] >= entry),
                    key=lambda i: (-score[i], i))
    old, new = [i for i in ranked if established[i]], [i for i in ranked if not established[i]]
    seats = sym["validatorsMax"]
    most = min(len(new), seats, max(seats - len(old), up(sym["newcomerSeatsShare"] * seats, S)))
    k = max(k for k in range(most + 1) if k == 0 or 3 * k < min(len(old), seats - k) + k)
    old, new = old[: seats - k], new[:k]
    if not old and not new:
        return [entry, []]
    sitting = [i for i in order if candidates[i][3]]
    going = sorted((i for i in sitting if i not in old and i not in new),
                   key=lambda i: (-URGENCY.index(candidates[i][4]), score[i], -i))
    limit = (len(sitting) - 1) // 3 if sitting else 0
    least = max(1, min(len(sitting), sym["validatorsMin"]))

    def few(chosen):
        newcomers = sum(not established[i] for i in chosen)
        return newcomers == 0 or 3 * newcomers < len(chosen)

    def seat(chosen, wanted, must_be_few):
        for i in wanted:
            if i in chosen or len(chosen) >= seats:
                continue
            newcomers = sum(not established[j] for j in chosen)
            if not must_be_few or 3 * (newcomers + 1) < len(chosen) + 1:
                chosen.add(i)

    for r in range(min(limit, len(going)), -1, -1):
        chosen = set(sitting) - set(going[:r])
        seat(chosen, old, False)
        lost = r
        for i in going[r:] + new[::-1]:
            if few(chosen) or lost == limit:
                break
            if not established[i] and i in chosen:
                chosen.remove(i)
                lost += 1
        if not few(chosen):
            continue
        if lost == r:
            seat(chosen, new, True)
        if len(chosen) >= least:
            return [entry, sorted(chosen)]
    chosen = set(sitting)
    seat(chosen, old, False)
    return [entry, sorted(chosen)]


# The golden file: one case a line; numbers are decimal strings, so that every language reads them whole.


def compute(case):
    sym = dict(DEFAULTS, **case["symbols"])
    of, i = case["of"], case["in"]
    if of == "close":
        return close(sym, i["memory"], i["validators"])
    if of == "participant":
        after = step(sym, i["phases"], i["features"])
        return {"phases": after, "psi": psi(after)}
    if of == "slots":
        return slots(sym, i["barred"], i["assigned"], i["authored"])
    if of == "conformity":
        return conformity(sym, i["report"], i["star"])
    if of == "harmony":
        return harmony(i["dissonance"])
    if of == "multipliers":
        return multipliers(sym, i["alpha"], i["coherence"], i["validators"])
    if of == "recalibrate":
        states, state = [], i["state"]
        for coherence, mean_boost in i["epochs"]:
            state = recalibrate(sym, state, coherence, mean_boost)
            states.append(state)
        return states
    if of == "boost":
        level, ends = boost(sym, i["level"], i["ends"], i["epoch"], i["burnt"])
        return [level, ends, effective(sym, i["psi"], level)]
    if of == "history":
        return [
            history_mean(sym, i["start"], i["enrolled"], [r for r in i["records"] if r[0] <= day], day)
            for day in i["days"]
        ]
    if of == "conduct":
        return conduct(sym, i["size"], i["table"])
    if of == "slash":
        return up(i["stake"] * sym["slashFraction"], S)
    if of == "set":
        return choose(sym, i["candidates"])
    raise ValueError(of)


def texts(value):
    """Numbers as decimal strings, all through."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, dict):
        return {key: texts(one) for key, one in value.items()}
    return [texts(one) for one in value]


def numbers(value):
    """Decimal strings as numbers, all through."""
    if isinstance(value, str) and value.lstrip("-").isdigit():
        return int(value)
    if isinstance(value, dict):
        return {key: numbers(one) for key, one in value.items()}
    if isinstance(value, list):
        return [numbers(one) for one in value]
    return value


def main():
    arguments = sys.argv[1:]
    if arguments[:1] == ["--write"] and len(arguments) == 2:
        import cases

        with open(arguments[1], "w") as file:
            for of, symbols, given in cases.all_cases():
                case = {"of": of, "symbols": symbols, "in": given}
                case["out"] = compute(case)
                file.write(json.dumps(texts(case), separators=(",", ":")) + "\n")
        return 0
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    counts, wrong = {}, 0
    for at, line in enumerate(open(arguments[0]), 1):
        case = json.loads(line)
        of, expected = case["of"], case["out"]
        got = texts(compute(numbers(case)))
        counts[of] = counts.get(of, 0) + 1
        if got != expected:
            wrong += 1
            print(f"line {at}: {of}: {got}, not {expected}")
    for of, count in counts.items():
        print(f"python {of}: {count} cases")
    return 1 if wrong or not counts else 0


if __name__ == "__main__":
    sys.exit(main())
