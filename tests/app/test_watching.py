"""The nodes of a cluster, as they come and go."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.trial.unittest import SynchronousTestCase, TestCase

from pushnet.app.watching import changes, watch
from pushnet.gen.pushnet.registry import NodeInfo, RegistryPrx
from pushnet.rpc.communicator import Communicator
from tests.app.registries import reactor, real_registry


def row(name: str, epoch: int = 0) -> dict[str, Any]:
    if not epoch:
        return {"node": name, "role": "broker", "alive": False}
    return {"node": name, "role": "broker", "alive": True, "version": "1", "pid": 7, "epoch": epoch}


class ChangesTest(SynchronousTestCase):
    def test_at_first_everybody_is_told(self) -> None:
        self.assertEqual(
            changes(None, [row("a", 5), row("b")]),
            ["a broker 1 is there, process 7, epoch 5", "b broker is absent"],
        )

    def test_then_only_who_came_went_or_came_anew(self) -> None:
        before = [row("a", 5), row("b"), row("c", 6), row("d", 7)]
        now = [row("a", 5), row("b", 8), row("c", 9)]
        self.assertEqual(
            changes(before, now),
            [
                "b broker 1 is there, process 7, epoch 8",
                "c broker 1 is there anew, process 7, epoch 9",
                "d is gone",
            ],
        )

    def test_readings_are_no_change(self) -> None:
        self.assertEqual(changes([row("a", 5)], [{**row("a", 5), "load": {"load": 1.0}}]), [])


class Lines(io.StringIO):
    """Tells when something new was written."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: tuple[str, Deferred[None]] | None = None

    def write(self, text: str) -> int:
        size = super().write(text)
        if self.waiting and self.waiting[0] in self.getvalue():
            _, waiting = self.waiting
            self.waiting = None
            reactor.callLater(0, waiting.callback, None)
        return size

    def until(self, part: str) -> Deferred[None]:
        done: Deferred[None] = Deferred()
        self.waiting = (part, done)
        self.write("")
        return done


class WatchTest(TestCase):
    timeout = 30

    async def test_each_change_is_told_as_it_happens(self) -> None:
        registry = await real_registry(self.mktemp())
        self.addCleanup(registry.stop)
        out = Lines()
        with contextlib.redirect_stdout(out):
            watching = ensureDeferred(watch(registry.session, registry.settings, machine=True))
            await out.until('"m1", "role": "node", "alive": false')
            communicator = Communicator(registry.session.world, properties={})
            where = f"PushNet/Registry:{registry.settings.registries[0]}"
            proxy = RegistryPrx.uncheckedCast(communicator.stringToProxy(where))
            assert proxy is not None
            lease = await proxy.join(NodeInfo("m1", "node", "1.0"), [], [])
            await out.until("m1 node 1.0 is there, process 0")
            await proxy.leave("m1", lease.epoch)
            await communicator.destroy()
            await out.until('["m1 node is absent"]')
            registry.session.stopping.callback(None)
            self.assertEqual(await watching, 0)
        first = json.loads(out.getvalue().splitlines()[0])
        self.assertEqual(first["nodes"][0]["node"], "registry-1")
