"""The timing wheel: asked in time, not before, and free to leave."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.net.wheel import Wheel


class Lamp:
    """A spoke that notes when it was asked and answers from a list."""

    wheel_slot = 0

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.asked: list[int] = []

    def due(self, tick: int) -> int:
        self.asked.append(tick)
        return self.answers.pop(0) if self.answers else 0


class WheelTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.wheel = Wheel(8)

    def turn(self, times: int) -> None:
        for _ in range(times):
            self.wheel.turn()

    def test_a_spoke_is_asked_when_its_tick_comes(self) -> None:
        lamp = Lamp()
        self.wheel.add(lamp, 3)
        self.turn(2)
        self.assertEqual(lamp.asked, [])
        self.turn(10)
        self.assertEqual(lamp.asked, [3])

    def test_a_spoke_that_wants_more_goes_round_again(self) -> None:
        lamp = Lamp(5, 2)
        self.wheel.add(lamp, 1)
        self.turn(20)
        self.assertEqual(lamp.asked, [1, 6, 8])

    def test_a_delay_longer_than_the_wheel_is_asked_early(self) -> None:
        lamp = Lamp(93)
        self.wheel.add(lamp, 100)
        self.turn(7)
        self.assertEqual(lamp.asked, [7])

    def test_a_spoke_that_left_is_not_asked(self) -> None:
        lamp = Lamp()
        self.wheel.add(lamp, 3)
        self.wheel.remove(lamp)
        self.wheel.remove(lamp)
        self.turn(10)
        self.assertEqual((lamp.asked, len(self.wheel)), ([], 0))

    def test_a_spoke_taken_out_by_its_neighbour_in_the_same_tick_is_not_asked(self) -> None:
        second = Lamp()
        wheel = self.wheel

        class Remover(Lamp):
            def due(self, tick: int) -> int:
                wheel.remove(second)
                return 0

        wheel.add(Remover(), 2)
        wheel.add(second, 2)
        self.turn(4)
        self.assertEqual(second.asked, [])
