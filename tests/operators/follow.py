#!/usr/bin/env python3
"""Follows pages literally: runs their marked shell blocks in order, and says which line of which page failed.

    follow.py [--run FOLDER] [--machine NAME=PID]... [--table FILE] PAGE.md...

A block is followed if its info string begins with `sh follow`. More words on that line say how:

    as=NAME         whose shell runs it, with $NAME set to it; every name has a folder, a home and variables of its own
                    [default: operator]
    each=A,B        once for each name, with $NAME set to it, in that name's shell unless as= says another
    needs=WHAT,...  skipped, and said so, where it is missing: machine (the name's own, see --machine), machines (any),
                    root, systemd, or a program
    background      left running; it must still run when the pages end
    fails           must end with an exit code other than 0, and needs an expect
    expect=TEXT     must be in the output; may be given more than once
    within=SECONDS  the time it may take    [default: 60]

A comment `<!-- follow as=… each=… needs=… -->` alone on a line gives these to the blocks below it that do not say so
themselves, up to the next such comment.

A shell is bash with `set -euo pipefail`. What a block sets (variables, functions), and the folder it changes to, is there
in the next block of the same name, as it would be for a person at a terminal. A new shell reads FOLDER/all.env and
FOLDER/NAME.env first: there the test puts what the machine has and the reader's has not, such as free ports.

With --machine, blocks of that name run in the namespaces of the process PID. --table adds a table of what was run to FILE, in
Markdown. At the first block that fails the rest is not
run. At the end every process that the blocks left is ended. Pages of which every block was skipped are named as not followed. The
last line is 'N passed, N failed[, N skipped]'.
"""

import argparse
import ctypes
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

WITHIN_DEFAULT = 60
OUTPUT_LINES_MAX = 60
BACKGROUND_SETTLES = 1.0

# Variables of bash itself are not carried from one block to the next.
PRELUDE = r"""
set -euo pipefail
qc_follow_keep() {
    local name
    for name in $(compgen -A variable); do
        case $name in
            BASH* | DIRSTACK | EPOCHREALTIME | EPOCHSECONDS | EUID | FUNCNAME | GROUPS | HISTCMD | IFS | LINENO | OPT* | \
                PIPESTATUS | PPID | RANDOM | SECONDS | SHELLOPTS | SHLVL | SRANDOM | UID | COMP_* | PS4 | NAME | QC_FOLLOW_* | name | _) continue ;;
        esac
        declare -p "$name" | sed '1s/^declare \(-[a-zA-Z-]*\)/declare -g \1/'
    done >"$QC_FOLLOW_STATE.new"
    for name in $(compgen -A function); do
        [ "$name" = qc_follow_keep ] || declare -f "$name" >>"$QC_FOLLOW_STATE.new"
    done
    printf 'cd %q\n' "$PWD" >>"$QC_FOLLOW_STATE.new"
    mv "$QC_FOLLOW_STATE.new" "$QC_FOLLOW_STATE"
}
"""


class PageError(Exception):
    """A page, or the command line, says something that cannot be followed."""


@dataclass(frozen=True)
class Block:
    """One marked block of a page."""

    page: str
    line: int
    text: str
    session: str | None = None
    each: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    background: bool = False
    fails: bool = False
    expect: tuple[str, ...] = ()
    within: int = WITHIN_DEFAULT

    def runs(self):
        """Pairs of a session and what $NAME is in it."""
        if not self.each:
            return [(self.session or "operator", self.session)]
        return [(self.session or name, name) for name in self.each]


def options(words, where):
    """The options of an info string or a comment, as a dictionary of what Block takes."""
    found, expect = {}, []
    for word in words:
        key, equals, value = word.partition("=")
        if key in ("background", "fails") and not equals:
            found[key] = True
        elif key == "expect" and value:
            expect.append(value)
        elif key == "within" and value.isdecimal() and int(value) > 0:
            found[key] = int(value)
        elif key == "as" and value:
            found["session"] = value
        elif key in ("each", "needs") and value:
            found[key] = tuple(value.split(","))
        else:
            raise PageError(f"{where}: no such option: {word}")
    if expect:
        found["expect"] = tuple(expect)
    return found


FENCE = re.compile(r"^(?P<indent> {0,3})(?P<fence>`{3,}|~{3,})\s*(?P<info>.*)$")
COMMENT = re.compile(r"^<!--\s*follow\b(.*?)-->\s*$")


