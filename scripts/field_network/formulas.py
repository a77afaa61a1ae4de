"""An epoch computed again by the independent programs of primitives/harmonics, and held against what the chain says."""

import importlib.util
import pathlib

from chain import NAMES

HARMONICS = pathlib.Path(__file__).resolve().parents[2] / "primitives" / "harmonics" / "independent"
S = 10**18


def independent(name):
    path = HARMONICS / name / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"independent_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


attunement, field = independent("attunement"), independent("field")

def compare(wrong, what, told, computed):
    if told != computed:
        wrong.append(f"{what} is {told}, not {computed}")


def check(row, before, recalibration):
    """Everything of an epoch that is not the formula's, and the recalibration after it.

    `before` is the row of the epoch before, or None; `recalibration` the state of α before this epoch, or None if unknown.
    """
    wrong, sym, told = [], dict(attunement.DEFAULTS, **row["symbols"]), row["outcome"]
    if told is None:
        return [f"AttunementApi_outcomes does not have epoch {row['epoch']}"], None
    closed = attunement.close(sym, 0, row["inputs"])
    for name in ("resonance", "core", "caf", "coherence", "entropy"):
        compare(wrong, name, told[name], closed[name])
    compare(wrong, "validators", told["validators"], len(row["inputs"]))
    if before is not None or row["epoch"] == 0:
        rate = abs(closed["entropy"] - before["outcome"]["entropy"]) if before else 0
        compare(wrong, "entropy rate", told["entropy_rate"], rate)
    lam, _, multipliers = attunement.multipliers(
        sym, told["alpha"], closed["coherence"], [one["phases"] for one in closed["validators"]])
    compare(wrong, "lambda", told["lambda"], lam)
    compare(wrong, "the set", [one[0] for one in row["validators"]], [one["who"] for one in row["inputs"]])
    left = before["views"] if before else {}
    for given, after, shown, multiplier in zip(row["inputs"], closed["validators"], row["validators"], multipliers):
        who = NAMES.get(given["who"], given["who"])
        compare(wrong, f"Ψ of {who}", shown[1], after["psi"])
        compare(wrong, f"m of {who}", shown[3], multiplier)
        seen = row["views"].get(given["who"])
        if seen is None:
            wrong.append(f"{who} is in the set and no candidate")
            continue
        compare(wrong, f"Ψ in the record of {who}", seen["psi"], after["psi"])
        compare(wrong, f"the phases of {who}", seen["phases"], after["phases"])
        if left.get(given["who"]):
            compare(wrong, f"the phases from which {who} went", given["phases"], left[given["who"]]["phases"])
    shards = row["field_inputs"]["shards"]
    compare(wrong, "the epoch of the field's inputs", row["field_inputs"]["epoch"], row["epoch"])
    psi = field.densities([(chr_, atr, d) for chr_, atr, _, d in shards])
    compare(wrong, "ψ", row["field"] and row["field"]["densities"], psi)
    if recalibration is not None:
        compare(wrong, "α", told["alpha"], recalibration["alpha"])
        recalibration = attunement.recalibrate(sym, recalibration, closed["coherence"], 0)
    if row["sync"] is not None and before is not None:
        compare(wrong, "Ĉ that ΨSync compared with", row["sync"]["own"], before["outcome"]["coherence"])
    return wrong, recalibration


class Checker:
    """Checks epochs one after the other."""

    def __init__(self):
        self.before, self.recalibration = None, None

    def add(self, row):
        """Adds to a row, under `wrong`, what is not the formula's."""
        if row["epoch"] == 0:
            self.recalibration = {"alpha": S, "trial": None, "rising": True, "elapsed": 0}
        row["wrong"], self.recalibration = check(row, self.before, self.recalibration)
        self.before = row


def recheck(rows):
    """Checks all rows, and gives the checker for what follows them."""
    checker = Checker()
    for row in rows:
        checker.add(row)
    return checker
