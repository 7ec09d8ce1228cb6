"""The app server of a scenario: it tags devices and pushes, and repeats each call until it is answered.

It calls the gateway's logic in the gateway's process, without HTTP. A call whose gateway dies is never
answered; the app server waits for a while, then makes it again with the same `cid`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping

from twisted.internet.defer import Deferred, ensureDeferred

from pushnet.roles.gateway.answer import Answer
from pushnet.roles.gateway.gateway import Call
from pushnet.roles.gateway.service import GatewayService
from pushnet.sim.cluster import APP, SimCluster
from pushnet.sim.ledger import Ledger
from pushnet.sim.phones import Phone

PATIENCE_S = 8.0
"""For one answer; then the call is made again."""
PAUSE_S = 0.5
_AUTHORIZATION = b"Basic " + base64.b64encode(f"{APP.key}:{APP.secret}".encode())


class AppServer:
    """Calls the REST API of `gateway-1`."""

    def __init__(self, cluster: SimCluster, ledger: Ledger) -> None:
        self._cluster = cluster
        self._simulation = cluster.simulation
        self._ledger = ledger
        self.unanswered: list[str] = []
        """Calls that had to be made again: when, and what was heard."""

    async def tag(self, tag: str, add: Iterable[Phone], remove: Iterable[Phone] = ()) -> None:
        """Give and take a tag; returns when that is acknowledged."""
        ids = {
            "add": [each.registration_id for each in add],
            "remove": [each.registration_id for each in remove],
        }
        change = {verb: names for verb, names in ids.items() if names}
        await self._until_done(b"POST", f"/v3/tags/{tag}", {"registration_ids": change})

    async def set_alias(self, phone: Phone, alias: str) -> None:
        await self._until_done(b"POST", f"/v3/devices/{phone.registration_id}", {"alias": alias})

    async def push(
        self, kind: str, audience: object, targets: Iterable[Phone], content_bytes: int = 0
    ) -> None:
        """Push to an audience that means `targets`; returns when it is accepted."""
        record = self._ledger.submitted(kind, [phone.number for phone in targets])
        body = {
            "platform": "all",
            "audience": audience,
            "message": {"msg_content": f"{record.number} {'x' * content_bytes}"},
            "cid": f"push-{record.number}",
        }
        await self._until_done(b"POST", "/v3/push", body)
        record.accepted_at_s = self._simulation.now_s

    async def _until_done(self, method: bytes, path: str, body: Mapping[str, object]) -> None:
        call = Call(method, path.encode(), _AUTHORIZATION, json.dumps(body).encode())
        while True:
            answer = await self._try(call)
            if answer is not None and answer.status == 200:
                return
            if answer is not None and answer.status < 500 and answer.status != 429:
                raise AssertionError(f"{path} was refused: {answer.status} {answer.body!r}")
            heard = "nothing" if answer is None else f"{answer.status} {answer.body!r}"
            self.unanswered.append(f"{self._simulation.now_s:.3f} {path}: {heard}")
            await self._simulation.sleep(PAUSE_S)

    def _try(self, call: Call) -> Deferred[Answer | None]:
        """One call; None when nobody answers."""
        answered: Deferred[Answer | None] = Deferred()
        gateway = self._gateway()
        if gateway is None or gateway.gateway is None:
            answered.callback(None)
            return answered
        give_up = self._simulation.later(PATIENCE_S, _tell, answered, None)

        def tell(answer: Answer) -> None:
            if give_up.active():
                give_up.cancel()
            _tell(answered, answer)

        ensureDeferred(gateway.gateway.answer(call)).addCallback(tell)
        return answered

    def _gateway(self) -> GatewayService | None:
        name = "gateway-1"
        if not self._cluster.is_up(name):
            return None
        service = self._cluster.running[name].service
        assert isinstance(service, GatewayService)
        return service if service.running and service.started.called else None


def _tell(answered: Deferred[Answer | None], answer: Answer | None) -> None:
    if not answered.called:
        answered.callback(answer)
