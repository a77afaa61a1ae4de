#!/usr/bin/env python3
"""Takes the defences of tests/stateful/defences.toml out, one at a time, and runs the attack tests that must fail then. Used
by defences.sh; see there.

    defences.py [--list] [--only TEXT] [--report FILE] [--root FOLDER]
"""

import argparse
import datetime
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import tomllib

LIST = "tests/stateful/defences.toml"
# The test target of tests/stateful/Cargo.toml.
TARGET = "stateful"
# How long a test may take, seconds: a loop without end is noticed by not ending. It is longer where all tests together take
# half of that or more with every defence in place, so that what is only slow is not mistaken.
TIMEOUT = 300
# How long all of them may take then, seconds.
TIMEOUT_WHOLE = 3600


class Unusable(Exception):
    """The list, or what it is about, is not as it must be."""


def load(root):
    """The defences. That they are of the source, and of every attack test, is for tests/tidy to say."""
    return tomllib.loads((root / LIST).read_text())["defence"]


def git(folder, *arguments):
    done = subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def copy_of_head(root, copy):
    """Brings the copy to the commit of the clone. Only what differs is written, so that cargo knows the rest again."""
    copy.parent.mkdir(parents=True, exist_ok=True)
    if not (copy / ".git").is_dir():
        subprocess.run(["git", "clone", "--quiet", "--local", root, copy], check=True)
    git(copy, "fetch", "--quiet", str(root), "HEAD")
    git(copy, "reset", "--quiet", "--hard", "FETCH_HEAD")
    git(copy, "clean", "--quiet", "-d", "--force")
    set_apart(copy)
    return git(copy, "rev-parse", "--short", "HEAD")


def set_apart(copy):
    """Gives our crates another version in the copy. In the target folder, cargo tells the crates of two clones apart by their
    versions, not by where they are: without this the clone would take what was built of the copy for its own."""
    manifest, lock = copy / "Cargo.toml", copy / "Cargo.lock"
    text = manifest.read_text()
    line = re.search(r'^\[workspace\.package\]\nversion = "([^"]+)"\n', text, re.MULTILINE)
    if line is None:
        raise Unusable("the workspace names no version of its packages")
    version, apart = line.group(1), f"{line.group(1)}-defences"
    manifest.write_text(text.replace(line.group(), line.group().replace(version, apart)))
    was, becomes = f'\nversion = "{version}"\n', f'\nversion = "{apart}"\n'
    packages = lock.read_text().split("[[package]]")
    packages = [one if "\nsource = " in one else one.replace(was, becomes) for one in packages]
    lock.write_text("[[package]]".join(packages))


def build(copy):
    """Builds the tests and returns where they are; None if the source does not compile."""
    command = ["cargo", "test", "--workspace", "--locked", "--test", TARGET, "--no-run"]
    # Of the whole workspace, so that features are those of every other build.
    command += ["--quiet", "--message-format=json-render-diagnostics"]
    # Incrementally: what is taken out is a line, and the rest is built already.
    environment = os.environ | {"SKIP_WASM_BUILD": "1", "CARGO_INCREMENTAL": "1"}
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        # What was taken out may leave warnings; they matter only beside an error.
        print(done.stderr, file=sys.stderr)
        return None
    messages = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    built = [one["executable"] for one in messages if one.get("executable") and one["target"]["name"] == TARGET]
    if len(built) != 1:
        raise Unusable(f"cargo built {len(built)} binaries of the name {TARGET}")
    return built[0]


