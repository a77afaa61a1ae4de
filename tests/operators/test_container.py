"""What can be said of the image file without an engine to build it with: that it is well formed, that what it copies is there,
that the source is set up by scripts/setup.sh, and that the image does not run as root."""

import json
import os
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

KNOWN = "ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split()


def instructions(text):
    """Pairs of an instruction and its arguments, with continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    pairs = [line.strip().partition(" ") for line in joined.splitlines() if line.strip()]
    return [(word.upper(), rest.strip()) for word, _, rest in pairs]


def stages(text):
    """The instructions of each stage, from its FROM on."""
    found = []
    for word, rest in instructions(text):
        if word == "FROM":
            found.append([])
        if found:
            found[-1].append((word, rest))
    return found


def complaints(text, root):
    """What is wrong with an image file."""
    wrong = [f"unknown instruction: {word}" for word, _ in instructions(text) if word not in KNOWN]
    parts = stages(text)
    if len(parts) < 2:
        return wrong + ["the tools of the build would be in the image: it has one stage only"]
    names = [re.search(r"\bAS (\S+)$", part[0][1], re.IGNORECASE) for part in parts]
    names = [match[1] for match in names if match]
    for word, rest in (pair for part in parts for pair in part):
        if word == "COPY":
            options = [one for one in rest.split() if one.startswith("--")]
            sources = [one for one in rest.split() if not one.startswith("--")][:-1]
            stage = next((one.partition("=")[2] for one in options if one.startswith("--from=")), None)
            if stage and stage not in names:
                wrong.append(f"nothing is called {stage}")
            wrong += [f"nothing to copy at {source}" for source in sources if not stage and not (root / source).exists()]
        if word in ("ENTRYPOINT", "SHELL") or (word == "CMD" and rest.startswith("[")):
            try:
                json.loads(rest)
            except ValueError:
                wrong.append(f"{word} is no list")
        if word == "RUN":
            for script in re.findall(r"(?:^|\s)(scripts/\S+\.sh)", rest):
                if not (root / script).exists():
                    wrong.append(f"no such script: {script}")
    runs = [rest for word, rest in parts[0] if word == "RUN"]
    if not any(re.match(r"scripts/setup\.sh\b", rest) for rest in runs):
        wrong.append("the build does not begin with scripts/setup.sh")
    last = parts[-1]
    users = [rest for word, rest in last if word == "USER"]
    if not users or users[-1] in ("root", "0"):
        wrong.append("it runs as root")
    wrong += [f"it has no {word}" for word in ("ENTRYPOINT", "EXPOSE", "HEALTHCHECK", "VOLUME") if word not in dict(last)]
    return wrong


class Container(unittest.TestCase):
    text = (ROOT / "Containerfile").read_text()

    def test_nothing_is_wrong_with_it(self):
        self.assertEqual(complaints(self.text, ROOT), [])

    def test_what_is_wrong_would_be_noticed(self):
        for old, new, why in (
            ("COPY runtime runtime", "COPY runtimes runtime", "nothing to copy at runtimes"),
            ("USER qc", "USER root", "runs as root"),
            ("RUN scripts/setup.sh", "RUN rustup target add wasm32v1-none", "does not begin with scripts/setup.sh"),
            ("--from=build", "--from=builder", "nothing is called builder"),
            ("USER qc", "USR qc", "unknown instruction: USR"),
            ("HEALTHCHECK", "LABEL", "no HEALTHCHECK"),
            ("ENTRYPOINT [", "ENTRYPOINT ", "ENTRYPOINT is no list"),
        ):
            self.assertIn(old, self.text)
            self.assertIn(why, "; ".join(complaints(self.text.replace(old, new), ROOT)))

    def test_every_folder_of_the_workspace_is_copied(self):
        copied = {rest.split()[0] for word, rest in stages(self.text)[0] if word == "COPY"}
        manifests = [path for path in ROOT.glob("*/**/Cargo.toml") if "target" not in path.parts]
        self.assertLessEqual({path.relative_to(ROOT).parts[0] for path in manifests}, copied)

    def test_its_folders_and_options_are_those_of_the_unit(self):
        unit = (ROOT / "packaging/systemd/qc-node.service").read_text()
        command = re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)[1].split()
        parts = dict(stages(self.text)[-1])
        words = json.loads(parts["ENTRYPOINT"]) + json.loads(parts["CMD"])
        self.assertEqual(os.path.basename(command[0]), words[0])
        for option in ("--chain", "--base-path"):
            self.assertEqual(command[command.index(option) + 1], words[words.index(option) + 1])


if __name__ == "__main__":
    unittest.main()
