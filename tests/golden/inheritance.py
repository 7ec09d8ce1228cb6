# Written by slice2tx from golden/inheritance.ice. To change it, change the Slice file.
"""Interfaces with several bases: diamonds, and bases that are bases of bases."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, ClassVar, Protocol

from twisted.internet.defer import Deferred

from pushnet.rpc.stubs import CallContext, Current, ObjectPrx, Operation, Servant, ServantOperation
from tests.golden.calls import Callback, CallbackPrx, CallbackServant

__all__ = [
    "Bottom",
    "BottomPrx",
    "BottomServant",
    "Left",
    "LeftPrx",
    "LeftServant",
    "Nothing",
    "NothingPrx",
    "NothingServant",
    "Redundant",
    "RedundantPrx",
    "RedundantServant",
    "Right",
    "RightPrx",
    "RightServant",
    "Top",
    "TopPrx",
    "TopServant",
]


class Top(Protocol):
    def goUp(self, current: Current | None = None, /) -> Awaitable[None]: ...


class Left(Top, Protocol):
    def goLeft(self, current: Current | None = None, /) -> Awaitable[None]: ...


class Right(Top, Protocol):
    def goRight(self, current: Current | None = None, /) -> Awaitable[None]: ...


class Bottom(Left, Right, Protocol):
    def goDown(self, current: Current | None = None, /) -> Awaitable[None]: ...


class Redundant(Left, Protocol):
    """Python wants `Left` before `Top`."""


class Nothing(Callback, Protocol):
    pass


class TopPrx(ObjectPrx):
    """Calls a `Top` wherever it is."""

    ice_type: ClassVar[str] = "::Inheritance::Top"

    def goUp(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Top_goUp, b"", context)


class LeftPrx(TopPrx):
    """Calls a `Left` wherever it is."""

    ice_type: ClassVar[str] = "::Inheritance::Left"

    def goLeft(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Left_goLeft, b"", context)


class RightPrx(TopPrx):
    """Calls a `Right` wherever it is."""

    ice_type: ClassVar[str] = "::Inheritance::Right"

    def goRight(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Right_goRight, b"", context)


class BottomPrx(LeftPrx, RightPrx):
    """Calls a `Bottom` wherever it is."""

    ice_type: ClassVar[str] = "::Inheritance::Bottom"

    def goDown(self, context: CallContext = None) -> Deferred[None]:
        return self._ice_call(_OP_Bottom_goDown, b"", context)


class RedundantPrx(LeftPrx):
    """Calls a `Redundant` wherever it is."""

    ice_type: ClassVar[str] = "::Inheritance::Redundant"


class NothingPrx(CallbackPrx):
    """Calls a `Nothing` wherever it is."""

    ice_type: ClassVar[str] = "::Inheritance::Nothing"


class TopServant(Servant):
    """Serves a `Top`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Inheritance::Top"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Inheritance::Top")


class LeftServant(TopServant):
    """Serves a `Left`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Inheritance::Left"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Inheritance::Left", "::Inheritance::Top")


class RightServant(TopServant):
    """Serves a `Right`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Inheritance::Right"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Inheritance::Right", "::Inheritance::Top")


class BottomServant(LeftServant, RightServant):
    """Serves a `Bottom`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Inheritance::Bottom"
    ice_type_ids: ClassVar[tuple[str, ...]] = (
        "::Ice::Object",
        "::Inheritance::Bottom",
        "::Inheritance::Left",
        "::Inheritance::Right",
        "::Inheritance::Top",
    )


class RedundantServant(LeftServant):
    """Serves a `Redundant`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Inheritance::Redundant"
    ice_type_ids: ClassVar[tuple[str, ...]] = (
        "::Ice::Object",
        "::Inheritance::Left",
        "::Inheritance::Redundant",
        "::Inheritance::Top",
    )


class NothingServant(CallbackServant):
    """Serves a `Nothing`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Inheritance::Nothing"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Calls::Callback", "::Ice::Object", "::Inheritance::Nothing")


# The wire: how the above becomes bytes and back.


def _serve_Top_goUp(servant: Top, buf: bytes, pos: int, current: Current) -> Any:
    return servant.goUp(current)


_OP_Top_goUp: Operation[None] = Operation("goUp", 0, None, ())

TopServant.ice_operations = {
    b"goUp": ServantOperation("goUp", 0, _serve_Top_goUp, None),
}


def _serve_Left_goLeft(servant: Left, buf: bytes, pos: int, current: Current) -> Any:
    return servant.goLeft(current)


_OP_Left_goLeft: Operation[None] = Operation("goLeft", 0, None, ())

LeftServant.ice_operations = {
    **TopServant.ice_operations,
    b"goLeft": ServantOperation("goLeft", 0, _serve_Left_goLeft, None),
}


def _serve_Right_goRight(servant: Right, buf: bytes, pos: int, current: Current) -> Any:
    return servant.goRight(current)


_OP_Right_goRight: Operation[None] = Operation("goRight", 0, None, ())

RightServant.ice_operations = {
    **TopServant.ice_operations,
    b"goRight": ServantOperation("goRight", 0, _serve_Right_goRight, None),
}


def _serve_Bottom_goDown(servant: Bottom, buf: bytes, pos: int, current: Current) -> Any:
    return servant.goDown(current)


_OP_Bottom_goDown: Operation[None] = Operation("goDown", 0, None, ())

BottomServant.ice_operations = {
    **LeftServant.ice_operations,
    **RightServant.ice_operations,
    b"goDown": ServantOperation("goDown", 0, _serve_Bottom_goDown, None),
}
