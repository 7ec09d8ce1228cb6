"""A roll under simulated time: a good version reaches all, a bad one touches one server and is taken back."""

from __future__ import annotations

from collections.abc import Callable

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.deploy import DeployOptions, DeployRefusedException, RollStatus
from pushnet.gen.pushnet.server import ServerPhase
from pushnet.roles.registry.deployer import DeployerI
from pushnet.sim.etcd import SimEtcd
from pushnet.sim.simulation import Simulation
from pushnet.stores.registry.embedded import EmbeddedState
from pushnet.stores.registry.etcd import EtcdState
from tests.roles.registry.fleet import LEASE_S, MEGABYTE, NEW, OLD, Fleet, Patch, Roller

BACK_S = 30.0
"""Within so long of being seen a bad version is gone."""
UP = (ServerPhase.Serving, "")


def ends(after_s: float, reason: str) -> Patch:
    failed = (ServerPhase.Pausing, reason)
    return Patch(lambda age_s: UP if age_s < after_s else failed)


BAD = {
    "does not start": (Patch(lambda age_s: (ServerPhase.Failed, "ended with status 1")), 3.0),
    "hangs at its start": (Patch(lambda age_s: (ServerPhase.Starting, "")), 25.0),
    "crashes at once": (ends(0.2, "SIGSEGV"), 4.0),
    "crashes after 30 s": (ends(30.0, "SIGSEGV"), 34.0),
    "answers wrongly": (Patch(gauges=lambda age_s: {"failures": 5.0 * age_s}), 15.0),
    "answers what its check says is wrong": (Patch(gauges=lambda age_s: {"check_failed": 1.0}), 3.0),
    "answers nobody any more": (Patch(gauges=lambda age_s: {"silent_s": max(0.0, age_s - 10.0)}), 21.0),
    "is slow": (Patch(gauges=lambda age_s: {"p99_ms": 40.0}), 15.0),
    "leaks": (Patch(gauges=lambda age_s: {"memory_bytes": (100 + 8 * age_s) * MEGABYTE}), 25.0),
    "has a bad signature": (Patch(fetched=False), 2.0),
}
"""Each with the seconds after which it can be known."""


class Play:
    """One registry, or several over etcd, and a fleet."""

    def __init__(self, test: SynchronousTestCase, patch: Patch, count: int = 12, registries: int = 0) -> None:
        self.simulation = Simulation(7)
        test.addCleanup(self.simulation.close)
        self.fleet = Fleet(lambda: self.simulation.now_s, count, patch)
        self.rollers: dict[str, Roller] = {}
        self.etcd = SimEtcd(self.simulation)
        if registries:
            self.simulation.run_until(self.etcd.boot())
        for number in range(max(1, registries)):
            self.boot(f"registry-{number + 1}", over_etcd=bool(registries))
        self.simulation.run_for(2.0)

    def boot(self, name: str, *, over_etcd: bool = False) -> None:
        world = self.simulation.host(name).boot()
        state = EtcdState(world, [self.etcd.url], "t", name, LEASE_S) if over_etcd else EmbeddedState(world)
        self.rollers[name] = Roller(world, name, state, self.fleet)
        self.simulation.run_until(self.rollers[name].open())

    @property
    def leader(self) -> str:
        (name,) = [name for name in self.living if self.rollers[name].leading.leads]
        return name

    @property
    def living(self) -> list[str]:
        hosts = {name: self.simulation.host(name) for name in self.rollers}
        return [name for name, host in hosts.items() if host.is_up and not host.is_paused]

    def deployer(self) -> DeployerI:
        """Of any registry that lives: the last one does not lead where there are several."""
        return self.rollers[self.living[-1]].deployer

    def begin(self, options: DeployOptions | None = None, version: str = NEW) -> None:
        asked = self.deployer().deploy("broker", version, options or DeployOptions(), "ann")
        self.simulation.run_until(asked)

    def status(self) -> RollStatus:
        return self.simulation.run_until(self.deployer().watch("broker", 0, 0))

    def until(self, reached: Callable[[], bool], limit_s: float = 600.0) -> None:
        end = self.simulation.now_s + limit_s
        while not reached():
            assert self.simulation.now_s < end, self.status()
            self.simulation.run_for(0.25)

    def end(self) -> RollStatus:
        self.until(lambda: self.status().state in ("done", "undone"))
        return self.status()


