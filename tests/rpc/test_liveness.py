"""When a peer is sent a heartbeat, and when it is given up or parted with."""

from __future__ import annotations

from typing import Any

from twisted.internet.task import Clock
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.acm import ACM, ACMClose, ACMHeartbeat, ConnectionSettings
from pushnet.rpc.liveness import BEAT_S, Liveness, Look, Pulse, Verdict


class LivenessCase(SynchronousTestCase):
    settings = ConnectionSettings()

    def setUp(self) -> None:
        self.liveness = Liveness(self.settings)
        self.flushes = 0

    def beats(
        self, seconds: float, *, sent: bool = False, heard: bool = False, beaten: bool = False, **look: Any
    ) -> list[Verdict]:
        """So many seconds' looks, with something sent or heard before each, as told."""
        verdicts = []
        for _ in range(round(seconds / self.liveness.period_s)):
            self.flushes += sent
            self.liveness.heard = heard or beaten
            if beaten:
                self.liveness.beaten(bool(look.get("owed")))
            verdict = self.liveness.beat(Look(self.flushes, **look))
            self.flushes += verdict is Verdict.send_heartbeat
            verdicts.append(verdict)
        return verdicts

    def ends_after(self, verdicts: list[Verdict], wanted: Verdict) -> float:
        """After how many seconds it came; fails when it did not."""
        self.assertIn(wanted, verdicts)
        return (verdicts.index(wanted) + 1) * self.liveness.period_s

    def stays(self, verdicts: list[Verdict]) -> None:
        self.assertNotIn(Verdict.close, verdicts)
        self.assertNotIn(Verdict.give_up, verdicts)


class WithoutPropertiesTests(LivenessCase):
    def test_an_idle_connection_is_never_silent_for_thirty_seconds(self) -> None:
        silent_beats = 0
        for verdict in self.beats(500):
            silent_beats = 0 if verdict is Verdict.send_heartbeat else silent_beats + 1
            self.assertLess((silent_beats + 1) * BEAT_S, 30.0)

    def test_a_busy_connection_needs_no_heartbeat(self) -> None:
        self.assertEqual(self.beats(200, sent=True), [Verdict.nothing] * 20)

    def test_nothing_is_added_to_what_waits_to_be_sent(self) -> None:
        self.assertNotIn(Verdict.send_heartbeat, self.beats(50, queued=True))

    def test_a_peer_of_ice_3_7_may_be_idle_for_ever(self) -> None:
        self.stays(self.beats(1000))

    def test_who_owes_a_reply_and_is_silent_for_a_minute_is_given_up(self) -> None:
        self.assertEqual(self.ends_after(self.beats(100, owed=True), Verdict.give_up), 60.0)

    def test_a_call_given_up_is_owed_until_something_is_heard(self) -> None:
        self.liveness.unanswered = True
        self.assertIn(Verdict.give_up, self.beats(60))
        self.liveness = Liveness(self.settings)
        self.liveness.unanswered = True
        self.beats(10, heard=True)
        self.stays(self.beats(1000))

    def test_a_byte_in_time_saves_it(self) -> None:
        for _ in range(5):
            self.stays(self.beats(50, owed=True))
            self.beats(10, heard=True, owed=True)

    def test_a_heartbeat_in_time_saves_it(self) -> None:
        for _ in range(5):
            self.stays(self.beats(50, owed=True))
            self.beats(10, beaten=True, owed=True)

    def test_who_used_to_send_heartbeats_and_falls_silent_is_given_up(self) -> None:
        self.stays(self.beats(10, beaten=True))
        self.assertEqual(self.ends_after(self.beats(100), Verdict.give_up), 60.0)

    def test_heartbeats_while_we_wait_for_an_answer_are_no_promise_of_more(self) -> None:
        self.beats(30, beaten=True, owed=True)
        self.stays(self.beats(1000))

    def test_silence_is_not_held_against_a_peer_that_we_do_not_read(self) -> None:
        self.stays(self.beats(1000, owed=True, reading=False))

    def test_who_reads_nothing_for_the_endpoints_timeout_is_given_up(self) -> None:
        for stall_s in (60.0, 2.0):
            self.liveness = Liveness(self.settings, stall_s)
            verdicts = self.beats(2 * stall_s, reading=False, congested=True, queued=True)
            self.assertAlmostEqual(
                self.ends_after(verdicts, Verdict.give_up), stall_s, delta=self.liveness.period_s
            )

    def test_who_stops_in_the_middle_of_a_message_is_given_up(self) -> None:
        self.liveness = Liveness(self.settings, 2.0)
        self.assertEqual(self.ends_after(self.beats(4, partial=True), Verdict.give_up), 2.0)
        self.liveness = Liveness(self.settings, 2.0)
        self.stays(self.beats(10, partial=True, heard=True))

    def test_without_a_timeout_a_message_may_take_for_ever(self) -> None:
        self.liveness = Liveness(self.settings, 0.0)
        self.stays(self.beats(1000, partial=True, congested=True, queued=True))

    def test_who_reads_slowly_is_waited_for(self) -> None:
        self.stays(self.beats(1000, sent=True, reading=False, congested=True, queued=True))


