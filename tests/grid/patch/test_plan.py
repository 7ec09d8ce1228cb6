"""What travels: nothing that is here, once what several files have, the cheapest way that can be unpacked."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.documents import Pack
from pushnet.grid.patch.plan import bases_for, bytes_to_move, every_way, objects_of, plainly, ways
from tests.grid.patch.papers import entry, release

OLD, NEW = b"old" * 100, b"new" * 100
WHOLE, STEP = Pack("", "1" * 64, 60), Pack(entry("a", OLD).sha256, "2" * 64, 9)


class PlanTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.release = release(files=[entry("a", NEW, [WHOLE, STEP]), entry("b", NEW, [WHOLE, STEP])])
        self.content = self.release.files[0].sha256

    def test_a_content_travels_once_by_the_difference_where_its_base_is_here(self) -> None:
        (way,) = ways(self.release, [STEP.base])
        self.assertEqual((way.object, way.base, way.packed), (STEP.sha256, STEP.base, True))

    def test_without_the_base_the_whole_travels(self) -> None:
        (way,) = ways(self.release, [])
        self.assertEqual((way.object, bytes_to_move([way])), (WHOLE.sha256, 60))

    def test_what_is_here_does_not_travel(self) -> None:
        self.assertEqual(ways(self.release, [self.content]), [])

    def test_a_content_may_always_travel_as_it_is(self) -> None:
        found = every_way(self.release, self.content, [STEP.base])
        self.assertEqual([way.object for way in found], [STEP.sha256, WHOLE.sha256, self.content])
        self.assertEqual(plainly(found[0]), found[-1])

    def test_objects_are_contents_and_packs(self) -> None:
        self.assertEqual(objects_of(self.release), {self.content: 300, WHOLE.sha256: 60, STEP.sha256: 9})

    def test_bases_are_the_same_path_in_the_newest_versions(self) -> None:
        earlier = [release(n, f"1.{n}", [entry("a", b"%d" % n)]) for n in range(1, 6)]
        self.assertEqual([each.size for each in bases_for("a", earlier)], [1, 1, 1])
        self.assertEqual(bases_for("a", earlier)[0], earlier[-1].files[0])

    def test_a_file_that_moved_is_known_by_its_last_part(self) -> None:
        earlier = [release(1, files=[entry("lib/a.py", OLD), entry("lib/b.py")])]
        self.assertEqual(bases_for("src/a.py", earlier), [earlier[0].files[0]])
        twice = [release(1, files=[entry("x/a.py", OLD), entry("y/a.py", NEW)])]
        self.assertEqual(bases_for("src/a.py", twice), [])
        self.assertEqual(bases_for("a", []), [])
