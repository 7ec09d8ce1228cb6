"""One version of the shop, as a server or as a client.

Each is a process of its own: within one, a class's type id means one class.

python -m tests.system.versions.peer old server        says `serving`, serves until it is ended
python -m tests.system.versions.peer new client PROXY  prints what each call came to, as JSON
"""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from twisted.internet import reactor as installed_reactor
from twisted.internet.defer import Deferred, ensureDeferred

from pushnet.app.realworld import RealWorld
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException
from pushnet.slice import load
from pushnet.wire.identity import Identity
from pushnet.wire.slices import UserException

HERE = Path(__file__).parent
reactor: Any = installed_reactor
version, side = sys.argv[1:3]
shop: Any = load(HERE / f"{version}.ice")
new = version == "new"


class StoreI(shop.StoreServant):  # type: ignore[misc]
    """Answers with as much as its version knows."""

    def find(self, name: str, option: Any = None, current: Any = None) -> Any:
        if not name:
            raise shop.Trouble("no name")
        return shop.Item(name, maker="ours") if new else shop.Item(name, 7)

    def move(self, by: Any, colour: Any, current: Any = None) -> Any:
        first, second = (by.east, by.north) if new else (by.x, by.y)
        return type(by)(first + int(colour), second * 2)

    def note(self, text: str | None, current: Any = None) -> Any:
        return text, (True if new else len(text or ""))

    def special(self, current: Any = None) -> Any:
        return shop.Special("rare", maker="ours", price=9) if new else shop.Item("plain", 1)

    def fail(self, current: Any = None) -> None:
        raise shop.WorseTrouble("worse", 3) if new else shop.Trouble("bad")

    def count(self, upto: int, current: Any = None) -> Any:
        return list(range(upto))

    def keep(self, what: Any, current: Any = None) -> Any:
        return what

    def greeting(self, current: Any = None) -> str:
        return "good day"


async def serve(communicator: Communicator) -> None:
    adapter = communicator.createObjectAdapterWithEndpoints("Shop", "tcp -h 127.0.0.1 -p 0")
    adapter.add(StoreI(), Identity("store"))
    await adapter.activate()
    print("serving", flush=True)
    await Deferred()


async def call(communicator: Communicator, text: str) -> None:
    came: dict[str, Any] = {}

    async def note(what: str, callee: Callable[..., Awaitable[Any]], *args: Any) -> None:
        try:
            came[what] = _told(await callee(*args))
        except (LocalException, UserException) as error:
            came[what] = f"{type(error).__name__} {getattr(error, 'reason', '')}".strip()

    for encoding in ((1, 1), (1, 0)):
        proxy = communicator.stringToProxy(text)
        assert proxy is not None
        store: Any = (await shop.StorePrx.checkedCast(proxy)).ice_encodingVersion(encoding)
        at = f"{encoding[0]}.{encoding[1]}"
        point = (shop.Place if new else shop.Point)(1, 2)
        item = shop.Special("mine", price=5) if new else shop.Item("mine", 3)
        await note(f"{at} find", store.find, "a", True if new else 5)
        await note(f"{at} find nothing", store.find, "")
        await note(f"{at} move", store.move, point, shop.Colour.vert if new else shop.Colour.green)
        await note(f"{at} note", store.note, "text")
        await note(f"{at} special", store.special)
        await note(f"{at} fail", store.fail)
        await note(f"{at} count", store.count, 3)
        await note(f"{at} keep", store.keep, item)
        if new:
            await note(f"{at} greeting", store.greeting)
    print(json.dumps(came), flush=True)


def _told(value: Any) -> Any:
    """A value as JSON has it: of classes and structs their members, by name."""
    if isinstance(value, tuple | list):
        return [_told(each) for each in value]
    if isinstance(value, shop.Item):
        names = ("name", "maker", "price") if new else ("name", "size")
        return [type(value).__name__, *(getattr(value, name, None) for name in names)]
    if value is None or isinstance(value, str | int):
        return value
    return [value.east, value.north] if new else [value.x, value.y]


async def main() -> None:
    communicator = Communicator(RealWorld(reactor, "."), {})
    if side == "server":
        await serve(communicator)
    else:
        await call(communicator, sys.argv[3])
        await communicator.destroy()
    reactor.stop()


def _failed(failure: Any) -> None:
    sys.stderr.write(failure.getTraceback())
    reactor.stop()


reactor.callWhenRunning(lambda: ensureDeferred(main()).addErrback(_failed))
reactor.run()
