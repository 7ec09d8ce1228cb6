"""Learning what counts today. The attacks are in `test_tuf_attacks`."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.limits import CHUNK_BYTES_MAX
from pushnet.grid.patch.refusals import Malformed, NotListed
from pushnet.grid.patch.signing import digest_of
from pushnet.grid.patch.trust import Trust
from pushnet.roles.releases.source import SourceFailed, SourcesFailed
from pushnet.roles.releases.today import Today, document
from tests.roles.releases.workshop import NOW_S, Mirror, Workshop


class TodayTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.workshop = Workshop()
        self.workshop.publish("1.0.0")
        self.mirror = Mirror(self.workshop.shelf)
        self.today = Today(Trust.anchored(self.workshop.anchor), lambda: NOW_S)

    def learn(self, *mirrors: Mirror) -> None:
        self.successResultOf(_deferred(self.today.learn(mirrors or [self.mirror])))

    def test_roots_timestamp_and_snapshot_are_learnt_and_kept(self) -> None:
        root = self.workshop.shelf.trust().root
        self.workshop.publisher().change_root(root.keys, root.rules, [self.workshop.root], self.workshop.keys)
        self.learn()
        self.assertEqual((self.today.trust.root.number, len(self.today.roots)), (2, 1))
        self.assertEqual(self.today.trust.find("broker").version, "1.0.0")
        self.assertEqual(self.today.timestamp, self.workshop.shelf.papers.timestamp())

    def test_a_source_that_is_down_is_passed_over_and_told_of(self) -> None:
        down = Mirror(self.workshop.shelf, "down")

        async def root(number: int) -> bytes:
            raise SourceFailed("connection refused")

        down.root = root  # type: ignore[method-assign]
        self.learn(down, self.mirror)
        self.assertEqual(self.today.complaints, {"down": "connection refused"})
        failure = self.failureResultOf(_deferred(Today(self.today.trust, lambda: NOW_S).learn([down])))
        failure.trap(SourcesFailed)
        self.assertIn("down: connection refused", failure.getErrorMessage())

    def test_a_release_document_is_found(self) -> None:
        self.learn()
        listed = self.today.trust.find("broker")
        release, data = self.successResultOf(_deferred(self.today.release(listed, [self.mirror])))
        self.assertEqual((release.version, digest_of(data)), ("1.0.0", listed.sha256))

    def test_a_document_comes_in_chunks_of_exactly_what_was_asked(self) -> None:
        data = bytes(range(256)) * 2500
        digest = self.workshop.shelf.objects.put(data)
        self.assertEqual(self.successResultOf(_deferred(document(self.mirror, digest, len(data)))), data)
        self.assertEqual(max(asked[3] for asked in self.mirror.asked if asked[0] == "read"), CHUNK_BYTES_MAX)
        failure = self.failureResultOf(_deferred(document(self.mirror, digest, len(data) + 1)))
        failure.trap(NotListed)
        self.failureResultOf(_deferred(document(self.mirror, digest, 1 << 40))).trap(Malformed)


def _deferred(flow: object) -> object:
    from twisted.internet.defer import ensureDeferred

    return ensureDeferred(flow)  # type: ignore[arg-type]
