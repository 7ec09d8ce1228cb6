"""How a connection is kept alive and when it is closed: Ice 3.7's `ACM` properties and 3.8's `Connection`.

3.7: `Ice.ACM.{Timeout,Close,Heartbeat}`, for one side `Ice.ACM.Client.*` and `Ice.ACM.Server.*`, for one
adapter `<adapter>.ACM.*`. 3.8: `Ice.Connection.{Client,Server}.*`, for one adapter `<adapter>.Connection.*`,
which are `ConnectTimeout`, `CloseTimeout`, `IdleTimeout`, `InactivityTimeout`, `EnableIdleCheck`,
`MaxDispatches`. Times are seconds.

Without any of them a connection works with peers of either: see `pushnet.rpc.liveness`. With one of 3.7's
the rest of 3.7's defaults hold as well, and 3.8's idle check only when it is asked for.
"""

from __future__ import annotations

import attrs

from pushnet.rpc.exceptions import InitializationException
from pushnet.rpc.properties import Properties
from pushnet.wire.enums import SliceEnum

IDLE_S = 60.0
"""Default of both: silence that ends a connection."""
DISPATCHES_MAX = 1000
"""Requests of one connection being served; then it is not read until some are done."""


class ACMClose(SliceEnum):
    """When a connection without activity is closed."""

    CloseOff = 0
    CloseOnIdle = 1
    """In an orderly way, when nothing is under way on it."""
    CloseOnInvocation = 2
    """Cut, when the peer owes an answer and is silent."""
    CloseOnInvocationAndIdle = 3
    CloseOnIdleForceful = 4
    """Cut, whatever is under way."""


class ACMHeartbeat(SliceEnum):
    """When the peer is sent heartbeats."""

    HeartbeatOff = 0
    HeartbeatOnDispatch = 1
    """While requests of the peer are being served."""
    HeartbeatOnIdle = 2
    """While nothing else is sent."""
    HeartbeatAlways = 3


class ConnectionClose(SliceEnum):
    """How an application closes a connection."""

    Forcefully = 0
    """At once; calls under way fail, what the peer has asked for is not answered."""
    Gracefully = 1
    """In an orderly way, but calls under way fail."""
    GracefullyWithWait = 2
    """In an orderly way, after the calls under way."""


@attrs.frozen
class ACM:
    """What a connection's `getACM` tells."""

    timeout: int | float
    """Seconds; 0: nothing is sent or closed."""
    close: ACMClose
    heartbeat: ACMHeartbeat


@attrs.frozen
class ConnectionSettings:
    """One side's, or one adapter's."""

    acm: ACM = ACM(60, ACMClose.CloseOnInvocation, ACMHeartbeat.HeartbeatOnIdle)
    managed: bool = False
    """Ice 3.7's rules are asked for."""
    idle_s: float = IDLE_S
    """3.8's; 0: off."""
    idle_check: bool | None = None
    """Whether silence alone ends a connection; None: only that of a peer that used to send heartbeats."""
    inactive_s: float = 0.0
    """Without calls for so long a connection is closed in an orderly way; 0: never."""
    connect_s: float = 0.0
    """0: as Ice 3.7's properties say."""
    close_s: float = 0.0
    dispatches_max: int = DISPATCHES_MAX
    configured: ConnectionSettings | None = None
    """As they were made, when they are others now."""

    def changed(self, timeout: float | None, close: int | None, heartbeat: int | None) -> ConnectionSettings:
        """With another ACM, what is None as it was configured. 3.7's rules hold, unless all is."""
        configured = self.configured or self
        if timeout is None and close is None and heartbeat is None:
            return configured
        old = configured.acm
        new = ACM(
            old.timeout if timeout is None else timeout,
            old.close if close is None else ACMClose(close),
            old.heartbeat if heartbeat is None else ACMHeartbeat(heartbeat),
        )
        check = configured.idle_check or False
        return attrs.evolve(configured, acm=new, managed=True, idle_check=check, configured=configured)


def client_settings(properties: Properties) -> ConnectionSettings:
    """Those of connections we make."""
    return _settings(
        properties,
        ("Ice.ACM", "Ice.ACM.Client"),
        ("Ice.Connection", "Ice.Connection.Client"),
        ACMClose.CloseOnInvocationAndIdle,
    )


def server_settings(properties: Properties, adapter: str) -> ConnectionSettings:
    """Those of connections to an adapter."""
    return _settings(
        properties,
        ("Ice.ACM", "Ice.ACM.Server", f"{adapter}.ACM"),
        ("Ice.Connection", "Ice.Connection.Server", f"{adapter}.Connection"),
        ACMClose.CloseOnInvocation,
    )


def _settings(
    properties: Properties, old: tuple[str, ...], new: tuple[str, ...], close: ACMClose
) -> ConnectionSettings:
    acm: dict[str, float] = {}
    for name in ("Timeout", "Close", "Heartbeat"):
        for prefix in old:
            bare = [prefix] if name == "Timeout" and prefix != old[0] else []
            for key in (*bare, f"{prefix}.{name}"):
                if properties.getProperty(key).strip():
                    acm[name] = properties.seconds(key, 0.0)

    def last(name: str, default: float) -> float:
        for prefix in new:
            default = properties.seconds(f"{prefix}.{name}", default)
        return default

    check = last("EnableIdleCheck", -1.0)
    settings = ConnectionSettings(
        idle_s=max(0.0, last("IdleTimeout", IDLE_S)),
        idle_check=None if check < 0 and not acm else check > 0,
        inactive_s=max(0.0, last("InactivityTimeout", 0.0)),
        connect_s=max(0.0, last("ConnectTimeout", 0.0)),
        close_s=max(0.0, last("CloseTimeout", 0.0)),
        dispatches_max=_unlimited(int(last("MaxDispatches", DISPATCHES_MAX))),
    )
    if not acm:
        return settings
    timeout = acm.get("Timeout", IDLE_S)
    try:
        chosen = ACM(
            int(timeout) if timeout == int(timeout) else timeout,
            ACMClose(int(acm.get("Close", close))),
            ACMHeartbeat(int(acm.get("Heartbeat", ACMHeartbeat.HeartbeatOnDispatch))),
        )
    except ValueError as error:
        raise InitializationException(f"property {old[-1]}.*: {error}") from None
    return attrs.evolve(settings, acm=chosen, managed=True)


def _unlimited(count: int) -> int:
    """Ice's rule: 0 or less means no limit."""
    return count if count > 0 else 2**31
