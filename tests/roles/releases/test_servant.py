"""What is served: documents that are here, objects, files of staged trees; in answers of bounded size."""

from __future__ import annotations

from collections.abc import Awaitable

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.release import NotHereException
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.patch.limits import CHUNK_BYTES_MAX, HAVE_MAX
from pushnet.grid.patch.signing import digest_of
from pushnet.roles.releases.servant import ReleasesI
from pushnet.sim import Simulation
from tests.roles.releases.workshop import FILES, InlineWorker, Mirror, Node, Workshop


class ServantTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.workshop = Workshop()
        self.workshop.publish("1.0.0")
        self.servant = ReleasesI(self.workshop.shelf, InlineWorker())  # type: ignore[arg-type]

    def result(self, work: Awaitable[object]) -> object:
        return self.successResultOf(ensureDeferred(work))  # type: ignore[arg-type]

    def refused(self, work: Awaitable[object], kind: type[BaseException] = NotHereException) -> None:
        self.failureResultOf(ensureDeferred(work)).trap(kind)  # type: ignore[arg-type]

    def test_documents_are_served_by_number_and_by_digest(self) -> None:
        papers = self.workshop.shelf.papers
        self.assertEqual(self.result(self.servant.root(1)), papers.root(1))
        self.assertEqual(self.result(self.servant.timestamp()), papers.timestamp())
        release = papers.release("broker", "1.0.0", 1) or b""
        self.assertEqual(self.result(self.servant.read(digest_of(release), 3, 10)), release[3:13])
        for number in (0, 2, -1):
            self.refused(self.servant.root(number))

    def test_documents_published_later_are_served_too(self) -> None:
        self.result(self.servant.have([]))
        self.workshop.publish("1.1.0", {"a": b"1"})
        release = self.workshop.shelf.papers.release("broker", "1.1.0", 2) or b""
        self.assertEqual(self.result(self.servant.have([digest_of(release)])), [len(release)])

    def test_nothing_but_objects_can_be_named(self) -> None:
        for digest in ("", "../timestamp.json", "0" * 64, "A" * 64, "../../etc/passwd", "0" * 63 + "/"):
            self.refused(self.servant.read(digest, 0, 10))
            self.assertEqual(self.result(self.servant.have([digest])), [-1])

    def test_answers_and_questions_are_bounded(self) -> None:
        digest = self.workshop.shelf.objects.put(bytes(CHUNK_BYTES_MAX * 2))
        self.assertEqual(len(self.result(self.servant.read(digest, 0, 2**31 - 1))), CHUNK_BYTES_MAX)  # type: ignore[arg-type]
        for offset, size in ((0, -5), (2**60, 10), (CHUNK_BYTES_MAX * 2, 10)):
            self.assertEqual(self.result(self.servant.read(digest, offset, size)), b"")
        self.assertEqual(self.result(self.servant.read(digest, -7, 2)), b"\0\0")
        many = self.result(self.servant.have([digest] * (HAVE_MAX + 2)))
        self.assertEqual(many, [CHUNK_BYTES_MAX * 2] * HAVE_MAX + [-1, -1])

    def test_a_node_serves_the_files_of_its_trees(self) -> None:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        node = Node(simulation, self.workshop)
        node.stage("1.0.0", Mirror(self.workshop.shelf))
        servant = ReleasesI(node.library.shelf, InlineWorker())  # type: ignore[arg-type]
        digests = [digest_of(content) for content in FILES.values()]
        self.assertEqual(self.result(servant.have(digests)), [len(each) for each in FILES.values()])
        for digest, content in zip(digests, FILES.values(), strict=True):
            self.assertEqual(self.result(servant.read(digest, 0, 10_000)), content)

    def test_an_empty_store_has_nothing_yet(self) -> None:
        servant = ReleasesI(Workshop().shelf, InlineWorker())  # type: ignore[arg-type]
        self.refused(servant.timestamp())

    def test_a_disk_that_fails_is_told_as_that(self) -> None:
        def broken(*_: object) -> bytes:
            raise OSError(5, "Input/output error")

        self.workshop.shelf.papers.timestamp = broken  # type: ignore[method-assign]
        self.refused(self.servant.timestamp(), UnavailableException)
