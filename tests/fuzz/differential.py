"""The same hostile bytes to a stock Ice server and to one of ours: what becomes of them must be the same.

Each input has a connection of its own, and a ping behind it: what is answered before the ping is, and
whether the connection lives until then, is the outcome. Input that ends within a message is not compared:
both wait for the rest.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path

import attrs

from pushnet.wire.message import BATCH, HEADER_BYTES, MAGIC, MESSAGE_BYTES_MAX, REPLY, REQUEST, Framer
from pushnet.wire.reply import STATUS_POS
from pushnet.wire.request import ENCAPSULATION_BYTES, encapsulated, read_request
from tests.fuzz.corpus import read_corpus
from tests.fuzz.mutation import Mutation
from tests.fuzz.outcomes import Difference, Outcome, listed_as
from tests.fuzz.targets.wire import message
from tests.interop.stock import ROOT, SYSTEM_PYTHON

HERE = Path(__file__).parent
PING_ID = 0x7EADBEEF
PING = message(REQUEST, PING_ID.to_bytes(4, "little") + b"\x01o\0\0\x08ice_ping\x01\0" + encapsulated(b""))
WAIT_S = 2.0
"""For an answer to the ping, or the end: more than any of both needs, on a busy machine too."""
NEVER_ENDS = b"callBack"
"""It calls back over the connection and waits for an answer: nobody here gives one."""


def hostile(seed: str) -> Iterator[bytes]:
    """Kept inputs, then mutations of whole messages, of their headers, and of parameters alone, in turn."""
    kept = [as_message(data) for data in read_corpus("requests") if NEVER_ENDS not in data]
    messages = [data for data in (*kept, *read_corpus("message")) if is_whole(data)]
    yield from messages
    headers = Mutation(f"{seed}/headers", messages)
    bodies = Mutation(f"{seed}/bodies", [data[8:9] + data[HEADER_BYTES:] for data in messages])
    parameters = list(_parameters(seed, kept))
    while True:
        for head, params in parameters:
            body = bodies.next() or b"\0"
            for data in (
                headers.next(),
                message(body[0], body[1:]),
                message(REQUEST, head + encapsulated(params.next())),
            ):
                if is_whole(data) and NEVER_ENDS not in data:
                    yield data


def _parameters(seed: str, messages: list[bytes]) -> Iterator[tuple[bytes, Mutation]]:
    """For each request what stands ahead of its parameters, and mutations of these."""
    for number, data in enumerate(messages):
        if is_whole(data) and data[8] == REQUEST and len(data) < 1000:
            pos = read_request(data[: int.from_bytes(data[10:14], "little")])[2]
            params = data[pos + ENCAPSULATION_BYTES : int.from_bytes(data[10:14], "little")]
            yield data[HEADER_BYTES:pos], Mutation(f"{seed}/{number}", [params])


def as_message(data: bytes) -> bytes:
    """An input of the target `requests` as it goes over a connection."""
    if data[:1] in (b"\0", b"\1"):
        return message(REQUEST if data[:1] == b"\0" else BATCH, data[1:])
    return data


def is_whole(data: bytes) -> bool:
    """Whether a server can decide about it: it ends with a message, or one of its headers is wrong."""
    pos = 0
    while pos < len(data):
        size = int.from_bytes(data[pos + 10 : pos + HEADER_BYTES], "little", signed=True)
        header = data[pos : pos + HEADER_BYTES]
        if len(header) < HEADER_BYTES:
            return False
        if not header.startswith(MAGIC) or not HEADER_BYTES <= size <= MESSAGE_BYTES_MAX:
            return True
        pos += size
    return pos == len(data) and pos > 0


def outcome(port: int, data: bytes) -> Outcome:
    """Send it, with a ping behind it, on a connection of its own."""
    framer = Framer()
    replies: list[tuple[int, int]] = []
    with socket.socket() as connection:
        connection.settimeout(WAIT_S)
        try:
            connection.connect(("127.0.0.1", port))
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(data + PING)
            while received := connection.recv(65_536):
                for answer in framer.receive(received):
                    if answer[8] != REPLY:
                        continue
                    number = int.from_bytes(answer[14:18], "little", signed=True)
                    if number == PING_ID:
                        return Outcome(tuple(replies))
                    replies.append((number, answer[STATUS_POS]))
        except TimeoutError:
            return Outcome(tuple(replies), silent=True)
        except ConnectionError:
            pass
    return Outcome(tuple(replies), closed=True)


class Server:
    """A child process that serves the object, and is started again when it has died."""

    def __init__(self, *command: str) -> None:
        self._command = command
        self._start()

    def _start(self) -> None:
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(self._command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=nowhere)
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise AssertionError(f"{self._command} does not start")
        self._port = int(line)

    def answer(self, data: bytes) -> Outcome:
        """What becomes of the input."""
        found = outcome(self._port, data)
        if (found.closed or found.silent) and outcome(self._port, b"") != Outcome(()):
            self.stop()
            self._start()
            return attrs.evolve(found, died=True)
        return found

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate()


@contextmanager
def servers() -> Iterator[tuple[Server, Server]]:
    """A stock server and one of ours, while they run."""
    with ExitStack() as running:
        stock = Server(SYSTEM_PYTHON, str(HERE / "stock_server.py"))
        running.callback(stock.stop)
        ours = Server(sys.executable, "-m", "tests.fuzz.our_server")
        running.callback(ours.stop)
        yield stock, ours


def compare(stock: Server, ours: Server, inputs: int, seed: str) -> tuple[list[Difference], dict[str, int]]:
    """The differences that are not listed, and how often each listed one was met, by its name."""
    unlisted: list[Difference] = []
    met: dict[str, int] = {}
    for data in islice(hostile(seed), inputs):
        difference = Difference(data, stock.answer(data), ours.answer(data))
        if difference.stock == difference.ours:
            continue
        name = listed_as(difference)
        if name is None:
            unlisted.append(difference)
        else:
            met[name] = met.get(name, 0) + 1
    return unlisted, met
