# Written by slice2tx from golden/declared.ice. To change it, change the Slice file.
"""An interface that is declared here and defined elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any, ClassVar, Protocol

from twisted.internet.defer import Deferred

from pushnet.rpc.stubs import (
    CallContext,
    Current,
    ObjectPrx,
    Operation,
    Servant,
    ServantOperation,
    Source,
    read_proxy,
    write_proxy,
)
from pushnet.wire.call10 import Call10
from pushnet.wire.encoding10 import Proxy10
from pushnet.wire.leftovers import pass_over

__all__ = ["ElsewherePrx", "Here", "HerePrx", "HereServant"]


class Here(Protocol):
    def there(self, current: Current | None = None, /) -> Awaitable[ElsewherePrx | None]: ...


class ElsewherePrx(ObjectPrx):
    """Stands for an `Elsewhere`, defined elsewhere: cast it to the class there."""

    ice_type: ClassVar[str] = "::Declared::Elsewhere"


class HerePrx(ObjectPrx):
    """Calls a `Here` wherever it is."""

    ice_type: ClassVar[str] = "::Declared::Here"

    def there(self, context: CallContext = None) -> Deferred[ElsewherePrx | None]:
        return self._ice_call(_OP_Here_there, b"", context)


class HereServant(Servant):
    """Serves a `Here`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::Declared::Here"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Declared::Here", "::Ice::Object")


# The wire: how the above becomes bytes and back.

_OLD_Here_there = Call10("there", (), (Proxy10(ElsewherePrx),), returns=True)


def _read_result_Here_there(buf: bytes, pos: int, source: Source) -> ElsewherePrx | None:
    result, pos = read_proxy(buf, pos, source, ElsewherePrx)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Here_there(servant: Here, buf: bytes, pos: int, current: Current) -> Any:
    return servant.there(current)


def _write_result_Here_there(value: ElsewherePrx | None) -> bytearray:
    out = bytearray()
    write_proxy(out, value)
    return out


_OP_Here_there: Operation[ElsewherePrx | None] = Operation(
    "there", 0, _read_result_Here_there, (), old=_OLD_Here_there
)

HereServant.ice_operations = {
    b"there": ServantOperation("there", 0, _serve_Here_there, _write_result_Here_there, old=_OLD_Here_there),
}
