"""`Servant`, the root of all skeletons, with the operations every object has; and `Blobject`, which has none
of its own but takes every request as bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from pushnet.rpc.current import Current
from pushnet.rpc.operations import ServantOperation
from pushnet.wire.basic import read_string, write_string, write_strings


class Servant:
    """Answers calls to an object. Generated skeletons derive from it, and servants from them."""

    ice_type: ClassVar[str] = "::Ice::Object"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object",)
    ice_operations: ClassVar[Mapping[bytes, ServantOperation]] = {}

    def ice_ping(self, current: Current | None = None) -> Any:
        """Answers, and that is all."""

    def ice_isA(self, type_id: str, current: Current | None = None) -> Any:
        """Whether the object has the interface with that type id."""
        return type_id in self.ice_type_ids

    def ice_id(self, current: Current | None = None) -> Any:
        """The type id of the object's most derived interface."""
        return self.ice_type

    def ice_ids(self, current: Current | None = None) -> Any:
        """The type ids of all its interfaces, sorted."""
        return list(self.ice_type_ids)


class Blobject(Servant):
    """Takes every request as bytes, whatever its interface: for relays and bridges."""

    def ice_invoke(self, current: Current, mode: int, params: bytes) -> Any:
        """Serve one request.

        Args:
            current: names identity, facet and operation.
            mode: the operation mode the caller gave.
            params: the encapsulation of the parameters, with its head.

        Returns:
            Or a coroutine or Deferred with it: whether the call succeeded (else the bytes are a user
            exception), and the encapsulation of the results.
        """
        raise NotImplementedError


def _serve_ping(servant: Servant, buf: bytes, pos: int, current: Current) -> Any:
    return servant.ice_ping(current)


def _serve_is_a(servant: Servant, buf: bytes, pos: int, current: Current) -> Any:
    return servant.ice_isA(read_string(buf, pos)[0], current)


def _serve_id(servant: Servant, buf: bytes, pos: int, current: Current) -> Any:
    return servant.ice_id(current)


def _serve_ids(servant: Servant, buf: bytes, pos: int, current: Current) -> Any:
    return servant.ice_ids(current)


def _write_bool(value: bool) -> bytes:
    return b"\1" if value else b"\0"


def _write_text(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


def _write_texts(values: list[str]) -> bytearray:
    out = bytearray()
    write_strings(out, values)
    return out


def _serve_blob(servant: Blobject, buf: bytes, pos: int, current: Current) -> Any:
    return servant.ice_invoke(current, current.mode, buf[pos - 6 :])


BUILT_IN: Mapping[str, ServantOperation] = {
    "ice_ping": ServantOperation("ice_ping", 1, _serve_ping, None, any_mode=True),
    "ice_isA": ServantOperation("ice_isA", 1, _serve_is_a, _write_bool, any_mode=True),
    "ice_id": ServantOperation("ice_id", 1, _serve_id, _write_text, any_mode=True),
    "ice_ids": ServantOperation("ice_ids", 1, _serve_ids, _write_texts, any_mode=True),
}
BLOB = ServantOperation("ice_invoke", 0, _serve_blob, None, any_mode=True)
"""How a `Blobject` serves everything."""


def operation_of(servant: Servant, name: str) -> ServantOperation | None:
    """How `servant` serves the operation, if it has it."""
    if isinstance(servant, Blobject):
        return BLOB
    return servant.ice_operations.get(name.encode()) or BUILT_IN.get(name)
