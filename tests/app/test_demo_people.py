"""The demonstration's own reckoning of who is meant."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.demo_people import DEVICES_PER_ALIAS, TAGS, Person, draw, meant

PEOPLE = [
    Person("a", frozenset({"north", "vip"}), "ann"),
    Person("b", frozenset({"south", "vip", "night"}), "ann"),
    Person("c", frozenset({"north"}), "bob"),
    Person("d", frozenset(), ""),
]
IDS = ["1a", "1b", "1c", "1d"]


class MeantTest(SynchronousTestCase):
    def test_all_means_everybody(self) -> None:
        self.assertEqual(meant(PEOPLE, IDS, "all"), [0, 1, 2, 3])

    def test_any_of_the_tags_is_enough(self) -> None:
        self.assertEqual(meant(PEOPLE, IDS, {"tag": ["north", "night"]}), [0, 1, 2])

    def test_kinds_are_anded(self) -> None:
        audience = {"tag": ["north", "south"], "tag_and": ["vip"], "tag_not": ["night"]}
        self.assertEqual(meant(PEOPLE, IDS, audience), [0])
        self.assertEqual(meant(PEOPLE, IDS, {"alias": ["ann"], "tag": ["south"]}), [1])

    def test_tag_not_alone_means_those_without_any(self) -> None:
        self.assertEqual(meant(PEOPLE, IDS, {"tag_not": ["vip", "night"]}), [2, 3])

    def test_ids_and_aliases_name_devices(self) -> None:
        self.assertEqual(meant(PEOPLE, IDS, {"registration_id": ["1c", "1d"]}), [2, 3])
        self.assertEqual(meant(PEOPLE, IDS, {"alias": ["bob", "nobody"]}), [2])

    def test_an_empty_list_names_nothing(self) -> None:
        self.assertEqual(meant(PEOPLE, IDS, {"tag": ["vip"], "alias": []}), [0, 1])


class DrawTest(SynchronousTestCase):
    def test_the_same_seed_draws_the_same_people(self) -> None:
        self.assertEqual(draw(200, 7), draw(200, 7))
        self.assertNotEqual(draw(200, 7), draw(200, 8))

    def test_every_tag_and_shared_aliases_occur(self) -> None:
        people = draw(200, 1)
        self.assertEqual({tag for person in people for tag in person.tags}, set(TAGS))
        aliases = [person.alias for person in people if person.alias]
        self.assertEqual(len(aliases), 20)
        self.assertEqual(len(set(aliases)), 20 // DEVICES_PER_ALIAS)
        self.assertEqual(len({person.key for person in people}), 200)
