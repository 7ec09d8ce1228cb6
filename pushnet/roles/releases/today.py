"""Learns from sources what counts today: roots, timestamp, snapshot, and a release's document.

Every source is asked for its timestamp, and the newest valid word counts, so one mirror that holds back is
not enough to hold us back. Whoever says something that is not to be believed is told of, and passed over.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Container, Sequence

from pushnet.grid.patch.documents import Listed, Release
from pushnet.grid.patch.limits import CHUNK_BYTES_MAX, ROOTS_MAX
from pushnet.grid.patch.refusals import NotListed, Refused
from pushnet.grid.patch.trust import Trust, check_document_size
from pushnet.roles.releases.source import Source, SourceFailed, SourceLacks, SourcesFailed

_PASSED_OVER = (Refused, SourceFailed, SourceLacks)


class Today:
    """What was learnt in one go; documents to be kept are among it.

    Args:
        trust: what is believed already.
        wall: this machine's wall clock.
    """

    def __init__(self, trust: Trust, wall: Callable[[], float]) -> None:
        self.trust = trust
        self.roots: list[bytes] = []
        self.timestamp: bytes | None = None
        self.snapshot: bytes | None = None
        self.failed: dict[str, None] = {}
        """Sources that did not answer."""
        self.complaints: dict[str, str] = {}
        """Of a source, what it did wrong."""
        self._refusals: list[Refused] = []
        self._wall = wall

    async def learn(self, sources: Sequence[Source], slow: Container[str] = ()) -> None:
        """Ask everybody; those known to be slow only while nobody else has answered.

        Raises `Refused` when all that came is not to be believed, `SourcesFailed` when nothing came.
        """
        fresh: list[Source] = []
        for source in sources:
            if not (fresh and source.name in slow) and await self._tried(source, self._ask_today):
                fresh.append(source)
        if not fresh:
            self._fail("no source has a word of today")
        for source in fresh:
            if await self._tried(source, self._ask_snapshot):
                return
        self._fail("no source has the snapshot of today")

    async def release(self, listed: Listed, sources: Sequence[Source]) -> tuple[Release, bytes]:
        """The document of a release that the snapshot lists."""
        found: list[tuple[Release, bytes]] = []

        async def ask(source: Source) -> None:
            data = await document(source, listed.sha256, listed.size)
            found.append((self.trust.release(listed, data, self._wall()), data))

        for source in sources:
            if await self._tried(source, ask):
                return found[0]
        self._fail(f"no source has release {listed.name} {listed.version}")
        raise AssertionError("failing raises")

    async def _ask_today(self, source: Source) -> None:
        for _ in range(ROOTS_MAX):
            try:
                data = await source.root(self.trust.root.number + 1)
            except SourceLacks:
                break
            self.trust = self.trust.with_root(data)
            self.roots.append(data)
        data = await source.timestamp()
        self.trust = self.trust.with_timestamp(data, self._wall())
        self.timestamp = data

    async def _ask_snapshot(self, source: Source) -> None:
        told = self.trust.timestamp
        assert told is not None, "a timestamp was believed"
        data = await document(source, told.sha256, told.size)
        self.trust = self.trust.with_snapshot(data, self._wall())
        self.snapshot = data

    async def _tried(self, source: Source, ask: Callable[[Source], Awaitable[None]]) -> bool:
        try:
            await ask(source)
        except _PASSED_OVER as error:
            self.complaints[source.name] = str(error)
            if isinstance(error, Refused):
                self._refusals.append(error)
            elif isinstance(error, SourceFailed):
                self.failed[source.name] = None
            return False
        return True

    def _fail(self, what: str) -> None:
        told = "; ".join(f"{name}: {complaint}" for name, complaint in self.complaints.items())
        if self._refusals:
            raise type(self._refusals[0])(f"{what} that can be believed ({told})")
        raise SourcesFailed(f"{what} ({told or 'there are no sources'})")


async def document(source: Source, digest: str, size: int) -> bytes:
    """A document of that size, in chunks; not one byte more is taken."""
    check_document_size(size, f"the document {digest[:12]}")
    data = b""
    while len(data) < size:
        wanted = min(CHUNK_BYTES_MAX, size - len(data))
        chunk = await source.read(digest, len(data), wanted)
        if len(chunk) != wanted:
            raise NotListed(f"{len(chunk)} bytes came where {wanted} were asked for")
        data += chunk
    return data
