"""`pushnet deploy` and its kin against a registry that runs, with an agent that does as it is told."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Awaitable
from typing import Any

import attrs
from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.internet.task import LoopingCall
from twisted.trial.unittest import SynchronousTestCase, TestCase

from pushnet.app import deploying, patching
from pushnet.app.deploying import CANNOT, DONE, GOES_ON, TURNED_ROUND, Asked, News, headline
from pushnet.app.patching import Keyring, Making
from pushnet.app.realworld import RealWorld
from pushnet.app.running import CommandError, Session
from pushnet.gen.pushnet.cluster import ClusterPrx
from pushnet.gen.pushnet.deploy import DeployOptions, RollMember, RollStatus
from pushnet.gen.pushnet.server import ServerPhase, ServerState
from pushnet.roles.releases.publisher import Lifetimes
from pushnet.rpc.communicator import Communicator
from tests.app.registries import RealRegistry, real_registry

reactor: Any = installed_reactor
SERVERS = """
[[server]]
name = "api-{number}"
kind = "api"
agent = "m1"
release = "api"
version = "1.0"
command = ["./api"]
"""
QUICK = DeployOptions(soakMs=100)


class Agent:
    """Reports that its servers run what is planned; what is in `broken` cannot be started."""

    def __init__(self, registry: RealRegistry) -> None:
        self.broken = ""
        self._communicator = Communicator(registry.session.world, properties={})
        address = ":".join(registry.settings.registries)
        cluster = ClusterPrx.uncheckedCast(self._communicator.stringToProxy(f"PushNet/Cluster:{address}"))
        assert cluster is not None
        self._cluster = cluster
        self._loop = LoopingCall(lambda: ensureDeferred(self._report()))
        self._ended = self._loop.start(0.1)

    async def _report(self) -> None:
        plan = await self._cluster.plan("m1", 0, 0)
        states = [
            ServerState(
                id=each.id,
                kind=each.kind,
                agent="m1",
                phase=ServerPhase.Failed if each.version == self.broken else ServerPhase.Serving,
                version=each.version,
                versionWanted=each.version,
                reason="it said: no such module" if each.version == self.broken else "",
            )
            for each in plan.servers
        ]
        await self._cluster.report("m1", 1, states)

    async def stop(self) -> None:
        self._loop.stop()
        await self._ended  # with what it is telling now
        await self._communicator.destroy()


class DeployingTest(TestCase):
    timeout = 60

    async def setUp(self) -> None:
        self.registry = await real_registry(self.mktemp())
        self.addCleanup(lambda: ensureDeferred(self.registry.stop()))
        self.publish("1.1")
        text = self.registry.text + "".join(SERVERS.format(number=number) for number in (1, 2, 3))
        communicator = Communicator(self.registry.session.world, properties={})
        address = ":".join(self.registry.settings.registries)
        cluster = ClusterPrx.uncheckedCast(communicator.stringToProxy(f"PushNet/Cluster:{address}"))
        assert cluster is not None
        await cluster.apply(text, 0, "ann", "")
        await communicator.destroy()
        self.agent = Agent(self.registry)
        self.addCleanup(lambda: ensureDeferred(self.agent.stop()))

    def publish(self, version: str) -> None:
        """A release of the program, in the registry's own folder."""
        folder = self.registry.file.parent
        store: Any = RealWorld(reactor, folder / "registry-1" / "releases")
        (folder / "program").mkdir()
        (folder / "program" / "api").write_text("#!/bin/sh")
        keys, life = folder / "keys", Lifetimes()
        patching.make_store(store, keys, Making(), life, b"open sesame")
        ring = Keyring((keys,), lambda file: b"open sesame")
        patching.publish(store, folder / "program", "api", version, ring, life)

    def asked(self, machine: bool = False, session: Session | None = None) -> Asked:
        return Asked(session or self.registry.session, self.registry.settings, "api", machine)

    async def said(self, work: Awaitable[int]) -> tuple[int, str]:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            status = await work
        return status, out.getvalue()

    async def deploy(self, version: str, machine: bool = False) -> tuple[int, str]:
        return await self.said(deploying.deploy(self.asked(machine), version, QUICK, detach=False))

    async def test_a_good_version_is_followed_to_its_end(self) -> None:
        status, out = await self.deploy("1.1")
        self.assertEqual(status, DONE, out)
        for line in ("rolls 1.1 over 3 servers", "api-1 serves with 1.1", "api-3 serves with 1.1", "done"):
            self.assertIn(line, out)
        status, out = await self.said(deploying.show(self.asked()))
        self.assertEqual((status, out.count("arrived")), (DONE, 3))
        status, out = await self.said(
            deploying.rolls(self.registry.session, self.registry.settings, machine=False)
        )
        self.assertIn("3 of 3", out)
        status, out = await self.said(deploying.rollback(self.asked(), QUICK, detach=False))
        self.assertEqual(status, DONE)
        self.assertIn("api-1 is back at 1.0", out)

    async def test_a_bad_one_is_told_with_its_reason_and_status_3(self) -> None:
        self.agent.broken = "1.1"
        status, out = await self.deploy("1.1")
        self.assertEqual(status, TURNED_ROUND)
        self.assertIn("turned round: api-1: it said: no such module", out)
        status, out = await self.said(deploying.show(self.asked()))
        self.assertEqual((status, out.count("waiting")), (TURNED_ROUND, 2))

    async def test_programs_get_a_json_object_a_change(self) -> None:
        status, out = await self.deploy("1.1", machine=True)
        states = [json.loads(line)["state"] for line in out.splitlines()]
        self.assertEqual((status, states[0], states[-1]), (DONE, "rolling", "done"))

    async def test_who_stops_looking_can_look_again_with_the_same_command(self) -> None:
        slow = DeployOptions(soakMs=60_000)
        session = attrs.evolve(self.registry.session, stopping=Deferred())
        looking = ensureDeferred(
            self.said(deploying.deploy(self.asked(session=session), "1.1", slow, detach=False))
        )
        while (await self.state()) != "rolling":
            pass
        session.stopping.callback(None)
        status, out = await looking
        self.assertEqual(status, GOES_ON)
        self.assertIn("pushnet deploy api --follow", out)
        again = attrs.evolve(self.registry.session, stopping=Deferred())
        with contextlib.redirect_stdout(io.StringIO()) as follows:
            looking_again = ensureDeferred(
                deploying.deploy(self.asked(session=again), "1.1", slow, detach=False)
            )
            while (
                "rolls 1.1" not in follows.getvalue()
            ):  # else it would find the roll over, and begin another
                await self.state()
        status, out = await self.said(deploying.abort(self.asked()))
        self.assertEqual(status, DONE, out)
        self.assertEqual(await looking_again, TURNED_ROUND)

    async def state(self) -> str:
        try:
            return str((await self.asked().status()).state)
        except CommandError:
            return ""

    async def test_it_is_paused_and_goes_on(self) -> None:
        slow = DeployOptions(soakMs=700)
        status, out = await self.said(deploying.deploy(self.asked(), "1.1", slow, detach=True))
        self.assertEqual(status, DONE)
        status, out = await self.said(deploying.pause(self.asked()))
        self.assertEqual(status, GOES_ON)
        self.assertIn("paused", out)
        status, out = await self.said(deploying.resume(self.asked()))
        self.assertEqual(status, DONE, out)

    async def test_what_is_refused_is_told(self) -> None:
        with self.assertRaises(CommandError) as refused:
            await self.deploy("0.9")
        self.assertIn("0.9 is older than 1.0", str(refused.exception))
        self.assertEqual(CANNOT, 1)
        with self.assertRaisesRegex(CommandError, "was never rolled"):
            await deploying.follow(self.asked(), "done", begun=False)


class NewsTest(SynchronousTestCase):
    def test_each_line_is_told_once_also_when_old_ones_are_dropped(self) -> None:
        out = io.StringIO()
        with News(out, machine=False) as news:
            for lines in (["a", "b"], ["a", "b"], ["b", "c"], ["c", "d", "e"]):
                news.hear(RollStatus(journal=lines))
        self.assertEqual(out.getvalue().split(), ["a", "b", "c", "d", "e"])

    def test_a_roll_in_a_line(self) -> None:
        members = [RollMember("a", "1", "2", "arrived")]
        status = RollStatus(kind="api", version="2", state="rolling", soakLeftMs=2100, members=members)
        self.assertEqual(headline(status), "api to 2: rolling, watched for 3 s more")
        undone = attrs.evolve(status, state="undone", reason="a: it is slow")
        self.assertEqual(headline(undone), "api to 2: undone, a: it is slow")
