"""A project whose Slice files are compiled when it is built."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

from twisted.trial.unittest import SynchronousTestCase

import pushnet
from pushnet.slice.building import SliceBuildException, compile_project

SETTINGS = """
[build-system]
requires = ["setuptools", "pushnet"]
build-backend = "pushnet.slice.building"

[project]
name = "hello"
version = "1"

[tool.setuptools]
packages = ["hello", "hello.gen"]

[tool.slice2tx]
files = ["slice/**/*.ice"]
include-dirs = ["slice"]
output = "hello/gen"
package = "hello.gen"
"""


class BuildingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.top = Path(self.mktemp()).absolute()
        for folder in ("slice/parts", "hello/gen"):
            (self.top / folder).mkdir(parents=True)
        for name in ("hello/__init__.py", "hello/gen/__init__.py"):
            (self.top / name).write_text('"""A package."""\n')
        (self.top / "pyproject.toml").write_text(SETTINGS)
        (self.top / "slice/greeter.ice").write_text(
            "#include <parts/words.ice>\nmodule Hello { interface Greeter { Words greet(); } }\n"
        )
        (self.top / "slice/parts/words.ice").write_text(
            "#pragma once\nmodule Hello { sequence<string> Words; }\n"
        )

    def test_what_is_built_has_what_was_compiled(self) -> None:
        code = "import pushnet.slice.building as b; b.get_requires_for_build_sdist(); b.build_sdist('made')"
        here = str(Path(pushnet.__file__).parent.parent)
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=self.top,
            env={**os.environ, "PYTHONPATH": here},
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        with tarfile.open(self.top / "made/hello-1.tar.gz") as built:
            self.assertIn("hello-1/hello/gen/greeter.py", built.getnames())

    def test_files_that_are_right_already_are_left_alone(self) -> None:
        changed = compile_project(self.top)
        self.assertEqual(
            sorted(str(path.relative_to(self.top)) for path in changed),
            ["hello/gen/greeter.py", "hello/gen/parts/__init__.py", "hello/gen/parts/words.py"],
        )
        self.assertEqual(compile_project(self.top), [])

    def test_wrong_settings_are_told(self) -> None:
        for old, new, told in (
            ("[tool.slice2tx]", "[tool.other]", "pyproject.toml has no"),
            ('package = "hello.gen"', "", "lacks package"),
            ("include-dirs", "include_dirs", "unknown keys: include_dirs"),
            ("slice/**/*.ice", "src/*.ice", "means no file at all"),
        ):
            (self.top / "pyproject.toml").write_text(SETTINGS.replace(old, new))
            error = self.assertRaises(SliceBuildException, compile_project, self.top)
            self.assertIn(told, str(error))

    def test_mistakes_in_the_slice_files_are_told(self) -> None:
        (self.top / "slice/greeter.ice").write_text("module M { struct S { X x; } }")
        error = self.assertRaises(SliceBuildException, compile_project, self.top)
        self.assertIn("greeter.ice:1:23: error: `X` is not defined", str(error))
