"""Who is taken out of a group, and how he comes back."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.outliers import EJECTED_S, FORGIVEN_S, PROBE_EVERY, Fitness, Outliers

THREE = ["a", "b", "c"]


class OutliersTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.outliers = Outliers()

    def fail(self, name: str, now: float, times: int = 5) -> None:  # type: ignore[override]
        for _ in range(times):
            self.outliers.failed(name, now)

    def allowed(self, now: float, names: list[str] = THREE) -> list[str]:
        return self.outliers.allowed(names, now)

    def test_five_failures_in_a_row_take_a_replica_out_for_half_a_minute(self) -> None:
        self.fail("b", 0.0, 4)
        self.assertEqual(self.allowed(0.0), THREE)
        self.fail("b", 0.0, 1)
        self.assertEqual(self.allowed(0.1), ["a", "c"])
        self.assertEqual(self.allowed(EJECTED_S - 0.1), ["a", "c"])
        self.assertEqual(self.outliers.fitness("b", EJECTED_S), Fitness.probed)

    def test_an_answer_between_begins_the_count_anew(self) -> None:
        self.fail("b", 0.0, 4)
        self.outliers.succeeded("b", 0.0)
        self.fail("b", 0.0, 4)
        self.assertEqual(self.allowed(0.0), THREE)

    def test_who_does_not_answer_is_answered_only_where_there_is_nobody_else(self) -> None:
        self.outliers.fell_silent("b", 0.0)
        self.assertEqual(self.allowed(0.0), ["a", "c"])
        self.assertEqual(self.outliers.fitness("b", 0.0), Fitness.silent)
        self.outliers.fell_silent("a", 0.0)
        self.outliers.fell_silent("c", 0.0)
        self.assertEqual(self.allowed(0.0), THREE)
        self.outliers.succeeded("b", 1.0)
        self.assertEqual(self.allowed(1.0), ["b"])

    def test_on_probe_it_is_in_a_small_share_of_the_answers(self) -> None:
        self.fail("b", 0.0)
        answers = [self.allowed(EJECTED_S) for _ in range(PROBE_EVERY * 5)]
        self.assertEqual(sum("b" in answer for answer in answers), 5)

    def test_a_good_probe_brings_it_back_whole(self) -> None:
        self.fail("b", 0.0)
        self.outliers.succeeded("b", EJECTED_S)
        self.assertEqual(self.outliers.fitness("b", EJECTED_S), Fitness.fit)
        self.assertEqual(self.allowed(EJECTED_S), THREE)

    def test_a_bad_probe_sends_it_away_for_twice_as_long(self) -> None:
        self.fail("b", 0.0)
        self.outliers.failed("b", EJECTED_S)
        self.assertEqual(self.outliers.fitness("b", EJECTED_S * 3 - 0.1), Fitness.out)
        self.assertEqual(self.outliers.fitness("b", EJECTED_S * 3), Fitness.probed)

    def test_a_replica_three_times_slower_than_the_others_is_out_at_the_second_report(self) -> None:
        for now in (1.0, 2.0):
            self.outliers.measured("a", 0.010, now)
            self.outliers.measured("c", 0.012, now)
            self.assertEqual(self.allowed(now), THREE)
            self.outliers.measured("b", 0.100, now)
        self.assertEqual(self.allowed(2.0), ["a", "c"])

    def test_where_all_are_slow_nobody_is(self) -> None:
        for now in (1.0, 2.0, 3.0):
            for name in THREE:
                self.outliers.measured(name, 0.5, now)
        self.assertEqual(self.allowed(3.0), THREE)

    def test_what_is_fast_is_not_slow_for_having_faster_neighbours(self) -> None:
        for now in (1.0, 2.0, 3.0):
            self.outliers.measured("a", 0.0001, now)
            self.outliers.measured("b", 0.0015, now)
        self.assertEqual(self.allowed(3.0), THREE)

    def test_a_latency_that_is_mostly_chance_is_compared_with_but_judges_nobody(self) -> None:
        for now in (1.0, 2.0, 3.0):
            self.outliers.measured("a", 0.01, now)
            self.outliers.measured("b", 0.5, now, certain=False)
        self.assertEqual(self.allowed(3.0), THREE)

    def test_at_most_a_tenth_and_never_the_last_are_out(self) -> None:
        for name in THREE:
            self.fail(name, 0.0)
        self.assertEqual(len(self.allowed(0.0)), 2)
        self.assertEqual(self.allowed(0.0, ["a"]), ["a"])
        many = [f"r{number}" for number in range(30)]
        for name in many[:10]:
            self.fail(name, 0.0)
        self.assertEqual(len(self.allowed(0.0, many)), 27)

    def test_who_behaves_for_long_is_forgiven(self) -> None:
        self.fail("b", 0.0)
        self.outliers.succeeded("b", EJECTED_S)
        self.outliers.succeeded("b", EJECTED_S + FORGIVEN_S)
        self.fail("b", 1000.0)
        self.assertEqual(self.outliers.fitness("b", 1000.0 + EJECTED_S), Fitness.probed)

    def test_a_new_process_under_the_name_begins_with_a_clean_record(self) -> None:
        self.fail("b", 0.0)
        self.outliers.forget("b")
        self.assertEqual(self.allowed(0.0), THREE)

    def test_it_is_known_when_the_next_one_may_come_back(self) -> None:
        self.assertEqual(self.outliers.changes_at(), float("inf"))
        self.fail("b", 7.0)
        self.assertEqual(self.outliers.changes_at(), 7.0 + EJECTED_S)
        self.assertTrue(self.outliers.troubled(THREE, 8.0))
        self.assertFalse(self.outliers.troubled(["a", "c"], 8.0))
