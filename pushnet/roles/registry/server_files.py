"""What a server has written, read piece by piece as IceGrid's tools do: their agents keep it.

An agent keeps one log of stdout and stderr together, so both are the same file here. A piece ends with the
last whole line; the tools join lines, and a piece's first line goes on where the one before ended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pushnet.gen.ice.icegrid_exceptions import FileNotAvailableException
from pushnet.gen.ice.icegrid_session import FileIteratorServant
from pushnet.gen.pushnet.agent import AgentPrx, LogPart, NoServerException
from pushnet.rpc.exceptions import LocalException
from pushnet.rpc.stubs import Current

PART_BYTES: Final = 256 * 1024
"""Agents give no more at once; the last lines that are asked for are looked for in so much."""
ITERATORS_MAX: Final = 64
"""Of one session."""
LIMIT_MS: Final = 5000


class ServerFileI(FileIteratorServant):
    """One reader's place in what a server has written."""

    def __init__(self, server_id: str, agent: Callable[[], AgentPrx | None]) -> None:
        """`agent`: where its agent is now."""
        self._id = server_id
        self._agent = agent
        self._offset = 0
        self.over: Callable[[], object] = _nothing

    async def begin(self, count: int) -> None:
        """Go to the last `count` lines; below 0: to the beginning. Raises `FileNotAvailableException`."""
        part = await self._part(0 if count < 0 else -PART_BYTES, 1 if count < 0 else PART_BYTES)
        self._offset = part.offset
        if count >= 0:
            lines = part.data.splitlines(keepends=True)
            self._offset += sum(map(len, lines[: max(0, len(lines) - count)]))

    async def read(self, size: int, current: Current | None = None) -> tuple[bool, list[str]]:
        """At most `size` bytes; whether that is all for now."""
        part = await self._part(self._offset, min(max(size, 1), PART_BYTES))
        data = part.data
        if part.more and b"\n" in data:
            data = data[: data.rindex(b"\n") + 1]
        self._offset = part.offset + len(data)
        return not part.more, data.decode(errors="replace").split("\n") if data else []

    def destroy(self, current: Current | None = None) -> None:
        self.over()

    async def _part(self, offset: int, size: int) -> LogPart:
        agent = self._agent()
        if agent is None:
            raise FileNotAvailableException("its agent is not there")
        try:
            return await agent.ice_invocationTimeout(LIMIT_MS).log(self._id, offset, size, 0)
        except NoServerException as error:
            raise FileNotAvailableException(error.reason) from error
        except LocalException as error:
            raise FileNotAvailableException(f"its agent does not answer: {error}") from error


def _nothing() -> None:
    """Nobody keeps it."""
