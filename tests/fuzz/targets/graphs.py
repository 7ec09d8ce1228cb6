"""Instances of classes, in both encodings, as arguments, results and members of exceptions."""

from __future__ import annotations

from typing import Any

from pushnet.rpc.stubs import Current
from pushnet.wire.identity import Identity
from pushnet.wire.message import REPLY, REQUEST, VALIDATE_MESSAGE
from pushnet.wire.request import encapsulated, head_bytes, target_bytes
from pushnet.wire.slices import UnknownSlicesError, read_exception, write_exception
from pushnet.wire.slices10 import read_exception10, write_exception10
from tests.fuzz.target import Target
from tests.fuzz.targets.calls import end_of, house
from tests.fuzz.targets.wire import DECODING, message
from tests.golden.graphs import Broken, Color, GraphPrx, GraphServant, MoreBroken, Node, Point, Shape

GRAPH = Identity("graph")
OPERATIONS = ("echo", "several", "sliced", "maybe", "byValue", "paint", "plain")


class GraphI(GraphServant):
    """Sends back what it gets, or throws it."""

    def echo(self, node: Node | None, current: Current | None = None) -> Node | None:
        return node

    def several(self, a: Shape | None, n: int, b: Shape | None, current: Current | None = None) -> Any:
        if n == 7:
            raise MoreBroken(a, "seven", None, Color.red, n)
        raise Broken(b, "several")

    def sliced(self, value: Any, leaves: Any, current: Current | None = None) -> Any:
        if leaves:
            raise Broken(None, "leaves")
        return value

    def maybe(self, a: Any, values: int, leaves: Any, current: Current | None = None) -> Any:
        return a, None

    def byValue(self, o: Any, v: Any, current: Current | None = None) -> None:
        return None

    def paint(self, color: Color, where: Any, current: Current | None = None) -> Color:
        return color

    def plain(self, a: int, p: Point, current: Current | None = None) -> None:
        return None


def _told(data: bytes) -> tuple[str, tuple[int, int], bytes]:
    """Operation and encoding are in the first byte, and then what is fuzzed."""
    first = data[0] if data else 0
    return OPERATIONS[first % len(OPERATIONS)], (1, 0 if first & 0x80 else 1), data[1:]


def arguments(data: bytes) -> None:
    """What is read is sent back."""
    operation, encoding, params = _told(data)
    at = house()
    if at.adapter.find(GRAPH) is None:
        at.adapter.add(GraphI(), GRAPH)
    connection, _ = at.connect(incoming=True)
    head = head_bytes(target_bytes(GRAPH, "", operation, 0), {})
    connection.dataReceived(message(REQUEST, b"\1\0\0\0" + head + encapsulated(params, encoding)))
    at.end(connection)


def results(data: bytes) -> None:
    """The second byte is the status of the reply."""
    operation, encoding, result = _told(data)
    at = house()
    connection, _ = at.connect(incoming=False)
    connection.dataReceived(VALIDATE_MESSAGE)
    proxy = GraphPrx(connection.createProxy(GRAPH).ice_reference)
    calls: dict[str, tuple[Any, ...]] = {
        "echo": (None,),
        "several": (None, 1, None),
        "sliced": (None, []),
        "maybe": (None, 1, None),
        "byValue": (None, None),
        "paint": (Color.red, None),
        "plain": (1, Point()),
    }
    called = getattr(proxy, operation)(*calls[operation])
    (request_id,) = connection.pending
    status = bytes((result[0] & 1,)) if result else b"\0"
    body = request_id.to_bytes(4, "little") + status + encapsulated(result[1:], encoding)
    end_of(called, connection, message(REPLY, body))


def exceptions(data: bytes) -> None:
    """The highest bit tells the encoding; what is read can be written."""
    old = data[:1] >= b"\x80"
    read = read_exception10 if old else read_exception
    value = read(data, 1, house().communicator, (Broken,))
    if old:
        write_exception10(bytearray(), value)
    else:
        write_exception(bytearray(), value, sliced=True)


TARGETS = (
    Target("graph_arguments", arguments, bytes_per_byte=100),
    Target("graph_results", results, share=6, bytes_per_byte=100),
    Target("graph_exceptions", exceptions, (*DECODING, UnknownSlicesError), bytes_per_byte=100),
)
