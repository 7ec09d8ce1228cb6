"""Where those run that may run anywhere."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.spreading import Site, Wanderer, levelled, spread

SITES = [Site("m1", "east", "a"), Site("m2", "east", "b"), Site("m3", "east", "b")]


def wanderers(count: int, kind: str = "tagalias") -> list[Wanderer]:
    return [Wanderer(f"{kind}-{number}", kind) for number in range(1, count + 1)]


class SpreadTest(SynchronousTestCase):
    def test_two_of_a_kind_are_in_two_zones(self) -> None:
        self.assertEqual(spread(wanderers(2), {}, SITES), {"tagalias-1": "m1", "tagalias-2": "m2"})

    def test_they_are_spread_over_all_agents(self) -> None:
        made = list(spread(wanderers(6), {}, SITES).values())
        self.assertEqual([made.count(site.name) for site in SITES], [2, 2, 2])

    def test_who_has_a_place_keeps_it(self) -> None:
        places = {"tagalias-1": "m2", "tagalias-2": "m2"}
        self.assertEqual(spread(wanderers(2), places, SITES), places)

    def test_who_was_at_an_agent_that_is_gone_gets_another_place(self) -> None:
        places = spread(wanderers(3), {}, SITES)
        made = spread(wanderers(3), places, SITES[1:])
        self.assertEqual({name for name in made if made[name] != places[name]}, {"tagalias-1"})

    def test_an_agent_that_may_be_back_keeps_its_own_and_gets_nobody_else(self) -> None:
        places = {"tagalias-1": "m1"}
        made = spread(wanderers(3), places, SITES[1:], ["m1"])
        self.assertEqual(made, {"tagalias-1": "m1", "tagalias-2": "m2", "tagalias-3": "m3"})

    def test_without_agents_nobody_is_placed(self) -> None:
        self.assertEqual(spread(wanderers(3), {"tagalias-1": "m1"}, []), {})

    def test_kinds_are_spread_apart_from_each_other(self) -> None:
        both = [*wanderers(1), *wanderers(1, "pusher")]
        self.assertEqual(spread(both, {}, SITES[:2]), {"tagalias-1": "m1", "pusher-1": "m2"})

    def test_an_agent_with_less_to_do_is_chosen(self) -> None:
        sites = [Site("m1", "east", "a", settled=5), Site("m2", "east", "a", settled=1)]
        self.assertEqual(spread(wanderers(1), {}, sites), {"tagalias-1": "m2"})

    def test_an_agent_that_is_back_takes_its_share_one_at_a_time(self) -> None:
        places = dict.fromkeys([each.name for each in wanderers(4)], "m1")
        one = levelled(wanderers(4), places, SITES[:2])
        self.assertEqual(sum(one[name] != places[name] for name in places), 1)
        two = levelled(wanderers(4), one, SITES[:2])
        self.assertEqual(sorted(two.values()), ["m1", "m1", "m2", "m2"])
        self.assertEqual(levelled(wanderers(4), two, SITES[:2]), two)

    def test_one_of_a_kind_is_never_moved_for_evenness(self) -> None:
        places = {"tagalias-1": "m1"}
        self.assertEqual(levelled(wanderers(1), places, SITES), places)
        self.assertEqual(levelled(wanderers(1), {}, []), {})

    def test_whatever_was_before_all_have_a_place_that_is_there(self) -> None:
        @given(
            st.integers(0, 9),
            st.dictionaries(st.integers(1, 9), st.sampled_from(["m1", "m2", "m9"])),
            st.integers(1, 3),
        )
        @settings(max_examples=60, deadline=None)
        def check(count: int, before: dict[int, str], there: int) -> None:
            places = {f"tagalias-{number}": agent for number, agent in before.items()}
            sites = SITES[:there]
            made = spread(wanderers(count), places, sites)
            self.assertEqual(sorted(made), sorted(each.name for each in wanderers(count)))
            self.assertTrue(set(made.values()) <= {site.name for site in sites})
            self.assertEqual(spread(wanderers(count), made, sites), made)

        check()
