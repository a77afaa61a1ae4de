"""What follow.py promises, tried on pages made here."""

import contextlib
import io
import os
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import follow  # noqa: E402

FENCE = "`" * 3


def page(*parts):
    """A page of blocks (an info string and its lines) and comments."""
    lines = ["# A page", ""]
    for part in parts:
        lines += [part] if isinstance(part, str) else [f"{FENCE}{part[0]}", *part[1:], FENCE]
        lines.append("")
    return "\n".join(lines)


def followed(*parts, env=None, machines=None):
    """Follows one page; returns the counts and what was printed."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (env or {}).items():
            Path(folder, f"{name}.env").write_text(text)
        Path(folder, "page.md").write_text(page(*parts))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            counts = follow.follow_pages([f"{folder}/page.md"], folder, machines or {}, [])
        return (counts["passed"], counts["failed"], counts["skipped"]), printed.getvalue()


class Reading(unittest.TestCase):
    def test_only_marked_blocks_are_followed(self):
        text = page(("sh", "false"), ("", "false"), ("toml follow", "false"), ("sh follow", "true"))
        found = follow.blocks("page.md", text)
        self.assertEqual([(block.line, block.text) for block in found], [(15, "true\n")])

    def test_options_are_read(self):
        info = 'sh follow as=ada needs=root,nft fails expect="no such key" expect=key within=7'
        block = follow.blocks("page.md", page((info, "x")))[0]
        self.assertEqual((block.session, block.needs, block.fails), ("ada", ("root", "nft"), True))
        self.assertEqual((block.expect, block.within), (("no such key", "key"), 7))

    def test_a_comment_gives_defaults_until_the_next(self):
        text = page("<!-- follow as=nora needs=machine -->", ("sh follow", "x"), ("sh follow as=bo", "x"), "<!-- follow -->",
                    ("sh follow", "x"))
        found = [(block.session, block.needs) for block in follow.blocks("page.md", text)]
        self.assertEqual(found, [("nora", ("machine",)), ("bo", ("machine",)), (None, ())])

    def test_each_runs_in_the_shell_of_that_name_or_of_another(self):
        text = page(("sh follow each=ada,bo", "x"), ("sh follow each=ada,bo as=clerk", "x"), ("sh follow", "x"))
        runs = [block.runs() for block in follow.blocks("page.md", text)]
        self.assertEqual(runs, [[("ada", "ada"), ("bo", "bo")], [("clerk", "ada"), ("clerk", "bo")], [("operator", None)]])

    def test_an_indented_block_and_a_longer_fence(self):
        text = "1. one\n   ```sh follow\n   if true\n     then true\n   ```\n````sh follow\ncat <<E\n```\nE\n````\n"
        self.assertEqual([block.text for block in follow.blocks("p", text)], ["if true\n  then true\n", "cat <<E\n```\nE\n"])

    def test_what_cannot_be_followed_is_refused(self):
        for text, why in (
            (page(("sh follow bakground", "x")), "no such option"),
            (page(("sh follow within=soon", "x")), "no such option"),
            (page(("sh follow fails", "x")), "says what it expects"),
            (page(("sh follow fails background expect=x", "x")), "left running"),
            ("```sh follow\nx\n", "not closed"),
        ):
            with self.assertRaisesRegex(follow.PageError, why):
                follow.blocks("page.md", text)

    def test_pages_with_nothing_to_follow_are_refused(self):
        with self.assertRaisesRegex(follow.PageError, "nothing to follow"):
            followed(("sh", "true"))


class Running(unittest.TestCase):
    def test_variables_functions_and_the_folder_last(self):
        function = 'twice() { echo "$1$1"; }'
        first = ("sh follow", function, 'plain="a \'b\' $HOME"; list=(1 "2 3"); export LOUD=$\'x\\ny\'; mkdir inner; cd inner')
        second = ("sh follow", 'test "$plain" = "a \'b\' $HOME"; test "${list[1]}" = "2 3"', "test ${PWD##*/} = inner",
                  "test $(twice ab) = abab",
                  "bash -c 'test \"$LOUD\" = $'\"'x\\ny'\"; bash -c 'test -z \"${plain-}\"'")
        self.assertEqual(followed(first, second)[0], (2, 0, 0))

    def test_names_have_variables_and_homes_of_their_own(self):
        first = ("sh follow each=ada,bo", 'x=$NAME; echo "$NAME" >~/who')
        second = ("sh follow as=bo", "test $x = bo; test $(cat ~/who) = bo")
        self.assertEqual(followed(first, second, ("sh follow as=eve", "test -z ${x-}; test ! -e ~/who"))[0], (4, 0, 0))

    def test_a_reader_has_defaults_and_a_test_its_own(self):
        block = ("sh follow each=ada,bo", "PORT=${PORT:-9944}", 'echo "port $PORT of $WHERE"')
        counts, _ = followed(block, ("sh follow as=ada expect=7000", "echo $PORT"), ("sh follow as=bo expect=9944", "echo $PORT"),
                             env={"ada": "PORT=7000\n", "all": "WHERE=here\n"})
        self.assertEqual(counts, (4, 0, 0))

    def test_every_command_counts_and_the_rest_is_not_run(self):
        for lines in (["false", "true"], ["false | true"], ["echo $nothing"]):
            counts, printed = followed(("sh follow", "echo before"), ("sh follow", *lines), ("sh follow", "touch never"))
            self.assertEqual(counts, (1, 1, 0), lines)
            self.assertIn("page.md:7 (operator)", printed)
            self.assertIn("not run, since they build on it: 1 more", printed)

    def test_a_failure_shows_block_and_output(self):
        _, printed = followed(("sh follow", "for i in $(seq 100); do echo line $i; done; false"))
        self.assertIn("exit code 1", printed)
        self.assertIn("for i in", printed)
        self.assertIn("line 100", printed)
        self.assertIn("… 40 lines before", printed)
        self.assertNotIn("line 40\n", printed)

    def test_expected_failures_must_fail_with_the_reason(self):
        self.assertEqual(followed(("sh follow fails expect=lost", "echo lost; exit 3"))[0], (1, 0, 0))
        self.assertEqual(followed(("sh follow fails expect=lost", "echo lost"))[0], (0, 1, 0))
        self.assertEqual(followed(("sh follow fails expect=lost", "echo found; exit 3"))[0], (0, 1, 0))

    def test_expected_text_must_be_there(self):
        self.assertEqual(followed(("sh follow expect=a expect=b", "echo a; echo b >&2"))[0], (1, 0, 0))
        self.assertEqual(followed(("sh follow expect=a expect=b", "echo a"))[0], (0, 1, 0))

    def test_needs(self):
        counts, printed = followed(("sh follow needs=no-such-program", "false"), ("sh follow needs=cat", "true"),
                                   ("sh follow needs=machine", "false"))
        self.assertEqual(counts, (1, 0, 2))
        self.assertIn("needs no-such-program", printed)
        self.assertIn("needs a machine of its own", printed)

    def test_a_block_that_takes_too_long_is_ended_with_all_it_started(self):
        began = time.monotonic()
        counts, printed = followed(("sh follow within=1", "sleep 987654 & sleep 987654"))
        self.assertEqual(counts, (0, 1, 0))
        self.assertIn("not done within 1 s", printed)
        self.assertLess(time.monotonic() - began, 10)
        self.assertFalse(running("sleep 987654"))

    def test_what_is_left_running_is_ended(self):
        counts, _ = followed(("sh follow background", "exec sleep 987653"), ("sh follow", "pgrep -f 'sleep 98765[3]'"),
                             ("sh follow", "setsid --fork sleep 987652", "nohup sleep 987651 >/dev/null &"))
        self.assertEqual(counts, (3, 0, 0))
        for seconds in (987653, 987652, 987651):
            self.assertFalse(running(f"sleep {seconds}"))

    def test_what_was_to_be_left_running_and_is_not_has_failed(self):
        self.assertEqual(followed(("sh follow background", "exit 0"))[0], (0, 1, 0))
        counts, printed = followed(("sh follow background", "sleep 1.5; echo fell; exit 4"), ("sh follow", "sleep 1.5"))
        self.assertEqual(counts, (1, 1, 0))
        self.assertIn("ended with exit code 4", printed)

    def test_nothing_is_read_from_the_terminal(self):
        self.assertEqual(followed(("sh follow", "! read -r line"))[0], (1, 0, 0))


class CommandLine(unittest.TestCase):
    def run_it(self, *parts):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "page.md").write_text(page(*parts))
            command = [sys.executable, follow.__file__, f"{folder}/page.md"]
            return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_the_last_line_and_the_exit_code(self):
        done = self.run_it(("sh follow", "true"), ("sh follow needs=no-such-program", "true"))
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (0, "1 passed, 0 failed, 1 skipped"))
        self.assertNotIn("not followed", done.stdout)
        done = self.run_it(("sh follow needs=no-such-program", "true"))
        self.assertRegex(done.stdout.splitlines()[-2], "^not followed, since all of it was skipped: .*page.md$")
        done = self.run_it(("sh follow", "false"))
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]), (1, "0 passed, 1 failed"))
        self.assertEqual(self.run_it(("sh follow nonsense", "true")).returncode, 2)


def running(command):
    """Whether a process with this command line runs."""
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if line.read_bytes().replace(b"\0", b" ").decode(errors="replace").strip() == command:
                return int(line.parent.name) != os.getpid()
    return False


if __name__ == "__main__":
    unittest.main()
