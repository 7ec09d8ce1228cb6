"""What is watched in simulated rolls, shown on what is wrong."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.roll import State
from pushnet.roles.registry.rolling_record import RollRecord
from pushnet.sim.roll_watch import Kind, RollWatch
from pushnet.stores.registry.state import Put


class _Registry:
    """As much of one as is asked for."""

    epoch = 4

    class parts:
        class node:
            name = "registry-1"


def record(state: State) -> str:
    made = RollRecord(
        1,
        "pusher",
        "2",
        "me",
        0,
        ("p-1", "p-2"),
        {"p-1": "1", "p-2": "1"},
        (1, 2),
        1,
        1.0,
        state,
        touched=("p-1",),
    )
    return made.to_json()


class RollWatchTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.watch = RollWatch(lambda: 1.0, [Kind("pusher", ("p-1", "p-2"), True)], None)
        self.registry: Any = _Registry()
        self.wrote(4, Put("leading/rolls", "registry-1", 3.0))

    def wrote(self, revision: int, *puts: Put) -> list[str]:
        self.watch.wrote(self.registry, puts, revision)
        return self.watch.wrong

    def test_a_leader_gives_a_version_that_its_roll_says(self) -> None:
        told = Put("roll/pusher", record(State.rolling))
        self.assertEqual(self.wrote(5, told, Put("version/p-1", "2")), [])

    def test_a_version_must_be_in_a_roll(self) -> None:
        self.assertIn("without the roll: no roll", self.wrote(5, Put("version/p-1", "2"))[0])

    def test_it_must_be_the_rolls_and_the_servers_turn(self) -> None:
        told = Put("roll/pusher", record(State.undoing))
        self.assertIn("without the roll: undoing", self.wrote(5, told, Put("version/p-1", "2"))[0])
        self.assertEqual(len(self.wrote(6, told, Put("version/p-2", "1"))), 2)

    def test_who_gives_it_must_lead(self) -> None:
        self.registry.epoch = 3
        told = Put("roll/pusher", record(State.rolling))
        self.assertIn("('registry-1', 4) leads", self.wrote(5, told, Put("version/p-1", "2"))[0])

    def test_servers_that_are_out_are_counted(self) -> None:
        self.watch.out(2)
        self.assertEqual(self.watch.wrong, [])
        self.watch.out(1)
        self.assertIn("p-1, p-2 are out at a time", self.watch.wrong[0])
