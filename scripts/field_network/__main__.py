#!/usr/bin/env python3
"""Watches the epochs of a running network, recomputes each independently, and reports. Used by field-network.sh.

    python3 scripts/field_network watch --url URL --data FILE --epochs N [--targets-from EPOCH --tail T]
        waits until N epochs are closed, or until the targets hold T epochs running, from epoch EPOCH on
    python3 scripts/field_network report --data FILE --out FOLDER --day DATE [--fact TEXT]...
        writes FOLDER/field-network-DATE.md, .csv and its plots; ends with 1 if a target was missed or a figure is not the formula's

FILE has a line of JSON for each epoch, and for each event in between ({"event":"stopped","who":"dave"}). What an epoch came to
is read in the state of its finalised boundary block, and computed again from the raw inputs in that state with
primitives/harmonics/independent: another language, written from docs/protocol.
"""

import argparse
import json
import pathlib
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from chain import NAMES, closed_epoch, read_epoch  # noqa: E402
from formulas import recheck  # noqa: E402
from report import report  # noqa: E402
from rows import fixed, held, load  # noqa: E402
from rpc import Node, Refused  # noqa: E402


def line_of(row):
    told, sync = row["outcome"], row["sync"]
    psis = " ".join(f"{NAMES.get(who, who[:8])} {fixed(psi, 4)}" for who, psi, *_ in row["validators"])
    reports = f"reports on {sync['epoch']}: {sync['came']}/{sync['validators']}" if sync else "no reports yet"
    return (f"epoch {row['epoch']:3} block {row['block']:5}  Ĉ {fixed(told['coherence'])}  H {fixed(told['entropy'])}  "
            f"rate {fixed(told['entropy_rate'])}  Ψ {psis}  {reports}  " + ("; ".join(row["wrong"][:3]) or "as computed"))


def watch(options):
    node, path = Node(options.url), pathlib.Path(options.data)
    rows, _ = load(path)
    checker = recheck(rows)
    if node.storage("Attunement", "Symbols", node.finalised()[0]) is None:
        print("the chain's runtime has no attunement: is this node of an older build?", file=sys.stderr)
        return 1
    height, last_news = (rows[-1]["block"] if rows else 0), time.monotonic()
    while True:
        running = rows[-options.tail:]
        far = options.targets_from is not None and len(running) == options.tail and all(
            row["epoch"] >= options.targets_from and held(row) and len(row["inputs"]) == len(rows[0]["inputs"])
            for row in running)
        if far or len(rows) >= options.epochs:
            return 0
        head, top = node.finalised()
        newest = closed_epoch(node, head)
        wanted = rows[-1]["epoch"] + 1 if rows else 0
        if newest is None or newest < wanted:
            if time.monotonic() - last_news > options.patience:
                print(f"no epoch was closed and finalised for {options.patience} s", file=sys.stderr)
                return 1
            time.sleep(1)
            continue
        # The boundary block is the first whose state has the outcome.
        found = None
        for height in range(height + 1, top + 1):
            at = node.call("chain_getBlockHash", height)
            found = closed_epoch(node, at)
            if found is not None and found >= wanted:
                break
        if found != wanted:
            print(f"epoch {wanted} was never closed: {found} follows (is the runtime's log well?)", file=sys.stderr)
            return 1
        rows.append(read_epoch(node, wanted, at, height))
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(rows[-1]) + "\n")
        checker.add(rows[-1])
        print(line_of(rows[-1]), flush=True)
        last_news = time.monotonic()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    watching = commands.add_parser("watch")
    watching.add_argument("--url", required=True)
    watching.add_argument("--data", required=True)
    watching.add_argument("--epochs", type=int, required=True)
    watching.add_argument("--targets-from", type=int)
    watching.add_argument("--tail", type=int, default=1)
    watching.add_argument("--patience", type=int, default=300, help="seconds without a new epoch after which it gives up")
    reporting = commands.add_parser("report")
    reporting.add_argument("--data", required=True)
    reporting.add_argument("--out", required=True)
    reporting.add_argument("--day", required=True)
    reporting.add_argument("--fact", action="append", default=[])
    options = parser.parse_args()
    try:
        return watch(options) if options.command == "watch" else report(options)
    except (Refused, ValueError) as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
