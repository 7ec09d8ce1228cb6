"""What goes wrong in a run. Each seed chooses some kinds of fault and how often they come (a swarm of
scenarios finds more than one that has everything), and everything is whole again at the end."""

from __future__ import annotations

import random
from collections.abc import Callable

import attrs
from twisted.internet.defer import ensureDeferred

from pushnet.sim.cluster import SimCluster
from pushnet.sim.network import Connection
from pushnet.sim.phones import Phone

DOWN_S = (0.05, 4.0)
"""How long a killed node stays away."""
PARTITION_S = (0.1, 6.0)
"""Twice a lease at most: longer ones only make runs longer."""
IN_THE_ACT_S = (0.0, 0.003)
"""From an arrival to the kill: the time of a commit."""
PHONE_DOWN_S = (0.1, 6.0)


KINDS = (
    "cut",
    "cut a phone",
    "lose",
    "lose a phone",
    "kill",
    "kill in the act",
    "power off",
    "roll",
    "partition",
    "kill a phone",
    "kill a phone in the act",
)


@attrs.frozen
class Profile:
    """Which faults there are, and how often."""

    kinds: tuple[str, ...] = KINDS
    pause_s: float = 0.3
    """The mean time between two faults."""
    roles: tuple[str, ...] = ()
    """The roles whose nodes are struck; empty: all."""

    @classmethod
    def drawn(cls, rng: random.Random) -> Profile:
        """Some of the kinds; sometimes few faults, sometimes many."""
        kinds = tuple(kind for kind in KINDS if rng.random() < 0.6)
        return cls(kinds or ("cut",), rng.choice((0.1, 0.3, 1.0)))


class Faults:
    """Causes faults from `begin` to `end`."""

    def __init__(
        self, cluster: SimCluster, phones: list[Phone], rng: random.Random, profile: Profile | None = None
    ) -> None:
        self._cluster = cluster
        self._phones = phones
        self._simulation = cluster.simulation
        self._rng = rng
        self.profile = profile or Profile.drawn(rng)
        self.caused: dict[str, int] = dict.fromkeys(self.profile.kinds, 0)
        self.log: list[str] = []
        self._running = False
        self._partitions: list[tuple[str, str]] = []
        self._strikes: dict[str, Callable[[], str]] = {
            "cut": self._cut,
            "cut a phone": self._cut_phone,
            "lose": self._lose,
            "lose a phone": self._lose_phone,
            "kill": self._kill,
            "kill in the act": self._kill_in_the_act,
            "power off": self._power_off,
            "roll": self._roll,
            "partition": self._partition,
            "kill a phone": self._kill_phone,
            "kill a phone in the act": self._kill_phone_in_the_act,
        }

    def begin(self) -> None:
        self._running = True
        self._next()

    def end(self) -> None:
        """No more faults; partitions heal. What is down comes back by itself."""
        self._running = False
        for one, other in self._partitions:
            self._simulation.paths.heal(one, other)
        self._partitions.clear()
        self._simulation.paths.awaited.clear()

    def _next(self) -> None:
        self._simulation.later(self._rng.expovariate(1 / self.profile.pause_s), self._strike)

    def _strike(self) -> None:
        if not self._running:
            return
        name = self._rng.choice(self.profile.kinds)
        what = self._strikes[name]()
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
        connection = self._some_connection(phones)
        if connection is None:
            return ""
        connection.reset()
        return f"{connection.number} of {connection.names}"

    def _some_connection(self, phones: bool) -> Connection | None:
        found = [
            connection
            for connection in self._simulation.network.connections()
            if connection.names[0].startswith("phone-") == phones
        ]
        return self._rng.choice(found) if found else None

    def _lose(self) -> str:
        """Something between two nodes forgets their connection: neither side is told."""
        connection = self._some_connection(phones=False)
        if connection is None:
            return ""
        connection.vanish()
        return f"{connection.number} of {connection.names}"

    def _lose_phone(self) -> str:
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

    def _kill_in_the_act(self) -> str:
        """Just after something has arrived: while it is worked on, or being answered."""
        name = self._some_node()
        if name:
            self._simulation.paths.at_next_arrival(name, lambda: self._kill_soon(name))
        return name

    def _kill_soon(self, name: str) -> None:
        self._simulation.later(self._rng.uniform(*IN_THE_ACT_S), self._kill_this, name)

    def _kill_this(self, name: str) -> None:
        if self._running and self._cluster.is_up(name):
            self._cluster.kill(name)
            self._back_later(name)

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
        self._kill_this_phone(phone)
        return phone.host.name

    def _kill_phone_in_the_act(self) -> str:
        """Just after something has arrived, mostly before its acknowledgement has."""
        phone = self._rng.choice(self._phones)
        self._simulation.paths.at_next_arrival(phone.host.name, lambda: self._kill_phone_soon(phone))
        return phone.host.name

    def _kill_phone_soon(self, phone: Phone) -> None:
        self._simulation.later(self._rng.uniform(*IN_THE_ACT_S), self._kill_this_phone, phone)

    def _kill_this_phone(self, phone: Phone) -> None:
        if phone.host.is_up:
            phone.kill()
            self._simulation.later(self._rng.uniform(*PHONE_DOWN_S), self._boot_phone, phone)

    # And how it is mended.

    def _some_node(self) -> str:
        """A node that serves. The one that starts or stops is left alone: the next strike may meet it."""
        serving = [name for name in self._struck() if self._cluster.serves(name)]
        return self._rng.choice(serving) if serving else ""

    def _struck(self) -> list[str]:
        roles = self.profile.roles or ("",)
        return [name for role in roles for name in self._cluster.names(role)]

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
