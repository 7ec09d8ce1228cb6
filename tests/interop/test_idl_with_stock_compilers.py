"""Our interfaces are usable from every Ice language: ZeroC's own compilers accept all of `idl/`."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

IDL = Path(__file__).parent.parent.parent / "idl"


class StockCompilerTest(SynchronousTestCase):
    def compile_all_with(self, tool: str, *more: str) -> None:
        if shutil.which(tool) is None:
            if os.environ.get("PUSHNET_WITHOUT_ICE") == "1":
                print(f"goes without {tool}: PUSHNET_WITHOUT_ICE=1")
                return
            self.fail(
                f"{tool} is missing. Debian, Ubuntu: apt-get install zeroc-ice-compilers."
                " To go without, set PUSHNET_WITHOUT_ICE=1"
            )
        output = Path(self.mktemp())
        output.mkdir()
        files = sorted(str(path) for path in IDL.rglob("*.ice"))
        self.assertGreater(len(files), 10)
        command = [tool, f"-I{IDL}", "--output-dir", str(output), *more, *files]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stderr, "", "not even a warning")
        self.assertTrue(any(output.iterdir()))

    def test_slice2py_compiles_all_of_idl(self) -> None:
        self.compile_all_with("slice2py")

    def test_slice2cpp_compiles_all_of_idl(self) -> None:
        self.compile_all_with("slice2cpp")
