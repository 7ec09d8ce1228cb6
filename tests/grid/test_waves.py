"""Who is told of other settings when: never more are out than may be."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.waves import MARGIN_S, Standing, Waits, Wave, read_wave, step

NAMES = [f"b{number}" for number in range(10)]


def up(name: str, pid: int = 1) -> Standing:
    return Standing(name, pid, serving=True)


def down(name: str) -> Standing:
    return Standing(name, 0, serving=False)


def held(*names: str) -> Wave:
    return Wave(dict.fromkeys(names, 3))


class WavesTest(SynchronousTestCase):
    def test_one_at_a_time_and_the_next_when_it_is_back(self) -> None:
        servers = {name: up(name) for name in NAMES}
        wave, order = held(*NAMES), []
        while not wave.over:
            wave = step(wave, list(servers.values()), ())
            self.assertLessEqual(len(wave.told), 1)
            for name in wave.told:
                self.assertEqual(step(wave, list(servers.values()), ()), wave)
                servers[name] = up(name, 2)
                order.append(name)
        self.assertEqual(order, NAMES)

    def test_a_tenth_of_many(self) -> None:
        servers = [up(f"b{number:02}") for number in range(35)]
        self.assertEqual(len(step(held(*[each.name for each in servers]), servers, ()).told), 3)

    def test_who_is_out_anyway_comes_first_and_alone(self) -> None:
        servers = [up("a"), down("b"), up("c")]
        wave = step(held("a", "b", "c"), servers, ())
        self.assertEqual((list(wave.told), list(wave.held)), (["b"], ["a", "c"]))
        wave = step(wave, [up("a"), up("b", 5), up("c")], ())
        self.assertEqual((list(wave.told), list(wave.held)), (["a"], ["c"]))

    def test_a_neighbour_that_is_out_and_needs_nothing_is_waited_for(self) -> None:
        wave = held("a", "b")
        self.assertEqual(step(wave, [up("a"), up("b"), down("c")], ()), wave)

    def test_one_that_is_late_halts_the_rest_until_it_is_back(self) -> None:
        servers = [up(name) for name in NAMES]
        wave = step(held(*NAMES), servers, ())
        halted = step(wave, servers, ["b0"])
        self.assertEqual(halted.halted, "b0 did not come back with the settings")
        self.assertEqual((halted.told, halted.held), (wave.told, wave.held))
        goes_on = step(halted, [up("b0", 2), *servers[1:]], ["b0"])
        self.assertEqual((goes_on.halted, list(goes_on.told)), ("", ["b1"]))

    def test_who_rests_needs_no_turn_and_who_is_gone_none_either(self) -> None:
        rests = Standing("a", 0, serving=False, resting=True)
        wave = step(held("a", "gone", "b"), [rests, up("b")], ())
        self.assertEqual((list(wave.told), wave.held), (["b"], {}))

    def test_written_and_read_it_is_the_same(self) -> None:
        wave = Wave({"a": 1}, {"b": 7}, "why")
        self.assertEqual(read_wave(wave.to_json()), wave)

    def test_one_that_is_late_has_its_turn_again_when_other_settings_come(self) -> None:
        servers = [down("b0"), *(up(name) for name in NAMES[1:])]
        wave = Wave(dict.fromkeys(NAMES, 3), {"b0": 1})
        wave = step(wave, servers, ["b0"])
        self.assertEqual((wave.told, "b0" in wave.held, wave.halted), ({}, True, ""))
        wave = step(wave, servers, ())
        self.assertEqual((wave.told, "b0" in wave.held), ({"b0": 0}, False))

    def test_one_that_runs_what_it_was_told_already_is_over_in_time_unless_something_is_said_of_it(
        self,
    ) -> None:
        told = Wave({"b1": 3}, {"b0": 1})
        settled = [Standing("b0", 1, True, settled=True), up("b1")]
        self.assertEqual(step(told, settled, ()), told)
        self.assertEqual(step(told, settled, ["b0"]), Wave({"b1": 3}))
        self.assertIn("b0", step(told, [up("b0"), up("b1")], ["b0"]).halted)


class WaitsTest(SynchronousTestCase):
    def test_who_was_told_too_long_ago_is_overdue_by_its_own_limits(self) -> None:
        waits, wave = Waits(), Wave({}, {"a": 1, "b": 1})
        limits = {"a": 5.0, "b": 50.0}
        self.assertEqual(waits.overdue("edge", wave, 100.0, limits.__getitem__), [])
        self.assertEqual(waits.overdue("edge", wave, 100.0 + MARGIN_S + 5.0, limits.__getitem__), [])
        self.assertEqual(waits.overdue("edge", wave, 101.0 + MARGIN_S + 5.0, limits.__getitem__), ["a"])

    def test_who_is_told_again_has_all_its_time_and_other_kinds_are_not_forgotten(self) -> None:
        waits, limits = Waits(), dict.fromkeys("abc", 0.0)
        waits.overdue("edge", Wave({}, {"a": 1}), 0.0, limits.__getitem__)
        waits.overdue("core", Wave({}, {"c": 1}), 0.0, limits.__getitem__)
        later = 1.0 + MARGIN_S
        self.assertEqual(waits.overdue("edge", Wave({}, {"a": 2}), later, limits.__getitem__), [])
        self.assertEqual(waits.overdue("core", Wave({}, {"c": 1}), later, limits.__getitem__), ["c"])
        waits.clear()
        self.assertEqual(waits.overdue("core", Wave({}, {"c": 1}), later, limits.__getitem__), [])
