"""Both worlds keep the contracts: every member is there, and its parameters have the same names."""

from __future__ import annotations

import inspect
from typing import Any

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from pushnet import world as contracts
from pushnet.app.realworld import RealWorld
from pushnet.sim import Simulation


def _members(contract: type) -> dict[str, Any]:
    public = {name: value for name, value in vars(contract).items() if not name.startswith("_")}
    return {**dict.fromkeys(contract.__annotations__), **public}


class ContractTests(TestCase):
    def setUp(self) -> None:
        self.worlds = [RealWorld(reactor, self.mktemp()), Simulation(1).host("h").boot()]

    def _differences(self, contract: type, provider: object) -> list[str]:
        wrong = []
        for name, promised in _members(contract).items():
            found = getattr(provider, name, None)
            if found is None:
                wrong.append(f"{type(provider).__name__} lacks {name}")
            elif inspect.isfunction(promised):
                wanted = [*inspect.signature(promised).parameters][1:]
                if [*inspect.signature(found).parameters] != wanted:
                    wrong.append(f"{type(provider).__name__}.{name} does not take {wanted}")
        return wrong

    def test_each_world_keeps_the_whole_contract(self) -> None:
        for world in self.worlds:
            self.assertEqual(self._differences(contracts.World, world), [])
            self.assertEqual(self._differences(contracts.Storage, world.storage), [])
            self.assertEqual(self._differences(contracts.Entropy, world.entropy), [])
            self.assertEqual(self._differences(contracts.Processes, world.processes), [])

    async def test_each_worlds_worker_keeps_its_contract(self) -> None:
        for world in self.worlds:
            worker = world.worker("w")
            self.assertEqual(self._differences(contracts.Worker, worker), [])
            closing = worker.close()
            if isinstance(world, RealWorld):
                await closing

    def test_raw_sockets_keep_their_contract_where_there_are_any(self) -> None:
        sockets = self.worlds[0].epoll_streams()
        self.assertIsNotNone(sockets)
        self.assertEqual(self._differences(contracts.EpollStreams, sockets), [])
        listener = sockets.listen("127.0.0.1", 0, 1)
        self.addCleanup(listener.close)
        self.assertEqual(self._differences(contracts.ListeningSocket, listener), [])
        self.assertIsNone(self.worlds[1].epoll_streams())
