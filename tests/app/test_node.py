"""A node's opening and closing, with a role that does as told."""

from __future__ import annotations

import json
import os
from importlib.metadata import version
from typing import Any

import treq
from prometheus_client import CollectorRegistry
from twisted.internet import reactor
from twisted.internet.defer import Deferred, succeed
from twisted.internet.task import Clock
from twisted.logger import Logger, LogLevel
from twisted.trial.unittest import TestCase
from twisted.web.client import Agent

from pushnet.app.node import ROLE_CLOSE_PART, VERSION, NodeService, own_version
from pushnet.app.realworld import RealWorld
from pushnet.grid.settings import load_settings
from pushnet.roles.base import Parts, RoleService

SETTINGS = load_settings(
    """
    [cluster]
    secret = "0123456789abcdef"
    [[node]]
    name = "queue-1"
    role = "queue"
    """,
    "cluster.toml",
)


class Town:
    """The real network under a clock of the test's own, and in place of a communicator and a membership."""

    def __init__(self, folder: str) -> None:
        world = RealWorld(reactor, folder)
        self.clock = Clock()
        self.server_endpoint = world.server_endpoint
        self.http = ""
        self.holds_lease = True
        self.destroyed = 0

    def destroy(self) -> Deferred[None]:
        self.destroyed += 1
        return succeed(None)


class Waiting(RoleService):
    """Opens and closes when the test says so."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self.opening: Deferred[None] = Deferred()
        self.closing: Deferred[None] = Deferred()
        self.trouble = ""

    async def open(self) -> None:
        await self.opening

    async def close(self) -> None:
        await self.closing

    def gauges(self) -> dict[str, float]:
        return {"waiting": 4.0}

    def health(self) -> dict[str, object]:
        well = super().health()
        return {**well, "ok": bool(well["ok"]) and not self.trouble}


class NodeTest(TestCase):
    def setUp(self) -> None:
        town: Any = Town(self.mktemp())
        self.town = town
        self.events: list[dict[str, Any]] = []
        log = Logger("pushnet.queue", observer=self.events.append)  # type: ignore[arg-type]
        parts = Parts(town, town, SETTINGS, SETTINGS.node[0], town, CollectorRegistry(), log)
        self.role = Waiting(parts)
        self.node = NodeService(parts, self.role)

    def said(self) -> list[str]:
        return [event["log_format"] for event in self.events]

    async def start(self) -> None:
        self.node.startService()
        self.role.opening.callback(None)
        await self.node.started

    async def health(self) -> tuple[int, Any]:
        response = await treq.get(f"{self.town.http}/health", agent=Agent(reactor))
        return response.code, json.loads(await treq.content(response))

    async def test_it_serves_when_its_role_is_open(self) -> None:
        self.node.startService()
        self.assertFalse(self.node.started.called)
        self.assertEqual((await self.health())[0], 503)
        self.role.opening.callback(None)
        await self.node.started
        status, told = await self.health()
        self.assertEqual(status, 200)
        self.assertEqual((told["node"], told["role"], told["lease"]), ("queue-1", "queue", True))
        self.assertEqual(self.events[-1]["http"], self.town.http)
        self.assertEqual(self.said(), ["serving"])
        self.role.closing.callback(None)
        await self.node.stopService()

    async def test_when_its_role_is_not_well_any_more_everybody_is_told(self) -> None:
        self.assertEqual(self.node.complaint(), {}, "it has not begun")
        await self.start()
        self.assertEqual(self.node.complaint(), {})
        self.role.trouble = "the disk is full"
        self.assertEqual(self.node.complaint(), {"unwell": 1.0})
        self.role.closing.callback(None)
        await self.node.stopService()

    async def test_the_roles_gauges_are_metrics(self) -> None:
        await self.start()
        response = await treq.get(f"{self.town.http}/metrics", agent=Agent(reactor))
        self.assertIn(b"pushnet_waiting 4.0", await treq.content(response))
        self.role.closing.callback(None)
        await self.node.stopService()

    async def test_a_role_that_cannot_open_is_a_node_that_cannot_start(self) -> None:
        self.node.startService()
        self.role.opening.errback(OSError("port 4061 is in use"))
        with self.assertRaisesRegex(OSError, "port 4061"):
            await self.node.started
        self.role.closing.callback(None)
        await self.node.stopService()

    async def test_its_version_is_that_of_the_release_it_is_run_from(self) -> None:
        self.assertEqual(own_version(), version("pushnet"))
        os.environ[VERSION] = "9.8.7"
        self.addCleanup(os.environ.pop, VERSION)
        self.assertEqual(own_version(), "9.8.7")

    async def test_it_closes_in_order(self) -> None:
        await self.start()
        stopped = self.node.stopService()
        self.assertEqual(self.town.destroyed, 0)
        self.role.closing.callback(None)
        await stopped
        self.assertEqual(self.town.destroyed, 1)
        self.assertEqual(self.said()[-1], "stopped")

    async def test_a_role_that_does_not_close_is_left_behind(self) -> None:
        await self.start()
        stopped = self.node.stopService()
        self.town.clock.advance(SETTINGS.node[0].stop_limit_s * ROLE_CLOSE_PART)
        await stopped
        self.assertEqual(self.town.destroyed, 1)
        levels = [event["log_level"] for event in self.events]
        self.assertIn(LogLevel.warn, levels)

    async def test_a_role_that_fails_to_close_does_not_stop_the_rest(self) -> None:
        await self.start()
        stopped = self.node.stopService()
        self.role.closing.errback(ValueError("broken"))
        await stopped
        self.assertEqual(self.town.destroyed, 1)
        self.assertEqual(len([event for event in self.events if "log_failure" in event]), 1)

    async def test_stopped_while_it_opens_it_ends_without_complaint(self) -> None:
        self.node.startService()
        stopped = self.node.stopService()
        self.role.closing.callback(None)
        await stopped
        await self.node.started
        self.assertEqual(self.said(), ["stopped"])
