"""The index as one file: all bitmaps, and the log positions they belong to, under one checksum.

    8 bytes  "PNTAGIDX"
    1 byte   version
    32 bytes SHA-256 of what follows
    rest     MessagePack of `_Body`

A file that is damaged, cut, or of another version is refused as a whole: the index is rebuilt from the logs.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Final

import msgspec
from pyroaring import BitMap

from pushnet.roles.tagalias.app_index import AppIndex
from pushnet.roles.tagalias.index import Followed, Index

NAME: Final = "tagalias.snapshot"
_MAGIC: Final = b"PNTAGIDX\x01"
_HEAD_BYTES: Final = len(_MAGIC) + 32


class DamagedSnapshot(Exception):
    """The file is no snapshot of this version: the text says what is wrong."""


class _App(msgspec.Struct, array_like=True):
    key: str
    devices: bytes
    platforms: dict[str, bytes]
    tags: dict[str, bytes]
    single: dict[str, int]
    """Aliases that one device has."""
    several: dict[str, bytes]


class _Body(msgspec.Struct, array_like=True):
    followed: dict[int, tuple[int, int]]
    apps: list[_App]


def encode(index: Index) -> bytes:
    """The file's content. Takes the index as it is at this moment."""
    followed = {shard: (at.log, at.position) for shard, at in index.followed.items()}
    body = msgspec.msgpack.encode(_Body(followed, [_pack(key, app) for key, app in index.apps.items()]))
    return _MAGIC + sha256(body).digest() + body


def decode(data: bytes) -> Index:
    """The index of a file's content. Raises `DamagedSnapshot`."""
    if not data.startswith(_MAGIC):
        raise DamagedSnapshot("it does not begin as a snapshot of version 1 does")
    body = data[_HEAD_BYTES:]
    if sha256(body).digest() != data[len(_MAGIC) : _HEAD_BYTES]:
        raise DamagedSnapshot("its checksum is wrong")
    try:
        told = msgspec.msgpack.decode(body, type=_Body)
        apps = {app.key: _unpack(app) for app in told.apps}
    except (msgspec.DecodeError, ValueError) as error:
        raise DamagedSnapshot(str(error)) from error
    return Index(apps, {shard: Followed(*at) for shard, at in told.followed.items()})


def _pack(key: str, app: AppIndex) -> _App:
    single = {alias: holders for alias, holders in app.aliases.items() if isinstance(holders, int)}
    several = {alias: holders for alias, holders in app.aliases.items() if not isinstance(holders, int)}
    app.devices.run_optimize()
    return _App(
        key, app.devices.serialize(), _bytes(app.platforms), _bytes(app.tags), single, _bytes(several)
    )


def _unpack(told: _App) -> AppIndex:
    app = AppIndex()
    app.devices = BitMap.deserialize(told.devices)
    app.platforms = _bitmaps(told.platforms)
    app.tags = _bitmaps(told.tags)
    app.aliases = {**told.single, **_bitmaps(told.several)}
    return app


def _bytes(bitmaps: dict[str, BitMap]) -> dict[str, bytes]:
    return {name: bitmap.serialize() for name, bitmap in bitmaps.items()}


def _bitmaps(told: dict[str, bytes]) -> dict[str, BitMap]:
    return {name: BitMap.deserialize(data) for name, data in told.items()}
