"""Dispatch: facets, default servants, servant locators, requests as bytes, calls back on a connection."""

from __future__ import annotations

from typing import Any

from .side import Side, Where, same, true

HEAD = {"1.0": b"\x06\0\0\0\x01\0", "1.1": b"\x06\0\0\0\x01\x01"}


def _found(side: Side, S: Any, name: str, log: list[str]) -> Any:
    class FoundI(side.servant(S, "Found")):  # type: ignore[misc]
        def who(self, current: Any) -> str:
            return f"{name}: {current.id.category}/{current.id.name} {current.facet} {current.operation}"

        def refuse(self, current: Any = None) -> Any:
            raise S.Lost(name)

        def crash(self, current: Any = None) -> Any:
            raise side.errors.ObjectAdapterDeactivatedException()

        def log(self, current: Any = None) -> list[str]:
            told = list(log)
            log.clear()
            return told

        def answer(self, n: int, current: Any = None) -> int:
            return n

    return FoundI()


def _locator(side: Side, S: Any, log: list[str]) -> Any:
    E = side.errors

    class Locator(side.ServantLocator):  # type: ignore[misc]
        """The name of the identity says what it does."""

        def locate(self, current: Any) -> Any:
            name = current.id.name
            if name == "nobody":
                return None
            if name == "lost":
                raise S.Lost("by the locator")
            if name == "nowhere":
                raise E.ObjectNotExistException()
            if name == "crash":
                raise E.ObjectAdapterDeactivatedException()
            if current.operation != "log":
                log.append(f"locate {name} {current.operation}")
            servant = _found(side, S, "located", log)
            return (servant, f"cookie of {name}") if name != "plain" else servant

        def finished(self, current: Any, servant: Any, cookie: Any) -> None:
            if current.operation != "log":
                log.append(f"finished {current.id.name} {cookie}")
            if current.id.name == "unfinished":
                raise S.Lost("at the end")
            if current.id.name == "crashed":
                raise E.ObjectAdapterDeactivatedException()

        def deactivate(self, category: str) -> None:
            return None

    return Locator()


def _teller(side: Side, S: Any, kind: str, name: str) -> Any:
    def tell(self: Any, current: Any = None) -> str:
        return name

    return type("TellerI", (side.servant(S, kind),), {"tell": tell, "otherwise": tell})()


def _blob(side: Side) -> Any:
    class BlobI(side.Blobject):  # type: ignore[misc]
        def ice_invoke(self, params: bytes, current: Any) -> tuple[bool, bytes]:
            if current.operation == "fail":
                return False, bytes(params)
            if current.operation == "gone":
                raise side.errors.ObjectNotExistException()
            return True, bytes(params)

    return BlobI()


def serve(side: Side, adapter: Any) -> None:
    S = side.slice("dispatching")
    log: list[str] = []
    for facet, kind in (("", "Teller"), ("a", "Teller"), ("b", "Other"), ("ü €", "Other")):
        side.add(adapter, _teller(side, S, kind, f"facet {facet}"), "dispatching/faceted", facet)
    side.add(adapter, _teller(side, S, "Teller", "only"), "dispatching/only", "only")
    adapter.addDefaultServant(_found(side, S, "default", log), "default")
    side.add(adapter, _found(side, S, "itself", log), "default/itself")
    adapter.addServantLocator(_locator(side, S, log), "located")
    side.add(adapter, _blob(side), "dispatching/blob")
    side.add(adapter, _back(side, S), "dispatching/back")


def _back(side: Side, S: Any) -> Any:
    class BackI(side.servant(S, "Back")):  # type: ignore[misc]
        async def callBack(self, category: str, name: str, n: int, current: Any) -> str:
            identity = side.identity(f"{category}/{name}")
            caller = S.CallerPrx.uncheckedCast(current.con.createProxy(identity))
            return str(await side.call(caller.name, n))

        def about(self, current: Any) -> str:
            info = current.con.getInfo()
            return f"{info.incoming} {current.con.type()} {info.adapterName}"

    return BackI()


def _one(where: Where, identity: str) -> tuple[Any, Any]:
    S = where.side.slice("dispatching")
    return S, where.proxy(S.FoundPrx, identity)


async def check_facets(where: Where) -> None:
    S = where.side.slice("dispatching")
    call, E = where.side.call, where.side.errors
    faceted = where.proxy(S.TellerPrx, "dispatching/faceted")
    same(await call(faceted.tell), "facet ")
    same(await call(S.OtherPrx.checkedCast, faceted), None)
    for facet in ("a", "b", "ü €"):
        teller = await call(S.TellerPrx.checkedCast, faceted, facet)
        same((teller.ice_getFacet(), await call(teller.tell)), (facet, f"facet {facet}"))
        other = await call(S.OtherPrx.checkedCast, faceted, facet)
        same(other is None, facet == "a", f"{facet} as Other")
        kind = "Teller" if facet == "a" else "Other"
        same(await call(S.OtherPrx.uncheckedCast(faceted, facet).ice_id), f"::Dispatching::{kind}")
    other = await call(S.OtherPrx.checkedCast, faceted, "b")
    same(
        (await call(other.otherwise), await call(S.TellerPrx.uncheckedCast(other).tell)),
        ("facet b", "facet b"),
    )
    same(S.TellerPrx.uncheckedCast(other).ice_getFacet(), "b")
    same(await call(S.TellerPrx.uncheckedCast(other, "").tell), "facet ")
    same(await call(S.TellerPrx.checkedCast, faceted, "none"), None)
    error = await where.failure(where.proxy(S.TellerPrx, "dispatching/only").tell)
    true(isinstance(error, E.FacetNotExistException), f"{error!r} is raised")
    same(await call(where.proxy(S.TellerPrx, "dispatching/only", "-f only").tell), "only")