class ManagedTests(LivenessCase):
    """Ice 3.7's ACM, with a timeout of a second."""

    def given(self, close: ACMClose, heartbeat: ACMHeartbeat = ACMHeartbeat.HeartbeatOff) -> None:
        self.liveness = Liveness(ConnectionSettings(ACM(1, close, heartbeat), managed=True, idle_check=False))
        self.flushes = 0

    def test_off_closes_nothing(self) -> None:
        self.given(ACMClose.CloseOff)
        self.stays(self.beats(10, owed=True))

    def test_on_idle_closes_in_order_when_nothing_is_under_way(self) -> None:
        self.given(ACMClose.CloseOnIdle)
        self.assertEqual(self.ends_after(self.beats(2), Verdict.close), 1.0)

    def test_on_idle_waits_for_what_is_under_way(self) -> None:
        for doing in ("owed", "serving", "queued", "partial", "held"):
            self.given(ACMClose.CloseOnIdle)
            self.stays(self.beats(10, **{doing: True}))

    def test_on_invocation_cuts_who_owes_an_answer_and_keeps_who_is_idle(self) -> None:
        self.given(ACMClose.CloseOnInvocation)
        self.stays(self.beats(10))
        self.assertIn(Verdict.give_up, self.beats(1, owed=True))

    def test_a_heartbeat_in_time_keeps_who_owes_an_answer(self) -> None:
        self.given(ACMClose.CloseOnInvocation)
        for _ in range(20):
            self.stays(self.beats(0.75, owed=True))
            self.stays(self.beats(0.25, owed=True, beaten=True))

    def test_on_invocation_and_idle_does_both(self) -> None:
        self.given(ACMClose.CloseOnInvocationAndIdle)
        self.assertIn(Verdict.close, self.beats(1))
        self.given(ACMClose.CloseOnInvocationAndIdle)
        self.assertIn(Verdict.give_up, self.beats(1, owed=True))
        self.given(ACMClose.CloseOnInvocationAndIdle)
        self.stays(self.beats(10, serving=True))

    def test_on_idle_forceful_cuts_whatever_is_under_way(self) -> None:
        for doing in ({}, {"owed": True}, {"serving": True}):
            self.given(ACMClose.CloseOnIdleForceful)
            self.assertEqual(self.ends_after(self.beats(2, **doing), Verdict.give_up), 1.0)

    def test_what_is_sent_or_heard_keeps_a_connection(self) -> None:
        for doing in ({"sent": True}, {"heard": True}, {"beaten": True}):
            self.given(ACMClose.CloseOnIdleForceful)
            self.stays(self.beats(10, **doing))

    def test_without_a_timeout_nothing_is_closed_or_sent(self) -> None:
        acm = ACM(0, ACMClose.CloseOnIdleForceful, ACMHeartbeat.HeartbeatAlways)
        self.liveness = Liveness(ConnectionSettings(acm, managed=True, idle_check=False))
        self.assertEqual(set(self.beats(1000)), {Verdict.nothing})

    def test_heartbeats_come_as_the_mode_says(self) -> None:
        idle, busy, serving = {}, {"sent": True}, {"serving": True}
        for mode, expected in (
            (ACMHeartbeat.HeartbeatOff, (0, 0, 0)),
            (ACMHeartbeat.HeartbeatOnDispatch, (0, 0, 10)),
            (ACMHeartbeat.HeartbeatOnIdle, (10, 0, 10)),
            (ACMHeartbeat.HeartbeatAlways, (10, 10, 10)),
        ):
            counts = []
            for doing in (idle, busy, serving):
                self.given(ACMClose.CloseOff, mode)
                counts.append(self.beats(5, **doing).count(Verdict.send_heartbeat))
            self.assertEqual(tuple(counts), expected, mode)

    def test_an_adapter_on_hold_sends_none_and_closes_nothing(self) -> None:
        self.given(ACMClose.CloseOnIdleForceful, ACMHeartbeat.HeartbeatAlways)
        self.assertEqual(set(self.beats(10, held=True, serving=True)), {Verdict.nothing})

    def test_other_rules_may_be_set_at_any_time(self) -> None:
        self.given(ACMClose.CloseOff)
        self.beats(10)
        self.liveness.change(self.liveness.settings.changed(4, ACMClose.CloseOnIdle, None))
        self.assertEqual(self.liveness.period_s, 1.0)
        self.assertIn(Verdict.close, self.beats(4))


