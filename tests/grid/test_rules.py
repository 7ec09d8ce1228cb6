"""The rules between the values of a cluster file; those of nodes alone are in `test_settings`."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.settings import SettingsError, load_settings

HEAD = '[cluster]\nsecret = "0123456789abcdef"\n'
AGENTS = '[[node]]\nname = "m1"\nrole = "node"\n[[node]]\nname = "m2"\nrole = "node"\n'


def server(more: str = "", name: str = "s", command: str = '["./s"]') -> str:
    return f'[[server]]\nname = "{name}"\ncommand = {command}\n{more}\n'


def node(more: str, role: str = "broker", name: str = "b") -> str:
    return f'[[node]]\nname = "{name}"\nrole = "{role}"\n{more}\n'


class RulesTest(SynchronousTestCase):
    def refusal(self, more: str) -> str:
        error = self.assertRaises(SettingsError, load_settings, HEAD + AGENTS + more, "f")
        return str(error)

    def taken(self, more: str) -> None:
        load_settings(HEAD + AGENTS + more, "f")

    def test_an_agent_is_a_node_that_runs_others(self) -> None:
        self.assertIn(
            "node 'b': agent 'm3' is no [[node]] of role 'node'; there are: m1, m2",
            self.refusal(node('agent = "m3"')),
        )
        self.assertIn("server 's': agent 'b'", self.refusal(node("") + server('agent = "b"')))
        self.assertIn("an agent is not run by another", self.refusal(node('agent = "m1"', "node", "m4")))
        self.assertIn("has its data on one machine", self.refusal(node('agent = "any"', "queue")))
        text = HEAD + server('agent = "any"')
        self.assertIn("at least one", str(self.assertRaises(SettingsError, load_settings, text, "f")))

    def test_a_server_has_a_name_and_a_kind_of_its_own(self) -> None:
        self.assertIn("server 'm1' stands twice", self.refusal(server(name="m1")))
        self.assertIn("server 'S': a name is", self.refusal(server(name="S")))
        self.assertIn("is a role of pushnet's", self.refusal(server('kind = "broker"')))

    def test_a_server_has_a_command(self) -> None:
        self.assertIn("command must name a program", self.refusal(server(command="[]")))
        self.assertIn("missing required field `command`", self.refusal('[[server]]\nname = "s"'))
        self.assertIn("server 's': Expected `array`", self.refusal(server(command='"./s"')))

    def test_choices_are_listed_to_who_chose_another(self) -> None:
        self.assertIn("is none of always, on-demand", self.refusal(server('activation = "never"')))
        self.assertIn("is none of start-first, stop-first", self.refusal(server('handover = "x"')))
        self.assertIn("is none of serving, listens", self.refusal(server('readiness = "x"')))

    def test_what_is_waited_for_must_be_there(self) -> None:
        self.assertIn("wants a front or sockets", self.refusal(server('readiness = "listens"')))
        self.assertIn("wants a front", self.refusal(server('handover = "start-first"\nadapters = ["A"]')))
        self.assertIn("wants the ids of its adapters", self.refusal(server('readiness = "registered"')))
        self.assertIn("wants the ids of adapters", self.refusal(server('activation = "on-demand"')))

    def test_a_front_leads_to_a_port_of_the_server(self) -> None:
        front = 'front = "tcp -h 10.0.0.1 -p 5000"'
        self.assertIn("front wants ${port}", self.refusal(server(front)))
        self.taken(server(front, command='["./s", "-p${port}"]'))
        self.taken(server(front + '\nenvironment = { PORT = "${port}" }'))
        self.assertIn("its host and port", self.refusal(server('front = "tcp -h 10.0.0.1"')))
        self.assertIn("must be tcp or ssl", self.refusal(server('front = "udp -h 10.0.0.1 -p 1"')))
        self.assertIn("server 's': front: ", self.refusal(server('front = "tcp -p x"')))

    def test_a_version_is_of_a_release(self) -> None:
        self.assertIn("version wants the name of a release", self.refusal(node('version = "1.0"')))

    def test_limits_and_names_are_told(self) -> None:
        self.assertIn("stop_limit_s must be", self.refusal(node("stop_limit_s = 0.0")))
        self.assertIn("'A B' is no name of a variable", self.refusal(node('environment = { "A B" = "" }')))
        self.assertIn("'7001' is not host:port", self.refusal(node('sockets = ["7001"]')))

    def test_two_do_not_listen_at_one_address(self) -> None:
        one = server('sockets = ["10.0.0.1:80"]\nagent = "m1"', "s1")
        two = server('sockets = ["10.0.0.1:80"]\nagent = "m2"', "s2")
        self.assertIn("server 's2': port 10.0.0.1:80 is taken by server 's1'", self.refusal(one + two))

    def test_loopback_is_each_machines_own(self) -> None:
        one = server('sockets = ["127.0.0.1:80"]\nagent = "m1"', "s1")
        self.taken(one + server('sockets = ["127.0.0.1:80"]\nagent = "m2"', "s2"))
        self.assertIn(
            "is taken", self.refusal(one + server('sockets = ["127.0.0.1:80"]\nagent = "m1"', "s2"))
        )

    def test_two_servers_do_not_have_one_adapter(self) -> None:
        both = server('adapters = ["A"]', "s1") + server('adapters = ["A"]', "s2")
        self.assertIn("server 's2': adapter A is taken by server 's1'", self.refusal(both))
