"""What is read from disk: the configuration, the snapshot of tags, passwords; and structs from the queue."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from pushnet.gen.pushnet import broker, dbagent, push, queue, registry, tagalias, types
from pushnet.grid.settings import SettingsError, load_settings
from pushnet.roles.password import PasswordHash, PasswordHashError
from pushnet.roles.tagalias.snapshot import DamagedSnapshot, decode, encode, pieces
from pushnet.wire.errors import ProtocolException
from tests.fuzz.target import Target
from tests.fuzz.targets.calls import house
from tests.fuzz.targets.wire import DECODING

SNAPSHOT = b"PNTAGIDX\x02"


def settings(data: bytes) -> None:
    load_settings(data.decode("utf-8", "replace"), "fuzz.toml")


def snapshot(data: bytes) -> None:
    """Any content with a right checksum."""
    index = decode(SNAPSHOT + sha256(data).digest() + data)
    decode(encode(list(pieces(index))))


def snapshot_file(data: bytes) -> None:
    decode(data)


def password(data: bytes) -> None:
    PasswordHash.parse(data.decode("utf-8", "replace"))


Reader = Callable[[bytes, int], tuple[Any, int]]
Writer = Callable[[bytearray, Any], None]
STRUCTS: tuple[tuple[Reader, Writer], ...] = (
    (push.read_Push, push.write_Push),
    (queue.read_Deliveries, queue.write_Deliveries),
    (queue.read_ParkedMessages, queue.write_ParkedMessages),
    (dbagent.read_StreamEntries, dbagent.write_StreamEntries),
    (dbagent.read_GroupEntries, dbagent.write_GroupEntries),
    (dbagent.read_ChangePage, dbagent.write_ChangePage),
    (dbagent.read_DeviceViews, dbagent.write_DeviceViews),
    (dbagent.read_LoginReply, dbagent.write_LoginReply),
    (broker.read_Targets, broker.write_Targets),
    (registry.read_NodeStatuses, registry.write_NodeStatuses),
    (tagalias.read_Selection, tagalias.write_Selection),
    (types.read_Gauges, types.write_Gauges),
    (types.read_Positions, types.write_Positions),
)


def structs(data: bytes) -> None:
    """The first byte tells which; what can be read is written and read again as the same."""
    read, write = STRUCTS[data[0] % len(STRUCTS) if data else 0]
    value, end = read(data, 1)
    assert end <= len(data)
    out = bytearray()
    write(out, value)
    again, _ = read(bytes(out), 0)
    assert repr(again) == repr(value)


def members(data: bytes) -> None:
    """A struct with proxies."""
    registry.read_Members(data, 0, house().communicator)


_TOML = (
    b"[cluster]\n", b"[[app]]\n", b"[[node]]\n", b"name = ", b'"', b'"""', b"[", b"]", b"{", b"}", b"= ",
    b".", b"role = \"broker\"\n", b"broker = {port = 1}\n", b"1e999", b"nan", b"9223372036854775808",
    b"-1", b"[1, 2]", b"1979-05-27T07:32:00Z", b"true", b"\n", b"#",
)  # fmt: skip

NESTED_BYTES = 512 * 1024
"""What calls of `tomllib` weigh that go as deep as Python lets them: an operator wrote the file, no peer."""

TARGETS = (
    Target(
        "settings",
        settings,
        (SettingsError,),
        _TOML,
        share=5,
        bytes_per_byte=40,
        beside_bytes=NESTED_BYTES,
    ),
    Target("snapshot", snapshot, (DamagedSnapshot,), bytes_per_byte=40),
    Target("snapshot_file", snapshot_file, (DamagedSnapshot,), share=2),
    Target("password", password, (PasswordHashError,), (b"$", b"scrypt", b"n=", b",r=8", b"=="), share=4),
    Target("structs", structs, DECODING, bytes_per_byte=12),
    Target("members", members, (ProtocolException, *DECODING), bytes_per_byte=12),
)
