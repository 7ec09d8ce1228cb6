"""What goes wrong in a run. Each seed chooses some kinds of fault and how often they come (a swarm of
scenarios finds more than one that has everything), and everything is whole again at the end."""

from __future__ import annotations

import random
from collections.abc import Callable

from twisted.internet.defer import ensureDeferred

from pushnet.sim.cluster import SimCluster
from pushnet.sim.phones import Phone

DOWN_S = (0.05, 4.0)
"""How long a killed node stays away."""
PARTITION_S = (0.1, 6.0)
"""Twice a lease at most: longer ones only make runs longer."""
PHONE_DOWN_S = (0.1, 6.0)


class Faults:
    """Causes faults from `begin` to `end`."""

    def __init__(self, cluster: SimCluster, phones: list[Phone], rng: random.Random) -> None:
        self._cluster = cluster
        self._phones = phones
        self._simulation = cluster.simulation
        self._rng = rng
        kinds: dict[str, Callable[[], str]] = {
            "cut": self._cut,
            "cut a phone": self._cut_phone,
            "vanish": self._vanish_phone,
            "kill": self._kill,
            "power off": self._power_off,
            "roll": self._roll,
            "partition": self._partition,
            "kill a phone": self._kill_phone,
        }
        chosen = [name for name in kinds if rng.random() < 0.6] or ["cut"]
        self.kinds = {name: kinds[name] for name in chosen}
        self.pause_s = rng.choice((0.1, 0.3, 1.0))
        """The mean time between two faults."""
        self.caused: dict[str, int] = dict.fromkeys(chosen, 0)
        self.log: list[str] = []
        self._running = False
        self._partitions: list[tuple[str, str]] = []

    def begin(self) -> None:
        self._running = True
        self._next()

    def end(self) -> None:
        """No more faults; partitions heal. What is down comes back by itself."""
        self._running = False
        for one, other in self._partitions:
            self._simulation.paths.heal(one, other)
        self._partitions.clear()

    def _next(self) -> None:
        self._simulation.later(self._rng.expovariate(1 / self.pause_s), self._strike)

    def _strike(self) -> None:
        if not self._running:
            return
        name = self._rng.choice(list(self.kinds))
        what = self.kinds[name]()
        if what:
            self.caused[name] += 1
            self.log.append(f"{self._simulation.now_s:.6f} {name}: {what}")
        self._next()

    # Each returns what it did, or "" when there was nothing to do it to.

    def _cut(self) -> str:
        return self._cut_one(phones=False)

    def _cut_phone(self) -> str:
        return self._cut_one(phones=True)

    def _cut_one(self, phones: bool) -> str:
        found = [
            connection
            for connection in self._simulation.network.connections()
            if connection.names[0].startswith("phone-") == phones
        ]
        if not found:
            return ""
        connection = self._rng.choice(found)
        connection.reset()
        return f"{connection.number} of {connection.names}"

    def _vanish_phone(self) -> str:
        """A phone leaves its cell without a word."""
        phone = self._rng.choice(self._phones)
        found = self._simulation.network.connections(phone.host.name)
        for connection in found:
            connection.vanish()
        return phone.host.name if found else ""

    def _kill(self) -> str:
        name = self._some_node()
        if name:
            self._cluster.kill(name)
            self._back_later(name)
        return name

    def _power_off(self) -> str:
        name = self._some_node()
        if name:
            self._cluster.power_off(name)
            self._back_later(name)
        return name

    def _roll(self) -> str:
        """A graceful restart."""
        name = self._some_node()
        if name:
            self._simulation.network.trace.add(f"roll {name}")
            rolling = ensureDeferred(self._cluster.stop(name))
            rolling.addCallback(lambda _: self._back_later(name))
        return name

    def _partition(self) -> str:
        one, other = self._rng.sample(self._cluster.names(), 2)
        if (one, other) in self._partitions or (other, one) in self._partitions:
            return ""
        self._simulation.paths.partition(one, other)
        self._partitions.append((one, other))
        self._simulation.later(self._rng.uniform(*PARTITION_S), self._heal, one, other)
        return f"{one} and {other}"

    def _kill_phone(self) -> str:
        phone = self._rng.choice(self._phones)
        if not phone.host.is_up:
            return ""
        phone.kill()
        self._simulation.later(self._rng.uniform(*PHONE_DOWN_S), self._boot_phone, phone)
        return phone.host.name

    # And how it is mended.

    def _some_node(self) -> str:
        """A node that serves. The one that starts or stops is left alone: the next strike may meet it."""
        serving = [
            name
            for name in self._cluster.names()
            if self._cluster.is_up(name)
            and self._cluster.running[name].service.started.called
            and self._cluster.running[name].service.running
        ]
        return self._rng.choice(serving) if serving else ""

    def _back_later(self, name: str) -> None:
        self._simulation.later(self._rng.uniform(*DOWN_S), self._boot, name)

    def _boot(self, name: str) -> None:
        if not self._cluster.is_up(name):
            self._cluster.boot(name)

    def _boot_phone(self, phone: Phone) -> None:
        if not phone.host.is_up:
            phone.boot()

    def _heal(self, one: str, other: str) -> None:
        if (one, other) in self._partitions:
            self._partitions.remove((one, other))
            self._simulation.paths.heal(one, other)
