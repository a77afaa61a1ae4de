"""The report on a run: a page, a table of all figures, and plots."""

import csv
import pathlib
import sys

from chain import NAMES, OUTCOME
from formulas import recheck
from rows import S, TARGETS, WITHIN, fixed, held, load
from svg_plot import line_chart


def stretch(rows, start, end):
    """Of each target: the first epoch from `start` to before `end` at which it held, and from which on it did to the end."""
    found, part = [], [row for row in rows if start <= row["epoch"] < end]
    tests = TARGETS + (("all three", None, None),)
    for name, key, good in tests:
        holds = [(row["epoch"], held(row) if key is None else good(row["outcome"][key])) for row in part]
        first = next((epoch for epoch, yes in holds if yes), None)
        lasting = None
        for epoch, yes in reversed(holds):
            if not yes:
                break
            lasting = epoch
        found.append((name, first, lasting))
    return found


def stretch_table(found, start):
    def shown(epoch):
        return "not" if epoch is None else f"{epoch} ({epoch - start + 1})"

    yield "| target | held first at the end of epoch | from then on |"
    yield "| --- | --- | --- |"
    for name, first, lasting in found:
        yield f"| {name} | {shown(first)} | {shown(lasting)} |"


def met(found, start):
    lasting = found[-1][2]
    return lasting is not None and lasting - start + 1 <= WITHIN


def plots(rows, away, stem):
    shaded = [(f"{away['who']} stopped", away["from"], away["to"])] if away else []
    lines = lambda key: [(row["epoch"], row["outcome"][key] / S) for row in rows]  # noqa: E731
    line_chart(f"{stem}.svg", "coherence, resonance and entropy at the end of each epoch", "epoch", "Ĉ, R, H",
               [("Ĉ", lines("coherence")), ("R", lines("resonance")), ("H", lines("entropy"))],
               [("Ĉ ≥ 0.97", 0.97), ("H ≥ 0.98", 0.98)], shaded)
    line_chart(f"{stem}-entropy-rate.svg", "entropy rate at the end of each epoch", "epoch", "|H − H of the epoch before|",
               [("entropy rate", lines("entropy_rate"))], [("0.002", 0.002)], shaded)
    of = {}
    for row in rows:
        for who, psi, *_ in row["validators"]:
            of.setdefault(NAMES.get(who, who[:8]), []).append((row["epoch"], psi / S))
    line_chart(f"{stem}-psi.svg", "Ψ of each validator at the end of each epoch", "epoch", "Ψ", sorted(of.items()),
               [("0.97", 0.97), ("0.70", 0.7)], shaded)
    if away:
        who = next((account for account, name in NAMES.items() if name == away["who"]), None)
        series = []
        for k, name in enumerate(("f0 slots", "f1 seals", "f2 conformity", "f3 harmony")):
            points = [(row["epoch"], row["views"][who]["phases"][k][0] / S) for row in rows
                      if row["views"].get(who) and row["views"][who]["phases"][k][2]]
            if points:
                series.append((f"ω of {name}", points))
        line_chart(f"{stem}-omega.svg", f"the phases of {away['who']}, of features that were ever due", "epoch", "ω", series,
                   (), shaded)


def write_csv(rows, path):
    """Every figure of every epoch, whole: integers of units of 10⁻¹⁸."""
    names = sorted({NAMES.get(one["who"], one["who"]) for row in rows for one in row["inputs"]})
    features = [f"{what} {k} of {name}" for name in names for what in ("f", "omega") for k in range(4)]
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["epoch", "block", "milliseconds", "validators", *OUTCOME, "reports", "consensus",
                      *(f"psi of {name}" for name in names), *features])
        syncs = {row["sync"]["epoch"]: row["sync"] for row in rows if row["sync"]}
        for row in rows:
            given = {NAMES.get(one["who"], one["who"]): one for one in row["inputs"]}
            psis = {NAMES.get(who, who): psi for who, psi, *_ in row["validators"]}
            views = {NAMES.get(who, who): seen for who, seen in row["views"].items()}
            sync, more = syncs.get(row["epoch"]), []
            for name in names:
                more += given[name]["features"] if name in given else [None] * 4
                more += [phase[0] for phase in views[name]["phases"]] if views.get(name) else [None] * 4
            out.writerow([row["epoch"], row["block"], row["ms"], row["outcome"]["validators"],
                          *(row["outcome"][name] for name in OUTCOME), sync and sync["came"], sync and sync["consensus"],
                          *(psis.get(name) for name in names), *more])


def away_from(events, last):
    stopped = next((one for one in events if one["event"] == "stopped"), None)
    if stopped is None:
        return None
    back = next((one for one in events if one["event"] == "started"), None)
    return {"who": stopped["who"], "from": stopped["epoch"], "to": back["epoch"] if back else last, "back": back is not None}


