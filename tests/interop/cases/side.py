"""`Side`: one end of a call, pushnet's or stock Ice's; and what the checks are written with."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import ModuleType
from typing import Any

DONE = "."
"""The line behind the last check."""


class Mismatch(Exception):
    """Something is not as promised; the text says what it is and what it should be."""


class Side:
    """What the two Python mappings do not have in common."""

    name = ""
    """`Ours` or `Stock`: also the Slice module of the types that only this side knows."""
    unset: Any = None
    """An optional value that is not there."""
    errors: Any = None
    """Where Ice's exceptions are found by their names."""
    Blobject: Any = None
    ServantLocator: Any = None
    Gracefully: Any = None
    Forcefully: Any = None
    GracefullyWithWait: Any = None
    BasedOnProxy: Any = None
    Ordered: Any = None
    Random: Any = None
    communicator: Any

    def slice(self, name: str) -> Any:
        """The names of a file below `slices/`."""
        raise NotImplementedError

    def servant(self, module: Any, interface: str) -> type:
        """What servants of an interface derive from."""
        raise NotImplementedError

    async def call(self, callee: Callable[..., Any], *args: Any) -> Any:
        """Call an operation and wait for what comes of it."""
        raise NotImplementedError

    def begin(self, callee: Callable[..., Any], *args: Any) -> Any:
        """Call an operation, and go on; `end` waits for it."""
        raise NotImplementedError

    async def end(self, begun: Any) -> Any:
        raise NotImplementedError

    def by_value(self, module: Any, interface: str) -> Any:
        """An instance of an interface, which can be passed by value; its factory is there then, too."""
        raise NotImplementedError

    def promise(self) -> Any:
        """What a servant may return at once, and `keep` later."""
        raise NotImplementedError

    def keep(self, promise: Any, result: Any) -> None:
        raise NotImplementedError

    def begin_close(self, connection: Any) -> Any:
        """Close a connection after the calls under way; `end_close` waits for it."""
        raise NotImplementedError

    async def end_close(self, begun: Any) -> None:
        raise NotImplementedError

    async def invoke(
        self, proxy: Any, operation: str, mode: int, params: bytes, context: dict[str, str] | None = None
    ) -> tuple[bool, bytes]:
        """`ice_invoke`, with a number as the mode."""
        raise NotImplementedError

    def mode(self, current: Any) -> int:
        raise NotImplementedError

    def encoding(self, current: Any) -> tuple[int, int]:
        raise NotImplementedError

    def endpoint_texts(self, proxy: Any) -> list[str]:
        return [str(endpoint) for endpoint in proxy.ice_getEndpoints()]

    def identity(self, text: str) -> Any:
        return self.communicator.stringToIdentity(text)

    def parse(self, text: str) -> Any:
        return self.communicator.stringToProxy(text)

    def add(self, adapter: Any, servant: Any, identity: str, facet: str = "") -> Any:
        if facet:
            return adapter.addFacet(servant, self.identity(identity), facet)
        return adapter.add(servant, self.identity(identity))


class Where:
    """A server to call, over one transport, in one encoding."""

    def __init__(self, side: Side, encoding: str, endpoint: str) -> None:
        self.side = side
        self.encoding = encoding
        self.old = encoding == "1.0"
        self.endpoint = endpoint
        self.transport = endpoint.split(maxsplit=1)[0]

    def text(self, identity: str, options: str = "-t") -> str:
        return f"{identity} {options} -e {self.encoding}:{self.endpoint}"

    def proxy(self, kind: Any, identity: str, options: str = "-t") -> Any:
        """A proxy of a generated class."""
        return kind.uncheckedCast(self.side.parse(self.text(identity, options)))

    async def failure(self, callee: Callable[..., Any], *args: Any) -> Any:
        """What a call raises."""
        try:
            result = await self.side.call(callee, *args)
        except Exception as error:
            return error
        raise Mismatch(f"nothing was raised, but {result!r:.200} came back")


def same(got: Any, wanted: Any, what: str = "it") -> None:
    """Compare; NaN equals itself here, and a list equals a tuple."""
    if not _alike(got, wanted):
        raise Mismatch(f"{what} is {_told(got)} and not {_told(wanted)}")


def true(condition: object, what: str) -> None:
    if not condition:
        raise Mismatch(what)


def _told(value: Any) -> str:
    try:
        return f"{value!r:.300}"
    except TypeError:  # of stock Ice's Unset
        return f"something with an Unset in it, a {type(value).__name__}"


def _alike(got: Any, wanted: Any) -> bool:
    if isinstance(wanted, float) and isinstance(got, float):
        return (math.isnan(got) and math.isnan(wanted)) or (
            got == wanted and math.copysign(1, got) == math.copysign(1, wanted)
        )
    if isinstance(wanted, list | tuple) and isinstance(got, list | tuple):
        return len(got) == len(wanted) and all(map(_alike, got, wanted))
    if isinstance(wanted, dict) and isinstance(got, dict):
        return list(got) == list(wanted) and all(_alike(got[key], wanted[key]) for key in wanted)
    return bool(got == wanted)


def checks(area: ModuleType) -> dict[str, Callable[[Where], Any]]:
    """An area's checks by name, in the order in which they are written."""
    return {
        name.removeprefix("check_"): check for name, check in vars(area).items() if name.startswith("check_")
    }


async def run(area: ModuleType, where: Where) -> list[str]:
    """Run all checks of an area; a line for each, `ok NAME` or `FAILED NAME: why`."""
    told = []
    for name, check in checks(area).items():
        try:
            await check(where)
            told.append(f"ok {name}")
        except Exception as error:
            why = error if isinstance(error, Mismatch) else f"{type(error).__name__} {error}"
            told.append(f"FAILED {name}: {why}".replace("\n", " "))
    return told
