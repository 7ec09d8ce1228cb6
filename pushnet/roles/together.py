"""Several calls at once: start them all, and have their results in order or the first error."""

from __future__ import annotations

from collections.abc import Awaitable, Iterable
from typing import TypeVar

from twisted.internet.defer import Deferred, FirstError, gatherResults

T = TypeVar("T")


async def together(works: Iterable[Awaitable[T]]) -> list[T]:
    """Await all of them at once. Raises what the first to fail raised; the others run on unheard.

    Cancelling cancels all of them.
    """
    running = [Deferred.fromCoroutine(_awaited(work)) for work in works]
    try:
        results: list[T] = await gatherResults(running, consumeErrors=True)
    except FirstError as error:
        error.subFailure.raiseException()
        raise
    return results


async def _awaited(work: Awaitable[T]) -> T:
    return await work
