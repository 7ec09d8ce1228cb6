"""The device protocol, both ends of it."""

from __future__ import annotations

from pushnet.device.device_session import DeviceSession, Memory
from pushnet.device.errors import PeerBrokeProtocol
from pushnet.device.frames import DEVICE_FRAME_BYTES_MAX, SERVER_FRAME_BYTES_MAX
from pushnet.device.frames import Unknown as UnknownFrame
from pushnet.device.reading import split
from pushnet.device.server_session import FRAMES_PER_S_MAX, ServerSession, Stage, reason_for
from pushnet.device.token import TokenSigner
from pushnet.device.writing import encode
from tests.fuzz.target import Target

NOW_S = 1_600_000_000.0
SIGNER = TokenSigner(b"a secret of the cluster", ("0123456789abcdef01234567", "app"))


def frames_of_devices(data: bytes) -> None:
    _both_ways(data, DEVICE_FRAME_BYTES_MAX)


def frames_of_servers(data: bytes) -> None:
    _both_ways(data, SERVER_FRAME_BYTES_MAX)


def _both_ways(data: bytes, limit: int) -> None:
    """What can be read can be written, and is read again as the same."""
    frames, rest = split(data, limit)
    assert data.endswith(rest)
    for frame in frames:
        if not isinstance(frame, UnknownFrame):
            assert split(encode(frame), SERVER_FRAME_BYTES_MAX) == ([frame], b""), frame


def server(data: bytes) -> None:
    """A connection that comes byte by byte, logs in, and is sent a message behind each answer."""
    session = ServerSession()
    taken = 0
    try:
        for pos in range(len(data)):
            frames = session.receive(data[pos : pos + 1], 7)
            taken += len(frames)
            if session.stage is Stage.ENTERING:
                session.enter(5, 9)
            for flow in session.flows if frames else ():
                if flow.paging:
                    flow.passed(flow.sent + 1)
                    flow.settle()
                flow.offer(flow.head, flow.head + 1, inline=taken % 2 == 0)
    except PeerBrokeProtocol as error:
        reason_for(error)
    assert taken <= FRAMES_PER_S_MAX
    for flow in session.flows:
        assert flow.acked <= flow.sent <= flow.scanned


def device(data: bytes) -> None:
    """A registered device: what it has never goes back, unless the server says where it stands."""
    session = DeviceSession("app", "key", "android", Memory("1" * 19, b"secret", b"", 3, 4))
    session.connected()
    for _ in session.receive(data):
        assert len(session.memory.registration_id) < 256
        session.to_send()
    session.connected()


def token(data: bytes) -> None:
    """Nothing but what the signer has made is a token."""
    found = SIGNER.check(data, NOW_S)
    if found is not None:
        again = SIGNER.sign(found.app, found.ordinal, found.expires_s - 7 * 24 * 3600)
        assert again == data, "a forged token"


TARGETS = (
    Target("device_frames", frames_of_devices, (PeerBrokeProtocol,)),
    Target("server_frames", frames_of_servers, (PeerBrokeProtocol,)),
    Target("server_session", server),
    Target("device_session", device, (PeerBrokeProtocol,)),
    Target("token", token),
)
