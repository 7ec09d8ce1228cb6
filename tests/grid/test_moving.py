"""Where devices go that a Broker gives away."""

from __future__ import annotations

from collections import Counter

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.moving import Place, deal, surplus


def place(name: str, devices: int, room: int = 18_000, near: bool = True) -> Place:
    return Place(name, name, 7000, devices, room, near)


class DealTests(SynchronousTestCase):
    def dealt(self, count: int, *places: Place) -> dict[str, int]:
        return dict(Counter(each.name for each in deal(count, places)))

    def test_all_have_as_many_in_the_end(self) -> None:
        self.assertEqual(
            self.dealt(300, place("a", 0), place("b", 100), place("c", 200)), {"a": 200, "b": 100}
        )

    def test_nobody_gets_more_than_there_is_room_for(self) -> None:
        self.assertEqual(self.dealt(100, place("a", 0, 10), place("b", 5, 25)), {"a": 10, "b": 20})

    def test_the_own_region_comes_first(self) -> None:
        near, far = place("near", 90, 100), place("far", 0, near=False)
        self.assertEqual(self.dealt(30, near, far), {"near": 10, "far": 20})

    def test_without_anybody_nobody_is_told_where_to_go(self) -> None:
        self.assertEqual(deal(10, []), [])


class SurplusTests(SynchronousTestCase):
    def test_twice_as_many_become_as_many(self) -> None:
        given = surplus(2000, [place("b", 1000)])
        self.assertEqual(given, 500)
        self.assertLessEqual((2000 - given) / (1000 + given), 1.1)

    def test_of_many_each_gives_what_it_has_above_the_average(self) -> None:
        devices = [2000, 2000, 1000, 1000]
        for number in range(4):
            rest = [place(str(other), count) for other, count in enumerate(devices) if other != number]
            self.assertEqual(surplus(devices[number], rest), 500 if number < 2 else 0)

    def test_who_has_little_more_keeps_it(self) -> None:
        self.assertEqual(surplus(1040, [place("b", 1000)]), 0)

    def test_who_is_alone_or_alone_in_its_region_keeps_all(self) -> None:
        self.assertEqual(surplus(1000, []), 0)
        self.assertEqual(surplus(1000, [place("b", 0, near=False)]), 0)