async def check_default_servants(where: Where) -> None:
    for name in ("one", "two", "ü"):
        _, found = _one(where, f"default/{name}")
        same(await where.side.call(found.who), f"default: default/{name}  who")
        same(await where.side.call(found.ice_facet("any").ice_id), "::Dispatching::Found")
    S, found = _one(where, "default/itself")
    same(await where.side.call(found.who), "itself: default/itself  who")
    error = await where.failure(_one(where, "default/x")[1].refuse)
    same((type(error), error.why), (S.Lost, "default"))
    error = await where.failure(_one(where, "elsewhere/x")[1].who)
    true(isinstance(error, where.side.errors.ObjectNotExistException), f"{error!r} is raised")


async def check_servant_locators(where: Where) -> None:
    S, found = _one(where, "located/some")
    call = where.side.call
    await call(found.log)
    same(await call(found.who), "located: located/some  who")
    same(await call(found.log), ["locate some who", "finished some cookie of some"])
    same(await call(_one(where, "located/plain")[1].answer, 7), 7)
    true((await call(found.log))[1].startswith("finished plain "), "it has not been finished")
    error = await where.failure(found.refuse)
    same((type(error), error.why), (S.Lost, "located"))
    same(await call(found.log), ["locate some refuse", "finished some cookie of some"])
    true(isinstance(await where.failure(found.crash), where.side.errors.UnknownLocalException), "crash")
    same(len(await call(found.log)), 2)
    await call(found.ice_ping)
    same(len(await call(found.log)), 2)


async def check_servant_locators_that_fail(where: Where) -> None:
    S, _ = _one(where, "located/some")
    E = where.side.errors
    for name, kind in (
        ("nobody", E.ObjectNotExistException),
        ("nowhere", E.ObjectNotExistException),
        ("crash", E.UnknownLocalException),
        ("lost", S.Lost),
        ("unfinished", S.Lost),
        ("crashed", E.UnknownLocalException),
    ):
        error = await where.failure(_one(where, f"located/{name}")[1].refuse)
        same(type(error), kind, name)
    error = await where.failure(_one(where, "located/lost")[1].refuse)
    same(error.why, "by the locator")
    error = await where.failure(_one(where, "located/unfinished")[1].refuse)
    same(error.why, "at the end")
    error = await where.failure(_one(where, "located/nobody")[1].refuse)
    same((error.id, error.operation), (where.side.identity("located/nobody"), "refuse"))


async def check_requests_as_bytes(where: Where) -> None:
    _, blob = _one(where, "dispatching/blob")
    invoke, E = where.side.invoke, where.side.errors
    head = HEAD[where.encoding]
    params = bytes([len(head) + 300 - 256, 1]) + head[2:] + bytes(range(100)) * 3
    for mode in (0, 1, 2):
        same(await invoke(blob, "anything", mode, params), (True, params))
        same(await invoke(blob, "fail", mode, params), (False, params))
    same(await invoke(blob, "anything", 0, head), (True, head))
    true(isinstance(await where.failure(invoke, blob, "gone", 0, head), E.ObjectNotExistException), "gone")
    same(await invoke(blob.ice_oneway(), "anything", 0, head), (True, b""))
    same(await invoke(blob, "ü €", 0, head, {"a": "b"}), (True, head))


async def check_calls_back_on_the_same_connection(where: Where) -> None:
    S = where.side.slice("dispatching")
    back = where.proxy(S.BackPrx, "dispatching/back")
    adapter = where.side.communicator.createObjectAdapter("")

    class CallerI(where.side.servant(S, "Caller")):  # type: ignore[misc]
        def name(self, n: int, current: Any = None) -> str:
            return f"caller {n}"

    where.side.add(adapter, CallerI(), "back/me")
    connection = await where.side.call(back.ice_getConnection)
    connection.setAdapter(adapter)
    for n in range(20):
        same(await where.side.call(back.callBack, "back", "me", n), f"caller {n}")
    error = await where.failure(back.callBack, "back", "nobody", 1)
    true(isinstance(error, where.side.errors.ObjectNotExistException), f"{error!r} is raised")
    connection.setAdapter(None)
    error = await where.failure(back.callBack, "back", "me", 1)
    true(isinstance(error, where.side.errors.ObjectNotExistException), f"{error!r} is raised")
    await where.side.call(adapter.destroy)


async def check_what_connections_tell(where: Where) -> None:
    S = where.side.slice("dispatching")
    back = where.proxy(S.BackPrx, "dispatching/back")
    same(await where.side.call(back.about), f"True {where.transport} Server")
    connection = await where.side.call(back.ice_getConnection)
    info = connection.getInfo()
    same((info.incoming, info.adapterName, connection.type()), (False, "", where.transport))
    while getattr(info, "underlying", None) is not None:
        info = info.underlying
    same((info.remoteAddress, info.localAddress), ("127.0.0.1", "127.0.0.1"))
    true(f"-p {info.remotePort}" in where.endpoint, f"it is connected to port {info.remotePort}")