def blocks(page, text):
    """The marked blocks of a page, in order."""
    found, defaults, fence, block, lines = [], {}, None, None, []
    for number, line in enumerate(text.splitlines(), 1):
        where = f"{page}:{number}"
        if fence is None:
            if comment := COMMENT.match(line):
                defaults = options(shlex.split(comment[1]), where)
            elif opening := FENCE.match(line):
                fence, lines = (opening["fence"], len(opening["indent"])), []
                words = shlex.split(opening["info"], posix=True) if "follow" in opening["info"] else []
                block = (number, {**defaults, **options(words[2:], where)}) if words[:2] == ["sh", "follow"] else None
        elif line.strip().startswith(fence[0]) and not line.strip().strip(fence[0][0]):
            if block:
                found.append(Block(page, block[0], "\n".join(lines) + "\n", **block[1]))
            fence = None
        else:
            lines.append(line[fence[1]:] if not line[: fence[1]].strip() else line)
    if fence is not None:
        raise PageError(f"{page}: a block is not closed")
    for block in found:
        if block.fails and not block.expect:
            raise PageError(f"{block.page}:{block.line}: a block that fails says what it expects to read")
        if block.fails and block.background:
            raise PageError(f"{block.page}:{block.line}: what is left running cannot be expected to fail")
    return found


@dataclass
class Outcome:
    """What became of one run of a block."""

    kind: str  # passed, failed, skipped
    why: str = ""
    output: str = ""


def judge(block, code, output):
    """What a block that has ended is worth."""
    missing = [text for text in block.expect if text not in output]
    if block.fails and code == 0:
        return Outcome("failed", "it went well, and should not", output)
    if not block.fails and code != 0:
        return Outcome("failed", f"exit code {code}", output)
    if missing:
        return Outcome("failed", f"the output has no {missing[0]!r}", output)
    return Outcome("passed", "", output)


@dataclass
class Follower:
    """Runs blocks, each in the shell of its name."""

    run: Path
    machines: dict[str, int] = field(default_factory=dict)
    background: list = field(default_factory=list)
    count: int = 0

    def __post_init__(self):
        # Whatever a block starts and leaves becomes a child of this process, and is found at the end.
        ctypes.CDLL(None, use_errno=True).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER
        (self.run / "state").mkdir(parents=True, exist_ok=True)

    def missing(self, need, session):
        """Why a need of a block is not met in a session, or nothing."""
        if need in ("machine", "machines"):
            met = self.machines if need == "machines" else session in self.machines
            return "" if met else "a machine of its own (root and namespaces)"
        test = {"root": 'test "$(id -u)" = 0', "systemd": "test -d /run/systemd/system"}.get(need)
        test = test or f"command -v {shlex.quote(need)}"
        met = subprocess.run(self.shell(session) + ["-c", test], capture_output=True, env=self.environment(session))
        return need if met.returncode else ""

    def shell(self, session):
        """How bash is started for a session."""
        pid = self.machines.get(session)
        bash = shutil.which("bash")
        return ["nsenter", "--target", str(pid), "--all", bash] if pid else [bash]

    def environment(self, session):
        """The environment of a session: little of ours."""
        keep = ("LANG", "TERM", "TZ", "USER", "LOGNAME")
        environment = {key: os.environ[key] for key in keep if key in os.environ}
        environment["HOME"] = str(self.folder(session))
        environment["PATH"] = os.environ["PATH"]
        if session in self.machines:
            environment["HOME"] = "/root"
            environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return environment

    def folder(self, session):
        """A session's folder."""
        folder = self.run / session
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def start(self, block, session, name):
        """Starts a block. Its output goes to a file: a pipe would stay open as long as what it leaves behind runs."""
        self.count += 1
        script = self.run / "state" / f"{self.count:03}-{session}.sh"
        state = self.run / "state" / f"{session}.state"
        before = [f". {shlex.quote(str(state))}"] if state.exists() else [f"cd {shlex.quote(str(self.folder(session)))}"]
        if not state.exists():
            files = [self.run / "all.env", self.run / f"{session}.env"]
            before += [f"set -a; . {shlex.quote(str(file))}; set +a" for file in files if file.exists()]
        lines = [PRELUDE, f"QC_FOLLOW_STATE={shlex.quote(str(state))}", *before]
        lines += [f"NAME={shlex.quote(name)}"] if name else []
        lines += ["trap qc_follow_keep EXIT", block.text]
        script.write_text("\n".join(lines))
        output = script.with_suffix(".out")
        with output.open("wb") as sink:
            process = subprocess.Popen(
                self.shell(session) + [str(script)],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                env=self.environment(session),
                start_new_session=True,
            )
        return process, output

    def follow(self, block, session, name):
        """Runs a block once."""
        for need in block.needs:
            if why := self.missing(need, session):
                return Outcome("skipped", f"needs {why}")
        process, output = self.start(block, session, name)
        if block.background:
            self.background.append((block, name, process, output))
            time.sleep(BACKGROUND_SETTLES)
            return self.still_runs(process, output)
        try:
            code = process.wait(timeout=block.within)
        except subprocess.TimeoutExpired:
            end(process.pid)
            process.poll()
            return Outcome("failed", f"not done within {block.within} s", read(output))
        return judge(block, code, read(output))

    @staticmethod
    def still_runs(process, output):
        """Whether what was left running does run."""
        code = process.poll()
        if code is None:
            return Outcome("passed")
        return Outcome("failed", f"it was to be left running and ended with exit code {code}", read(output))

    def close(self):
        """Ends everything that the blocks left; what was to be left running and is not has failed."""
        fallen = [(block, name, self.still_runs(process, output)) for block, name, process, output in self.background]
        end_children()
        for _, _, process, _ in self.background:
            process.poll()
        return [(block, name, outcome) for block, name, outcome in fallen if outcome.kind == "failed"]


