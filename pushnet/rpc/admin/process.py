"""The facet `Process`: an administrator ends the process, or writes where it writes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import ClassVar

from pushnet.rpc.admin.codec import number, operation, text
from pushnet.rpc.current import Current
from pushnet.rpc.servant import Servant


class ProcessFacet(Servant):
    """`::Ice::Process`."""

    ice_type: ClassVar[str] = "::Ice::Process"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Ice::Process")
    ice_operations = dict((operation("shutdown"), operation("writeMessage", text, number)))

    def __init__(self, shutdown: Callable[[], object]) -> None:
        """`shutdown` begins an orderly end."""
        self._shutdown = shutdown

    def shutdown(self, current: Current | None = None) -> None:
        """Begin to end; the answer comes before the end."""
        self._shutdown()

    def writeMessage(self, message: str, fd: int, current: Current | None = None) -> None:
        """Write to standard output (fd 1) or standard error (fd 2); any other is nobody's."""
        stream = {1: sys.stdout, 2: sys.stderr}.get(fd)
        if stream is not None:
            print(message, file=stream, flush=True)
