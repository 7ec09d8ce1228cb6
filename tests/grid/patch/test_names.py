"""Names that stay in their folder, on any system."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.limits import DEPTH_MAX, PART_BYTES_MAX, PATH_BYTES_MAX
from pushnet.grid.patch.names import check_digest, check_name, check_path, check_tree, check_version
from pushnet.grid.patch.refusals import Malformed, NotAPath

CLIMBING = ["..", "../a", "a/../b", "a/..", "/a", "//a", "a//b", "a/", "", ".", "./a", "a/.", "/etc/passwd"]
FOREIGN = [
    "a\\b", "..\\a", "C:", "C:/a", "a:b", "a\0b", "a\nb", "a\x7fb", "a\x1b[2J",
    "con", "CON.txt", "a/nul", "lpt1",
    "a.", "a ", "a/b ./c", "a*", "a?", 'a"b', "<a", "a>", "a|b", "\ud800",
]  # fmt: skip


class PathTests(SynchronousTestCase):
    def test_ordinary_paths_are_taken(self) -> None:
        for path in (
            "a",
            "bin/run",
            ".hidden",
            "a b/c-d_e.f",
            "é/日本",
            "..a",
            "a..b",
            "console",
            "-rf",
            "~x",
            "$HOME",
        ):
            check_path(path)

    def test_paths_that_climb_or_are_absolute_are_refused(self) -> None:
        for path in CLIMBING:
            self.assertRaises(NotAPath, check_path, path)

    def test_paths_that_some_system_reads_otherwise_are_refused(self) -> None:
        for path in FOREIGN:
            self.assertRaises(NotAPath, check_path, path)

    def test_text_that_is_not_in_normal_form_is_refused(self) -> None:
        self.assertRaises(NotAPath, check_path, "e\u0301")

    def test_long_and_deep_paths_are_refused(self) -> None:
        check_path("x" * PART_BYTES_MAX)
        check_path("/".join("x" * DEPTH_MAX))
        self.assertRaises(NotAPath, check_path, "x" * (PART_BYTES_MAX + 1))
        self.assertRaises(NotAPath, check_path, "/".join("x" * (DEPTH_MAX + 1)))
        self.assertRaises(NotAPath, check_path, "/".join(["x" * 199] * (PATH_BYTES_MAX // 199 + 1)))

    def test_every_hostile_part_is_refused_at_every_depth(self) -> None:
        hostile = [path for path in (*CLIMBING, *FOREIGN) if "/" not in path]
        for part in hostile:
            for path in (part, f"{part}/b", f"a/{part}", f"a/{part}/b", f"a/b/c/{part}", f"a/b/{part}/c/d"):
                self.assertRaises(NotAPath, check_path, path)
                self.assertRaises(NotAPath, check_tree, ["good"], [path])
        self.assertGreaterEqual(len(hostile) * 6 * 2 + len(CLIMBING) + len(FOREIGN), 300)


class TreeTests(SynchronousTestCase):
    def test_files_may_share_folders(self) -> None:
        check_tree(["a/b", "a/c", "d"], ["e/f", "e/g"])

    def test_paths_that_differ_only_in_case_are_refused(self) -> None:
        for files in (["a", "A"], ["Straße", "STRASSE"], ["a/b", "A/c"], ["x/Y/1", "x/y/2"]):
            self.assertRaises(NotAPath, check_tree, files, [])
        self.assertRaises(NotAPath, check_tree, ["a/b"], ["A"])

    def test_a_file_is_no_folder(self) -> None:
        self.assertRaises(NotAPath, check_tree, ["a", "a/b"], [])
        self.assertRaises(NotAPath, check_tree, ["a/b", "a"], [])
        self.assertRaises(NotAPath, check_tree, ["a"], ["a"])
        self.assertRaises(NotAPath, check_tree, ["a"], ["a/b"])

    def test_nothing_stands_twice(self) -> None:
        self.assertRaises(NotAPath, check_tree, ["a", "a"], [])


class NameTests(SynchronousTestCase):
    def test_names_versions_and_digests_that_may_be(self) -> None:
        for name in ("broker", "etc-2", "a_b"):
            check_name(name)
        for version in ("1.4.0", "2026-11-21+b7", "1", "v1.0.0-rc.1"):
            check_version(version)
        check_digest("0123456789abcdef" * 4)

    def test_those_that_may_not(self) -> None:
        for name in ("", "Broker", "a/b", "..", "-a", "a.b", "x" * 65, "a\n"):
            self.assertRaises(Malformed, check_name, name)
        for version in ("", ".", "..", "1/2", "1@2", "-1", "1.", "x" * 65, "1 2", "1\n"):
            self.assertRaises(Malformed, check_version, version)
        for digest in ("", "0" * 63, "A" * 64, "g" * 64, "0" * 64 + "\n"):
            self.assertRaises(Malformed, check_digest, digest)
