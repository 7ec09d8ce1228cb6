"""Who is told of other settings when: never more are out than may be."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.waves import Standing, Wave, read_wave, step

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
