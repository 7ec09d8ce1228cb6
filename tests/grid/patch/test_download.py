"""The download as a conversation: events in, commands out, by a clock of the test."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.download import (
    ASK_LIMIT_S,
    STALL_S,
    WINDOW,
    Ask,
    Command,
    Discard,
    Download,
    Finished,
    GaveUp,
    Keep,
    Settle,
)  # fmt: skip
from pushnet.grid.patch.sources import Source

CHUNK = 10


def asks(commands: list[Command]) -> list[Ask]:
    return [each for each in commands if isinstance(each, Ask)]


class DownloadTests(SynchronousTestCase):
    def make(self, wants: dict[str, int], *names: str, **options: object) -> Download:
        self.sources = {name: Source(name) for name in names or ("s",)}
        return Download(wants, list(self.sources.values()), chunk_bytes=CHUNK, **options)  # type: ignore[arg-type]

    def test_an_object_is_asked_for_in_chunks_kept_in_order_and_settled(self) -> None:
        download = self.make({"d": 25})
        first = download.begin(0)
        self.assertEqual(first, [Ask("s", "d", 0, 10), Ask("s", "d", 10, 10), Ask("s", "d", 20, 5)])
        self.assertEqual(download.arrived("s", "d", 10, b"b" * 10, 0), [])
        kept = download.arrived("s", "d", 0, b"a" * 10, 0)
        self.assertEqual(kept, [Keep("d", 0, b"a" * 10), Keep("d", 10, b"b" * 10)])
        self.assertEqual(download.arrived("s", "d", 20, b"c" * 5, 0), [Keep("d", 20, b"c" * 5)])
        self.assertEqual((download.arrived_bytes, download.total), (25, 25))
        download.kept("d", 20, 0)
        self.assertEqual(download.kept("d", 5, 0), [Settle("d")])
        self.assertEqual(download.settled("d", True, 0), [Finished()])
        self.assertEqual(download.tick(1), [], "it is over once")

    def test_nothing_to_fetch_is_finished_at_once(self) -> None:
        self.assertEqual(self.make({}).begin(0), [Finished()])

    def test_a_source_has_a_window_and_sources_share_the_objects(self) -> None:
        download = self.make({"d": 1000, "e": 1000}, "s", "t")
        found = asks(download.begin(0))
        self.assertEqual(len(found), 2 * WINDOW)
        self.assertEqual({(ask.source, ask.digest) for ask in found}, {("s", "d"), ("t", "e")})

    def test_what_was_gathered_before_is_gone_on_with_and_too_much_is_thrown_away(self) -> None:
        download = self.make({"d": 25, "e": 25, "f": 25}, gathered={"d": 20, "e": 30, "f": 25})
        first = download.begin(0)
        self.assertIn(Ask("s", "d", 20, 5), first)
        self.assertIn(Discard("e"), first)
        self.assertIn(Settle("f"), first)
        self.assertEqual(download.arrived_bytes, 45)

    def test_another_source_goes_on_where_one_failed(self) -> None:
        download = self.make({"d": 30}, "s", "t")
        download.begin(0)
        download.arrived("s", "d", 0, b"a" * 10, 0)
        after = download.failed("s", "d", 10, "gone", 1)
        self.assertEqual(asks(after), [Ask("t", "d", 10, 10), Ask("t", "d", 20, 10)])
        self.assertEqual(download.failed("s", "d", 20, "gone", 1), [], "it is blamed once")

    def test_a_source_that_failed_is_asked_again_after_its_rest(self) -> None:
        download = self.make({"d": 5})
        download.begin(0)
        self.assertEqual(download.failed("s", "d", 0, "gone", 0), [])
        self.assertEqual(download.tick(1), [])
        self.assertEqual(download.tick(2), [Ask("s", "d", 0, 5)])

    def test_too_few_or_too_many_bytes_ban_a_source(self) -> None:
        for data in (b"", b"1", b"x" * 6):
            download = self.make({"d": 5})
            download.begin(0)
            (end,) = download.arrived("s", "d", 0, data, 0)
            self.assertIsInstance(end, GaveUp)
            self.assertIn("where 5 were asked for", self.sources["s"].banned)

    def test_an_object_that_is_wrong_bans_its_only_giver_and_comes_from_another(self) -> None:
        download = self.make({"d": 5}, "s", "t")
        download.begin(0)
        download.arrived("s", "d", 0, b"wrong", 0)
        download.kept("d", 5, 0)
        self.assertEqual(download.settled("d", False, 0), [Ask("t", "d", 0, 5)])
        self.assertIn("not the object", self.sources["s"].banned)

    def test_of_several_givers_none_is_banned_at_once(self) -> None:
        download = self.make({"d": 15}, "s", "t")
        download.begin(0)
        download.arrived("s", "d", 0, b"a" * 10, 0)
        download.failed("s", "d", 10, "gone", 0)
        download.arrived("t", "d", 10, b"b" * 5, 0)
        download.kept("d", 15, 0)
        self.assertEqual(asks(download.settled("d", False, 0))[0], Ask("t", "d", 0, 10))
        self.assertEqual((self.sources["s"].banned, self.sources["t"].banned), ("", ""))

    def test_an_answer_in_time_or_a_rest(self) -> None:
        download = self.make({"d": 5}, "s")
        download.begin(0)
        download.tick(ASK_LIMIT_S - 1)
        self.assertTrue(self.sources["s"].usable(ASK_LIMIT_S - 1))
        download.tick(ASK_LIMIT_S)
        self.assertIn("did not answer within", self.sources["s"].complaint)

    def test_an_object_that_stalls_goes_to_an_idle_source(self) -> None:
        download = self.make({"d": 5}, "s", "t")
        download.begin(0)
        self.assertEqual(download.tick(STALL_S - 0.1), [])
        self.assertEqual(download.tick(STALL_S), [Ask("t", "d", 0, 5)])
        self.assertEqual(download.arrived("s", "d", 0, b"later", STALL_S), [], "the late answer is ignored")

    def test_what_no_source_has_is_given_up_with_each_one_s_reason(self) -> None:
        download = self.make({"d": 5}, "s", "t")
        download.begin(0)
        self.assertEqual(download.lacking("s", "d", 0, 0), [Ask("t", "d", 0, 5)])
        (end,) = download.lacking("t", "d", 0, 0)
        assert isinstance(end, GaveUp)
        self.assertIn("no source has the object d (s: it does not have d; t:", end.reason)

    def test_time_is_limited(self) -> None:
        download = self.make({"d": 5}, give_up_at=10.0)
        download.begin(0)
        (end,) = download.tick(10)
        self.assertIn("longer than it was given", end.reason)

    def test_a_byte_budget_holds_questions_back(self) -> None:
        download = self.make({"d": 1000}, bytes_per_s=20)
        count = len(asks(download.begin(0)))
        self.assertLess(count, WINDOW)
        self.assertEqual(asks(download.tick(0.1)), [])
        self.assertEqual(len(asks(download.tick(1.0))), 1)

    def test_a_disk_that_does_not_keep_up_holds_questions_back(self) -> None:
        source = Source("s")
        download = Download({"d": 64 << 20}, [source])
        waiting, offset, unwritten = asks(download.begin(0)), 0, 0
        while waiting:
            ask = waiting.pop(0)
            waiting += asks(download.arrived("s", "d", ask.offset, bytes(ask.size), 0))
            offset, unwritten = ask.offset, unwritten + ask.size
        self.assertLess(unwritten, 10 << 20)
        self.assertTrue(asks(download.kept("d", unwritten, 0)))
        self.assertGreater(offset, 0)

    @settings(max_examples=60, deadline=None)
    @given(st.integers(0, 2**32), st.integers(1, 5), st.integers(1, 3))
    def test_whatever_sources_do_all_arrives_from_one_that_is_honest(
        self, seed: int, count: int, liars: int
    ) -> None:
        play = _Play(self, random.Random(seed), count, liars)
        self.assertTrue(play.ends(), "it never ended")


class _Play:
    """One honest source and some that lie, fail and lack, as the dice fall."""

    def __init__(self, case: DownloadTests, rng: random.Random, count: int, liars: int) -> None:
        self.case, self.rng = case, rng
        self.contents = {f"d{n}": rng.randbytes(rng.randrange(60)) for n in range(count)}
        self.disk = dict.fromkeys(self.contents, b"")
        wants = {digest: len(data) for digest, data in self.contents.items()}
        self.download = case.make(wants, "honest", *(f"liar{n}" for n in range(liars)))
        self.now, self.queue = 0.0, self.download.begin(0)

    def ends(self) -> bool:
        for _ in range(5000):
            if not self.queue:
                self.now += 1
                self.queue = self.download.tick(self.now)
                continue
            command = self.queue.pop(self.choose())
            if isinstance(command, Finished):
                self.case.assertEqual(self.disk, self.contents)
                return True
            if isinstance(command, GaveUp):
                self.case.assertTrue(self.case.sources["honest"].banned, command.reason)
                return True
            self.queue += self.answer(command) if isinstance(command, Ask) else self.write(command)
        return False

    def choose(self) -> int:
        """The disk works in order, questions are answered in any."""
        asked = [place for place, each in enumerate(self.queue) if isinstance(each, Ask)]
        other = [place for place, each in enumerate(self.queue) if not isinstance(each, Ask)]
        return other[0] if other and (not asked or self.rng.random() < 0.6) else self.rng.choice(asked)

    def answer(self, ask: Ask) -> list[Command]:
        data = self.contents[ask.digest][ask.offset : ask.offset + ask.size]
        act = "give" if ask.source == "honest" else self.rng.choice(["give", "flip", "cut", "fail", "lack"])
        if act == "fail":
            return self.download.failed(ask.source, ask.digest, ask.offset, "broken", self.now)
        if act == "lack":
            return self.download.lacking(ask.source, ask.digest, ask.offset, self.now)
        data = bytes(byte ^ 1 for byte in data) if act == "flip" else data
        data = data[:-1] if act == "cut" else data
        return self.download.arrived(ask.source, ask.digest, ask.offset, data, self.now)

    def write(self, command: Command) -> list[Command]:
        if isinstance(command, Keep):
            self.case.assertEqual(len(self.disk[command.digest]), command.offset)
            self.disk[command.digest] += command.data
            return self.download.kept(command.digest, len(command.data), self.now)
        assert isinstance(command, Settle)
        right = self.disk[command.digest] == self.contents[command.digest]
        if not right:
            self.disk[command.digest] = b""
        return self.download.settled(command.digest, right, self.now)
