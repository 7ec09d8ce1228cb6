"""The news of a cluster, for people and for programs."""

from __future__ import annotations

import io
import json
import os

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.board import Board, Standing

LINE = b'{"time":"2026-01-02T03:04:05.678+00:00","level":"info","message":"3 [bold] devices","node":"b"}'
WARNING = LINE.replace(b'"info"', b'"warn"')


class BoardTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.out = io.StringIO()

    def told(self) -> list[str]:
        return self.out.getvalue().splitlines()

    def test_people_read_name_time_and_message(self) -> None:
        Board(self.out).heard("b", LINE)
        self.assertEqual(self.told(), ["           b | 03:04:05.678 3 [bold] devices"])

    def test_a_line_that_is_no_json_is_shown_as_it_is(self) -> None:
        Board(self.out).heard("b", b"Segmentation [fault]")
        self.assertEqual(self.told(), ["           b | Segmentation [fault]"])

    def test_who_wants_quiet_hears_warnings_only(self) -> None:
        board = Board(self.out, loud=("warn",))
        board.heard("b", LINE)
        board.heard("b", WARNING)
        self.assertEqual(self.told(), ["           b | 03:04:05.678 warn: 3 [bold] devices"])

    def test_programs_get_lines_as_they_are_and_events(self) -> None:
        board = Board(self.out, machine=True)
        board.say("for people")
        board.heard("b", LINE)
        board.event("ready", {"nodes": {}})
        self.assertEqual(self.told(), [LINE.decode(), '{"event": "ready", "nodes": {}}'])

    def test_who_stops_reading_stops_nothing(self) -> None:
        for machine in (False, True):
            reader, writer = os.pipe()
            os.close(reader)
            with open(writer, "w") as out:
                board = Board(out, machine=machine)
                board.say("anybody there?")
                board.heard("b", LINE)
                os.dup2(os.open(os.devnull, os.O_WRONLY), writer)

    def test_states_of_a_program_are_told(self) -> None:
        for machine in (False, True):
            self.life(Board(self.out, machine=machine))
        told = self.told()
        again = "b serves, process 1001, started again (1)"
        self.assertEqual(
            told[:3], ["b serves, process 1000", "b ended with SIGKILL; it is started again", again]
        )
        states = [json.loads(line)["state"] for line in told[3:]]
        self.assertEqual(states, ["starting", "serving", "pausing", "serving"])
        self.assertEqual(json.loads(told[4])["pid"], 1000)

    def life(self, board: Board) -> None:
        for state, pid, restarts, ended in (
            ("starting", 1000, 0, None),
            ("serving", 1000, 0, None),
            ("pausing", 0, 1, -9),
            ("serving", 1001, 1, -9),
        ):
            board.changed(Standing("b", "broker", state, pid, restarts=restarts, ended=ended))
