"""From a device's first frame to its login: register, log in with the secret, or resume with a token.

A resume is checked here, with the cluster's secret; the others are the shard's decision. The order of steps
makes that nothing falls between: first the app's group log is followed, then this login is known as an
arrival (a message that comes for it meanwhile is noted), then the shard notes the route and reads the
stream, and with its answer the line enters, in one step. Whatever does not answer is "try later", and so is a
device that logs in too often (`flapping`).
"""

from __future__ import annotations

import math
from collections.abc import Callable

import attrs
from twisted.internet.defer import ensureDeferred
from twisted.logger import Logger

from pushnet.device.errors import PeerBrokeProtocol
from pushnet.device.frames import Login, Reason, Register, Registered, Resume, Welcome
from pushnet.device.token import TOKEN_LIFE_S, TokenSigner
from pushnet.device.writing import encode
from pushnet.gen.pushnet.dbagent import LoginRefusedException, LoginReply, LoginRequest
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.placement import ordinal_in
from pushnet.roles.broker.flapping import LOGINS_MAX as FLAPPING_LOGINS_MAX
from pushnet.roles.broker.flapping import Flapping
from pushnet.roles.broker.group_logs import GroupLogs
from pushnet.roles.broker.line import Line
from pushnet.roles.broker.lines import REPLACED_RETRY_S, Arrival, Lines
from pushnet.roles.broker.shards import Shards
from pushnet.roles.broker.tally import Tally
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World

LOGINS_MAX = 2000
"""Logins under way at once: what the shards answer in their call limit on a bad day."""
RETRY_MIN_S, RETRY_MAX_S = 1, 8
"""Between these a device is told to come back when something does not answer."""
REFUSED_RETRY_S = 30
NO_ORDINAL = -1

_log = Logger(namespace="pushnet.broker")


@attrs.frozen
class Claim:
    """Who a device says it is, and what it has."""

    app: str
    ordinal: int
    registration_id: str = ""
    secret: bytes = b""
    own: int = 0
    group: int = 0
    token_wanted: bool = True
    group_start: int | None = None
    """For a device that has just registered: the end of the group log when it did."""


