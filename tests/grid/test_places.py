"""What a process takes from its agent, and the addresses that are its own."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.places import addresses, settled
from pushnet.grid.settings import Settings, load_settings

FILE = """
[cluster]
secret = "0123456789abcdef"

[[node]]
name = "m1"
role = "node"
host = "10.0.0.1"
region = "east"
zone = "a"

[[node]]
name = "r"
role = "relay"
agent = "m1"
zone = "b"
relay.port = 4063

[[node]]
name = "g"
role = "gateway"
agent = "any"
gateway.port = 8080
gateway.https_port = 8443
gateway.certificate = "c"
gateway.private_key = "k"

[[node]]
name = "registry"
role = "registry"
http_port = 9100
sockets = ["127.0.0.1:99"]

[[server]]
name = "s"
command = ["x", "${port}"]
front = "tcp -h 10.0.0.1 -p 1:ssl -h 10.0.0.1 -p 2"
"""


class PlacesTest(SynchronousTestCase):
    def load(self) -> Settings:
        return load_settings(FILE, "cluster.toml")

    def test_a_node_has_its_agents_host_and_place_unless_it_says_its_own(self) -> None:
        relay = self.load().named("r")
        self.assertEqual((relay.host, relay.region, relay.zone), ("10.0.0.1", "east", "b"))
        self.assertEqual(relay.relay.host, "10.0.0.1")

    def test_who_may_be_anywhere_is_at_home_where_it_was_placed(self) -> None:
        self.assertEqual(self.load().named("g").host, "")
        gateway = settled(self.load(), {"g": "m1", "r": "nowhere"}).named("g")
        self.assertEqual((gateway.host, gateway.agent), ("10.0.0.1", "m1"))

    def test_fixed_ports_are_addresses(self) -> None:
        settings = self.load()
        self.assertEqual(
            {process.name: addresses(settings, process) for process in settings.processes},
            {
                "m1": [],
                "r": ["10.0.0.1:4063"],
                "g": ["127.0.0.1:8080", "127.0.0.1:8443"],
                "registry": ["127.0.0.1:4061", "127.0.0.1:9100", "127.0.0.1:99"],
                "s": ["10.0.0.1:1", "10.0.0.1:2"],
            },
        )
