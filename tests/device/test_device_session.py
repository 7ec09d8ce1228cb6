"""The device's machine, talked to as a server would."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.device_session import (
    Closed,
    DeviceSession,
    Directed,
    Event,
    Known,
    Memory,
    Message,
    Missed,
    Welcomed,
)
from pushnet.device.errors import PeerBrokeProtocol
from pushnet.device.frames import (
    Ack,
    Close,
    Frame,
    Gap,
    GapReason,
    Get,
    Login,
    Move,
    Notify,
    Push,
    Reason,
    Register,
    Registered,
    Resume,
    Stream,
    Welcome,
)
from pushnet.device.reading import split
from pushnet.device.writing import encode

APP = "7d431e42dfa6a6d693ac2d04"
RID = "10000000100aabbccdd"
TOKEN = b"t" * 22


def session(memory: Memory | None = None) -> DeviceSession:
    return DeviceSession(APP, "device-1", "android", Memory() if memory is None else memory)


def hears(device: DeviceSession, *frames: Frame) -> list[Event]:
    return list(device.receive(b"".join(map(encode, frames))))


def said(data: bytes) -> list[Frame]:
    frames, rest = split(data, 1024)
    assert rest == b""
    return frames


class FirstFrameTests(SynchronousTestCase):
    def test_a_new_device_registers(self) -> None:
        self.assertEqual(said(session().connected()), [Register(APP, "device-1", "android")])

    def test_a_registered_device_logs_in_with_what_it_has_seen(self) -> None:
        device = session(Memory(RID, b"secret", b"", 3, 9))
        self.assertEqual(said(device.connected()), [Login(APP, RID, b"secret", 3, 9)])

    def test_a_device_with_a_token_resumes(self) -> None:
        device = session(Memory(RID, b"secret", TOKEN, 3, 9))
        self.assertEqual(said(device.connected()), [Resume(TOKEN, 3, 9)])

    def test_a_registration_is_remembered_with_its_token_and_place(self) -> None:
        device = session()
        device.connected()
        events = hears(device, Registered(RID, b"secret"), Welcome(300, (0, 17), TOKEN))
        self.assertEqual(events, [Known(RID), Welcomed(300)])
        self.assertEqual(device.memory, Memory(RID, b"secret", TOKEN, 0, 17))

    def test_a_refused_token_is_forgotten_and_the_secret_used(self) -> None:
        device = session(Memory(RID, b"secret", TOKEN, 3, 9))
        device.connected()
        self.assertEqual(hears(device, Close(Reason.LOGIN_AGAIN)), [Closed(Reason.LOGIN_AGAIN, 0, "")])
        self.assertEqual(said(device.connected()), [Login(APP, RID, b"secret", 3, 9)])

    def test_a_refused_device_registers_anew(self) -> None:
        device = session(Memory(RID, b"secret", b"", 3, 9))
        device.connected()
        hears(device, Close(Reason.REFUSED, 30, "unknown"))
        self.assertEqual(said(device.connected()), [Register(APP, "device-1", "android")])


class MessageTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.device = session(Memory(RID, b"secret", TOKEN, 3, 9))
        self.device.connected()
        hears(self.device, Welcome(300))

    def test_a_message_is_shown_once_and_acknowledged(self) -> None:
        push = Push(Stream.OWN, 4, 60, b"hello", None, 77)
        self.assertEqual(hears(self.device, push, push), [Message(Stream.OWN, 4, 77, 60, b"hello")])
        self.assertEqual(said(self.device.to_send()), [Ack(Stream.OWN, 4)])
        self.assertEqual(self.device.to_send(), b"")

    def test_memory_moves_message_by_message(self) -> None:
        data = encode(Push(Stream.OWN, 4, 60, b"a")) + encode(Push(Stream.OWN, 5, 60, b"b"))
        events = self.device.receive(data)
        next(events)
        self.assertEqual(self.device.memory.own, 4)
        next(events)
        self.assertEqual(self.device.memory.own, 5)

    def test_what_arrives_together_is_acknowledged_together(self) -> None:
        hears(self.device, Push(Stream.OWN, 4, 60, b"a"), Push(Stream.OWN, 5, 60, b"b"))
        hears(self.device, Push(Stream.GROUP, 12, 60, b"c"))
        self.assertEqual(said(self.device.to_send()), [Ack(Stream.OWN, 5), Ack(Stream.GROUP, 12)])

    def test_a_notice_is_answered_with_a_question(self) -> None:
        self.assertEqual(hears(self.device, Notify(Stream.GROUP, 30)), [])
        self.assertEqual(said(self.device.to_send()), [Get(Stream.GROUP, 9)])

    def test_a_gap_is_shown_and_acknowledged(self) -> None:
        events = hears(self.device, Gap(Stream.OWN, 3, 8, GapReason.OVERFLOWED))
        self.assertEqual(events, [Missed(Stream.OWN, 3, 8, GapReason.OVERFLOWED)])
        self.assertEqual(said(self.device.to_send()), [Ack(Stream.OWN, 8)])

    def test_a_device_that_is_given_away_hears_where_to_go(self) -> None:
        events = hears(self.device, Move("10.0.0.2", 7001))
        self.assertEqual(events, [Directed("10.0.0.2", 7001)])
        self.assertEqual(self.device.to_send(), b"")

    def test_a_new_connection_forgets_half_a_frame(self) -> None:
        list(self.device.receive(encode(Push(Stream.OWN, 4, 60, b"a"))[:5]))
        self.device.connected()
        self.assertEqual(hears(self.device, Welcome(300)), [Welcomed(300)])

    def test_a_frame_that_only_devices_send_is_the_servers_fault(self) -> None:
        with self.assertRaises(PeerBrokeProtocol):
            hears(self.device, Ack(Stream.OWN, 1))
