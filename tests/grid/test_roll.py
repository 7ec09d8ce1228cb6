"""A roll takes few nodes out at a time, waits between waves, and turns round at the first trouble."""

from collections.abc import Callable
from itertools import pairwise

import attrs
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.gates import Objection
from pushnet.grid.roll import (
    MOVE_LIMIT_S,
    NodeFact,
    Order,
    Roll,
    State,
    begin,
    pause,
    resume,
    step,
    undo,
    waits_for,
    without,
)

OLD, NEW = "1.0", "1.1"
MOVE_S = 4
LIMIT_S = 3000
Behaviour = Callable[[float], bool]
"""Whether a node with the new version serves, so many seconds after it began."""


def good(age_s: float) -> bool:
    return True


class Fleet:
    """Nodes that do as they are ordered, and a clock that goes in seconds."""

    def __init__(self, count: int, behaviour: Behaviour = good, places: int = 3) -> None:
        self.now = 100.0
        self.behaviour = behaviour
        self.versions = {f"n{number:02}": OLD for number in range(count)}
        self.places = {name: f"p{index % places}" for index, name in enumerate(self.versions)}
        self.since = dict.fromkeys(self.versions, 0.0)
        self.found: list[Objection] = []
        self.ever_new: set[str] = set()
        self.most_out = 0
        self.undoing_at = 0.0

    def facts(self) -> list[NodeFact]:
        return [
            NodeFact(name, version, self.serves(name), self.places[name])
            for name, version in self.versions.items()
        ]

    def serves(self, name: str) -> bool:
        age_s = self.now - self.since[name] - MOVE_S
        return age_s >= 0 and (self.versions[name] == OLD or self.behaviour(age_s))

    def take(self, orders: list[Order]) -> None:
        for order in orders:
            if self.versions[order.node] != order.version:
                self.versions[order.node] = order.version
                self.since[order.node] = self.now
                if order.version == NEW:
                    self.ever_new.add(order.node)

    def second(self, roll: Roll) -> Roll:
        roll, orders = step(roll, self.facts(), self.found, self.now)
        self.take(orders)
        if roll.state is State.undoing and not self.undoing_at:
            self.undoing_at = self.now
        self.most_out = max(self.most_out, sum(not self.serves(name) for name in self.versions))
        self.now += 1
        return roll

    def play(self, roll: Roll) -> Roll:
        end = self.now + LIMIT_S
        while not roll.over:
            assert self.now < end, roll
            roll = self.second(roll)
        return roll


