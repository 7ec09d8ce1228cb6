"""House rule: each `pushnet/a/b.py` has its `tests/a/test_b.py`, with at least one test in it."""

from __future__ import annotations

import re

from twisted.trial.unittest import SynchronousTestCase

from tests.house.tree import TOP, modules, relative


class MirrorTest(SynchronousTestCase):
    def test_each_module_has_its_test(self) -> None:
        missing: list[str] = []
        for path in modules("pushnet"):
            if path.name == "__init__.py":
                continue
            folder, _, name = relative(path).removeprefix("pushnet/").rpartition("/")
            wanted = TOP / "tests" / folder / f"test_{name}"
            if not wanted.exists() or not re.search(
                r"^\s+(?:async )?def test_", wanted.read_text(), re.MULTILINE
            ):
                missing.append(f"{relative(path)} wants {relative(wanted)}")
        self.assertFalse(missing, "\n" + "\n".join(missing))

    def test_each_folder_of_tests_is_found_by_trial(self) -> None:
        folders = sorted({path.parent for path in modules("tests") if path.name.startswith("test_")})
        lost = [relative(folder) for folder in folders if not (folder / "__init__.py").exists()]
        self.assertEqual(lost, [], "without __init__.py trial does not look inside")
