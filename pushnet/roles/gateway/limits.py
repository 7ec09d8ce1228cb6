"""Rate limits: so many calls a minute for each app and kind of call, told in four headers.

The window begins with an app's first call and lasts a minute, that of broadcasts a day. JPush's
documentation names the header `X-Rate-Limit-Quota`; every SDK that reads it reads `X-Rate-Limit-Limit`: both
are sent. The count is this gateway's own. Numbers: JPush's free tier, 600 push and 600 device calls a minute.
"""

from __future__ import annotations

import math

import attrs

WINDOW_S = 60.0
DAY_S = 24 * 3600.0


@attrs.frozen
class Quota:
    """What one call left of its app's window."""

    limit: int
    remaining: int
    reset_s: int
    allowed: bool

    def headers(self) -> dict[str, str]:
        return {
            "X-Rate-Limit-Quota": str(self.limit),
            "X-Rate-Limit-Limit": str(self.limit),
            "X-Rate-Limit-Remaining": str(self.remaining),
            "X-Rate-Limit-Reset": str(self.reset_s),
        }


@attrs.define
class _Window:
    began: float
    used: int = 0


class RateLimit:
    """Counts the calls of one kind. Keeps one small window for each app that is configured."""

    def __init__(self, limit: int, window_s: float = WINDOW_S) -> None:
        self._limit = limit
        self._window_s = window_s
        self._windows: dict[str, _Window] = {}

    def untouched(self) -> Quota:
        """For answers to nobody known."""
        return Quota(self._limit, self._limit, int(self._window_s), allowed=True)

    def take(self, app: str, now: float) -> Quota:
        """Count one call of `app` at the monotonic second `now`; a call over the limit is not counted."""
        window = self._windows.get(app)
        if window is None or now - window.began >= self._window_s:
            window = self._windows[app] = _Window(now)
        allowed = window.used < self._limit
        if allowed:
            window.used += 1
        assert window.used <= self._limit
        reset_s = math.ceil(window.began + self._window_s - now)
        return Quota(self._limit, self._limit - window.used, reset_s, allowed)
