"""The frames of the device protocol as values.

A connection carries frames both ways. Messages travel in one of two streams: the device's own, and the
group log of its app; `Stream` tells which. `pushnet.device.codec` turns these values into bytes and back,
and `docs/protocol.md` tells the layout with examples.

The values are msgspec structs because one is made for every frame that arrives: making a frozen attrs
object of six members costs more than the rest of decoding it.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec

VERSION = 1
"""Told by a device in its first frame. A server that does not speak it answers `Close(VERSION)`."""

DEVICE_FRAME_BYTES_MAX = 1024
"""The largest frame a device may send: a login with every text at its limit is 410 bytes."""

SERVER_FRAME_BYTES_MAX = 1024 * 1024
"""The largest frame a server may send: twice the largest body that the queue accepts."""

TEXT_BYTES_MAX = 128
"""App keys are 24 bytes, registration ids 19; device keys are the device's choice."""

TTL_S_MAX = 0xFF_FFFF
"""Three bytes on the wire: 194 days. Longer lives are told as this."""


class Stream(IntEnum):
    """Where a message has its `seq`."""

    OWN = 0
    GROUP = 1


class Reason(IntEnum):
    """Why a connection is closed."""

    BYE = 0
    """The device leaves of its own will."""
    GOING_AWAY = 1
    """The Broker stops: connect to another one."""
    TRY_LATER = 2
    """Something behind the Broker does not answer, or there are too many logins."""
    REPLACED = 3
    """The same device has logged in on a newer connection."""
    REFUSED = 4
    """The app, the device or its secret is not known."""
    LOGIN_AGAIN = 5
    """The session token is too old or of another cluster: log in with the secret."""
    BROKE_PROTOCOL = 6
    FLOOD = 7
    """More frames in a second than a device has reason to send."""
    VERSION = 8
    """The version told in the first frame is not spoken here."""
    TOO_SLOW = 9
    """Silent for too long: before the login, or for 2.5 heartbeats after it."""
    NOT_ALLOWED = 10
    """A white or black list says no, to the app, the device or its address; who it is remains known."""


class GapReason(IntEnum):
    """Why there is nothing between two places of a stream."""

    NOT_ADDRESSED = 0
    EXPIRED = 1
    OVERFLOWED = 2
    """More messages waited than are kept for one device; the oldest went first."""


class Heartbeat(msgspec.Struct, frozen=True):
    """The empty frame: asked by the device, answered by the server."""


class Register(msgspec.Struct, frozen=True):
    """A device's very first frame: make me known. Answered with `Registered` and `Welcome`."""

    app: str
    device_key: str
    platform: str
    version: int = VERSION


class Login(msgspec.Struct, frozen=True):
    """First frame of a registered device without a valid session token. Answered with `Welcome`."""

    app: str
    registration_id: str
    secret: bytes
    own: int = 0
    """The last `seq` the device has of its own stream; 0 when it has none."""
    group: int = 0
    """The same for the app's group log; 0 also when it has lost its memory."""
    version: int = VERSION


class Resume(msgspec.Struct, frozen=True):
    """First frame of a device with a session token. Answered with `Welcome`."""

    token: bytes
    own: int = 0
    group: int = 0
    version: int = VERSION


class Get(msgspec.Struct, frozen=True):
    """The device asks for what follows `since`. Answered with at least one `Push` or `Gap`."""

    stream: Stream
    since: int


class Ack(msgspec.Struct, frozen=True):
    """The device has everything up to `seq`."""

    stream: Stream
    seq: int


class Close(msgspec.Struct, frozen=True):
    """The sender closes the connection after this frame."""

    reason: int
    """A `Reason`, or the number of one that this version does not know."""
    retry_after_s: int = 0
    text: str = ""
    """For a log, not for a program."""


class Registered(msgspec.Struct, frozen=True):
    """What the device is called from now on, and what it must show at login."""

    registration_id: str
    secret: bytes


class Welcome(msgspec.Struct, frozen=True):
    """The login is done. Short when nothing but the heartbeat is news."""

    heartbeat_s: int
    cursors: tuple[int, int] | None = None
    """Where the device stands in (own, group) when that is not what it said."""
    token: bytes = b""
    """The session token for the next `Resume`; empty: keep the one you have."""


class Notify(msgspec.Struct, frozen=True):
    """There are messages up to `head`: ask for them."""

    stream: Stream
    head: int


class Gap(msgspec.Struct, frozen=True):
    """After `since` there is nothing up to and including `up_to`: do not wait for it."""

    stream: Stream
    since: int
    up_to: int
    reason: int
    """A `GapReason`."""


class Push(msgspec.Struct, frozen=True):
    """One message."""

    stream: Stream
    seq: int
    ttl_s: int
    """Seconds from now after which the message is worth nothing."""
    body: bytes
    prev: int | None = None
    """The `seq` before this one; None: the last one sent on this connection in this stream."""
    id: int | None = None
    """The message id, unique in the cluster, for the application's reports."""


class Move(msgspec.Struct, frozen=True):
    """The Broker gives the device away: when this connection ends, which is soon, connect there first.

    A device that does not know this kind goes to any Broker.
    """

    host: str
    port: int


class Unknown(msgspec.Struct, frozen=True):
    """A frame of a kind that this version does not know. To be ignored."""

    kind: int


Frame = (
    Heartbeat
    | Register
    | Login
    | Resume
    | Get
    | Ack
    | Close
    | Registered
    | Welcome
    | Notify
    | Gap
    | Push
    | Move
    | Unknown
)
