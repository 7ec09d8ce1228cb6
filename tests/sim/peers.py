"""Protocols and a pair of connected hosts for the tests of the simulated network."""

from twisted.internet.protocol import Factory, Protocol

from pushnet.sim import Simulation


class Recorder(Protocol):
    """Keeps what it hears, and how its connection ended."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.ended: str = ""

    def dataReceived(self, data: bytes) -> None:
        self.heard.append(data)

    def connectionLost(self, reason: object) -> None:
        self.ended = type(reason.value).__name__

    @property
    def text(self) -> bytes:
        return b"".join(self.heard)


class Pair:
    """`client` on host "c" connected to `server` on host "s", port 7000."""

    def __init__(self, seed: int = 1, protocol: type[Protocol] = Recorder) -> None:
        self.simulation = Simulation(seed)
        self.s = self.simulation.host("s")
        self.c = self.simulation.host("c")
        self.s.boot()
        self.c.boot()
        self.servers: list[Protocol] = []
        factory = Factory()
        factory.buildProtocol = self._serve
        self._protocol = protocol
        listening = self.s.world.server_endpoint("", 7000).listen(factory)
        self.port = self.simulation.run_until(listening)
        self.client = self.simulation.run_until(self.connect())
        self.server = self.servers[0]

    def connect(self, timeout_s: float = 10.0):
        endpoint = self.c.world.client_endpoint("s", 7000, timeout_s=timeout_s)
        return endpoint.connect(Factory.forProtocol(self._protocol))

    def _serve(self, address: object) -> Protocol:
        self.servers.append(self._protocol())
        return self.servers[-1]

    def settle(self, seconds: float = 1.0) -> None:
        self.simulation.run_for(seconds)