def figures(rows):
    """How many numbers of the chain were computed again."""
    each = sum(len(row["inputs"]) for row in rows)
    syncs = [row["sync"] for row in rows if row["sync"]]
    wrong = [(row["epoch"], one) for row in rows for one in row["wrong"]]
    yield (f"Ψ and the four phases of every validator in every epoch ({each} of each, {each * 9 + 6 * len(rows)} numbers with R, "
           f"C_core, CAF, Ĉ, H and the entropy rate) were computed again in Python from the raw inputs in the state of the epoch's "
           f"boundary block, with λ, α and the multipliers; ψ of every shard from the field's raw inputs. "
           f"Different in any digit: **{len(wrong)}**.")
    yield ""
    for epoch, one in wrong[:20]:
        yield f"* epoch {epoch}: {one}"
    if wrong:
        yield ""
    full = sum(one["came"] == one["validators"] for one in syncs)
    star = sum(one["consensus"] is not None for one in syncs)
    same = sum(one["consensus"] == one["own"] for one in syncs)
    yield (f"ΨSync closed {len(syncs)} times: all validators had reported {full} times, there was a Ψ* {star} times, and it was the "
           f"chain's own Ĉ {same} times. Reports that deviated: {sum(one['deviating'] for one in syncs)}, strikes: "
           f"{sum(one['struck'] for one in syncs)}, tampering: {sum(one['tampered'] for one in syncs)}.")


def stopped_part(rows, away):
    who = next((account for account, name in NAMES.items() if name == away["who"]), None)
    at = {row["epoch"]: row for row in rows}
    seen = [(epoch, row["views"][who]) for epoch, row in sorted(at.items()) if row["views"].get(who)]
    during = [(epoch, one) for epoch, one in seen if epoch >= away["from"]]
    if not during:
        return
    lowest = min(during, key=lambda one: one[1]["psi"])
    low = min((row for row in rows if row["epoch"] >= away["from"]), key=lambda row: row["outcome"]["coherence"])
    yield (f"While it was away its Ψ fell to {fixed(lowest[1]['psi'])} (end of epoch {lowest[0]}), Ĉ to "
           f"{fixed(low['outcome']['coherence'])}, R to {fixed(min(row['outcome']['resonance'] for row in rows if row['epoch'] >= away['from']))}, "
           f"H to {fixed(min(row['outcome']['entropy'] for row in rows if row['epoch'] >= away['from']))}.")
    changes = []
    for (_, one), (epoch, two) in zip(seen, seen[1:]):
        if one["stake"] != two["stake"]:
            changes.append(f"its stake went from {one['stake']} to {two['stake']} plancks in epoch {epoch}")
        if one["status"] != two["status"]:
            changes.append(f"it was {one['status']} and is {two['status']} since epoch {epoch}")
    sets = [(a, b) for a, b in zip(rows, rows[1:]) if a["outcome"]["validators"] != b["outcome"]["validators"]]
    changes += [f"the set had {a['outcome']['validators']} validators and {b['outcome']['validators']} from epoch {b['epoch']} on"
                for a, b in sets]
    if changes:
        yield "What followed: " + "; ".join(changes) + "."


def report(options):
    path, out = pathlib.Path(options.data), pathlib.Path(options.out)
    rows, events = load(path)
    if not rows:
        print(f"{path} has no epoch", file=sys.stderr)
        return 1
    recheck(rows)
    last = rows[-1]["epoch"]
    away = away_from(events, last + 1)
    stem = out / f"field-network-{options.day}"
    out.mkdir(parents=True, exist_ok=True)
    plots(rows, away, stem)
    write_csv(rows, f"{stem}.csv")
    first_end = away["from"] if away else last + 1
    first = stretch(rows, 0, first_end)
    good = met(first, 0)
    duration = (rows[-1]["ms"] - rows[0]["ms"]) / 1000
    lines = [f"# Four validators through {len(rows)} epochs, {options.day}", ""]
    lines += ["Four nodes on loopback from the preset `local`, every Ψ 0 at genesis, read as they ran: each row is from the state of the",
              "finalised first block after its epoch.", ""]
    lines += [f"* {fact}" for fact in options.fact]
    lines += [f"* {duration:.0f} s by the blocks' clock, {rows[-1]['block']} blocks. CAF is 1 in this version.", ""]
    lines += ["## From genesis", "", f"Wanted: all three within {WITHIN} epochs. **{'Met' if good else 'Not met'}.** In brackets: how many epochs that took.", ""]
    lines += [*stretch_table(first, 0), ""]
    if away and away["back"]:
        again = stretch(rows, away["to"], last + 1)
        yes = met(again, away["to"])
        good = good and yes
        lines += [f"## After {away['who']} was stopped", "",
                  f"{away['who']} was stopped in epoch {away['from']} and started again in epoch {away['to']}, with its own database. Wanted: all",
                  f"three again within {WITHIN} epochs of that. **{'Met' if yes else 'Not met'}.**", ""]
        lines += [*stretch_table(again, away["to"]), ""]
        lines += [one for part in stopped_part(rows, away) for one in (part, "")]
    else:
        good = False
        lines += ["## After a validator was stopped", "", "The run did not get there.", ""]
    lines += ["## Are these the formulas' numbers?", "", *figures(rows), ""]
    lines += ["## Plots", "", f"Every figure to the last digit is in [the table](field-network-{options.day}.csv), in units of 10⁻¹⁸.", ""]
    shown = [("", "Ĉ, R and H"), ("-entropy-rate", "entropy rate"), ("-psi", "Ψ of each validator")]
    shown += [("-omega", "phases of the one that was stopped")] if away else []
    for suffix, alt in shown:
        lines += [f"![{alt}](field-network-{options.day}{suffix}.svg)", ""]
    target = stem.with_suffix(".md")
    target.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    print(target)
    return 0 if good and not any(row["wrong"] for row in rows) else 1
