"""A role as a service: what starting and stopping do, whatever happens in between."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import CancelledError, Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.base import RoleService


class Role(RoleService):
    """Opens and closes when the test says so."""

    def __init__(self) -> None:
        parts: Any = None
        super().__init__(parts)
        self.opening: Deferred[None] = Deferred()
        self.closed = 0

    async def open(self) -> None:
        await self.opening

    async def close(self) -> None:
        self.closed += 1


class RoleServiceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.role = Role()

    def test_it_has_started_when_it_is_open(self) -> None:
        self.role.startService()
        self.assertNoResult(self.role.started)
        self.assertFalse(self.role.health()["ok"])
        self.role.opening.callback(None)
        self.successResultOf(self.role.started)
        self.assertTrue(self.role.health()["ok"])

    def test_its_start_fails_as_opening_failed(self) -> None:
        self.role.startService()
        self.role.opening.errback(OSError("the port is taken"))
        self.assertEqual(str(self.failureResultOf(self.role.started, OSError).value), "the port is taken")
        self.assertFalse(self.role.health()["ok"])

    def test_stopping_closes_it(self) -> None:
        self.role.startService()
        self.role.opening.callback(None)
        self.successResultOf(self.role.stopService())
        self.assertEqual(self.role.closed, 1)
        self.assertFalse(self.role.health()["ok"])

    def test_stopping_while_it_opens_gives_opening_up_and_closes(self) -> None:
        failures: list[Any] = []
        self.role.started.addErrback(failures.append)
        self.role.startService()
        self.successResultOf(self.role.stopService())
        self.assertEqual(self.role.closed, 1)
        self.assertIsInstance(failures[0].value, CancelledError)

    def test_what_was_never_started_has_nothing_to_close(self) -> None:
        self.successResultOf(self.role.stopService())
        self.assertEqual(self.role.closed, 0)

    def test_a_role_without_readings_tells_none(self) -> None:
        self.assertEqual(self.role.gauges(), {})
