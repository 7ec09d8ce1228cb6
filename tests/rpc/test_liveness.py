"""When a peer is sent a heartbeat, and when it is given up."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.liveness import BEAT_S, SILENT_BEATS_MAX, STUCK_BEATS_MAX, Liveness, Verdict


class LivenessTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.liveness = Liveness()
        self.flushes = 0

    def beats(self, count: int, *, sent: bool = False, heard: bool = False, **of: bool) -> list[Verdict]:
        """So many looks, with something sent or heard before each, as told."""
        verdicts = []
        for _ in range(count):
            self.flushes += sent
            self.liveness.heard = heard
            told = {"queued": False, "owed": False, "reading": True, "congested": False, **of}
            verdict = self.liveness.beat(self.flushes, **told)
            self.flushes += verdict is Verdict.send_heartbeat
            verdicts.append(verdict)
        return verdicts

    def test_an_idle_connection_is_never_silent_for_thirty_seconds(self) -> None:
        silent_beats = 0
        for verdict in self.beats(50):
            silent_beats = 0 if verdict is Verdict.send_heartbeat else silent_beats + 1
            self.assertLess((silent_beats + 1) * BEAT_S, 30.0)

    def test_a_busy_connection_needs_no_heartbeat(self) -> None:
        self.assertEqual(self.beats(20, sent=True), [Verdict.nothing] * 20)

    def test_nothing_is_added_to_what_waits_to_be_sent(self) -> None:
        self.assertNotIn(Verdict.send_heartbeat, self.beats(5, queued=True))

    def test_a_peer_of_ice_3_7_may_be_idle_for_ever(self) -> None:
        self.assertNotIn(Verdict.give_up, self.beats(100))

    def test_who_owes_a_reply_and_is_silent_for_a_minute_is_given_up(self) -> None:
        verdicts = self.beats(SILENT_BEATS_MAX, owed=True)
        self.assertEqual(verdicts.index(Verdict.give_up), SILENT_BEATS_MAX - 1)
        self.assertEqual(SILENT_BEATS_MAX * BEAT_S, 60.0)

    def test_a_call_given_up_is_owed_until_something_is_heard(self) -> None:
        self.liveness.unanswered = True
        self.assertIn(Verdict.give_up, self.beats(SILENT_BEATS_MAX))
        self.liveness = Liveness()
        self.liveness.unanswered = True
        self.beats(1, heard=True)
        self.assertNotIn(Verdict.give_up, self.beats(100))

    def test_a_byte_in_time_saves_it(self) -> None:
        for _ in range(5):
            self.assertNotIn(Verdict.give_up, self.beats(SILENT_BEATS_MAX - 1, owed=True))
            self.beats(1, heard=True, owed=True)

    def test_who_used_to_send_heartbeats_and_falls_silent_is_given_up(self) -> None:
        self.liveness.peer_beats = True
        self.assertIn(Verdict.give_up, self.beats(SILENT_BEATS_MAX))

    def test_silence_is_not_held_against_a_peer_that_we_do_not_read(self) -> None:
        self.assertNotIn(Verdict.give_up, self.beats(100, owed=True, reading=False))

    def test_who_reads_nothing_for_a_minute_is_given_up(self) -> None:
        verdicts = self.beats(2 * STUCK_BEATS_MAX, reading=False, congested=True, queued=True)
        self.assertIn(Verdict.give_up, verdicts)
        self.assertGreaterEqual(verdicts.index(Verdict.give_up) * BEAT_S, 60.0)

    def test_who_reads_slowly_is_waited_for(self) -> None:
        verdicts = self.beats(100, sent=True, reading=False, congested=True, queued=True)
        self.assertNotIn(Verdict.give_up, verdicts)
