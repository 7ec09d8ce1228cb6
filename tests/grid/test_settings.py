"""The cluster file: what is taken, and what is said to who wrote something else."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.settings import ClusterSettings, Settings, SettingsError, load_settings

HEAD = """
[cluster]
secret = "0123456789abcdef"
"""


def node(name: str, role: str, more: str = "") -> str:
    return f'[[node]]\nname = "{name}"\nrole = "{role}"\n{more}\n'


class LoadSettingsTest(SynchronousTestCase):
    def load(self, more: str, head: str = HEAD) -> Settings:
        return load_settings(head + more, "cluster.toml")

    def refusal(self, more: str, head: str = HEAD) -> str:
        return str(self.assertRaises(SettingsError, self.load, more, head))

    def test_what_is_not_said_has_its_default(self) -> None:
        settings = self.load(node("broker-1", "broker"))
        self.assertEqual(settings.named("broker-1").broker.heartbeat_s, 300)
        self.assertEqual(settings.locator, "IceGrid/Locator:tcp -h 127.0.0.1 -p 4061")

    def test_an_unknown_node_is_answered_with_those_there_are(self) -> None:
        settings = self.load(node("broker-1", "broker"))
        error = self.assertRaises(SettingsError, settings.named, "broker-2")
        self.assertEqual(str(error), "no [[node]] is named 'broker-2'; there are: broker-1")

    def test_what_is_no_toml_is_refused_with_its_line(self) -> None:
        self.assertRegex(self.refusal("[node]]\nx = 1"), r"^cluster.toml: .*line 4")

    def test_what_is_nested_too_deeply_is_refused(self) -> None:
        self.assertIn("nested too deeply", self.refusal("x = " + "[" * 5000))

    def test_an_unknown_key_is_refused_at_every_level(self) -> None:
        self.assertIn("unknown field `colour`", self.refusal("", "colour = 1" + HEAD))
        self.assertIn("unknown field `colour` - at `cluster`", self.refusal("colour = 1"))
        self.assertEqual(
            self.refusal(node("b", "broker", "[node.broker]\nprot = 1")),
            "cluster.toml: node 'b': Object contains unknown field `prot` - at `broker`",
        )

    def test_a_value_of_the_wrong_kind_is_refused_with_its_node(self) -> None:
        self.assertEqual(
            self.refusal(node("a", "queue") + node("b", "broker", 'port = "x"')),
            "cluster.toml: node 'b': Expected `int`, got `str` - at `port`",
        )

    def test_what_must_be_there_is_asked_for(self) -> None:
        self.assertIn("missing required field `secret`", self.refusal("", "[cluster]\n"))
        self.assertIn(
            "node 1: Object missing required field `name`", self.refusal('[[node]]\nrole = "queue"')
        )

    def test_a_node_has_a_role_and_a_name_of_its_own(self) -> None:
        self.assertIn("role 'cook' is none of", self.refusal(node("a", "cook")))
        self.assertIn("node 'a' stands twice", self.refusal(node("a", "queue") + node("a", "queue")))
        self.assertIn("a name is lower-case", self.refusal(node("A b", "queue")))

    def test_an_app_has_keys_that_sdks_take(self) -> None:
        key = "a" * 24
        self.assertIn("24 letters", self.refusal(f'[[app]]\nkey = "short"\nsecret = "{key}"'))
        app = f'[[app]]\nkey = "{key}"\nsecret = "{key}"\n'
        self.assertIn("stands twice", self.refusal(app + app))

    def test_two_nodes_do_not_share_what_only_one_can_have(self) -> None:
        self.assertIn(
            "node 'b': port 127.0.0.1:9000 is taken by node 'a'",
            self.refusal(
                node("a", "queue", "port = 9000") + node("b", "broker", "[node.broker]\nport = 9000")
            ),
        )
        self.assertIn(
            "node 'a': port 127.0.0.1:9000 is taken by node 'a'",
            self.refusal(node("a", "queue", "port = 9000\nhttp_port = 9000")),
        )
        self.assertIn(
            "shard 0 is taken by node 'a'", self.refusal(node("a", "dbagent") + node("b", "dbagent"))
        )
        self.assertIn("gateway number 0 is taken", self.refusal(node("a", "gateway") + node("b", "gateway")))

    def test_the_table_of_a_role_makes_sense(self) -> None:
        self.assertIn(
            "node 'g': gateway.https_port wants gateway.certificate",
            self.refusal(node("g", "gateway", "gateway.https_port = 8443")),
        )
        self.assertIn(
            "gateway.number must be 0 to 1023", self.refusal(node("g", "gateway", "gateway.number = 1024"))
        )
        self.assertIn("port 70000 is not 0 to", self.refusal(node("b", "broker", "broker.port = 70000")))

    def test_a_group_is_balanced_as_its_table_says(self) -> None:
        settings = self.load('[[group]]\nid = "B"\nchoice = "split"\nn = 1\nsplit = { east = 7, west = 3 }')
        policy = settings.group[0].policy
        self.assertEqual((policy.kind, policy.answered, policy.parts), ("split", 1, {"east": 7, "west": 3}))

    def test_a_group_that_cannot_be_balanced_so_is_refused(self) -> None:
        group = '[[group]]\nid = "Broker"\nchoice = "{}"\n'
        self.assertIn("group 'Broker': choice 'best' is none of random", self.refusal(group.format("best")))
        self.assertIn("group 'Broker': a split needs parts", self.refusal(group.format("split")))
        self.assertIn("'Broker' stands twice", self.refusal(group.format("random") * 2))

    def test_callers_are_given_every_registry(self) -> None:
        more = 'etcd = ["http://h:2379"]\n' + node("r1", "registry", "port = 4061")
        more += node("r2", "registry", 'host = "h2"')
        self.assertEqual(
            self.load(more).locator, "IceGrid/Locator:tcp -h 127.0.0.1 -p 4061:tcp -h h2 -p 4061"
        )
        self.assertEqual(self.load("").locator, "IceGrid/Locator:tcp -h 127.0.0.1 -p 4061")

    def test_who_may_join_is_one_of_three_and_certificates_want_a_folder_and_a_door_of_their_own(
        self,
    ) -> None:
        self.assertIn("cluster.join must be one of open, token, tls", self.refusal('join = "nobody"'))
        self.assertIn("wants cluster.tls", self.refusal('join = "tls"'))
        for join, doors in (("token", ["tcp -h h -p 5000"]), ("tls", ["ssl -h h -p 5001"])):
            cluster = ClusterSettings(secret="x" * 16, host="h", registry_port=5000, join=join, tls="tls")
            self.assertEqual(Settings(cluster=cluster).doors, doors)

    def test_several_registries_want_etcd_and_leases_it_can_grant(self) -> None:
        two = node("r1", "registry", "port = 1") + node("r2", "registry", "port = 2")
        self.assertIn("node 'r2': a second registry wants cluster.etcd", self.refusal(two))
        self.assertIn("is not http://host:port", self.refusal('etcd = ["h:2379"]'))
        self.assertIn("at least 2", self.refusal('etcd = ["http://h"]\nlease_s = 1.0'))

    def test_limits_are_told(self) -> None:
        self.assertIn("shorter than 16", self.refusal("", '[cluster]\nsecret = "x"'))
        self.assertIn("cluster.shards must be 1 to 64", self.refusal("shards = 65"))
        self.assertIn("registry_port must be", self.refusal("registry_port = 0"))
        self.assertIn("cluster.lease_s", self.refusal("lease_s = 0.01"))
        self.assertIn("log_level 'loud' is none of", self.refusal('log_level = "loud"'))
        self.assertIn("shard 2 is not below", self.refusal(node("a", "dbagent", "dbagent.shards = [2]")))
