"""A process full of devices, for the demonstration: `python -m pushnet.app.demo_devices ORDERS.json`.

The file says which devices to be (`Orders`). What happens is told on stdout, one JSON object a line, at most
every `TELL_EVERY_S`: `online` as [number, registration id, how often connected], `got` as [number, text of
the message, monotonic seconds], `missed` as numbers.
"""

from __future__ import annotations

import json
import resource
import sys
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from twisted.internet.task import LoopingCall

from pushnet.app.running import Session, run
from pushnet.client.device import Device
from pushnet.device.device_session import Message

TELL_EVERY_S = 0.05
NEWS_PER_LINE = 400
"""Of each kind: a line stays far below the 64 KiB that a parent takes in one piece."""
STARTS_PER_S = 400
"""Devices of one process that begin to connect in a second: a crowd, but no stampede."""


class Orders(msgspec.Struct, frozen=True):
    """Which devices a process is to be."""

    app: str
    brokers: list[tuple[str, int]]
    devices: list[tuple[int, str]]
    """Number and key of each."""


class Crowd:
    """All devices of this process, and the news of them that was not told yet."""

    def __init__(self, session: Session, orders: Orders) -> None:
        self._session = session
        self._online: list[tuple[int, str, int]] = []
        self._got: list[tuple[int, str, float]] = []
        self._missed: list[int] = []
        self._waiting = [self._device(orders, number, key) for number, key in orders.devices]
        self._devices = list(self._waiting)
        self._connections = [0] * len(self._devices)
        self._numbers = [number for number, _ in orders.devices]

    def _device(self, orders: Orders, number: int, key: str) -> Device:
        return Device(
            self._session.world,
            orders.app,
            key,
            orders.brokers,
            on_message=partial(self._message, number),
            on_missed=lambda missed: self._missed.append(number),
        )

    def _message(self, number: int, message: Message) -> None:
        self._got.append((number, text_of(message.body), self._session.world.monotonic()))

    async def live(self) -> int:
        """Be the devices until somebody says stop."""
        telling = LoopingCall(self._tell)
        telling.clock = self._session.world.clock
        telling.start(TELL_EVERY_S, now=False).addErrback(lambda failure: self._session.reactor.stop())
        await self._session.stopping
        telling.stop()
        for device in self._devices:
            device.stop()
        return 0

    def _tell(self) -> None:
        batch = int(STARTS_PER_S * TELL_EVERY_S)
        for device in self._waiting[:batch]:
            device.start()
        del self._waiting[:batch]
        for index, device in enumerate(self._devices):
            if device.connections != self._connections[index]:
                self._connections[index] = device.connections
                self._online.append((self._numbers[index], device.registration_id, device.connections))
        while self._online or self._got or self._missed:
            news = [told[:NEWS_PER_LINE] for told in (self._online, self._got, self._missed)]
            sys.stdout.write(json.dumps(dict(zip(("online", "got", "missed"), news, strict=True))) + "\n")
            for told in (self._online, self._got, self._missed):
                del told[:NEWS_PER_LINE]
        sys.stdout.flush()


def text_of(body: bytes) -> str:
    """What the app server wrote: the content of the custom message, or the alert."""
    told: Any = json.loads(body)
    message = told.get("message") or {}
    return str(message.get("msg_content") or (told.get("notification") or {}).get("alert") or "")


def main(arguments: list[str]) -> int:
    """Run the devices that the file in `arguments` orders."""
    orders = msgspec.json.decode(Path(arguments[0]).read_bytes(), type=Orders)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = len(orders.devices) + 256
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, hard), hard))
    return run(lambda session: Crowd(session, orders).live())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
