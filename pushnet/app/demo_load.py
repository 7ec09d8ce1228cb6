"""The demonstration's app server: sets tags and aliases, pushes, and writes down what it asked for."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from twisted.internet.task import deferLater

from pushnet.app.demo_crowd import Crowd
from pushnet.app.demo_ledger import Ledger
from pushnet.app.demo_people import TAGS, Audience, Person, meant
from pushnet.app.rest import RestClient, RestFailed
from pushnet.world import World

IDS_PER_CALL = 1000
TRIES = 20
PAUSE_S = 0.5


class AppServer:
    """Speaks to the gateway for the demonstration's application."""

    def __init__(
        self,
        world: World,
        rest: RestClient,
        people: Sequence[Person],
        crowd: Crowd,
        ledger: Ledger,
        seed: int,
    ) -> None:
        self._world = world
        self._rest = rest
        self._people = people
        self._crowd = crowd
        self._ledger = ledger
        self._rng = random.Random(seed)
        self._pushes = 0

    async def set_tags(self) -> None:
        """Give every tag to its devices."""
        for tag in TAGS:
            ids = [self._crowd.ids[n] for n, person in enumerate(self._people) if tag in person.tags]
            for start in range(0, len(ids), IDS_PER_CALL):
                change = {"registration_ids": {"add": ids[start : start + IDS_PER_CALL]}}
                await self._ask("POST", f"/v3/tags/{tag}", change)

    async def set_aliases(self, done: Callable[[], None]) -> None:
        """Give every alias to its devices; `done` is called for each."""
        for number, person in enumerate(self._people):
            if person.alias:
                await self._ask("POST", f"/v3/devices/{self._crowd.ids[number]}", {"alias": person.alias})
                done()

    async def push(self, kind: str, column: str = "") -> None:
        """One push of this kind, to somebody the random stream chooses, entered under `column`."""
        self._pushes += 1
        mark = f"{kind}-{self._pushes}"
        audience = self._audience(kind)
        began_at = self._world.monotonic()
        self._ledger.expect(mark, column or kind, meant(self._people, self._crowd.ids, audience), began_at)
        await self._accepted(audience, mark)

    async def _accepted(self, audience: Audience, mark: str) -> None:
        """Ask until the gateway accepts: the same cid never pushes twice. Raises `RestFailed`."""
        for left in reversed(range(TRIES)):
            try:
                await self._rest.push(audience, mark, cid=mark)
                return
            except RestFailed:
                if not left:
                    self._ledger.withdraw(mark)
                    raise
                await deferLater(self._world.clock, PAUSE_S)

    async def _ask(self, method: str, path: str, body: object) -> None:
        """A call that may be repeated, because it sets what it sets."""
        for left in reversed(range(TRIES)):
            try:
                await self._rest.ask(method, path, body)
                return
            except RestFailed:
                if not left:
                    raise
                await deferLater(self._world.clock, PAUSE_S)

    def _audience(self, kind: str) -> Audience:
        pick = self._rng
        match kind:
            case "all":
                return "all"
            case "tags":
                either = pick.sample(TAGS[:4], 2)
                both, none = pick.sample(TAGS[4:], 2)
                return {"tag": either, "tag_and": [both], "tag_not": [none]}
            case "alias":
                return {"alias": [pick.choice(sorted({p.alias for p in self._people if p.alias}))]}
            case _:
                assert kind == "single", kind
                return {"registration_id": [pick.choice(self._crowd.ids)]}
