"""Templates: one table stands for many."""

from __future__ import annotations

import tomllib
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.settings import Settings, SettingsError, load_settings
from pushnet.grid.templates import TemplateError, expand

EDGE = """
[[template]]
name = "edge"
parameters = ["zone"]
defaults = { first_port = 7000 }
[template.node]
role = "broker"
zone = "${zone}"
broker.port = "${first_port + n}"
broker.heartbeat_s = 60
"""
HEAD = '[cluster]\nsecret = "0123456789abcdef"\n'


class ExpandTest(SynchronousTestCase):
    def expand(self, text: str) -> dict[str, Any]:
        return expand(tomllib.loads(text))

    def refusal(self, text: str) -> str:
        return str(self.assertRaises(TemplateError, self.expand, text))

    def test_what_has_no_template_stays_as_it_is(self) -> None:
        text = '[cluster]\nname = "${x}"\n[[node]]\nname = "a"\nrole = "${n}"\n'
        self.assertEqual(self.expand(text), tomllib.loads(text))

    def test_copies_differ_by_their_number_and_parameters(self) -> None:
        use = '[[node]]\ntemplate = "edge"\nname = "edge-${n}"\ncount = 2\nparameters = { zone = "a" }\n'
        self.assertEqual(
            self.expand(EDGE + use)["node"],
            [
                {
                    "name": f"edge-{n}",
                    "role": "broker",
                    "zone": "a",
                    "broker": {"port": 7000 + n, "heartbeat_s": 60},
                }
                for n in (1, 2)
            ],
        )

    def test_a_table_stands_above_its_template(self) -> None:
        use = '[[node]]\ntemplate = "edge"\nname = "e"\nzone = "b"\nparameters = { zone = "a" }\n'
        (node,) = self.expand(EDGE + use + "broker.heartbeat_s = 9\nagent = 'm1'\n")["node"]
        self.assertEqual((node["zone"], node["agent"]), ("b", "m1"))
        self.assertEqual(node["broker"], {"port": 7001, "heartbeat_s": 9})

    def test_each_makes_copies_for_every_combination(self) -> None:
        use = """
        [[node]]
        name = "s-${region}-${shard}-${n}"
        each = { region = ["east", "west"], shard = [0, 1] }
        dbagent.shards = ["${shard}"]
        """
        made = self.expand(use)["node"]
        self.assertEqual(
            [node["name"] for node in made], ["s-east-0-1", "s-east-1-1", "s-west-0-1", "s-west-1-1"]
        )
        self.assertEqual([node["dbagent"]["shards"] for node in made], [[0], [1], [0], [1]])

    def test_none_at_all_is_a_count(self) -> None:
        self.assertEqual(self.expand('[[server]]\nname = "s-${n}"\ncount = 0')["server"], [])

    def test_a_template_begins_with_another(self) -> None:
        more = '[[template]]\nname = "far"\ntemplate = "edge"\ndefaults = { zone = "z" }\n'
        use = '[[node]]\ntemplate = "far"\nname = "f"\n'
        (node,) = self.expand(EDGE + more + "node.region = 'moon'\n" + use)["node"]
        self.assertEqual((node["role"], node["zone"], node["region"]), ("broker", "z", "moon"))

    def test_templates_in_a_circle_are_refused(self) -> None:
        a = '[[template]]\nname = "a"\ntemplate = "b"\n[[template]]\nname = "b"\ntemplate = "a"\n'
        self.assertIn("template 'a' begins with itself: a -> b -> a", self.refusal(a))
        self.assertIn(
            "begins with 'c', which is none of: a", self.refusal('[[template]]\nname="a"\ntemplate="c"')
        )

    def test_errors_name_the_template_and_who_uses_it(self) -> None:
        use = '[[node]]\ntemplate = "edge"\nname = "e-${n}"\n'
        told = "template 'edge', node 'e-${n}': "
        self.assertEqual(self.refusal(EDGE + use), told + "parameter 'zone' is not given")
        self.assertEqual(
            self.refusal(EDGE + use + 'parameters = { zone = "a", colour = 1 }'),
            told + "unknown parameter 'colour'; there are: zone, first_port",
        )
        self.assertEqual(
            self.refusal(EDGE + use + 'parameters = { zone = "${zon}" }'),
            told + "unknown parameter 'zon'; there are: first_port, n, zone",
        )
        self.assertIn(
            "there is no such template; there are: edge", self.refusal(EDGE + use.replace('"edge"', '"x"'))
        )
        self.assertIn("is a template of [[node]]", self.refusal(EDGE + use.replace("[[node]]", "[[server]]")))

    def test_what_is_wrong_in_a_template_is_told(self) -> None:
        self.assertIn("contains unknown field `rloe`", self.refusal('[[template]]\nname = "a"\nrloe = 1'))
        self.assertIn("has no name, or stands twice", self.refusal("[[template]]\ncount = 1"))
        self.assertIn("write [[template]]", self.refusal("[template]\nname = 'a'"))
        self.assertIn(
            "'port' is filled in by others", self.refusal('[[template]]\nname="a"\nparameters=["port"]')
        )
        self.assertIn("defaults must be a table", self.refusal('[[template]]\nname="a"\ndefaults=1'))

    def test_copies_are_limited_and_have_names_of_their_own(self) -> None:
        self.assertIn("need names of their own", self.refusal('[[node]]\nname = "a"\ncount = 2'))
        self.assertIn("count must be 0 to", self.refusal('[[node]]\nname = "a"\ncount = 100000'))
        self.assertIn("count must be a whole number", self.refusal('[[node]]\nname = "a"\ncount = "2"'))
        lists = ", ".join(f"p{number} = [1, 2, 3, 4, 5, 6, 7, 8]" for number in range(5))
        self.assertIn("more than 4096 copies", self.refusal(f'[[node]]\nname = "a"\neach = {{ {lists} }}'))
        self.assertIn("each.x must be a list", self.refusal('[[node]]\nname = "a"\neach.x = 1'))

    def test_a_set_of_which_as_many_run_as_the_load_needs(self) -> None:
        use = """
        [[server]]
        name = "web-${zone}-${n}"
        each = { zone = ["a", "b"] }
        min = 1
        max = 2
        target_load = 0.5
        """
        made = self.expand(use)
        self.assertEqual(len(made["server"]), 4)
        self.assertEqual(
            made["scaling"],
            [
                {"name": "web-a", "members": ["web-a-1", "web-a-2"], "min": 1, "target_load": 0.5},
                {"name": "web-b", "members": ["web-b-1", "web-b-2"], "min": 1, "target_load": 0.5},
            ],
        )
        self.assertIn("want max and target_load", self.refusal('[[server]]\nname = "s-${n}"\nmin = 1'))


