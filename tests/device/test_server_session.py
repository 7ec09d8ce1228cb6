"""The server's machine, talked to as devices and attackers would; and both machines talking to each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.device_session import DeviceSession, Memory, Message
from pushnet.device.errors import PeerBrokeProtocol
from pushnet.device.frames import (
    Ack,
    Frame,
    Gap,
    GapReason,
    Get,
    Heartbeat,
    Login,
    Notify,
    Push,
    Reason,
    Register,
    Resume,
    Stream,
    Welcome,
)
from pushnet.device.outflow import Offer
from pushnet.device.server_session import FRAMES_PER_S_MAX, ServerSession, Stage, reason_for
from pushnet.device.writing import HEARTBEAT, encode, push_frame


def takes(session: ServerSession, *frames: Frame) -> list[Frame]:
    return session.receive(b"".join(map(encode, frames)), 0)


def opened(own: int = 0, group: int = 0) -> ServerSession:
    session = ServerSession()
    takes(session, Resume(b"t" * 22, own, group))
    session.enter(own, group)
    return session


class ServerSessionTests(SynchronousTestCase):
    def test_the_first_frame_leads_out_of_the_lobby(self) -> None:
        session = ServerSession()
        self.assertEqual(takes(session, Register("app", "key", "ios")), [Register("app", "key", "ios")])
        self.assertIs(session.stage, Stage.ENTERING)

    def test_nothing_is_asked_or_acknowledged_before_the_login(self) -> None:
        for frame in (Get(Stream.OWN, 0), Ack(Stream.OWN, 0)):
            with self.assertRaises(PeerBrokeProtocol) as caught:
                takes(ServerSession(), frame)
            self.assertIs(reason_for(caught.exception), Reason.BROKE_PROTOCOL)

    def test_a_second_login_is_refused(self) -> None:
        with self.assertRaises(PeerBrokeProtocol):
            takes(opened(), Resume(b"t" * 22))

    def test_another_version_is_told_so(self) -> None:
        with self.assertRaises(PeerBrokeProtocol) as caught:
            takes(ServerSession(), Login("app", "rid", b"", 0, 0, 2))
        self.assertIs(reason_for(caught.exception), Reason.VERSION)

    def test_a_connection_does_not_begin_with_an_unknown_frame(self) -> None:
        with self.assertRaises(PeerBrokeProtocol) as caught:
            ServerSession().receive(b"\x02\x7f\x00", 0)
        self.assertIs(reason_for(caught.exception), Reason.VERSION)
        self.assertEqual(opened().receive(b"\x02\x7f\x00", 0), [])

    def test_an_acknowledgement_that_is_no_news_is_left_out(self) -> None:
        session = opened(5)
        self.assertEqual(takes(session, Ack(Stream.OWN, 5), Heartbeat()), [Heartbeat()])

    def test_a_frame_that_only_servers_send_is_the_devices_fault(self) -> None:
        with self.assertRaises(PeerBrokeProtocol):
            takes(opened(), Notify(Stream.OWN, 1))

    def test_a_flood_is_cut_off_and_a_steady_device_is_not(self) -> None:
        session = opened()
        for second in (1, 2, 3):
            session.receive(HEARTBEAT * FRAMES_PER_S_MAX, second)
        with self.assertRaises(PeerBrokeProtocol) as caught:
            session.receive(HEARTBEAT, 3)
        self.assertIs(reason_for(caught.exception), Reason.FLOOD)

    def test_a_frame_in_two_pieces_is_one_frame(self) -> None:
        data = encode(Register("app", "key", "ios"))
        session = ServerSession()
        self.assertEqual(session.receive(data[:4], 0), [])
        self.assertEqual(session.receive(data[4:], 0), [Register("app", "key", "ios")])

    @given(garbage=st.lists(st.binary(max_size=80), max_size=5))
    def test_garbage_raises_nothing_but_the_peers_fault(self, garbage: list[bytes]) -> None:
        session = ServerSession()
        try:
            for data in garbage:
                session.receive(data, 0)
        except PeerBrokeProtocol as error:
            self.assertNotEqual(str(error), "")


class BothSidesTests(SynchronousTestCase):
    """A server with a stream of its own numbers, and a device that is cut off at any moment."""

    @given(
        steps=st.lists(st.sampled_from(["small", "large", "expired", "pump", "cut"]), max_size=40),
        page=st.integers(1, 4),
    )
    def test_every_message_is_shown_exactly_once_and_in_order(self, steps: list[str], page: int) -> None:
        talk = Conversation(page)
        for step in steps:
            talk.step(step)
        talk.step("cut")
        talk.step("pump")
        self.assertEqual(talk.shown, [seq for seq, kind in talk.log if kind != "expired"])
        self.assertEqual(talk.device.memory.own, len(talk.log))


class Conversation:
    """One device and the server it talks to; `log` is what a shard would have stored."""

    def __init__(self, page: int) -> None:
        self.page = page
        self.log: list[tuple[int, str]] = []
        self.shown: list[int] = []
        self.device = DeviceSession("app", "key", "ios", Memory("rid", b"s", b"t" * 22))
        self.to_device = b""
        self.to_server = b""
        self.connect()

    def connect(self) -> None:
        self.server = ServerSession()
        self.to_device = b""
        self.to_server = self.device.connected()

    def step(self, what: str) -> None:
        if what == "cut":
            self.connect()
        elif what == "pump":
            while self.to_device or self.to_server:
                self.pump()
        else:
            self.store(what)

    def store(self, kind: str) -> None:
        seq = len(self.log) + 1
        self.log.append((seq, kind))
        if self.server.stage is not Stage.OPEN:
            return
        offer = self.server.flows[0].offer(seq - 1, seq, kind == "small")
        if offer is Offer.INLINE:
            self.to_device += push_frame(Stream.OWN, seq, 60, kind.encode())
        elif offer is Offer.NOTIFY:
            self.to_device += encode(Notify(Stream.OWN, seq))

    def pump(self) -> None:
        data, self.to_server = self.to_server, b""
        for frame in self.server.receive(data, len(self.log)) if data else []:
            if isinstance(frame, Resume):
                self.server.enter(frame.own, frame.group)
                self.to_device += encode(Welcome(300))
                self.server.flows[0].head = len(self.log)
                self.answer(frame.own)
            elif isinstance(frame, Get):
                self.answer(frame.since)
        data, self.to_device = self.to_device, b""
        for event in self.device.receive(data):
            if isinstance(event, Message):
                self.shown.append(event.seq)
        self.to_server += self.device.to_send()

    def answer(self, since: int) -> None:
        flow = self.server.flows[0]
        rows = self.log[since : since + self.page]
        for seq, kind in rows:
            if kind == "expired":
                self.to_device += encode(Gap(Stream.OWN, flow.sent, seq, GapReason.EXPIRED))
            else:
                self.to_device += encode(Push(Stream.OWN, seq, 60, b"", flow.sent))
            flow.passed(seq)
        if not rows:
            self.to_device += encode(Gap(Stream.OWN, since, since, GapReason.NOT_ADDRESSED))
        if flow.settle() is Offer.NOTIFY:
            self.to_device += encode(Notify(Stream.OWN, flow.head))
