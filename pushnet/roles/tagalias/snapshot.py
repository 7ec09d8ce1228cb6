"""The index as one file: all bitmaps, and log positions to read on from, under one checksum.

    9 bytes  "PNTAGIDX", version
    32 bytes SHA-256 of what follows
    rest     pieces in MessagePack, each after its length (4 bytes, big-endian): a `_Head`, then `_Piece`s

A large index takes longer to encode than queries should wait, so it is encoded piece by piece while it goes
on following. The positions are those from before the first piece; a later piece may know more than that.
Reading the logs on from there sets it right: a change taken in twice, in order, changes nothing, and each
tag, alias or device ends as the last change about it says. Only when a shard is put out meanwhile the pieces
do not fit together.

A file that is damaged, cut, or of another version is refused as a whole: the index is rebuilt from the logs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import IntEnum
from hashlib import sha256
from itertools import islice
from struct import Struct
from typing import Final

import msgspec
from pyroaring import BitMap

from pushnet.roles.tagalias.app_index import AppIndex, Holders
from pushnet.roles.tagalias.index import Followed, Index

NAME: Final = "tagalias.snapshot"
BITMAPS_PER_PIECE: Final = 200
"""Of a million random devices a bitmap has 130 KB at most: a piece takes some milliseconds."""
ALIASES_PER_PIECE: Final = 20_000
_MAGIC: Final = b"PNTAGIDX\x02"
_HEAD_BYTES: Final = len(_MAGIC) + 32
_LENGTH: Final = Struct(">I")


class DamagedSnapshot(Exception):
    """The file is no snapshot of this version: the text says what is wrong."""


class OutdatedSnapshot(Exception):
    """A shard was put out while the index was encoded: begin again."""


class _Kind(IntEnum):
    DEVICES = 0
    PLATFORMS = 1
    TAGS = 2
    ALIASES = 3


class _Head(msgspec.Struct, array_like=True):
    followed: dict[int, tuple[int, int]]


class _Piece(msgspec.Struct, array_like=True):
    app: str
    kind: _Kind
    entries: dict[str, bytes | int]
    """Name to bitmap, or to the one device of an alias."""


def pieces(index: Index) -> Iterator[bytes]:
    """The file's pieces; others may work between two of them. Raises `OutdatedSnapshot`."""
    rebuilds = index.rebuilds
    yield _packed(_Head({shard: (at.log, at.position) for shard, at in index.followed.items()}))
    for key, app in list(index.apps.items()):
        for piece in _pieces_of(key, app):
            yield _packed(piece)
            if index.rebuilds != rebuilds:
                raise OutdatedSnapshot


def encode(content: Sequence[bytes]) -> bytes:
    """The file of all `pieces`."""
    body = b"".join(content)
    return _MAGIC + sha256(body).digest() + body


def decode(data: bytes) -> Index:
    """The index of a file's content. Raises `DamagedSnapshot`."""
    if not data.startswith(_MAGIC):
        raise DamagedSnapshot("it does not begin as a snapshot of this version does")
    body = memoryview(data)[_HEAD_BYTES:]
    if sha256(body).digest() != data[len(_MAGIC) : _HEAD_BYTES]:
        raise DamagedSnapshot("its checksum is wrong")
    try:
        return _index_of(_split(body))
    except (msgspec.DecodeError, ValueError, KeyError, IndexError, StopIteration) as error:
        raise DamagedSnapshot(str(error) or "it has no head") from error


def _pieces_of(key: str, app: AppIndex) -> Iterator[_Piece]:
    app.devices.run_optimize()
    yield _Piece(key, _Kind.DEVICES, {"": app.devices.serialize()})
    yield _Piece(key, _Kind.PLATFORMS, _entries(app.platforms, list(app.platforms)))
    for names in _portions(app.tags, BITMAPS_PER_PIECE):
        yield _Piece(key, _Kind.TAGS, _entries(app.tags, names))
    for names in _portions(app.aliases, ALIASES_PER_PIECE):
        yield _Piece(key, _Kind.ALIASES, _entries(app.aliases, names))


def _portions(named: Mapping[str, Holders], size: int) -> Iterator[list[str]]:
    """The names there are now, so many at a time."""
    names = iter(list(named))
    while portion := list(islice(names, size)):
        yield portion


def _entries(named: Mapping[str, Holders], names: Sequence[str]) -> dict[str, bytes | int]:
    """What is still there of the names."""
    found = [(name, named[name]) for name in names if name in named]
    return {name: value if isinstance(value, int) else value.serialize() for name, value in found}


def _packed(part: _Head | _Piece) -> bytes:
    data = msgspec.msgpack.encode(part)
    return _LENGTH.pack(len(data)) + data


def _split(body: memoryview) -> Iterator[memoryview]:
    pos = 0
    while pos < len(body):
        if len(body) - pos < _LENGTH.size:
            raise ValueError("it ends in the middle of a piece")
        (size,) = _LENGTH.unpack_from(body, pos)
        pos += _LENGTH.size
        yield body[pos : pos + size]
        pos += size


def _index_of(parts: Iterator[memoryview]) -> Index:
    head = msgspec.msgpack.decode(next(parts), type=_Head)
    index = Index(followed={shard: Followed(*at) for shard, at in head.followed.items()})
    decoder = msgspec.msgpack.Decoder(_Piece)
    for part in parts:
        piece = decoder.decode(part)
        _take(index.apps.setdefault(piece.app, AppIndex()), piece)
    return index


def _take(app: AppIndex, piece: _Piece) -> None:
    if piece.kind is _Kind.ALIASES:
        aliases = piece.entries.items()
        app.aliases.update({n: v if isinstance(v, int) else BitMap.deserialize(v) for n, v in aliases})
        return
    bitmaps = {n: BitMap.deserialize(v) for n, v in piece.entries.items() if isinstance(v, bytes)}
    if piece.kind is _Kind.DEVICES:
        app.devices = bitmaps[""]
    else:
        (app.tags if piece.kind is _Kind.TAGS else app.platforms).update(bitmaps)
