"""Logins: is this user's password right? Asked off the reactor, few at a time, and never in a hurry.

Deriving a key takes a tenth of a second of processor time on purpose, so logins are a way to wear a node
out: only `PARALLEL` are looked at at once, `WAITING_MAX` wait, the rest are told to come back. An unknown
user costs exactly as much time as a wrong password, so names cannot be guessed by the clock, and both are
answered with the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from twisted.internet.defer import DeferredSemaphore

from pushnet.roles.password import PASSWORD_BYTES_MAX, PasswordHash, PasswordHashError
from pushnet.roles.penalties import Penalties
from pushnet.world import World

PARALLEL: Final = 2
"""Processors that logins may keep busy."""
WAITING_MAX: Final = 50
"""Some three seconds of waiting; more would outlast the ten seconds a visitor has."""
USER_CHARACTERS_MAX: Final = 255
WRONG: Final = "user or password is wrong"


class LoginRefused(Exception):
    """The user may not have a session; the text may be shown to whoever tried."""


class LoginBusy(Exception):
    """Too many logins at once: nothing was looked at."""


class Login:
    """Knows the users and their hashes."""

    def __init__(self, world: World, users: Mapping[str, str], setting: str) -> None:
        """`users` stands in the configuration as `setting`.

        Raises `PasswordHashError` naming the user whose hash is malformed.
        """
        self._world = world
        self._hashes: dict[str, PasswordHash] = {}
        for user, text in users.items():
            try:
                self._hashes[user] = PasswordHash.parse(text)
            except PasswordHashError as error:
                raise PasswordHashError(f"{setting}.{user}: {error}") from error
        self._decoy = next(iter(self._hashes.values()), None)
        self._penalties = Penalties()
        self._turn = DeferredSemaphore(PARALLEL)

    async def check(self, user: str, password: str, host: str) -> None:
        """Return when `password` is the user's. Raises `LoginRefused`, `LoginBusy`."""
        if len(user) > USER_CHARACTERS_MAX or len(password.encode()) > PASSWORD_BYTES_MAX:
            raise LoginRefused(WRONG)
        self._refuse_penalized(user, host)
        if len(self._turn.waiting) >= WAITING_MAX:
            raise LoginBusy("too many logins at once; try again")
        await self._turn.acquire()
        try:
            self._refuse_penalized(user, host)
            right = await self._look(user, password)
            if not right:
                self._penalties.failed(user, host, self._world.monotonic())
        finally:
            self._turn.release()
        if not right:
            raise LoginRefused(WRONG)
        self._penalties.succeeded(user, host)

    def _refuse_penalized(self, user: str, host: str) -> None:
        """Asked before and after waiting for a turn: many tries at once must not slip by."""
        wait_s = self._penalties.wait_s(user, host, self._world.monotonic())
        if wait_s:
            raise LoginRefused(f"too many failed logins; try again in {int(wait_s) + 1} s")

    async def _look(self, user: str, password: str) -> bool:
        """Whether the password is right, in the same time whether the user exists or not."""
        known = self._hashes.get(user)
        candidate = known or self._decoy
        if candidate is None:
            return False
        matches = await self._world.run_blocking(candidate.matches, password)
        return matches and known is not None
