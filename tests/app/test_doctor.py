"""What is wrong with a machine, and what helps."""

from __future__ import annotations

import io
import json

import attrs
from rich.console import Console
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.doctor import Certificate, Facts, Finding, How, Port, examine, row, table
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.grid.settings import ClusterSettings, Settings, load_settings
from pushnet.roles.registry.cluster_reports import AHEAD, SILENT

NOW = 1_800_000_000.0
DAY = 86_400.0
SETTINGS = load_settings(
    """
    [cluster]
    secret = "0123456789abcdef"
    [[node]]
    name = "broker-1"
    role = "broker"
    """,
    "cluster.toml",
)
WELL = Facts(
    NOW,
    (20_000, 20_000),
    4096,
    4096,
    (32_768, 60_999),
    0,
    {"memory_free_bytes": 8e9, "disk_free_bytes": 80e9},
    2.0,
)


def found(facts: Facts, what: str) -> Finding:
    (finding,) = [each for each in examine(facts, SETTINGS) if each.what == what]
    return finding


class DoctorTest(SynchronousTestCase):
    def assertIs_(self, facts: Facts, what: str, how: How, *parts: str) -> None:
        finding = found(facts, what)
        self.assertEqual(finding.how, how, finding)
        self.assertEqual(bool(finding.cure), how in (How.warning, How.wrong), finding)
        for part in parts:
            self.assertIn(part, finding.told + finding.cure)

    def test_a_node_that_cannot_renew_its_certificate_is_named_with_what_is_left(self) -> None:
        facts = attrs.evolve(WELL, unrenewed={"m1": 90.2})
        self.assertIs_(facts, "certificate", How.warning, "m1 cannot renew", "90 days are left")
        self.assertIs_(attrs.evolve(WELL, unrenewed={"m1": 2.0}), "certificate", How.wrong, "2 days")

    def test_of_a_good_machine_there_is_nothing_to_cure(self) -> None:
        hows = [finding.how for finding in examine(WELL, SETTINGS)]
        self.assertEqual(dict.fromkeys(hows), {How.well: None})

    def test_a_list_of_releases_is_told_before_it_is_too_old(self) -> None:
        for days, how in ((3.0, How.well), (0.5, How.warning), (-0.1, How.wrong)):
            facts = attrs.evolve(WELL, releases_end={"r": NOW + days * DAY})
            parts = () if how is How.well else ("pushnet patch refresh",)
            self.assertIs_(facts, "list of releases", how, *parts)

    def test_brokers_want_a_descriptor_for_each_device(self) -> None:
        low = attrs.evolve(WELL, descriptors=(1024, 1_000_000))
        self.assertIs_(low, "open files", How.wrong, "1024", "ulimit -n 19000")
        lower = attrs.evolve(WELL, descriptors=(5000, 5000))
        self.assertIs_(lower, "open files", How.warning, "hard limit")

    def test_queues_of_the_kernel_that_are_short_are_told_with_the_setting(self) -> None:
        short = attrs.evolve(WELL, somaxconn=128, syn_backlog=256, ephemeral=(50_000, 51_000), overcommit=2)
        self.assertIs_(short, "accept backlog", How.warning, "net.core.somaxconn=4096")
        self.assertIs_(short, "SYN backlog", How.warning, "tcp_max_syn_backlog")
        self.assertIs_(short, "ephemeral ports", How.warning, "1001 ports")
        self.assertIs_(short, "memory overcommit", How.warning, "overcommit_memory")

    def test_a_disk_that_is_full_slow_or_does_not_sync_is_told(self) -> None:
        self.assertIs_(attrs.evolve(WELL, machine={"disk_free_bytes": 1e6}), "disk space", How.wrong)
        self.assertIs_(attrs.evolve(WELL, machine={"disk_free_bytes": 1e9}), "disk space", How.warning)
        self.assertIs_(attrs.evolve(WELL, sync_ms=80.0), "fsync", How.warning, "80.00 ms")
        self.assertIs_(
            attrs.evolve(WELL, sync_trouble="Read-only file system"), "fsync", How.wrong, "Read-only"
        )
        self.assertIs_(attrs.evolve(WELL, machine={"memory_free_bytes": 1e8}), "memory", How.warning)

    def test_clocks_are_held_against_each_other(self) -> None:
        off = attrs.evolve(WELL, clocks={"agent m1": -0.8})
        self.assertIs_(off, "clock", How.warning, "agent m1 is 800 ms behind this machine", "chrony")
        self.assertIs_(attrs.evolve(WELL, clocks={"agent m1": 60.0}), "clock", How.wrong, "ahead of")
        self.assertIs_(attrs.evolve(WELL, clocks={"agent m1": 0.01}), "clock", How.well)
        self.assertIs_(attrs.evolve(WELL, now_s=0.0), "clock", How.wrong, "1970")

    def test_certificates_are_told_before_they_expire(self) -> None:
        def of(ends: float, begins: float = 0.0, trouble: str = "") -> Facts:
            made = Certificate("c.pem", "CN=x", begins, ends, trouble)
            return attrs.evolve(WELL, certificates=[made])

        self.assertIs_(of(NOW + 90 * DAY), "certificate", How.well)
        self.assertIs_(of(NOW + 5 * DAY), "certificate", How.warning, "5 days")
        self.assertIs_(of(NOW - DAY), "certificate", How.wrong, "has expired")
        self.assertIs_(of(NOW + 90 * DAY, NOW + DAY), "certificate", How.wrong, "only from")
        self.assertIs_(of(0.0, trouble="No such file"), "certificate", How.wrong, "No such file")

    def test_a_registry_that_strangers_reach_in_the_clear_is_told(self) -> None:
        def hows(**cluster: str) -> list[How]:
            settings = Settings(cluster=ClusterSettings(secret="x" * 16, **cluster))  # type: ignore[arg-type]
            return [each.how for each in examine(WELL, settings) if each.what == "joining"]

        self.assertEqual(hows(), [])
        self.assertEqual(hows(host="10.0.0.1"), [How.warning])
        self.assertEqual(hows(host="10.0.0.1", join="token"), [How.warning])
        self.assertEqual(hows(host="10.0.0.1", join="tls", tls="tls"), [])

    def test_ports_that_others_have_are_told(self) -> None:
        def of(how: str, port: int = 4061) -> Facts:
            return attrs.evolve(WELL, ports=[Port("registry-1", "127.0.0.1", port, how)])

        self.assertIs_(of("taken"), "port", How.wrong, "ss -ltnp", "registry-1")
        self.assertIs_(of("free"), "port", How.well)
        self.assertIs_(of("ours"), "port", How.well)
        self.assertIs_(of("elsewhere"), "port", How.note)
        self.assertIs_(of("free", 40_000), "port", How.warning, "ip_local_reserved_ports=40000")

    def test_stock_tools_and_silent_registries_are_only_noted(self) -> None:
        facts = attrs.evolve(
            WELL, tools={"icegridadmin": "", "slice2py": "/usr/bin/slice2py"}, silent=["tcp"]
        )
        findings = {finding.what: finding.how for finding in examine(facts, SETTINGS)}
        self.assertEqual((findings["stock tools"], findings["registry"]), (How.note, How.note))

    def test_a_silent_agent_is_wrong_and_told_with_all_that_it_is_to_run(self) -> None:
        servers = [
            ServerState("a", "k", "m3", ServerPhase.Serving, resources={SILENT: 9.0}),
            ServerState("b", "k", "m3", ServerPhase.Resting, resources={SILENT: 9.0}),
            ServerState("c", "k", "m1", ServerPhase.Pausing, reason="ended with status 1: oh"),
        ]
        agent = found(attrs.evolve(WELL, servers=servers), "agent")
        self.assertEqual((agent.how, agent.told), (How.wrong, "m3 is silent; to be run: a, b"))
        self.assertIn("another agent", agent.cure)
        server = found(attrs.evolve(WELL, servers=servers), "server")
        self.assertEqual(
            (server.how, server.told), (How.warning, "c at m1 is pausing: ended with status 1: oh")
        )
        self.assertEqual(server.cure, "`pushnet logs c` has what it wrote")
        ahead = [ServerState("a", "k", "m3", ServerPhase.Serving, resources={AHEAD: 9.0})]
        agent = found(attrs.evolve(WELL, servers=ahead), "agent")
        self.assertEqual(agent.how, How.wrong)
        self.assertIn("`pushnet restored`", agent.cure)
        well = [ServerState("a", "k", "m3", ServerPhase.Serving)]
        self.assertEqual(found(attrs.evolve(WELL, servers=well), "servers").how, How.well)

    def test_a_node_that_is_not_well_is_told_with_where_it_says_why(self) -> None:
        node = found(attrs.evolve(WELL, unwell={"queue-1": "http://127.0.0.1:9"}), "node")
        self.assertEqual((node.how, node.told), (How.wrong, "queue-1 is not well"))
        self.assertIn("`curl http://127.0.0.1:9/health`", node.cure)

    def test_people_read_a_table_and_programs_objects(self) -> None:
        finding = Finding("fsync", How.wrong, "no [room]", "make some")
        out = io.StringIO()
        Console(file=out, width=120).print(table([finding]))
        for part in ("fsync", "wrong", "no [room]", "make some"):
            self.assertIn(part, out.getvalue())
        self.assertEqual(json.loads(json.dumps(row(finding)))["how"], "wrong")
