"""`ConcurrencyLimit`: how many requests an adapter serves at once; more are refused before they are begun.

    <adapter>.ConcurrencyLimit=200         a fixed limit; 0 or nothing: none
    <adapter>.ConcurrencyLimit=adaptive    one that finds itself, between .Min (10) and .Max (1000)

The adaptive limit compares how long requests take now with how long they take when few are being served: as
long as that is about the same it grows, and when they take longer, because too many are being served, it
shrinks (the gradient of Netflix's concurrency-limits). It starts a tenth of the way from its least to its
most, and changes only while it is at least half used: an idle server learns nothing about its limit. Now and
then it is halved for a moment, to learn anew how long requests take when few are being served.

A refused request may be repeated elsewhere, whatever its mode. Repeated attempts (`_pn.att`) are refused
first, at nine tenths of the limit. One-way requests count, and are never refused: nobody would hear of it.
"""

from __future__ import annotations

from collections.abc import Callable

from pushnet.rpc.current import ATTEMPT_KEY
from pushnet.rpc.exceptions import InitializationException, UnknownLocalException
from pushnet.rpc.incoming import Answer, Dispatcher, Request
from pushnet.rpc.properties import Properties

WINDOW = 50
"""Requests between two changes of the limit."""
PROBE_WINDOWS = 500
"""Changes between two halvings."""
TOLERANCE = 1.5
"""So much longer is still about the same."""
GROWTH = 4.0
"""Requests by which the limit grows in a window, when all is well."""
SMOOTHING = 0.2
"""How much of a change is made at once."""
REPEATED_SHARE = 0.9
OVERLOAD = "OverloadException: too many requests are being served"


class ConcurrencyLimit:
    """One adapter's. With `least` equal to `most` it is fixed."""

    def __init__(self, clock: Callable[[], float], least: int, most: int) -> None:
        self.limit = float(least + (most - least) // 10)
        self.running = 0
        self.refused = 0
        self._clock = clock
        self._least = least
        self._most = most
        self._least_s = 0.0
        self._windows = 0
        self._before_probe = 0.0
        self._count = 0
        self._sum_s = 0.0
        self._busiest = 0

    def admits(self, request: Request) -> bool:
        """Whether the request may be begun."""
        current = request.current
        if not current.requestId:
            return True
        limit = int(self.limit)
        if ATTEMPT_KEY in current.head.context:
            limit = max(1, int(limit * REPEATED_SHARE))
        return self.running < limit

    def middleware(self, following: Dispatcher) -> Dispatcher:
        """Stands before the servants."""

        async def dispatch(request: Request) -> Answer:
            if not self.admits(request):
                self.refused += 1
                raise UnknownLocalException(OVERLOAD)
            self.running += 1
            self._busiest = max(self._busiest, self.running)
            begun = self._clock()
            try:
                return await following(request)
            finally:
                self.running -= 1
                self.took(self._clock() - begun)

        return dispatch

    def took(self, seconds: float) -> None:
        """A request has been served."""
        self._count += 1
        self._sum_s += seconds
        if self._count >= WINDOW:
            self._adapt(self._sum_s / self._count)
            self._count, self._sum_s, self._busiest = 0, 0.0, self.running

    def _adapt(self, now_s: float) -> None:
        self._least_s = min(now_s, self._least_s or now_s)
        if self._before_probe:
            self.limit, self._before_probe = self._before_probe, 0.0
            return
        if self._busiest * 2 < self.limit or now_s <= 0:
            return
        self._windows += 1
        if self._windows % PROBE_WINDOWS == 0:
            self._least_s, self._before_probe = 0.0, self.limit
            self.limit = max(float(self._least), self.limit / 2)
            return
        gradient = max(0.5, min(1.0, TOLERANCE * self._least_s / now_s))
        wanted = self.limit * gradient + (GROWTH if gradient == 1.0 else 0.0)
        limit = self.limit + (wanted - self.limit) * SMOOTHING
        self.limit = min(float(self._most), max(float(self._least), limit))


def concurrency_limit(
    properties: Properties, adapter: str, clock: Callable[[], float]
) -> ConcurrencyLimit | None:
    """The one that properties ask for, if they do. Raises `InitializationException`."""
    key = f"{adapter}.ConcurrencyLimit"
    text = properties.getProperty(key).strip() if adapter else ""
    if text != "adaptive":
        fixed = properties.getPropertyAsInt(key) if text else 0
        return ConcurrencyLimit(clock, fixed, fixed) if fixed > 0 else None
    least = properties.getPropertyAsIntWithDefault(f"{key}.Min", 10)
    most = properties.getPropertyAsIntWithDefault(f"{key}.Max", 1000)
    if not 0 < least <= most:
        raise InitializationException(f"property {key}.Min is {least} and .Max {most}")
    return ConcurrencyLimit(clock, least, most)
