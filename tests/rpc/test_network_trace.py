"""What happens on the network is told to the logger, if a property asks for it."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.acm import ConnectionClose
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import ConnectionRefusedException
from pushnet.rpc.logger import Logger
from pushnet.wire.identity import Identity
from tests.rpc.given import PORT, EverythingI, Grid


class Lines:
    """A logger that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def _print(self, message: str) -> None:
        self.told.append(message)

    def trace(self, category: str, message: str) -> None:
        self.told.append(f"{category}: {message}")

    def warning(self, message: str) -> None:
        self.told.append(f"warning: {message}")

    def error(self, message: str) -> None:
        self.told.append(f"error: {message}")

    def getPrefix(self) -> str:
        return ""

    def cloneWithPrefix(self, prefix: str) -> Logger:
        return self


class NetworkTraceTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.lines: dict[str, Lines] = {}

    def communicator(self, host: str, **properties: str) -> Communicator:
        named = {f"Ice.{name.replace('_', '.')}": value for name, value in properties.items()}
        self.lines[host] = Lines()
        made = Communicator(self.grid.simulation.host(host).boot(), named, self.lines[host])
        self.grid.communicators[host] = made
        return made

    def talk(self, how: ConnectionClose, **properties: str) -> tuple[list[str], list[str]]:
        """One connection from its beginning to its end; what both sides tell."""
        server = self.communicator("server", **properties)
        adapter = server.createObjectAdapterWithEndpoints("A", f"tcp -h server -p {PORT}:udp -h server -p 7")
        adapter.add(EverythingI(), Identity("object"))
        self.grid.wait(adapter.activate())
        self.communicator("client", **properties)
        proxy = self.grid.proxy("client", f"object:tcp -h server -p {PORT}")
        self.grid.wait(proxy.ice_ping())
        with self.assertRaises(ConnectionRefusedException):
            self.grid.wait(self.grid.proxy("client", "object:tcp -h server -p 9").ice_ping())
        self.grid.wait(self.grid.wait(proxy.ice_getConnection()).close(how))
        self.grid.simulation.run_for(1)
        socket = self.grid.communicator("client").world.datagrams("", 0, lambda *what: None)
        socket.send(b"x" * 20, self.grid.simulation.network.address_of("server"), 7)
        self.grid.simulation.run_for(1)
        self.grid.wait(adapter.deactivate())
        return self.lines["server"].told, self.lines["client"].told

    def test_without_a_property_nothing_is_told(self) -> None:
        self.assertEqual(self.talk(ConnectionClose.Forcefully), ([], []))

    def test_ports_and_connections_are_told_as_ice_tells_them(self) -> None:
        server, client = self.talk(ConnectionClose.GracefullyWithWait, Trace_Network="1")
        firsts = [line.split("\n")[0] for line in server]
        self.assertEqual(
            firsts,
            [
                "Network: listening for tcp connections",
                "Network: starting to receive udp messages",
                "Network: accepted tcp connection",
                "Network: closed tcp connection",
                f"Network: stopping to accept tcp connections at server:{PORT}",
            ],
        )
        self.assertIn("\nlocal address = ", server[2])
        self.assertIn("\nremote address = ", server[2])
        self.assertEqual(
            [line.split("\n")[0] for line in client],
            [
                "Network: established tcp connection",
                *["Network: failed to establish tcp connection"] * 2,
                "Network: closed tcp connection",
            ],
        )
        self.assertIn("::Ice::ConnectionRefusedException", client[1])

    def test_what_is_tried_and_published_is_told_at_the_second_level(self) -> None:
        server, client = self.talk(ConnectionClose.GracefullyWithWait, Trace_Network="2")
        told = f"tcp -h server -p {PORT} -t 60000:udp -h server -p 7"
        self.assertIn(f"Network: published endpoints for object adapter `A':\n{told}", server)
        self.assertEqual(client[0], f"Network: trying to establish tcp connection to server:{PORT}")

    def test_what_flows_is_told_at_the_third(self) -> None:
        server, client = self.talk(ConnectionClose.GracefullyWithWait, Trace_Network="3")
        flow = [line.split("\n")[0].removeprefix("Network: ") for line in server + client]
        for told in ("sent 14 of 14 bytes via tcp", "received 14 of 14 bytes via tcp"):
            self.assertIn(told, flow[: len(server)])
            self.assertIn(told, flow[len(server) :])

    def test_each_message_is_told_where_the_protocol_is_traced(self) -> None:
        server, client = self.talk(ConnectionClose.GracefullyWithWait, Trace_Protocol="1")
        self.assertEqual(
            [line.split("\n")[0] for line in client],
            [
                "Protocol: received validate connection",
                "Protocol: sending request",
                "Protocol: received reply",
                "Protocol: sending close connection",
            ],
        )
        self.assertIn("\noperation = ice_ping\nmode = 1 (nonmutating)\n", client[1])
        self.assertIn("Protocol: received request", server[1])

    def test_a_logger_that_fails_costs_no_connection(self) -> None:
        class Broken(Lines):
            def trace(self, category: str, message: str) -> None:
                raise BrokenPipeError

        self.communicator("server", Trace_Network="3").record(Broken(), self.grid.communicator("client").log)
        self.talk_once()
        self.assertGreater(len(self.flushLoggedErrors(BrokenPipeError)), 3)

    def talk_once(self) -> None:
        """One call."""
        self.grid.serve("server", EverythingI())
        self.grid.wait(self.grid.proxy("client", f"object:tcp -h server -p {PORT}").ice_ping())

    def test_what_breaks_is_a_warning(self) -> None:
        server, client = self.talk(ConnectionClose.Forcefully, Warn_Connections="1", Warn_Datagrams="1")
        (broken, dropped) = server
        self.assertTrue(broken.startswith("warning: connection exception:\n::Ice::ConnectionLostException"))
        self.assertIn("\nremote address = ", broken)
        self.assertTrue(dropped.startswith("warning: datagram connection exception:\n::Ice::BadMagic"))
        self.assertEqual(client, [])