class IdleTests(LivenessCase):
    """Ice 3.8's `IdleTimeout` and `InactivityTimeout`."""

    settings = ConnectionSettings(idle_s=6.0, idle_check=True, inactive_s=30.0)

    def test_silence_alone_ends_a_connection_when_it_is_checked(self) -> None:
        self.assertEqual(self.ends_after(self.beats(10), Verdict.give_up), 6.0)

    def test_a_heartbeat_leaves_before_half_of_the_time_is_over(self) -> None:
        verdicts = self.beats(5)
        self.assertLessEqual(self.ends_after(verdicts, Verdict.send_heartbeat), 3.0)

    def test_heartbeats_of_both_ends_are_no_use(self) -> None:
        self.assertEqual(self.ends_after(self.beats(60, beaten=True), Verdict.close), 30.0)

    def test_what_is_used_or_under_way_is_kept(self) -> None:
        for doing in ({"heard": True}, {"heard": True, "sent": True}, {"beaten": True, "serving": True}):
            self.liveness = Liveness(self.settings)
            self.stays(self.beats(100, **doing))

    def test_no_idle_time_means_no_heartbeats_and_no_check(self) -> None:
        self.liveness = Liveness(ConnectionSettings(idle_s=0.0, idle_check=True))
        self.assertEqual(set(self.beats(1000, owed=True)), {Verdict.nothing})


class PulseTests(SynchronousTestCase):
    def test_each_is_looked_at_as_often_as_it_wants_until_it_is_removed(self) -> None:
        clock, told = Clock(), []

        class Living:
            def __init__(self, name: str) -> None:
                self.name = name

            def beat(self) -> None:
                told.append(self.name)

        pulse, slow, quick = Pulse(clock.callLater), Living("slow"), Living("quick")
        pulse.add(slow, 10.0)
        pulse.add(quick, 1.0)
        pulse.add(Living("other"), 10.0)
        clock.pump([1.0] * 10)
        self.assertEqual([told.count(name) for name in ("slow", "quick", "other")], [1, 10, 1])
        pulse.remove(quick, 1.0)
        pulse.remove(quick, 5.0)
        clock.pump([1.0] * 10)
        self.assertEqual([told.count(name) for name in ("slow", "quick", "other")], [2, 10, 2])
        self.assertEqual(len(clock.getDelayedCalls()), 1)
        pulse.stop()
        pulse.add(quick, 1.0)
        self.assertEqual(clock.getDelayedCalls(), [])
