"""A gateway in a simulated world, with everything behind it in memory."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from prometheus_client import CollectorRegistry
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.settings import GatewaySettings
from pushnet.roles.gateway.answer import Answer
from pushnet.roles.gateway.auth import Apps
from pushnet.roles.gateway.gateway import Call, Gateway
from pushnet.roles.gateway.message_id import MessageIds
from pushnet.sim import Simulation
from tests.roles.memory import Grid

APP = "a" * 24
SECRET = "s" * 24
AUTHORIZATION = b"Basic " + b64encode(f"{APP}:{SECRET}".encode())
HI = {"platform": "all", "audience": "all", "notification": {"alert": "Hi"}}


class GatewayGiven(SynchronousTestCase):
    """Subclasses set `settings` for another gateway."""

    settings = GatewaySettings(number=3)

    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.world = self.simulation.host("gateway").boot()
        self.grid = Grid(self.world)
        self.metrics = CollectorRegistry()
        self.gateway = Gateway(
            self.world,
            Apps({APP: SECRET}),
            self.grid.backends,
            MessageIds(self.settings.number),
            self.settings,
            self.metrics,
            Logger(namespace="test"),
        )

    def asked(
        self, line: str, body: object = b"", authorization: bytes | None = AUTHORIZATION
    ) -> Deferred[Answer]:
        """Begin a call, such as `POST /v3/push`; `body` is bytes or JSON."""
        method, target = line.encode().split(b" ")
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return Deferred.fromCoroutine(self.gateway.answer(Call(method, target, authorization, raw)))

    def ask(self, line: str, body: object = b"", authorization: bytes | None = AUTHORIZATION) -> Answer:
        """The answer to a call."""
        return self.simulation.run_until(self.asked(line, body, authorization))

    def told(self, line: str, body: object = b"") -> Any:
        """The JSON of a call that succeeds."""
        answer = self.ask(line, body)
        self.assertEqual(answer.status, 200, answer.body)
        return json.loads(answer.body)

    def refused(self, line: str, body: object = b"") -> tuple[int, int]:
        """Status and code of a call that is refused."""
        answer = self.ask(line, body)
        return answer.status, json.loads(answer.body)["error"]["code"]
