"""A process whose output is led into files, and the files themselves."""

import subprocess
import sys
from pathlib import Path

from twisted.internet import reactor
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.realworld import RealWorld
from pushnet.app.realworld_output import redirect

SCRIPT = """
import os, sys
from pushnet.app.realworld_output import redirect
sys.stdout.write("before ")
redirect(1, sys.argv[1])
redirect(2, sys.argv[2])
print("after")
os.write(2, b"error")
"""


class RedirectTest(SynchronousTestCase):
    def test_what_is_written_goes_to_the_end_of_the_files_from_then_on(self) -> None:
        out, err = Path(self.mktemp()), Path(self.mktemp())
        out.write_text("old ")
        told = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(out.absolute()), str(err.absolute())], capture_output=True
        )
        self.assertEqual((told.stdout, told.stderr, told.returncode), (b"before ", b"", 0))
        self.assertEqual((out.read_text(), err.read_text()), ("old after\n", "error"))

    def test_a_file_that_cannot_be_made_is_an_error_and_changes_nothing(self) -> None:
        self.assertRaises(FileNotFoundError, redirect, 1, "/missing/file")

    def test_a_file_is_appended_to_and_renamed(self) -> None:
        world = RealWorld(reactor, self.mktemp())
        one, two = (str(Path(self.mktemp()).absolute()) for _ in range(2))
        self.assertEqual([world.append_file(one, data) for data in (b"", b"abc", b"de")], [0, 3, 5])
        world.rename_file(one, two)
        self.assertEqual(world.read_file(two), b"abcde")
