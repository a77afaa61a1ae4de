#!/usr/bin/env python3
"""What the end of an epoch weighs at its worst, by the measured weights. Used by epoch-weight.sh; see there.

    epoch_weight.py --weights FOLDER --epoch FILE --out FOLDER --day DATE [--fact TEXT]...
"""

import argparse
import pathlib
import re
import sys

sys.dont_write_bytecode = True
from svg_plot import line_chart  # noqa: E402

MILLI = 10**9  # picoseconds
BLOCK = 2_000 * MILLI
SHARE = 0.05
# ParityDbWeight, picoseconds.
READ, WRITE = 8_000_000, 50_000_000
# Participants of one page: PAGE_PLACES in pallets/attunement/src/types.rs. A page is weighed as if all of them acted.
PAGE = 20
# The steps by the name that runtime/src/epoch.rs calls them with: file, and what each component is with its worst case.
STEPS = {
    "Sync": ("pallet_sync", {"v": ("validators", 100)}),
    "Attunement": ("pallet_attunement", {"v": ("validators", 100), "g": ("pages", 1_000 // PAGE)}),
    "Field": ("pallet_field", {"n": ("shards", 50)}),
    "Economy": ("pallet_economy", {"m": ("moves", 100)}),
    "Incidents": ("pallet_cir", {"c": ("incidents", 64)}),
}
AXES = {"validators": (1, 100), "shards": (3, 50), "pages": (0, 1_000 // PAGE), "moves": (0, 100), "incidents": (0, 64)}
# What of an axis is shown, and how many of them one step is.
SHOWN = {"pages": ("participants", PAGE)}


class Unreadable(Exception):
    """A file is not as expected."""


class Cost:
    """Picoseconds of executing, and numbers of reads and writes; each by component, None for what is always there."""

    def __init__(self):
        self.parts = {}

    def add(self, component, time=0, reads=0, writes=0):
        old = self.parts.get(component, (0, 0, 0))
        self.parts[component] = (old[0] + time, old[1] + reads, old[2] + writes)

    def at(self, sizes):
        """Executing, reads and writes where the components are as in `sizes`."""
        sums = [0, 0, 0]
        for component, part in self.parts.items():
            times = 1 if component is None else sizes[component]
            sums = [total + times * one for total, one in zip(sums, part)]
        return tuple(sums)


def weight(cost):
    return cost[0] + cost[1] * READ + cost[2] * WRITE


NUMBER = r"([\d_]+)"
BY = r"\.saturating_mul\((\w+)\.into\(\)\)"
TIME = re.compile(rf"Weight::from_parts\({NUMBER}, {NUMBER}\)(?:{BY})?")
FIXED = re.compile(rf"\.(reads|writes)\({NUMBER}\)")
EACH = re.compile(rf"\.(reads|writes)\(\({NUMBER}_u64\){BY}\)")
BOTH = re.compile(rf"\.reads_writes\({NUMBER}, {NUMBER}\)")
RANGE = re.compile(r"The range of component `(\w+)` is `\[(\d+), (\d+)\]`")


def whole(digits):
    return int(digits.replace("_", ""))


def read_step(path, components):
    """The cost of `on_epoch_end` in a generated file, by what its components are."""
    if not path.exists():
        raise Unreadable(f"{path} is not there: run scripts/weights.sh first")
    text = path.read_text(encoding="utf-8")
    found = re.search(r"((?:^\t///[^\n]*\n)*)^\tfn on_epoch_end\(([^)]*)\) -> Weight \{\n(.*?)^\t\}", text, re.M | re.S)
    if not found:
        raise Unreadable(f"{path} has no on_epoch_end")
    about, arguments, body = found.groups()
    given = re.findall(r"(\w+): u32", arguments)
    if sorted(name.strip("_") for name in given) != sorted(components):
        raise Unreadable(f"{path}: components {given}, not {sorted(components)}")
    for name, low, high in RANGE.findall(about):
        if int(high) < components[name][1]:
            raise Unreadable(f"{path}: {name} was measured up to {high}, not {components[name][1]}")
    code = "\n".join(line for line in body.splitlines() if not line.lstrip().startswith("//"))
    cost = Cost()
    named = lambda by: components[by][0] if by else None  # noqa: E731
    for time, _, by in TIME.findall(code):
        cost.add(named(by), time=whole(time))
    for kind, number in FIXED.findall(code):
        cost.add(None, **{kind: whole(number)})
    for kind, number, by in EACH.findall(code):
        cost.add(named(by), **{kind: whole(number)})
    for reads, writes in BOTH.findall(code):
        cost.add(None, reads=whole(reads), writes=whole(writes))
    # Whatever is not understood would be missing from the sum.
    rest = code
    for pattern in (TIME, EACH, FIXED, BOTH):
        rest = pattern.sub("", rest)
    rest = re.sub(r"\.saturating_add\(|T::DbWeight::get\(\)|[\s)]", "", rest)
    if rest:
        raise Unreadable(f"{path}: what is {rest!r}?")
    if not any(part[0] for part in cost.parts.values()):
        raise Unreadable(f"{path}: on_epoch_end weighs nothing")
    return cost


def steps_of(path):
    """The steps as the runtime calls them, in order."""
    called = re.findall(r"\b(\w+)::on_epoch_end\(", path.read_text(encoding="utf-8"))
    if sorted(called) != sorted(STEPS):
        raise Unreadable(f"{path} calls {called}, and this program knows {list(STEPS)}")
    return called


def milliseconds(picoseconds):
    return f"{picoseconds / MILLI:.2f}"


def micros(picoseconds):
    return f"{picoseconds / 10**6:.1f}"


def percent(picoseconds):
    return f"{100 * picoseconds / BLOCK:.2f} %"


def total(costs, sizes):
    return tuple(sum(one) for one in zip(*(cost.at(sizes) for cost in costs.values())))


def plot(costs, worst, axis, path):
    low, high = AXES[axis]
    points = [low + (high - low) * k / 20 for k in range(21)]
    least = {name: bounds[0] for name, bounds in AXES.items()}
    what, each = SHOWN.get(axis, (axis, 1))

    def line(sizes, shown):
        return [(at * each, shown(total(costs, sizes | {axis: at})) / MILLI) for at in points]

    line_chart(path, f"the end of an epoch by {what}", what, "ms", [
        ("all else at its worst", line(worst, weight)),
        ("of that, executing", line(worst, lambda cost: cost[0])),
        (f"{what} alone, all else at its least", line(least, weight)),
    ], [("5 % of a block", SHARE * BLOCK / MILLI)])


def table(costs, worst):
    yield "| step | at | executing, ms | reads | writes | weight, ms | of a block |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for name, cost in costs.items():
        shown = [(SHOWN.get(what, (what, 1)), size) for what, size in STEPS[name][1].values()]
        sizes = ", ".join(f"{size * each:,} {what}" for (what, each), size in shown)
        found = cost.at(worst)
        yield (f"| {name} | {sizes} | {milliseconds(found[0])} | {found[1]:,} | {found[2]:,} | "
               f"{milliseconds(weight(found))} | {percent(weight(found))} |")
    found = total(costs, worst)
    yield (f"| **all** | | {milliseconds(found[0])} | {found[1]:,} | {found[2]:,} | {milliseconds(weight(found))} | "
           f"**{percent(weight(found))}** |")


def growth(costs):
    yield "| one more | executing, µs | reads | writes | weight, µs | all of them, of a block |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for axis, (_, high) in AXES.items():
        parts = [cost.parts.get(axis, (0, 0, 0)) for cost in costs.values()]
        one = tuple(sum(part) for part in zip(*parts))
        what, each = SHOWN.get(axis, (axis, 1))
        name = f"{axis[:-1]} of {each} {what}" if each > 1 else axis[:-1]
        yield (f"| {name} | {micros(one[0])} | {one[1]} | {one[2]} | {micros(weight(one))} | "
               f"{percent(high * weight(one))} |")
    always = tuple(sum(part) for part in zip(*(cost.parts.get(None, (0, 0, 0)) for cost in costs.values())))
    yield f"| *always* | {micros(always[0])} | {always[1]} | {always[2]} | {micros(weight(always))} | {percent(weight(always))} |"


def measured_at(folder):
    """The days and machines of the files' heads."""
    heads = set()
    for file, _ in STEPS.values():
        text = (folder / f"{file}.rs").read_text(encoding="utf-8")
        day = re.search(r"DATE: ([\d-]+)", text)
        cpu = re.search(r"CPU: `([^`]*)`", text)
        heads.add(f"{day.group(1) if day else 'an unknown day'} on {cpu.group(1) if cpu else 'an unknown processor'}")
    return ", ".join(sorted(heads))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("weights", "epoch", "out", "day"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--fact", action="append", default=[])
    options = parser.parse_args()
    folder, out = pathlib.Path(options.weights), pathlib.Path(options.out)
    try:
        order = steps_of(pathlib.Path(options.epoch))
        costs = {name: read_step(folder / f"{STEPS[name][0]}.rs", STEPS[name][1]) for name in order}
    except (OSError, Unreadable) as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    worst = {name: bounds[1] for name, bounds in AXES.items()}
    found = total(costs, worst)
    holds = weight(found) <= SHARE * BLOCK
    out.mkdir(parents=True, exist_ok=True)
    name = f"epoch-weight-{options.day}"
    lines = [f"# What the end of an epoch weighs, {options.day}", ""]
    lines += ["By the weights that `frame-benchmarking` measured (`runtime/src/weights`), at the worst case: 100 validators out of 200",
              "candidates, all of whom reported, a third of them falsely for the third time; a third slashed for its falls and a third",
              "blacklisted; as many blacklistings and proofs of equivocations at their end, and as many candidates leaving as may; 50 shards of",
              "degree 10, each named by PSI-2; 1,000 participants who all acted, for the first time in 90 days; as many incidents open as may",
              "be; a full queue of moves, and all open incidents closing. The choice of the next set is in the attunement's step.", ""]
    lines += [f"* {fact}" for fact in options.fact]
    lines += [f"* Measured {measured_at(folder)}.",
              "* A read is charged with 8 µs and a write with 50 µs (`ParityDbWeight`), as if each went to the disk. A block weighs 2 s at most.",
              "* `on_epoch_end` of each pallet as `runtime/src/epoch.rs` calls them. The sessions' own work, and hashing the code in the block",
              "  after, are not in it.", ""]
    lines += [f"Wanted: at most {100 * SHARE:.0f} % of a block, which is {milliseconds(SHARE * BLOCK)} ms. **{'Met' if holds else 'Not met'}:** "
              f"{milliseconds(weight(found))} ms, {percent(weight(found))}; of that {milliseconds(found[0])} ms ({percent(found[0])}) is executing, "
              f"{milliseconds(found[1] * READ)} ms reads, {milliseconds(found[2] * WRITE)} ms writes.", ""]
    named = total(costs, worst | {"moves": 0, "incidents": 0})
    lines += [f"Without moves and incidents that close, which come on top of these three numbers, it is {milliseconds(weight(named))} ms, "
              f"{percent(weight(named))}.", ""]
    lines += [*table(costs, worst), "", "## Growth", ""]
    lines += ["Weights are straight lines through the measured points, so a step that grows faster than its number is only as well described as a",
              f"line can. Participants who did not act cost nothing: the step reads the pages ({PAGE} participants each) of those of whom something",
              "was due, and each of these is weighed as if all on it had acted.", ""]
    lines += [*growth(costs), ""]
    for axis in ("validators", "shards", "pages"):
        what, _ = SHOWN.get(axis, (axis, 1))
        plot(costs, worst, axis, out / f"{name}-{what}.svg")
        lines += [f"![by {what}]({name}-{what}.svg)", ""]
    target = out / f"{name}.md"
    target.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print(target)
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
