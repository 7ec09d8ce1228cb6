"""`pushnet patch fetch` and `pushnet patch serve`: a store over the network, from either side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import attrs

from pushnet.app.patching import WRONG
from pushnet.app.running import CommandError, Session
from pushnet.gen.pushnet.release import ReleasesPrx
from pushnet.grid.patch.trust import Trust
from pushnet.grid.wellknown import RELEASES
from pushnet.roles.releases.library import Library, Limits, Progress, Staged
from pushnet.roles.releases.source import RpcSource, Source
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException

IDENTITY_TEXT = f"{RELEASES.category}/{RELEASES.name}"


@attrs.frozen
class Wanted:
    """What to fetch from whom."""

    name: str
    version: str
    sources: tuple[str, ...]
    """Each `HOST:PORT`, endpoints, or a whole proxy."""
    root: Path | None
    """The anchor, for a store that has none."""
    activate: bool
    limits: Limits
    properties: Mapping[str, str]
    """Of the communicator, as Ice has them: `IceSSL.CAs` and the like."""


@attrs.frozen
class Fetched:
    """What a fetch has done."""

    staged: Staged
    moved_bytes: int
    active: bool


def proxy_text(source: str) -> str:
    """The proxy that an operator means by `HOST:PORT`, by endpoints, or by a proxy."""
    host, colon, port = source.rpartition(":")
    if colon and port.isdigit() and " " not in source:
        return f"{IDENTITY_TEXT}:tcp -h {host} -p {port}"
    if source.split(" ", 1)[0] in ("tcp", "ssl", "ws", "wss"):
        return f"{IDENTITY_TEXT}:{source}"
    return source


async def fetch(session: Session, wanted: Wanted, told: Callable[[Progress], object]) -> Fetched:
    """Stage a release in the session's store, and activate it when that is wanted."""
    communicator = Communicator(session.world, properties=dict(wanted.properties))
    library = Library(session.world, folder="")
    try:
        await library.open()
        if wanted.root is not None:
            await library.anchor(session.world.read_file(str(wanted.root)))
        sources = _sources(communicator, wanted.sources)
        staged = await library.stage(wanted.name, wanted.version, sources, limits=wanted.limits, told=told)
        if wanted.activate:
            await library.activate(staged.name, staged.version)
        return Fetched(staged, library.moved_bytes, wanted.activate)
    except WRONG as error:
        raise CommandError(str(error)) from error
    finally:
        await communicator.destroy()
        await library.close()


async def switch(session: Session, name: str, version: str) -> Staged:
    """Activate a staged version; without one, what ran before."""
    library = Library(session.world, folder="")
    try:
        await library.open()
        if not version:
            return await library.rollback(name)
        await library.activate(name, version)
        current = library.current(name)
        assert current is not None, "it was just activated"
        return current
    except WRONG as error:
        raise CommandError(str(error)) from error
    finally:
        await library.close()


async def tidy(session: Session, keep: int) -> int:
    """Delete old versions of a node's store; how many."""
    library = Library(session.world, folder="")
    try:
        return await library.tidy(keep)
    except WRONG as error:
        raise CommandError(str(error)) from error
    finally:
        await library.close()


async def serve(
    session: Session, endpoints: str, properties: Mapping[str, str], told: Callable[[Trust, str], object]
) -> int:
    """Serve the session's store until it is stopped."""
    communicator = Communicator(session.world, properties=dict(properties))
    library = Library(session.world, folder="")
    try:
        trust = library.shelf.trust()
        adapter = communicator.createObjectAdapterWithEndpoints("Releases", endpoints)
        adapter.add(library.servant(), RELEASES)
        await adapter.activate()
        told(trust, ":".join(str(each) for each in adapter.getEndpoints()))
        await session.stopping
    except LocalException as error:
        raise CommandError(f"cannot listen at {endpoints!r}: {type(error).__name__}: {error}") from error
    except WRONG as error:
        raise CommandError(str(error)) from error
    finally:
        await communicator.destroy()
        await library.close()
    return 0


def _sources(communicator: Communicator, texts: Sequence[str]) -> list[Source]:
    found: list[Source] = []
    for text in texts:
        proxy = ReleasesPrx.uncheckedCast(communicator.stringToProxy(proxy_text(text)))
        if proxy is None:
            raise CommandError(f"{text!r} names no source: HOST:PORT, endpoints, or a proxy")
        found.append(RpcSource(proxy, text))
    return found