def read(output):
    """The text of an output file."""
    return output.read_text(errors="replace")


def children(pid):
    """The processes that a process started, and those that they started."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            direct = [int(child) for child in task.read_text().split()]
        except OSError:
            continue
        for child in direct:
            found += [child, *children(child)]
    return found


def end(*pids):
    """Ends processes and all that they started: asks, and after five seconds insists."""
    doomed = [one for pid in pids for one in [*children(pid), pid]]
    for number, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        for pid in doomed:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass
        until = time.monotonic() + patience
        while time.monotonic() < until and (doomed := [pid for pid in doomed if alive(pid)]):
            time.sleep(0.05)
        if not doomed:
            return


def alive(pid):
    """Whether a process runs; one that ended and is our child is waited for."""
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def end_children():
    """Ends all that this process started, until none is left."""
    for _ in range(10):
        direct = children(os.getpid())
        if not any(alive(pid) for pid in direct):
            return
        end(*direct)


def tell(block, name, outcome, seconds=None):
    """One line for a run of a block, and the end of its output where it failed."""
    word = {"passed": "ok", "failed": "FAILED", "skipped": "skipped"}[outcome.kind]
    took = f", {seconds:.1f} s" if seconds is not None and outcome.kind != "skipped" else ""
    why = f": {outcome.why}" if outcome.why else ""
    print(f"{word:8}{block.page}:{block.line}{f' ({name})' if name else ''}{took}{why}", flush=True)
    if outcome.kind == "failed":
        lines = outcome.output.splitlines()
        left = len(lines) - OUTPUT_LINES_MAX
        text = [f"… {left} lines before"] * (left > 0) + lines[-OUTPUT_LINES_MAX:]
        for line in ["--- the block", *block.text.splitlines(), "--- its output", *text, "---"]:
            print(f"    {line}", flush=True)


def row(block, name, outcome, seconds):
    """A line of the table."""
    how = outcome.kind if outcome.kind != "skipped" else f"skipped: {outcome.why}"
    first = next((line for line in block.text.splitlines() if line.strip()), "").replace("|", "\\|")
    return f"| {block.page}:{block.line} | {name or ''} | `{first}` | {how} | {seconds:.1f} |"


def follow_pages(pages, run, machines, rows):
    """Follows the pages; returns how many runs of blocks passed, failed and were skipped. What was run is added to `rows`."""
    todo = [block for page in pages for block in blocks(page, Path(page).read_text())]
    if not todo:
        raise PageError("there is nothing to follow on these pages")
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    followed = set()
    follower = Follower(Path(run).resolve(), machines)
    runs = [(block, session, name) for block in todo for session, name in block.runs()]
    try:
        for done, (block, session, name) in enumerate(runs, 1):
            began = time.monotonic()
            outcome = follower.follow(block, session, name)
            counts[outcome.kind] += 1
            if outcome.kind != "skipped":
                followed.add(block.page)
            took = time.monotonic() - began
            tell(block, name or session, outcome, took)
            rows.append(row(block, name or session, outcome, took))
            if outcome.kind == "failed":
                if len(runs) > done:
                    print(f"not run, since they build on it: {len(runs) - done} more", flush=True)
                break
    finally:
        for block, name, outcome in follower.close():
            if not counts["failed"]:
                counts["passed"] -= 1
                counts["failed"] += 1
            tell(block, name, outcome)
    if not counts["failed"]:
        for page in dict.fromkeys(block.page for block in todo):
            if page not in followed:
                print(f"not followed, since all of it was skipped: {page}")
    return counts


def closing(counts):
    """The closing line."""
    line = f"{counts['passed']} passed, {counts['failed']} failed"
    return line + (f", {counts['skipped']} skipped" if counts["skipped"] else "")


def stop(number, _frame):
    """A signal ends the run by way of every `finally`."""
    sys.exit(128 + number)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", metavar="PAGE.md")
    parser.add_argument("--run", metavar="FOLDER", help="where names have their folders [default: a new one, removed]")
    parser.add_argument("--machine", action="append", default=[], metavar="NAME=PID")
    parser.add_argument("--table", type=Path, metavar="FILE", help="add a table of what was run, in Markdown")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    try:
        pairs = [machine.split("=") for machine in arguments.machine]
        machines = {name: int(pid) for name, pid in pairs}
        with tempfile.TemporaryDirectory(prefix="qc-follow-", ignore_cleanup_errors=True) as folder:
            rows = ["| block | who | begins with | outcome | s |", "| --- | --- | --- | --- | ---: |"]
            counts = follow_pages(arguments.pages, arguments.run or folder, machines, rows)
        if arguments.table:
            with arguments.table.open("a") as file:
                print(*rows, sep="\n", file=file)
    except (PageError, OSError, ValueError) as error:
        print(f"follow.py: {error}", file=sys.stderr)
        return 2
    print(closing(counts))
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