class Refused(Exception):
    """The device may not log in as it wants to."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@attrs.frozen
class Identity:
    """What this Broker calls itself to the shards."""

    name: str
    epoch: Callable[[], int]


class Entrance:
    """Leads lines in.

    `on_enter` is called with a line that has taken its device's place; `on_late` with one that hung up while
    the shard was noting its route.
    """

    def __init__(
        self,
        world: World,
        lines: Lines,
        shards: Shards,
        logs: GroupLogs,
        signer: TokenSigner,
        tally: Tally,
        broker: Identity,
        heartbeat_s: int,
        denied: Callable[[str, int], bool],
        on_enter: Callable[[Line, LoginReply, Claim], None],
        on_late: Callable[[Line], None],
    ) -> None:
        self._world = world
        self._lines = lines
        self._shards = shards
        self._logs = logs
        self._signer = signer
        self._tally = tally
        self._broker = broker
        self._heartbeat_s = heartbeat_s
        self._denied = denied
        self._on_enter = on_enter
        self._on_late = on_late
        self._rng = world.rng("broker.entrance")
        self._flapping = Flapping()
        self._under_way = 0

    def admit(self, line: Line, frame: Register | Login | Resume) -> None:
        """The line's first frame has come."""
        if self._under_way >= LOGINS_MAX:
            self._put_off(line, "too many logins")
            return
        self._under_way += 1
        self._world.background("a login", ensureDeferred(self._admit(line, frame)))

    async def _admit(self, line: Line, frame: Register | Login | Resume) -> None:
        try:
            await self._log_in(line, await self._claim(line, frame))
        except Refused as refused:
            self._tally.refused.inc()
            waits = isinstance(frame, Register) or refused.reason is Reason.NOT_ALLOWED
            line.close(refused.reason, REFUSED_RETRY_S if waits else 0, str(refused))
        except LoginRefusedException as refused:
            self._tally.refused.inc()
            retry_s = REFUSED_RETRY_S if isinstance(frame, Register) else 0
            line.close(Reason.REFUSED, retry_s, refused.reason)
        except (LocalException, UnavailableException) as error:
            self._put_off(line, f"{type(error).__name__}")
        except PeerBrokeProtocol as error:
            line.close(Reason.BROKE_PROTOCOL, 0, str(error))
        except Exception:
            _log.failure("a login failed")
            self._put_off(line, "internal error")
        finally:
            self._under_way -= 1

    def _put_off(self, line: Line, text: str) -> None:
        """Come back later, each at a time of its own."""
        self._tally.refused.inc()
        line.close(Reason.TRY_LATER, self._rng.randint(RETRY_MIN_S, RETRY_MAX_S), text)

    async def _claim(self, line: Line, frame: Register | Login | Resume) -> Claim:
        """Whom the first frame speaks for."""
        if isinstance(frame, Register):
            return await self._register(line, frame)
        if isinstance(frame, Login):
            ordinal = ordinal_in(frame.registration_id)
            if ordinal is None or not self._shards.known(ordinal):
                raise Refused(Reason.REFUSED, "no such registration id")
            rid = frame.registration_id
            return Claim(frame.app, ordinal, rid, frame.secret, frame.own, frame.group)
        now_s = self._world.wall()
        session = self._signer.check(frame.token, now_s)
        if session is None or not self._shards.known(session.ordinal):
            raise Refused(Reason.LOGIN_AGAIN, "the session token is not valid")
        old = session.expires_s - now_s < TOKEN_LIFE_S / 2
        return Claim(session.app, session.ordinal, own=frame.own, group=frame.group, token_wanted=old)

    async def _register(self, line: Line, frame: Register) -> Claim:
        if not frame.device_key or not frame.app:
            raise PeerBrokeProtocol("a device without app or key")
        if not self._signer.serves(frame.app):
            raise Refused(Reason.REFUSED, "no such app")
        if self._denied(frame.app, NO_ORDINAL):
            raise Refused(Reason.NOT_ALLOWED, "by a list")
        log = await self._logs.open(frame.app)
        end = log.head
        shard = self._shards.of_new_device(frame.app, frame.device_key)
        made = await shard.register(frame.app, frame.device_key, frame.platform)
        line.write(encode(Registered(made.registrationId, made.secret)))
        start = max(end, made.groupSeq)
        return Claim(frame.app, made.ordinal, made.registrationId, made.secret, group_start=start)

    async def _log_in(self, line: Line, claim: Claim) -> None:
        """Ask the shard, and let the line enter with its answer."""
        device = (claim.app, claim.ordinal)
        if self._denied(*device):
            raise Refused(Reason.NOT_ALLOWED, "by a list")
        away_s = self._flapping.away_s(device, self._world.monotonic())
        if away_s:
            self._tally.refused.inc()
            text = f"more than {FLAPPING_LOGINS_MAX} logins in a minute"
            line.close(Reason.TRY_LATER, math.ceil(away_s) + self._rng.randint(0, RETRY_MAX_S), text)
            return
        arrival = self._lines.arriving(claim.app, claim.ordinal)
        try:
            await self._logs.open(claim.app)
            if line.closed:
                return
            reply = await self._shards.of_ordinal(claim.ordinal).login(self._request(claim))
            self._flapping.entered(device, self._world.monotonic())
            self._enter(line, claim, reply, arrival)
        finally:
            self._lines.arrived(claim.app, claim.ordinal, arrival)

    def _request(self, claim: Claim) -> LoginRequest:
        return LoginRequest(
            app=claim.app,
            ordinal=claim.ordinal,
            registrationId=claim.registration_id,
            secret=claim.secret,
            broker=self._broker.name,
            brokerEpoch=self._broker.epoch(),
            seen=claim.own,
        )

    def _enter(self, line: Line, claim: Claim, reply: LoginReply, arrival: Arrival) -> None:
        """One step, without a pause: from here on the line gets what comes for its device."""
        own = min(claim.own, max(reply.head, arrival.head))
        group = max(claim.group, reply.groupSeen)
        if claim.group_start is not None:
            group = reply.groupSeen or claim.group_start
        line.enter(claim.app, claim.ordinal, reply.epoch, own, group)
        line.own.head = max(own, arrival.head)
        if line.closed:
            self._on_late(line)
        elif self._denied(claim.app, claim.ordinal):  # since a moment ago
            line.close(Reason.NOT_ALLOWED, REFUSED_RETRY_S)
        elif arrival.evicted > reply.epoch:
            line.close(Reason.REPLACED, REPLACED_RETRY_S)
        elif self._lines.enter(line) is not None:
            self._tally.logins.inc()
            line.write(encode(self._welcome(claim, own, group)))
            self._on_enter(line, reply, claim)

    def _welcome(self, claim: Claim, own: int, group: int) -> Welcome:
        token = b""
        if claim.token_wanted:
            token = self._signer.sign(claim.app, claim.ordinal, self._world.wall())
        if token or (own, group) != (claim.own, claim.group):
            return Welcome(self._heartbeat_s, (own, group), token)
        return Welcome(self._heartbeat_s)