def run(copy, binary, tests, timeout):
    """Runs tests; the exit code and what they said. None as the code of what did not end."""
    here = copy / "tests" / "stateful"
    environment = os.environ | {"CARGO_MANIFEST_DIR": str(here)}
    try:
        done = subprocess.run(
            [binary, "--exact", *tests], cwd=here, env=environment, timeout=timeout,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
    except subprocess.TimeoutExpired:
        return None, ""
    return done.returncode, done.stdout


def check_whole(copy, defences):
    """With every defence in place every test passes. Returns how long one may take without."""
    for defence in defences:
        if (copy / defence["file"]).read_text().count(defence["find"]) != 1:
            raise Unusable(f"{defence['name']}: what is to be found is not once in {defence['file']} of the commit")
    tests = sorted({test for defence in defences for test in defence["tests"]})
    print(f"building the tests with every defence in place, in {copy}", flush=True)
    began = time.monotonic()
    binary = build(copy)
    if binary is None:
        raise Unusable("the source does not compile as it is")
    started = time.monotonic()
    code, said = run(copy, binary, tests, TIMEOUT_WHOLE)
    if code != 0 or f"{len(tests)} passed" not in said:
        raise Unusable(f"with every defence in place the tests must pass, but:\n{said[-4000:]}")
    ended = time.monotonic()
    print(f"every defence in place: {len(tests)} tests pass, {ended - began:.0f} s", flush=True)
    return max(TIMEOUT, 2 * (ended - started))


def without(copy, defence, timeout):
    """Takes a defence out, and says what became of each of its tests: `failed`, `did not end` or `passed`. None if the
    source does not compile."""
    file = copy / defence["file"]
    whole = file.read_text()
    try:
        file.write_text(whole.replace(defence["find"], defence["replace"]))
        binary = build(copy)
        if binary is None:
            return None
        # Each in a process of its own: what one of them does is no answer of another's.
        outcomes = {}
        for test in defence["tests"]:
            code, _ = run(copy, binary, [test], timeout)
            outcomes[test] = {None: "did not end", 0: "passed"}.get(code, "failed")
        return outcomes
    finally:
        file.write_text(whole)


def machine():
    cpus = pathlib.Path("/proc/cpuinfo").read_text()
    model = re.search(r"^model name\s*: (.*)$", cpus, re.MULTILINE)
    kernel, rustc = os.uname(), subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.strip()
    processor = model.group(1) if model else "unknown processor"
    return f"{processor}, {os.cpu_count()} cores, {kernel.sysname} {kernel.release}; {rustc}"


def report(facts, rows):
    """The report of what was run: (defence, outcomes, seconds) each."""
    lines = [
        f"# The attack tests, each with its defence taken out, {facts['day']}",
        "",
        f"Each defence of `{LIST}` was taken out of the source, alone; then the tests against the real runtime were",
        "built, and those that rest on it were run: every one of them must fail. With every defence in place all of them had",
        "passed, right before.",
        "",
        f"* Commit {facts['commit']}.",
        f"* Command: `{facts['command']}`; {facts['minutes']} minutes without the first build.",
        f"* Machine: {machine()}",
        "",
        "| defence | where | tests that fail without it | seconds |",
        "| --- | --- | --- | --- |",
    ]
    survivors = []
    for defence, outcomes, seconds in rows:
        if outcomes is None:
            survivors.append(f"{defence['name']}: what is left does not compile")
        noticed = []
        for test, outcome in (outcomes or {}).items():
            if outcome == "passed":
                survivors.append(f"{defence['name']}: `{test}` passes")
            else:
                noticed.append(f"`{test}`" + ("" if outcome == "failed" else f" ({outcome})"))
        lines.append(f"| {defence['name']} | `{defence['file']}` | {'<br>'.join(noticed) or 'none'} | {seconds:.0f} |")
    lines += ["", "## Those that do not fail", ""]
    lines += [f"* {one}" for one in survivors] or ["None."]
    return "\n".join(lines) + "\n", survivors


def chosen(defences, only):
    some = [one for one in defences if only.lower() in one["name"].lower()]
    if not some:
        raise Unusable(f"no defence has {only!r} in its name")
    return some


class Found:
    """What was found of a commit, in a file beside the copy: a run that was interrupted goes on where it was."""

    def __init__(self, path, commit):
        self.path, self.commit, self.rows = path, commit, []
        try:
            kept = json.loads(path.read_text())
        except (OSError, ValueError):
            return
        if kept["commit"] == commit:
            self.rows = kept["rows"]

    def of(self, defence):
        """The outcomes without a defence and the seconds that took; None if that was not tried."""
        return next(((row["outcomes"], row["seconds"]) for row in self.rows if row["defence"] == defence), None)

    def add(self, defence, outcomes, seconds):
        self.rows.append({"defence": defence, "outcomes": outcomes, "seconds": seconds})
        self.path.write_text(json.dumps({"commit": self.commit, "rows": self.rows}))


def prove(root, only, path):
    day = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    defences = chosen(load(root), only)
    copy = pathlib.Path(os.environ["CARGO_TARGET_DIR"]) / "defences" / "source"
    commit = copy_of_head(root, copy)
    if git(root, "status", "--porcelain", "--", LIST):
        commit += ", the list of defences changed since"
    found, rows = Found(copy.parent / "found.json", commit), []
    try:
        timeout = check_whole(copy, defences)
        for at, defence in enumerate(defences, 1):
            if found.of(defence) is None:
                start = time.monotonic()
                outcomes = without(copy, defence, timeout)
                found.add(defence, outcomes, time.monotonic() - start)
            outcomes, seconds = found.of(defence)
            rows.append((defence, outcomes, seconds))
            said = "does not compile"
            if outcomes is not None:
                passing = [test for test, outcome in outcomes.items() if outcome == "passed"]
                said = f"PASSES: {', '.join(passing)}" if passing else f"{len(outcomes)} of {len(outcomes)} fail"
            print(f"{at}/{len(defences)} {defence['name']}: {said}, {seconds:.0f} s", flush=True)
    except KeyboardInterrupt:
        print("\ninterrupted; the same command goes on from here", file=sys.stderr)
        return 130
    command = "scripts/defences.sh" + (f" --only '{only}'" if only else "")
    minutes = f"{sum(seconds for _, _, seconds in rows) / 60:.0f}"
    facts = {"day": day, "commit": commit, "command": command, "minutes": minutes}
    text, survivors = report(facts, rows)
    path = path or root / "docs" / "reports" / f"defences-{day}.md"
    path.write_text(text)
    print(f"{path}: {len(rows)} defences, {len(survivors)} complaints")
    return 1 if survivors else 0


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--only", default="")
    parser.add_argument("--report", type=pathlib.Path)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    options = parser.parse_args()
    root = options.root.resolve()
    try:
        if options.list:
            for defence in chosen(load(root), options.only):
                print(f"{defence['name']} ({defence['file']})")
                for test in defence["tests"]:
                    print(f"  {test}")
            return 0
        return prove(root, options.only, options.report)
    except (Unusable, subprocess.CalledProcessError) as fault:
        print(f"error: {fault}", file=sys.stderr)
        if isinstance(fault, subprocess.CalledProcessError):
            print(fault.stderr or "", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
