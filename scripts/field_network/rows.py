"""The file of a run: a line of JSON for each epoch, and for each event in between."""

import json

S = 10**18
WITHIN = 50
TARGETS = (
    ("Ĉ ≥ 0.97", "coherence", lambda value: value >= 97 * S // 100),
    ("entropy rate ≤ 0.002", "entropy_rate", lambda value: value <= S // 500),
    ("H ≥ 0.98", "entropy", lambda value: value >= 98 * S // 100),
)


def load(path):
    """The rows of epochs and the events; an event has the epoch that was running as `epoch`."""
    rows, events = [], []
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            one = json.loads(line)
            if "event" in one:
                events.append(one | {"epoch": rows[-1]["epoch"] + 1 if rows else 0})
            else:
                rows.append(one)
    return rows, events


def held(row):
    return all(good(row["outcome"][key]) for _, key, good in TARGETS)


def fixed(value, digits=6):
    """A number of units of 10⁻¹⁸ with so many digits, cut and not rounded."""
    return f"{value // S}.{value % S:018d}"[: 2 + digits]
