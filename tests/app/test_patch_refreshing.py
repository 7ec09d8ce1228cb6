"""A timestamp that is signed anew as long as the command runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.internet.defer import Deferred, ensureDeferred
from twisted.trial.unittest import TestCase

from pushnet.app import patching
from pushnet.app.patch_refreshing import refresh_again_and_again
from pushnet.app.patching import Keyring, Making
from pushnet.app.realworld import RealWorld
from pushnet.app.running import CommandError, Session
from pushnet.roles.releases.publisher import Lifetimes
from pushnet.roles.releases.shelf import Shelf


class RefreshingTest(TestCase):
    timeout = 30

    def setUp(self) -> None:
        self.top = Path(self.mktemp())
        self.store = self.top / "store"
        world: Any = RealWorld(reactor, self.store)
        self.world = world
        self.ring = Keyring((self.top / "keys",), lambda file: b"")
        self.session = Session(world, reactor, Deferred())
        patching.make_store(world, self.top / "keys", Making(), Lifetimes(), b"")
        (self.top / "files").mkdir()
        (self.top / "files" / "text").write_text("words")
        patching.publish(world, self.top / "files", "app", "1.0", self.ring, Lifetimes())

    def number(self) -> int:
        timestamp = Shelf(self.world.storage).trust().timestamp
        assert timestamp is not None
        return timestamp.number

    async def test_it_is_signed_again_and_again_until_somebody_says_stop(self) -> None:
        before = self.number()
        often: Deferred[None] = Deferred()
        told: list[int] = []

        def tell(expires: int) -> None:
            told.append(expires)
            if len(told) == 3:
                often.callback(None)

        work = ensureDeferred(
            refresh_again_and_again(self.session, self.store, self.ring, Lifetimes(), 0.01, tell, self.fail)
        )
        await often
        self.session.stopping.callback(None)
        self.assertEqual(await work, 0)
        self.assertGreaterEqual(self.number(), before + 3)

    async def test_without_keys_it_ends_at_once(self) -> None:
        nobody = Keyring((self.top / "nowhere",), lambda file: b"")
        with self.assertRaises(CommandError):
            await refresh_again_and_again(
                self.session, self.store, nobody, Lifetimes(), 3600.0, self.fail, self.fail
            )
