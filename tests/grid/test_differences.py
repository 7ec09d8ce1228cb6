"""What an operator is shown before settings are applied."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.cluster import Difference
from pushnet.grid.differences import differences
from pushnet.grid.settings import Settings, load_settings

FILE = """
[cluster]
secret = "0123456789abcdef"
lease_s = 3.0

[[app]]
key = "aaaaaaaaaaaaaaaaaaaaaaaa"
secret = "bbbbbbbbbbbbbbbbbbbbbbbb"

[[group]]
id = "Broker"
choice = "split"
split = { east = 7, west = 3 }

[[node]]
name = "m1"
role = "node"

[[node]]
name = "m2"
role = "node"

[[node]]
name = "broker-1"
role = "broker"
agent = "m1"
environment = { API_TOKEN = "abc" }

[[node]]
name = "queue-1"
role = "queue"
agent = "m1"

[[server]]
name = "clock"
agent = "m2"
command = ["./clock"]
"""


class DifferencesTest(SynchronousTestCase):
    def between(self, *changes: tuple[str, str]) -> list[Difference]:
        text = FILE
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new)
        return differences(self.load(FILE), self.load(text), {}, {})

    def load(self, text: str) -> Settings:
        return load_settings(text, "cluster.toml")

    def test_the_same_makes_no_difference(self) -> None:
        self.assertEqual(self.between(), [])

    def test_at_first_everything_is_added(self) -> None:
        made = differences(None, self.load(FILE), {}, {})
        self.assertEqual({each.how for each in made}, {"added"})
        self.assertEqual(
            [(each.what, each.name) for each in made],
            [
                ("cluster", "pushnet"),
                ("app", "a" * 24),
                ("group", "Broker"),
                ("agent", "m1"),
                ("agent", "m2"),
                ("server", "broker-1"),
                ("server", "clock"),
                ("server", "queue-1"),
            ],
        )

    def test_a_server_whose_settings_change_is_restarted_and_told_why(self) -> None:
        more = 'role = "broker"\nbroker.heartbeat_s = 60'
        self.assertEqual(
            self.between(('role = "broker"', more)),
            [Difference("server", "broker-1", "restarted", "broker.heartbeat_s: 300 -> 60")],
        )

    def test_what_all_share_restarts_all_that_read_it(self) -> None:
        made = self.between(("lease_s = 3.0", "lease_s = 5.0"))
        self.assertEqual(
            made,
            [
                Difference("cluster", "pushnet", "changed", "lease_s: 3.0 -> 5.0"),
                Difference("server", "broker-1", "restarted", "[cluster] has changed"),
                Difference("server", "queue-1", "restarted", "[cluster] has changed"),
            ],
        )

    def test_secrets_are_not_shown(self) -> None:
        made = self.between(("0123456789abcdef", "fedcba9876543210"), ("b" * 24, "c" * 24), ("abc", "xyz"))
        told = " ".join(each.details for each in made)
        self.assertIn("secret is another", told)
        self.assertIn("environment.API_TOKEN is another", told)
        for secret in ("0123456789abcdef", "fedcba9876543210", "bbb", "ccc", "abc", "xyz"):
            self.assertNotIn(secret, told)

    def test_a_server_given_to_another_agent_is_moved(self) -> None:
        made = self.between(('agent = "m2"', 'agent = "m1"'))
        self.assertEqual(made, [Difference("server", "clock", "moved", 'agent: "m2" -> "m1"')])

    def test_a_move_away_from_its_data_is_told(self) -> None:
        place = 'role = "queue"\nagent = "m1"'
        (made,) = self.between((place, place.replace("m1", "m2")))
        self.assertEqual(made.details, 'agent: "m1" -> "m2"; what it has on its disk does not move with it')

    def test_a_group_changes_without_restarting_anybody(self) -> None:
        made = self.between(("east = 7, west = 3", "east = 1, west = 9"))
        details = "split.east: 7 -> 1; split.west: 3 -> 9"
        self.assertEqual(made, [Difference("group", "Broker", "changed", details)])

    def test_a_version_that_was_deployed_already_holds(self) -> None:
        old = self.load(FILE.replace('name = "clock"', 'name = "clock"\nrelease = "clock"\nversion = "1"'))
        new = self.load(FILE.replace('name = "clock"', 'name = "clock"\nrelease = "clock"\nversion = "2"'))
        self.assertEqual(
            differences(old, new, {"clock": "3"}, {}),
            [Difference("server", "clock", "changed", 'version: "1" -> "2"')],
        )
        self.assertEqual([each.how for each in differences(old, new, {}, {})], ["restarted"])

    def test_who_is_given_to_no_agent_is_restarted_by_others(self) -> None:
        own = FILE.replace('agent = "m1"', "")
        more = 'role = "queue"\nqueue.attempts_max = 9'
        (made,) = differences(self.load(own), self.load(own.replace('role = "queue"', more)), {}, {})
        self.assertEqual(
            made.details, "queue.attempts_max: 5 -> 9; given to no agent, so by `pushnet up` or by hand"
        )

    def test_who_runs_only_when_needed_is_told_so(self) -> None:
        more = '[[server]]\nname = "s-${n}"\ncommand = ["s"]\nagent = "any"\n'
        more += "min = 1\nmax = 2\ntarget_load = 1.0\n"
        made = differences(self.load(FILE), self.load(FILE + more), {}, {})
        self.assertEqual(
            [(each.what, each.details) for each in made],
            [
                ("set", ""),
                ("server", "server at agent any"),
                ("server", "server at agent any, when the load needs it"),
            ],
        )
        other = more.replace("target_load = 1.0", "target_load = 0.5")
        self.assertEqual(
            differences(self.load(FILE + more), self.load(FILE + other), {}, {}),
            [Difference("set", "s", "changed", "target_load: 1.0 -> 0.5")],
        )

    def test_who_goes_is_told(self) -> None:
        server = FILE[FILE.index("[[server]]") :]
        made = self.between((server, ""))
        self.assertEqual(made, [Difference("server", "clock", "removed", "server at agent m2")])