class LoadedTest(SynchronousTestCase):
    def load(self, more: str) -> Settings:
        return load_settings(HEAD + more, "cluster.toml")

    def test_a_file_with_templates_is_read_as_if_everything_were_written_out(self) -> None:
        use = '[[node]]\ntemplate = "edge"\nname = "edge-${n}"\ncount = 3\nparameters = { zone = "a" }\n'
        nodes = self.load(EDGE + use).node
        self.assertEqual(
            [(node.name, node.broker.port) for node in nodes], [(f"edge-{n}", 7000 + n) for n in (1, 2, 3)]
        )

    def test_what_is_wrong_is_told_with_the_file(self) -> None:
        error = self.assertRaises(
            SettingsError, self.load, '[[node]]\nname = "a-${m}"\nrole = "queue"\ncount = 1'
        )
        self.assertEqual(str(error), "cluster.toml: node 'a-${m}': unknown parameter 'm'; there are: n")
        error = self.assertRaises(
            SettingsError, self.load, "[[node]]\ncount = 1\nx = " + "[" * 500 + "]" * 500
        )
        self.assertIn("cluster.toml: ", str(error))

    def test_an_agents_words_in_a_command_are_known(self) -> None:
        server = '[[server]]\nname = "s"\ncommand = ["{}"]\n'
        self.load(server.format("${release}/s"))
        error = self.assertRaises(SettingsError, self.load, server.format("${relaese}/s"))
        self.assertIn("${relaese} is none of release, data", str(error))

    def test_sets_make_sense(self) -> None:
        agent = '[[node]]\nname = "m1"\nrole = "node"\n'
        use = '[[server]]\nname = "s-${n}"\ncommand = ["s"]\nagent = "any"\nmin = 3\n'
        use += "max = 2\ntarget_load = 1.0\n"
        error = self.assertRaises(SettingsError, self.load, agent + use)
        self.assertIn("scaling 's': min must be 1 to 2", str(error))
        error = self.assertRaises(
            SettingsError, self.load, agent + use.replace("min = 3", "").replace("1.0", "0.0")
        )
        self.assertIn("target_load must be more than 0", str(error))
        error = self.assertRaises(SettingsError, self.load, use.replace('agent = "any"\nmin = 3', ""))
        self.assertIn("'s-1' is no node or server with an agent", str(error))