class RollingTests(SynchronousTestCase):
    def test_a_good_version_reaches_all(self) -> None:
        play = Play(self, Patch())
        play.begin()
        status = play.end()
        self.assertEqual((status.state, status.reason, status.waves), ("done", "", [1, 3, 12]))
        self.assertEqual(play.fleet.versions, [NEW] * 12)
        self.assertEqual({member.how for member in status.members}, {"arrived"})
        self.assertIn("ann rolls 1.4.0 over 12 servers", status.journal[0])
        self.assertIn("done", status.journal[-1])

    def test_a_bad_version_touches_one_server_and_is_gone_half_a_minute_after_it_can_be_seen(self) -> None:
        for what, (patch, seen_s) in BAD.items():
            play = Play(self, patch)
            play.begin()
            status = play.end()
            self.assertEqual(status.state, "undone", what)
            (name,) = play.fleet.ever_new
            self.assertTrue(status.reason.startswith(name), (what, status.reason))
            took_s = play.simulation.now_s - play.fleet.ever_new[name]
            self.assertLessEqual(took_s, seen_s + BACK_S, what)
            self.assertEqual(
                {(each.version, each.wanted) for each in play.fleet.servers.values()}, {(OLD, OLD)}
            )

    def test_one_that_starts_badly_is_gone_half_a_minute_after_it_came(self) -> None:
        for what in ("does not start", "hangs at its start", "crashes at once", "has a bad signature"):
            play = Play(self, BAD[what][0])
            play.begin()
            play.end()
            (at,) = play.fleet.ever_new.values()
            self.assertLessEqual(play.simulation.now_s - at, BACK_S, what)

    def test_an_older_one_is_refused_and_touches_nobody(self) -> None:
        play = Play(self, Patch())
        with self.assertRaises(DeployRefusedException) as refused:
            play.begin(version="1.2.9")
        self.assertIn("--older", refused.exception.reason)
        play.simulation.run_for(5.0)
        self.assertEqual((play.fleet.ever_new, play.fleet.versions), ({}, [OLD] * 12))

    def test_the_gates_do_not_mind_a_server_that_is_slow_for_a_moment(self) -> None:
        play = Play(self, Patch(gauges=lambda age_s: {"p99_ms": 80.0 if age_s < 5.0 else 4.0}))
        play.begin(DeployOptions(soakMs=10_000))
        self.assertEqual(play.end().state, "done")

    def test_an_agent_that_is_silent_for_some_seconds_turns_nothing_round(self) -> None:
        play = Play(self, Patch())
        play.begin(DeployOptions(soakMs=10_000))
        play.until(lambda: len(play.fleet.ever_new) == 3)
        (name, *_) = play.fleet.ever_new
        play.fleet.silent[name] = play.simulation.now_s
        play.simulation.run_for(8.0)
        del play.fleet.silent[name]
        self.assertEqual(play.end().state, "done")

    def test_but_one_that_is_gone_does(self) -> None:
        play = Play(self, Patch())
        play.begin()
        play.until(lambda: len(play.fleet.ever_new) == 3)
        (name, *_) = play.fleet.ever_new
        play.fleet.silent[name] = play.simulation.now_s
        play.until(lambda: play.status().state == "undoing", limit_s=15.0)
        self.assertEqual(play.status().reason, f"{name} serves no more")


class SeveralRollersTests(SynchronousTestCase):
    def test_the_next_leader_goes_on_where_the_killed_one_was(self) -> None:
        for after_new in (1, 2, 5):
            play = Play(self, Patch(), registries=3)
            play.begin(DeployOptions(soakMs=5000))
            play.until(lambda play=play, count=after_new: len(play.fleet.ever_new) == count)  # type: ignore[misc]
            play.simulation.host(play.leader).kill()
            status = play.end()
            self.assertEqual((status.state, play.fleet.versions), ("done", [NEW] * 12))

    def test_it_turns_a_bad_one_round_too(self) -> None:
        play = Play(self, BAD["crashes after 30 s"][0], registries=3)
        play.begin()
        play.until(lambda: len(play.fleet.ever_new) == 1)
        play.simulation.run_for(10.0)
        play.simulation.host(play.leader).kill()
        self.assertEqual(play.end().state, "undone")
        self.assertEqual((len(play.fleet.ever_new), play.fleet.versions), (1, [OLD] * 12))

    def test_a_paused_leader_orders_nothing_when_it_wakes(self) -> None:
        play = Play(self, Patch(), registries=3)
        play.begin(DeployOptions(soakMs=2000))
        play.until(lambda: len(play.fleet.ever_new) == 1)
        host = play.simulation.host(play.leader)
        host.pause()
        play.simulation.run_for(2 * LEASE_S)
        play.simulation.run_until(play.deployer().abort("broker", "ann"))
        play.end()
        host.resume()
        play.simulation.run_for(30.0)
        self.assertEqual((play.status().state, play.fleet.versions), ("undone", [OLD] * 12))

    def test_without_etcd_the_roll_stands_still_and_goes_on_with_it(self) -> None:
        play = Play(self, Patch(), registries=3)
        play.begin(DeployOptions(soakMs=2000))
        play.until(lambda: len(play.fleet.ever_new) == 1)
        play.etcd.kill()
        play.simulation.run_for(30.0)
        self.assertEqual(len(play.fleet.ever_new), 1)
        play.simulation.run_until(play.etcd.boot())
        self.assertEqual(play.end().state, "done")

    def test_all_registries_killed_at_once_and_started_again_go_on(self) -> None:
        play = Play(self, Patch(), registries=3)
        play.begin(DeployOptions(soakMs=2000))
        play.until(lambda: len(play.fleet.ever_new) == 4)
        for name in list(play.rollers):
            play.simulation.host(name).kill()
        play.simulation.run_for(20.0)
        for name in list(play.rollers):
            play.boot(name, over_etcd=True)
        self.assertEqual(play.end().state, "done")