class RollTest(SynchronousTestCase):
    def test_every_node_gets_the_version_a_tenth_at_a_time(self) -> None:
        for count in (1, 2, 3, 12, 40):
            fleet = Fleet(count)
            roll = fleet.play(begin("broker", NEW, fleet.facts()))
            self.assertIs(roll.state, State.done)
            self.assertEqual(set(fleet.versions.values()), {NEW})
            self.assertEqual(fleet.most_out, max(1, count // 10))

    def test_no_wave_begins_while_the_gates_have_something_against_the_one_before(self) -> None:
        fleet = Fleet(12)
        roll = begin("broker", NEW, fleet.facts())
        for _ in range(300):
            roll, orders = step(roll, fleet.facts(), [], fleet.now, doubted=True)
            fleet.take(orders)
            fleet.now += 1
        self.assertEqual((roll.wave, len(fleet.ever_new)), (0, 1))
        self.assertIs(fleet.play(roll).state, State.done)

    def test_it_waits_after_the_first_node_and_after_a_few(self) -> None:
        fleet = Fleet(12)
        roll = begin("broker", NEW, fleet.facts())
        grown: list[tuple[float, int]] = []
        while not roll.over:
            roll = fleet.second(roll)
            if not grown or grown[-1][1] != len(fleet.ever_new):
                grown.append((fleet.now, len(fleet.ever_new)))
        times = {count: at for at, count in grown}
        self.assertGreaterEqual(times[2] - times[1], roll.soak_s)
        self.assertGreaterEqual(times[4] - times[3], roll.soak_s)
        self.assertLess(times[12] - times[11], roll.soak_s)

    def test_neighbours_are_not_taken_one_after_the_other(self) -> None:
        fleet = Fleet(9, places=3)
        queue = begin("broker", NEW, fleet.facts()).queue
        places = [fleet.places[name] for name in queue]
        self.assertTrue(all(here != there for here, there in pairwise(places)), places)

    def test_a_bad_version_touches_one_node_which_gets_its_old_one_back_in_half_a_minute(self) -> None:
        bad: dict[str, Behaviour] = {
            "does not start": lambda age_s: False,
            "crashes at once": lambda age_s: age_s < 1,
            "crashes after 30 s": lambda age_s: age_s < 30,
            "comes and goes": lambda age_s: int(age_s) % 7 != 6,
        }
        for what, behaviour in bad.items():
            fleet = Fleet(12, behaviour)
            roll = fleet.play(begin("broker", NEW, fleet.facts()))
            self.assertIs(roll.state, State.undone, what)
            self.assertEqual(len(fleet.ever_new), 1, what)
            self.assertEqual(set(fleet.versions.values()), {OLD}, what)
            self.assertLessEqual(fleet.now - fleet.undoing_at, 30, what)
            self.assertIn(min(fleet.ever_new), roll.reason)

    def test_what_the_gates_say_turns_it_round_too(self) -> None:
        fleet = Fleet(12)
        roll = begin("broker", NEW, fleet.facts())
        while len(fleet.ever_new) < 3:
            roll = fleet.second(roll)
        fleet.found = [Objection(roll.queue[0], "too slow")]
        roll = fleet.play(roll)
        self.assertIs(roll.state, State.undone)
        self.assertEqual(roll.reason, f"{roll.queue[0]}: too slow")
        self.assertEqual(set(fleet.versions.values()), {OLD})
        self.assertEqual(fleet.most_out, 1)

    def test_what_is_said_of_nodes_it_has_not_touched_is_not_its_business(self) -> None:
        fleet = Fleet(4)
        roll = begin("broker", NEW, fleet.facts())
        fleet.found = [Objection(roll.queue[-1], "slow as ever")]
        roll, orders = step(roll, fleet.facts(), fleet.found, fleet.now)
        self.assertEqual([order.node for order in orders], [roll.queue[0]])

    def test_a_node_that_is_out_for_another_reason_counts(self) -> None:
        fleet = Fleet(12)
        facts = fleet.facts()
        roll = begin("broker", NEW, facts)
        gone = [fact for fact in facts if fact.name != roll.queue[5]]
        roll, orders = step(roll, gone, [], 1.0)
        self.assertEqual(orders, [])
        _, orders = step(roll, facts, [], 2.0)
        self.assertEqual(orders, [Order(roll.queue[0], NEW)])

    def test_paused_it_takes_nothing_more_and_still_turns_round_when_a_node_fails(self) -> None:
        fleet = Fleet(12)
        roll = fleet.second(begin("broker", NEW, fleet.facts()))
        roll = pause(roll)
        for _ in range(200):
            roll = fleet.second(roll)
        self.assertIs(roll.state, State.paused)
        self.assertEqual(len(fleet.ever_new), 1)
        self.assertIs(fleet.play(resume(roll)).state, State.done)
        fleet = Fleet(12, lambda age_s: age_s < 50)
        roll = pause(fleet.second(begin("broker", NEW, fleet.facts())))
        for _ in range(60):
            roll = fleet.second(roll)
        self.assertIs(fleet.play(roll).state, State.undone)

    def test_aborted_every_touched_node_goes_back_a_tenth_at_a_time(self) -> None:
        fleet = Fleet(20)
        roll = begin("broker", NEW, fleet.facts())
        while len(fleet.ever_new) < 8:
            roll = fleet.second(roll)
        roll = fleet.play(undo(roll, "the operator said so"))
        self.assertEqual(set(fleet.versions.values()), {OLD})
        self.assertEqual((roll.state, roll.reason, fleet.most_out), (State.undone, "the operator said so", 2))

    def test_a_canary_stays_alone(self) -> None:
        fleet = Fleet(12)
        roll = fleet.play(begin("broker", NEW, fleet.facts(), canary=True))
        self.assertIs(roll.state, State.done)
        self.assertEqual(len(fleet.ever_new), 1)

    def test_a_new_leader_goes_on_by_its_own_clock(self) -> None:
        fleet = Fleet(6)
        roll = begin("broker", NEW, fleet.facts())
        for _ in range(20):
            roll = fleet.second(roll)
        fleet.since = {name: at - fleet.now for name, at in fleet.since.items()}
        fleet.now = 0.0
        roll = fleet.play(roll.resumed())
        self.assertIs(roll.state, State.done)
        self.assertEqual(set(fleet.versions.values()), {NEW})

    def test_a_new_leader_gives_a_node_that_moves_its_whole_time(self) -> None:
        fleet = Fleet(6, lambda age_s: False)
        roll = fleet.second(begin("broker", NEW, fleet.facts()))
        roll = attrs.evolve(roll).resumed()
        roll, _ = step(roll, fleet.facts(), [], 5.0)
        roll, _ = step(roll, fleet.facts(), [], 5.0 + MOVE_LIMIT_S)
        self.assertIs(roll.state, State.rolling)
        roll, _ = step(roll, fleet.facts(), [], 6.0 + MOVE_LIMIT_S)
        self.assertIs(roll.state, State.undoing)

    def test_fetching_and_draining_take_nothing_from_the_time_to_start(self) -> None:
        fleet = Fleet(3)
        roll = fleet.second(begin("broker", NEW, fleet.facts()))
        (name,) = roll.touched
        old = [fact for fact in fleet.facts() if fact.name != name]
        roll, _ = step(roll, [*old, NodeFact(name, OLD, True, preparing=True)], [], 500.0)
        roll, _ = step(roll, [*old, NodeFact(name, NEW, False)], [], 500.0 + MOVE_LIMIT_S)
        self.assertIs(roll.state, State.rolling)
        roll, _ = step(roll, [*old, NodeFact(name, NEW, False)], [], 501.0 + MOVE_LIMIT_S)
        self.assertIs(roll.state, State.undoing)

    def test_trouble_that_came_with_the_version_turns_it_round_at_once(self) -> None:
        fleet = Fleet(3)
        roll = fleet.second(begin("broker", NEW, fleet.facts()))
        (name,) = roll.touched
        old = [fact for fact in fleet.facts() if fact.name != name]
        at = fleet.now + 5
        was_so = NodeFact(name, OLD, False, trouble="ended with status 1", phase_s=60.0)
        self.assertIs(step(roll, [*old, was_so], [], at)[0].state, State.rolling)
        fresh = attrs.evolve(was_so, phase_s=1.0)
        roll, _ = step(roll, [*old, fresh], [], at)
        self.assertEqual((roll.state, roll.reason), (State.undoing, f"{name}: ended with status 1"))

    def test_a_server_that_never_left_its_version_is_told_to_keep_it(self) -> None:
        fleet = Fleet(3)
        roll = undo(fleet.second(begin("broker", NEW, fleet.facts())), "its signature is wrong")
        (name,) = roll.touched
        old = [fact for fact in fleet.facts() if fact.name != name]
        roll, orders = step(roll, [*old, NodeFact(name, OLD, True, wanted=NEW)], [], 200.0)
        self.assertEqual((roll.state, orders), (State.undoing, [Order(name, OLD)]))
        roll, orders = step(roll, [*old, NodeFact(name, OLD, True, wanted=OLD)], [], 201.0)
        self.assertEqual((roll.state, orders), (State.undone, []))

    def test_who_is_out_comes_first_and_may_be_cured(self) -> None:
        fleet = Fleet(12)
        facts = [attrs.evolve(fact, serving=fact.name not in ("n05", "n07")) for fact in fleet.facts()]
        roll = begin("broker", NEW, facts)
        self.assertEqual(roll.queue[:2], ("n05", "n07"))
        roll, orders = step(roll, facts, [], 1.0)
        self.assertEqual(orders, [Order("n05", NEW)])
        roll, orders = step(roll, facts, [], 2.0)
        self.assertEqual(orders, [])

    def test_why_it_waits_is_told(self) -> None:
        fleet = Fleet(12)
        roll = begin("broker", NEW, fleet.facts())
        facts = [attrs.evolve(fact, serving=fact.name != roll.queue[9]) for fact in fleet.facts()]
        self.assertEqual(step(roll, facts, [], 1.0)[1], [])
        self.assertIn(f"waits for {roll.queue[9]}", waits_for(roll, facts))
        self.assertEqual(waits_for(roll, fleet.facts()), "")

    def test_done_it_can_be_rolled_back(self) -> None:
        fleet = Fleet(12)
        roll = fleet.play(begin("broker", NEW, fleet.facts()))
        fleet.most_out = 0
        roll = fleet.play(undo(roll, "rolled back"))
        self.assertEqual((roll.state, set(fleet.versions.values())), (State.undone, {OLD}))
        self.assertEqual(fleet.most_out, 1)

    def test_who_was_told_to_go_back_and_still_serves_counts_as_out_for_a_while(self) -> None:
        def facts(wanted: str) -> list[NodeFact]:
            return [NodeFact(name, NEW, True, wanted=wanted) for name in ("n1", "n2")]

        roll = attrs.evolve(
            begin("broker", NEW, [NodeFact(name, OLD, True) for name in ("n1", "n2")]),
            touched={"n1": 0.0, "n2": 0.0},
        )
        roll, orders = step(undo(roll, "no"), facts(NEW), [], 100.0)
        self.assertEqual([order.node for order in orders], ["n1"])
        waits = [NodeFact("n1", NEW, True, wanted=OLD), NodeFact("n2", NEW, True, wanted=NEW)]
        roll, orders = step(roll, waits, [], 110.0)
        self.assertEqual([order.node for order in orders], ["n1"])
        _, orders = step(roll, waits, [], 130.0)  # whoever has it in hand is away: the next
        self.assertEqual([order.node for order in orders], ["n1", "n2"])

    def test_a_canary_goes_on_to_all_and_back_with_them(self) -> None:
        fleet = Fleet(6)
        canary = fleet.play(begin("broker", NEW, fleet.facts(), canary=True))
        roll = begin("broker", NEW, fleet.facts(), earlier=canary)
        while len(fleet.ever_new) < 3:
            roll = fleet.second(roll)
        roll = fleet.play(undo(roll, "the operator said so"))
        self.assertEqual(set(fleet.versions.values()), {OLD})

    def test_who_is_no_more_is_not_waited_for(self) -> None:
        fleet = Fleet(4)
        roll = fleet.second(begin("broker", NEW, fleet.facts()))
        gone = [roll.queue[0], roll.queue[2]]
        for name in gone:
            del fleet.versions[name]
        roll = fleet.play(without(roll, gone))
        self.assertEqual((roll.state, set(fleet.versions.values())), (State.done, {NEW}))

    def test_how_long_it_watches_and_how_many_are_out_can_be_said(self) -> None:
        fleet = Fleet(12)
        fleet.play(begin("broker", NEW, fleet.facts(), soak_s=1.0, out_max=3))
        self.assertEqual(fleet.most_out, 3)
        self.assertLess(fleet.now, 100.0 + 12 * MOVE_S)

    def test_there_must_be_something_to_roll(self) -> None:
        self.assertRaises(ValueError, begin, "broker", NEW, [])
        self.assertRaises(ValueError, begin, "broker", OLD, Fleet(3).facts())

    def test_of_who_was_not_heard_yet_what_it_is_to_run_is_what_it_had(self) -> None:
        roll = begin("broker", NEW, [NodeFact("n1", "", False, wanted=OLD)])
        self.assertEqual(roll.before, {"n1": OLD})

    def test_who_had_no_version_is_back_when_nothing_is_wanted_of_it(self) -> None:
        roll = begin("broker", NEW, [NodeFact("n1", "", False)])
        roll, _ = step(roll, [NodeFact("n1", "", False)], [], 1.0)
        roll, orders = step(undo(roll, "no"), [NodeFact("n1", NEW, True, wanted=NEW)], [], 2.0)
        self.assertEqual((orders, roll.state), ([Order("n1", "")], State.undoing))
        roll, _ = step(roll, [NodeFact("n1", NEW, True)], [], 3.0)
        self.assertEqual(roll.state, State.undone)

    def test_who_was_out_before_is_given_what_it_had_and_not_waited_for(self) -> None:
        broken = NodeFact("n1", OLD, False, wanted=OLD, trouble="ended with status 1")
        roll, orders = step(begin("broker", NEW, [broken]), [broken], [], 1.0)
        self.assertEqual(orders, [Order("n1", NEW)])
        no_better = NodeFact("n1", NEW, False, wanted=NEW, trouble="ended with status 1", phase_s=1.0)
        roll, orders = step(roll, [no_better], [], 3.0)
        self.assertEqual((roll.state, orders), (State.undoing, [Order("n1", OLD)]))
        roll, _ = step(roll, [broken], [], 4.0)
        self.assertEqual(roll.state, State.undone)

    def test_who_serves_with_another_than_it_is_to_have_can_be_rolled_to_what_it_has(self) -> None:
        fact = NodeFact("n1", NEW, True, wanted=OLD, trouble="the successor ended with status 1")
        self.assertEqual(begin("broker", NEW, [fact]).queue, ("n1",))
        self.assertRaises(ValueError, begin, "broker", NEW, [attrs.evolve(fact, wanted=NEW)])
        back = undo(
            attrs.evolve(begin("broker", NEW, [fact]), was_out=frozenset(["n1"]), touched={"n1": 1.0}), ""
        )
        roll, _ = step(attrs.evolve(back, before={"n1": OLD}), [fact], [], 2.0)
        self.assertEqual((roll.state, roll.returned), (State.undoing, frozenset()))

    def test_who_served_before_is_waited_for_and_that_is_told(self) -> None:
        fact = NodeFact("n1", OLD, True, wanted=OLD)
        roll, _ = step(begin("broker", NEW, [fact]), [fact], [], 1.0)
        broken = NodeFact("n1", OLD, False, wanted=OLD, trouble="ended with status 1")
        roll, _ = step(undo(roll, "no"), [broken], [], 4.0)
        self.assertEqual(roll.state, State.undoing)
        self.assertIn(f"waits for n1 to serve with {OLD} again", waits_for(roll, [broken]))
        self.assertEqual(waits_for(roll, [attrs.evolve(broken, trouble="")]), "")

    def test_a_roll_in_place_of_one_that_is_undone_goes_back_to_what_was_before_both(self) -> None:
        fleet = Fleet(3)
        stuck = undo(fleet.second(begin("broker", NEW, fleet.facts())), "no")
        roll = begin("broker", "1.2", fleet.facts(), earlier=stuck)
        self.assertEqual(set(roll.before.values()), {OLD})
