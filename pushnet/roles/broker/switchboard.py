"""The desk of a Broker: everything a line brings comes here, everything a node wants of a device too.

Owns the second hand of the process: one timer turns the wheel that all lines sit in, and beats the shards.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
from twisted.internet.defer import DeferredSemaphore, ensureDeferred
from twisted.internet.interfaces import IAddress, IDelayedCall, IProtocol
from twisted.internet.protocol import Factory
from twisted.logger import Logger

from pushnet.device.frames import Ack, Close, Frame, Get, Heartbeat, Login, Reason, Register, Resume, Stream
from pushnet.device.token import TokenSigner
from pushnet.device.writing import HEARTBEAT
from pushnet.gen.pushnet.dbagent import LoginReply
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.lists import Lists
from pushnet.grid.moving import Place, deal
from pushnet.grid.placement import shard_of_ordinal
from pushnet.net.wheel import Wheel
from pushnet.roles.broker.acks import AckBook
from pushnet.roles.broker.beats import Beats
from pushnet.roles.broker.entrance import REFUSED_RETRY_S, Claim, Entrance, Identity
from pushnet.roles.broker.group_logs import GroupLogs
from pushnet.roles.broker.group_mail import GroupMail
from pushnet.roles.broker.line import LOGIN_LIMIT_S, Line, Lobby
from pushnet.roles.broker.lines import Lines
from pushnet.roles.broker.mover import Mover
from pushnet.roles.broker.own_mail import OwnMail
from pushnet.roles.broker.shards import Shards
from pushnet.roles.broker.tally import Tally
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World

SECOND_S = 1.0
EARLY_S = 0.001
"""A timer may fire so much early (clocks round). That second counts as full, or it would fire in a loop."""
LOGOUTS_AT_ONCE = 64
"""Calls under way when a crowd leaves together."""

_log = Logger(namespace="pushnet.broker")


@attrs.frozen
class Limits:
    """What the configuration says of devices."""

    heartbeat_s: int
    connections_max: int
    inline_bytes_max: int
    moves_per_s: int = 500


class Switchboard:
    """All lines of a Broker, and what goes over them. `open` before the first line, `close` once."""

    def __init__(
        self,
        world: World,
        shards: Shards,
        signer: TokenSigner,
        tally: Tally,
        broker: Identity,
        limits: Limits,
    ) -> None:
        self._world = world
        self._shards = shards
        self._tally = tally
        self._broker = broker
        self._limits = limits
        self._mover = Mover(world, limits.moves_per_s, tally)
        self._wheel = Wheel()
        self._lobby = Lobby(max(1, limits.connections_max // 4))
        self._logouts = DeferredSemaphore(LOGOUTS_AT_ONCE)
        self._ticking: IDelayedCall | None = None
        self._ticked_at = 0.0
        self._closing = False
        self.connections = 0
        self.lists = Lists()
        """The white and black lists that hold; see `go_by`."""
        self.lines = Lines()
        self.acks = AckBook(world, shards)
        self.own = OwnMail(world, self.lines, shards, tally, limits.inline_bytes_max)
        self.group = GroupMail(world, self.lines, tally, limits.inline_bytes_max)
        self.logs = GroupLogs(world, shards, broker.name, broker.epoch, self.group.spread)
        self.beats = Beats(world, self.lines, shards, self.logs, broker)
        self.entrance = Entrance(
            world,
            self.lines,
            shards,
            self.logs,
            signer,
            tally,
            broker,
            limits.heartbeat_s,
            lambda app, ordinal: self.lists.device_denied(app, ordinal),
            self._entered,
            self._log_out,
        )

    def open(self) -> None:
        """Start the second hand; the first beat goes out at once."""
        self._ticked_at = self._world.monotonic()
        self.beats.beat()
        self._ticking = self._world.call_later(SECOND_S, self._tick)

    def go_by(self, lists: Lists) -> None:
        """White and black lists have changed: who may not be here any more is told to go."""
        self.lists = lists
        for line in [*self._lobby.everybody(), *self.lines]:
            denied = bool(line.epoch) and lists.device_denied(line.app, line.ordinal)
            if denied or self.denies(line.transport.getPeer()):
                self._tally.refused.inc()
                line.close(Reason.NOT_ALLOWED, REFUSED_RETRY_S)

    def denies(self, address: IAddress) -> bool:
        """Whether nobody may connect from there."""
        return self.lists.device_address_denied(str(getattr(address, "host", "")))

    async def move(self, count: int, places: Sequence[Place]) -> int:
        """Give so many devices to other Brokers, as `places` have room; returns how many went."""
        dealt = deal(count, places)
        chosen = self._world.rng("broker.leave").sample(list(self.lines), min(len(dealt), self.lines.count))
        return await self._mover.move(chosen, dealt)

    async def close(self, places: Sequence[Place] = (), limit_s: float = 0.0) -> None:
        """Give the devices away, hand over what they acknowledged, and tell the shards they are gone.

        Args:
            places: where they shall go; those for whom there is no place choose themselves.
            limit_s: all are gone after so long, however many they are; 0: as many a second as usual.
        """
        self._closing = True
        for line in self._lobby.everybody():
            line.close(Reason.GOING_AWAY, 1)
        lines = list(self.lines)
        self._world.rng("broker.leave").shuffle(lines)
        await self._mover.move(lines, deal(len(lines), places), limit_s)
        await self.acks.flush()
        for _ in range(LOGOUTS_AT_ONCE):
            await self._logouts.acquire()
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None

    # What lines ask of their desk.

    @property
    def second(self) -> int:
        return self._wheel.tick

    @property
    def silence_s(self) -> int:
        return self._limits.heartbeat_s * 5 // 2

    def arrived(self, line: Line) -> None:
        self.connections += 1
        self._tally.connections.set(self.connections)
        if self._closing:
            line.close(Reason.GOING_AWAY, 1)
            return
        self._wheel.add(line, LOGIN_LIMIT_S)
        self._lobby.enter(line)

    def said(self, line: Line, frame: Frame) -> None:
        match frame:
            case Heartbeat():
                line.write(HEARTBEAT)
            case Ack(stream, seq):
                self._tally.acknowledged.inc()
                self.acks.add(line.app, line.ordinal, stream is Stream.GROUP, seq)
            case Get(stream, since):
                if stream is Stream.OWN:
                    self.own.answer(line, since)
                else:
                    self.group.answer(line, self.logs)
            case Register() | Login() | Resume():
                self.entrance.admit(line, frame)
            case Close():
                line.abort()
            case _:
                raise AssertionError(frame)

    def gone(self, line: Line) -> None:
        self.connections -= 1
        self._tally.connections.set(self.connections)
        self._wheel.remove(line)
        self._lobby.leave(line)
        if line.epoch:
            self.lines.leave(line)
            self._tally.devices.set(self.lines.count)
            self._log_out(line)

    def _entered(self, line: Line, reply: LoginReply, claim: Claim) -> None:
        self._lobby.leave(line)
        line.heard = self.second
        self._wheel.remove(line)
        self._wheel.add(line, self.silence_s)
        self._tally.devices.set(self.lines.count)
        if claim.group_start is not None:
            self.acks.add(line.app, line.ordinal, True, line.group.sent)
        self.own.welcome(line, reply.entries, reply.head)
        self.group.welcome(line, self.logs)

    def _log_out(self, line: Line) -> None:
        self._world.background("a logout", ensureDeferred(self._tell_logout(line)))

    async def _tell_logout(self, line: Line) -> None:
        """A shard that does not hear it drops the route with our last beat, or when the device comes back."""
        await self._logouts.acquire()
        try:
            if shard_of_ordinal(line.ordinal) not in self.beats.silent:
                shard = self._shards.of_ordinal(line.ordinal)
                await shard.logout(line.app, line.ordinal, self._broker.name, line.epoch)
        except (LocalException, UnavailableException) as error:
            _log.debug("a logout was not heard: {error!r}", error=error)
        finally:
            self._logouts.release()

    def _tick(self) -> None:
        """As many seconds as have passed since the last tick."""
        now = self._world.monotonic()
        while self._ticked_at + SECOND_S <= now + EARLY_S:
            self._ticked_at += SECOND_S
            self._wheel.turn()
        self.beats.beat()
        self._ticking = self._world.call_later(self._ticked_at + SECOND_S - now, self._tick)


class LineFactory(Factory):
    """Makes lines for a listening port; refuses past the limit of connections."""

    noisy = False

    def __init__(self, switchboard: Switchboard, connections_max: int) -> None:
        self._switchboard = switchboard
        self._connections_max = connections_max

    def buildProtocol(self, addr: IAddress) -> IProtocol | None:  # type: ignore[override]
        if self._switchboard.connections >= self._connections_max or self._switchboard.denies(addr):
            return None
        return Line(self._switchboard)
