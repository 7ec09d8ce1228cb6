"""The devices of a scenario: each on a host of its own, with a memory that outlives its process."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from pushnet.client.device import Device, State
from pushnet.client.store import MemoryStore, Store
from pushnet.device.device_session import Message, Missed
from pushnet.sim.ledger import Ledger
from pushnet.sim.simulation import Simulation


class Phone:
    """One device, from boot to boot."""

    def __init__(
        self,
        simulation: Simulation,
        ledger: Ledger,
        number: int,
        app: str,
        brokers: Sequence[tuple[str, int]],
        store: Callable[[], Store] = MemoryStore,
    ) -> None:
        self.number = number
        self.platform = "ios" if number % 3 == 0 else "android"
        self.host = simulation.host(f"phone-{number:02}")
        self.device: Device | None = None
        self._ledger = ledger
        self._app = app
        self._brokers = list(brokers)
        self._store = store()

    @property
    def is_online(self) -> bool:
        return self.host.is_up and self.device is not None and self.device.state is State.ONLINE

    @property
    def registration_id(self) -> str:
        return self._store.load().registration_id

    def boot(self) -> Device:
        """Switch on, and connect."""
        self.device = Device(
            self.host.boot(),
            self._app,
            f"phone-{self.number}",
            self._brokers,
            self.platform,
            self._show,
            on_missed=self._miss,
            store=self._store,
        )
        self.device.start()
        return self.device

    def kill(self) -> None:
        """The application is ended by its system."""
        self.host.kill()

    def _show(self, message: Message) -> None:
        content = json.loads(message.body)["message"]["msg_content"]
        self._ledger.shown(self.number, message.stream.name, message.seq, int(content.split()[0]))

    def _miss(self, missed: Missed) -> None:
        self._ledger.missed(self.number, f"{missed.stream.name} {missed.since}..{missed.up_to}")
