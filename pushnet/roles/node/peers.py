"""Whom an agent fetches releases from: the registries, and other agents.

Where other agents are is known to the registries. A few of them are remembered, also on disk, so that a
release that another machine has can still be had while no registry answers.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall
from twisted.logger import Logger

from pushnet.world import Worker, World

FILE: Final = "peers.json"
PEERS_MAX: Final = 8
"""Of all agents, chosen by chance: nobody is asked by a thousand others, and nobody asks a thousand."""
LEARN_S: Final = 120.0
"""Between two looks at who there is."""

Ask = Callable[[int], Awaitable[Sequence[tuple[str, str]]]]
"""Names and endpoints of at most so many other agents, as the registries know them; none: no answer."""


class Peers:
    """The other agents that this one knows."""

    def __init__(self, world: World, worker: Worker, ask: Ask) -> None:
        self._world = world
        self._worker = worker
        self._ask = ask
        self._known: dict[str, str] = {}
        self._timer: IDelayedCall | None = None
        self._stopped = False
        self._log = Logger(namespace="pushnet.node")

    async def open(self) -> None:
        """Remember whom the last agent knew."""
        self._known = await self._worker.submit(self._load)

    def start(self) -> None:
        """Look who there is, now and again and again."""
        self._timer = None
        if not self._stopped:
            self._world.background("looking for other agents", Deferred.fromCoroutine(self.learn()))
            self._timer = self._world.call_later(LEARN_S, self.start)

    def stop(self) -> None:
        self._stopped = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def learn(self) -> dict[str, str]:
        """Name to endpoints, as the registries tell; while they do not, as they told last."""
        told = dict(await self._ask(PEERS_MAX))
        if told and told != self._known and not self._stopped:
            self._known = told
            await self._worker.submit(self._save, told)
        return self._known

    def _load(self) -> dict[str, str]:
        try:
            told = json.loads(self._world.storage.read(FILE))
            return {str(name): str(endpoints) for name, endpoints in told.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError) as error:
            self._log.warn("where other agents were is forgotten: {error}", error=str(error))
            return {}

    def _save(self, known: dict[str, str]) -> None:
        try:
            self._world.storage.replace(FILE, json.dumps(known).encode())
        except OSError as error:
            self._log.warn("where other agents are cannot be kept: {error}", error=str(error))
