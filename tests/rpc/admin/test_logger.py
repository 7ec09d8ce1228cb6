"""What a process logs is read from elsewhere, or sent there as it comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from twisted.internet.defer import Deferred

from pushnet.gen.ice.logger import (
    LoggerAdminPrx,
    LogMessage,
    LogMessageType,
    RemoteLoggerAlreadyAttachedException,
    RemoteLoggerPrx,
    RemoteLoggerServant,
)
from pushnet.rpc.exceptions import UnknownLocalException
from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from pushnet.wire.request import encapsulated
from tests.rpc.admin.test_object import AdminCase

TRACE, WARNING = LogMessageType.TraceMessage, LogMessageType.WarningMessage


class RemoteI(RemoteLoggerServant):
    def __init__(self) -> None:
        self.begun: list[list[str]] = []
        self.heard: list[str] = []
        self.gate: Deferred[None] | None = None

    def init(
        self, prefix: str, messages: Sequence[LogMessage], current: Current | None = None
    ) -> Deferred[None] | None:
        self.begun.append([prefix, *(message.message for message in messages)])
        return self.gate

    def log(self, message: LogMessage, current: Current | None = None) -> None:
        self.heard.append(message.message)


class LoggerTest(AdminCase):
    def setUp(self) -> None:
        super().setUp()
        self.communicator = self.server(Ice_ProgramName="program", Ice_Admin_Logger_KeepLogs="3")
        self.logger = self.communicator.getLogger()
        self.admin = LoggerAdminPrx(self.facet("Logger").ice_reference)
        self.remote = RemoteI()
        home = self.grid.serve("client", self.remote, "remote")
        self.proxy = RemoteLoggerPrx(home.createProxy(Identity("remote")).ice_reference)

    def log(self, types: Sequence[LogMessageType] = (), categories: Sequence[str] = ()) -> list[str]:
        messages, _prefix = self.grid.wait(self.admin.getLog(list(types), list(categories), -1))
        return [message.message for message in messages]

    def test_the_last_messages_are_kept_with_their_kind_and_category(self) -> None:
        for number in range(4):
            self.logger.warning(f"w{number}")
        self.logger.trace("net", "traced")
        self.assertEqual(self.log(), ["w1", "w2", "w3", "traced"])
        self.assertEqual(self.log([TRACE], ["net"]), ["traced"])
        self.assertEqual(self.log([TRACE], ["other"]), [])
        messages, prefix = self.grid.wait(self.admin.getLog([], [], 1))
        (message,) = messages
        self.assertEqual((prefix, message.type, message.traceCategory), ("program", TRACE, "net"))

    def test_what_the_runtime_logs_is_there_too(self) -> None:
        self.communicator.fault("{peer} misbehaves", peer="somebody")
        self.assertEqual(self.log(), ["somebody misbehaves"])

    def test_a_logger_with_another_prefix_is_recorded_as_well(self) -> None:
        self.logger.cloneWithPrefix("other").warning("from there")
        self.assertEqual(self.log(), ["from there"])

    def test_a_remote_logger_hears_what_was_and_what_comes(self) -> None:
        self.logger.warning("before")
        self.logger.trace("net", "not wanted")
        self.grid.wait(self.admin.attachRemoteLogger(self.proxy, [WARNING], [], -1))
        self.logger.warning("after")
        self.logger.error("not wanted")
        self.logger._print("not wanted")
        self.grid.simulation.run_for(1)
        self.assertEqual((self.remote.begun, self.remote.heard), ([["program", "before"]], ["after"]))

    def test_messages_wait_until_the_remote_logger_has_begun_and_come_in_order(self) -> None:
        self.remote.gate = Deferred()
        self.grid.wait(self.admin.attachRemoteLogger(self.proxy, [], [], 0))
        for number in range(5):
            self.logger.warning(str(number))
        self.grid.simulation.run_for(1)
        self.assertEqual(self.remote.heard, [])
        self.remote.gate.callback(None)
        self.grid.simulation.run_for(1)
        self.assertEqual(self.remote.heard, ["0", "1", "2", "3", "4"])

    def test_it_is_attached_once_and_told_no_more_when_detached(self) -> None:
        self.grid.wait(self.admin.attachRemoteLogger(self.proxy, [], [], 0))
        with self.assertRaises(RemoteLoggerAlreadyAttachedException):
            self.grid.wait(self.admin.attachRemoteLogger(self.proxy, [], [], 0))
        self.assertTrue(self.grid.wait(self.admin.detachRemoteLogger(self.proxy)))
        self.assertFalse(self.grid.wait(self.admin.detachRemoteLogger(self.proxy)))
        self.logger.warning("nobody hears")
        self.grid.simulation.run_for(1)
        self.assertEqual(self.remote.heard, [])

    def test_one_that_cannot_be_reached_is_forgotten(self) -> None:
        nobody: Any = RemoteLoggerPrx(self.grid.proxy("client", "x:tcp -h nowhere -p 1").ice_reference)
        self.grid.wait(self.admin.attachRemoteLogger(nobody, [], [], 0))
        self.grid.simulation.run_for(60)
        self.assertFalse(self.grid.wait(self.admin.detachRemoteLogger(nobody)))

    def test_a_kind_of_message_that_is_none_is_refused(self) -> None:
        with self.assertRaises(UnknownLocalException) as raised:
            self.grid.wait(self.admin.ice_invoke("getLog", 0, encapsulated(b"\1\7\0\0\0\0\0")))
        self.assertIn("MarshalException", str(raised.exception))
