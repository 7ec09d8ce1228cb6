"""What agents are to run: one plan a server, equal as long as nothing has to be done."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.server import Activation, Handover, Readiness, ServerPlan
from pushnet.grid.plans import agent_plans, kind_of, unplaced
from pushnet.grid.settings import Settings, load_settings

CLUSTER = """
[cluster]
secret = "0123456789abcdef"
host = "10.0.0.9"
{cluster}

[[app]]
key = "aaaaaaaaaaaaaaaaaaaaaaaa"
secret = "{secret}"

[[node]]
name = "m1"
role = "node"
host = "10.0.0.1"

[[node]]
name = "m2"
role = "node"
host = "10.0.0.2"

[[node]]
name = "broker-1"
role = "broker"
agent = "m1"
release = "broker"
version = "1.0"
broker.port = 7001
broker.heartbeat_s = {heartbeat_s}

[[node]]
name = "queue-1"
role = "queue"
agent = "m2"
http_port = 9101

[[node]]
name = "pusher-1"
role = "pusher"
agent = "any"

[[server]]
name = "clock-1"
kind = "clock"
agent = "m1"
command = ["./clock", "--port", "${{port}}", "{word}"]
front = "tcp -h 10.0.0.1 -p 4502"
environment = {{ TZ = "UTC" }}
adapters = ["Clock"]
"""


def settings(cluster: str = "", secret: str = "b" * 24, heartbeat_s: int = 300, word: str = "x") -> Settings:
    text = CLUSTER.format(cluster=cluster, secret=secret, heartbeat_s=heartbeat_s, word=word)
    return load_settings(text, "cluster.toml")


def plan(of: Settings, name: str, agent: str = "m1") -> ServerPlan:
    return next(each for each in agent_plans(of, agent) if each.id == name)


class AgentPlansTest(SynchronousTestCase):
    def test_a_node_of_ours_is_started_by_twistd_with_the_settings_of_its_agent(self) -> None:
        made = plan(settings(), "broker-1")
        self.assertEqual(made.kind, "broker")
        self.assertEqual(
            " ".join(made.command),
            "twistd --reactor pushnet --nodaemon --no_save --pidfile= "
            "pushnet-broker --config ${settings} --node ${id}",
        )
        self.assertEqual(made.environment["PYTHONPATH"], "${release}")
        self.assertEqual((made.release, made.version), ("broker", "1.0"))
        self.assertEqual(made.readiness, Readiness.SaysServing)

    def test_its_agent_listens_at_its_fixed_ports(self) -> None:
        self.assertEqual(plan(settings(), "broker-1").sockets, ["10.0.0.1:7001"])
        self.assertEqual(plan(settings(), "queue-1", "m2").sockets, ["127.0.0.1:9101"])

    def test_only_who_has_its_data_alone_stops_first(self) -> None:
        self.assertEqual(plan(settings(), "broker-1").handover, Handover.StartFirst)
        self.assertEqual(plan(settings(), "queue-1", "m2").handover, Handover.StopFirst)

    def test_a_server_is_what_its_table_says(self) -> None:
        self.assertEqual(
            plan(settings(), "clock-1"),
            ServerPlan(
                id="clock-1",
                kind="clock",
                command=["./clock", "--port", "${port}", "x"],
                environment={"TZ": "UTC"},
                activation=Activation.Always,
                handover=Handover.StartFirst,
                readiness=Readiness.Listens,
                front="tcp -h 10.0.0.1 -p 4502",
                adapters=["Clock"],
            ),
        )

    def test_its_check_is_a_part_of_the_plan(self) -> None:
        text = '[cluster]\nsecret = "0123456789abcdef"\n[[node]]\nname = "m1"\nrole = "node"\n'
        text += '[[server]]\nname = "s"\nagent = "m1"\ncommand = ["./s"]\ncheck = ["ask", "${release}/it"]\n'
        (made,) = agent_plans(load_settings(text + "check_every_s = 2.5\n", "x"), "m1")
        self.assertEqual(made.check, ["ask", "${release}/it"])
        self.assertEqual((made.checkEveryMs, made.checkLimitMs), (2500, 5000))

    def test_servers_whose_adapters_are_taken_while_they_live_stop_first(self) -> None:
        text = '[cluster]\nsecret = "0123456789abcdef"\n[[node]]\nname = "m1"\nrole = "node"\n'
        text += '[[server]]\nname = "s"\nagent = "m1"\ncommand = ["./s", "${port}"]\nadapters = ["S"]\n'
        (alone,) = agent_plans(load_settings(text, "x"), "m1")
        (behind,) = agent_plans(load_settings(text + 'front = "tcp -h 10.0.0.1 -p 1"\n', "x"), "m1")
        (handed,) = agent_plans(load_settings(text + 'sockets = ["10.0.0.1:1"]\n', "x"), "m1")
        self.assertEqual(alone.handover, Handover.StopFirst)
        self.assertEqual((behind.handover, handed.handover), (Handover.StartFirst, Handover.StartFirst))

    def test_what_was_deployed_holds_over_the_version_in_the_file(self) -> None:
        made = agent_plans(settings(), "m1", {"broker-1": "1.1.0", "clock-1": "9"})
        self.assertEqual([(each.id, each.version) for each in made], [("broker-1", "1.1.0"), ("clock-1", "")])

    def test_a_change_touches_those_that_read_it(self) -> None:
        before = settings()
        for changed, touched in (
            (settings(heartbeat_s=60), ["broker-1"]),
            (settings(word="y"), ["clock-1"]),
            (settings(secret="c" * 24), ["broker-1"]),
            (settings(cluster="lease_s = 5.0"), ["broker-1", "queue-1"]),
            (settings(), []),
        ):
            pairs = [
                (old, new)
                for agent in ("m1", "m2")
                for old, new in zip(agent_plans(before, agent), agent_plans(changed, agent), strict=True)
            ]
            self.assertEqual([old.id for old, new in pairs if old != new], touched)

    def test_who_may_be_anywhere_runs_where_it_was_placed(self) -> None:
        self.assertEqual(unplaced(settings()), ["pusher-1"])
        self.assertNotIn("pusher-1", [each.id for each in agent_plans(settings(), "m1")])
        places = {"pusher-1": "m2", "queue-1": "m1"}
        made = agent_plans(settings(), "m2", {}, places)
        self.assertEqual([each.id for each in made], ["queue-1", "pusher-1"])
        self.assertEqual(made[1].command[-2:], ["--agent", "m2"])

    def test_who_is_given_to_nobody_is_run_by_whoever_starts_it_by_hand(self) -> None:
        text = '[cluster]\nsecret = "0123456789abcdef"\n[[node]]\nname = "q"\nrole = "queue"\n'
        made = agent_plans(load_settings(text, "f"), "")
        self.assertEqual([each.id for each in made], ["q"])

    def test_an_agent_is_not_run_by_itself(self) -> None:
        self.assertEqual([each.id for each in agent_plans(settings(), "")], [])

    def test_a_kind_is_a_role_or_what_the_table_says(self) -> None:
        self.assertEqual(
            [kind_of(process) for process in settings().processes],
            ["node", "node", "broker", "queue", "pusher", "clock"],
        )
