"""The cases of the golden file: edges by hand, the others from a fixed seed. Inputs only."""
import random

S = 10**18


def unit(rng):
    return rng.choice([0, 1, S, S - 1, rng.randrange(S), rng.randrange(101) * S // 100, rng.randrange(S) >> rng.randrange(60)])


def phase(rng):
    return [unit(rng), rng.randrange(50 * S), rng.random() < 0.7]


def validator(rng):
    return {
        "phases": [phase(rng) for _ in range(4)],
        "features": [None if rng.random() < 0.2 else unit(rng) for _ in range(4)],
        "stake": rng.choice([0, rng.randrange(10**18), rng.randrange(10**24)]),
        "grace": rng.random() < 0.3,
    }


def plain(omegas, stake, grace=False):
    return {
        "phases": [[omega, 0, True] for omega in omegas],
        "features": [None] * 4,
        "stake": stake,
        "grace": grace,
    }


def worked():
    """The examples of the chapter, in its order."""
    tenth = S // 10
    yield "close", {}, {
        "memory": 0,
        "validators": [
            {
                "phases": [[9 * tenth, 10 * S, True], [0, 0, False], [0, 0, False], [8 * tenth, 10 * S, True]],
                "features": [36 * S // 37, None, 3 * S // 4, S],
                "stake": 1,
                "grace": False,
            }
        ],
    }
    yield "close", {}, {
        "memory": 0,
        "validators": [
            plain([S] * 4, 50_000 * 10**12),
            plain([9 * tenth, 8 * tenth, 9 * tenth, S], 30_000 * 10**12),
            plain([5 * tenth, 5 * tenth, 0, S], 20_000 * 10**12),
        ],
    }
    means = [[[x, 0, True]] * 4 for x in (S, 3 * S // 4, S // 2)]
    yield "multipliers", {}, {"alpha": 12 * tenth, "coherence": 9 * tenth, "validators": means}
    yield "history", {}, {
        "start": None,
        "enrolled": 100,
        "records": [[100, 9 * tenth], [100, 8 * tenth], [102, S]],
        "days": [102, 109],
    }


def all_cases():
    rng = random.Random("attunement/1")
    yield from worked()
    yield from closings(rng)
    yield from single_steps(rng)
    yield from gains(rng)
    yield from histories(rng)
    yield from falls(rng)
    yield from sets(rng)


def closings(rng):
    for validators in [[], [plain([0] * 4, 0)], [plain([0] * 4, 5)] * 3, [plain([S] * 4, 0)] * 2]:
        yield "close", {}, {"memory": 0, "validators": validators}
    yield "close", {}, {"memory": 0, "validators": [plain([S, 0, 0, 0], 1), plain([0, S, 0, 0], 1)]}
    yield "close", {}, {"memory": S, "validators": [plain([S] * 4, 7, True)] * 4}
    for size in [1, 2, 2, 3, 3, 4, 4, 5, 7, 10, 30, 100]:
        symbols = rng.choice([{}, {"kappa": rng.randrange(68 * S // 1000, S // 2), "tauEpochs": rng.randrange(2, 1000)}])
        yield "close", symbols, {"memory": rng.choice([0, unit(rng)]), "validators": [validator(rng) for _ in range(size)]}
    for _ in range(40):
        size = rng.randrange(1, 6)
        yield "close", {}, {"memory": 0, "validators": [validator(rng) for _ in range(size)]}


def single_steps(rng):
    for _ in range(20):
        yield "participant", {}, {
            "phases": [phase(rng) for _ in range(2)],
            "features": [rng.choice([None, unit(rng)]) for _ in range(2)],
        }
    for barred, assigned, missed in [(0, 0, 0), (0, 1, 1), (5, 37, 1), (0, 37, 3), (1, 37, 3), (1, 37, 0)]:
        yield "slots", {}, {"barred": barred, "assigned": assigned, "authored": assigned - missed}
    star = 97 * S // 100
    for report in [None, star, star + 1, star - 1, star + S // 500, star - S // 500, star + S // 500 - 1, 0, 96_9123456789 * 10**8]:
        yield "conformity", {}, {"report": report, "star": star}
    yield "conformity", {}, {"report": star, "star": None}
    yield "conformity", {"epsSync": 7}, {"report": star, "star": star + 3}
    for dissonance in [0, 1, S, 3 * S // 7, 10**30]:
        yield "harmony", {}, {"dissonance": dissonance}
    for stake in [0, 1, 19, 20, 21, 25_000 * 10**12 + 1]:
        yield "slash", {}, {"stake": stake}


def gains(rng):
    for size in [1, 2, 3, 4, 10]:
        yield "multipliers", {}, {
            "alpha": rng.randrange(8 * S // 10, 12 * S // 10),
            "coherence": unit(rng),
            "validators": [[phase(rng) for _ in range(4)] for _ in range(size)],
        }
    start = {"alpha": S, "trial": None, "rising": True, "elapsed": 0}
    for _ in range(6):
        epochs = [[rng.choice([S // 2, unit(rng)]), rng.choice([0, S // 10, unit(rng)])] for _ in range(60)]
        yield "recalibrate", {"recalibrationEpochs": rng.choice([10, 3, 2])}, {"state": start, "epochs": epochs}
    # Ĉ stands still: up to the bound and back.
    yield "recalibrate", {"recalibrationEpochs": 1}, {"state": start, "epochs": [[S // 2, 0]] * 45}
    yield "recalibrate", {"recalibrationEpochs": 1, "alphaStep": 3 * S // 10, "alphaMin": S, "alphaMax": 13 * S // 10}, {
        "state": dict(start, alpha=115 * S // 100),
        "epochs": [[S // 2, 0]] * 3,
    }
    for _ in range(20):
        epoch = rng.randrange(1000)
        yield "boost", {}, {
            "level": unit(rng),
            "ends": epoch + rng.randrange(-20, 51),
            "epoch": epoch,
            "burnt": rng.choice([0, rng.randrange(10**15), 3 * 10**15]),
            "psi": unit(rng),
        }


def histories(rng):
    for _ in range(12):
        enrolled = rng.randrange(300)
        day, records = enrolled, []
        for _ in range(rng.randrange(120)):
            day += max(0, rng.randrange(-6, 4)) if rng.random() < 0.97 else rng.randrange(100)
            records.append([day, unit(rng)])
        days = [day, day + 1, day + rng.randrange(120)]
        yield "history", {}, {"start": rng.choice([None, unit(rng)]), "enrolled": enrolled, "records": records, "days": days}


def falls(rng):
    for size in [1, 3, 4, 6, 9]:
        table, psis = [], [9 * S // 10] * size
        low = [0] * size
        for _ in range(60):
            row = []
            for v in range(size):
                low[v] = max(0, low[v] - 1)
                if rng.random() < 0.02:
                    low[v] = rng.choice([1, 3, 25])
                after = rng.randrange(4 * S // 10, 7 * S // 10) if low[v] else rng.choice([7 * S // 10, 9 * S // 10])
                seen = rng.random()
                row.append(None if seen < 0.05 else "grace" if seen < 0.08 else [psis[v], after])
                psis[v] = after
            table.append(row)
        yield "conduct", rng.choice([{}, {"fallEpochs": 4}]), {"size": size, "table": table}


def sets(rng):
    whole = 10**12
    for _ in range(80):
        candidates = []
        for _ in range(rng.choice([0, 1, 4, 5, 8, 12, 20, 40])):
            candidates.append([
                rng.choice([rng.randrange(500, 2_000), rng.randrange(500, 100_000), 10_000]) * whole,
                unit(rng),
                rng.random() < 0.4,
                rng.random() < 0.6,
                rng.choice(["seat"] * 6 + ["leave", "remove", "bar"]),
            ])
        most = rng.choice([1, 3, 6, 10, 20, 100])
        yield "set", {"validatorsMax": most, "validatorsMin": rng.choice([1, min(4, most)])}, {"candidates": candidates}
