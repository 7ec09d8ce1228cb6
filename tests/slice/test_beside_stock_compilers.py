"""What we compile, ZeroC's compilers of Ice 3.7 compile as well; what we refuse, they refuse."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from twisted.trial.unittest import SkipTest, SynchronousTestCase

from tests.slice.golden import ERRORS, FOLDER

NEWER = ("modern.ice",)
"""Written in what only Ice 3.8 has."""
OURS = ("clashing.ice", "metadata.ice", "self-named.ice")
"""Refused for reasons of ours: Python's names, metadata of our own."""
CURE = "is missing: apt-get install zeroc-ice-compilers, or set PUSHNET_WITHOUT_ICE=1 to do without"


class BesideStockCompilersTest(SynchronousTestCase):
    def accepts(self, tool: str, path: Path) -> bool:
        if shutil.which(tool) is None:
            if os.environ.get("PUSHNET_WITHOUT_ICE") == "1":
                raise SkipTest(f"{tool} {CURE}")
            self.fail(f"{tool} {CURE}")
        folder = Path(self.mktemp())
        folder.mkdir(parents=True)
        command = [tool, "-D__SLICE2TX__=1", f"-I{path.parent}", "--output-dir", str(folder), str(path)]
        return subprocess.run(command, capture_output=True, timeout=60, check=False).returncode == 0

    def test_good_files(self) -> None:
        for path in sorted(FOLDER.glob("*.ice")):
            for tool in ("slice2py", "slice2cpp"):
                self.assertEqual(self.accepts(tool, path), path.name not in NEWER, f"{tool} {path.name}")

    def test_bad_files(self) -> None:
        for path in sorted(ERRORS.glob("*.ice")):
            self.assertEqual(self.accepts("slice2py", path), path.name in OURS, path.name)
