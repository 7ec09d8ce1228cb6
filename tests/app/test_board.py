"""The news of a cluster, for people and for programs."""

from __future__ import annotations

import io
import json
import os
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.board import Board
from pushnet.app.supervised import Supervised
from tests.app.dummies import SERVING, Stage, program

LINE = b'{"time":"2026-01-02T03:04:05.678+00:00","level":"info","message":"3 [bold] devices","node":"b"}'
WARNING = LINE.replace(b'"info"', b'"warn"')


class BoardTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.out = io.StringIO()

    def told(self) -> list[str]:
        return self.out.getvalue().splitlines()

    def test_people_read_name_time_and_message(self) -> None:
        Board(self.out).heard(program("b"), LINE)
        self.assertEqual(self.told(), ["           b | 03:04:05.678 3 [bold] devices"])

    def test_a_line_that_is_no_json_is_shown_as_it_is(self) -> None:
        Board(self.out).heard(program("b"), b"Segmentation [fault]")
        self.assertEqual(self.told(), ["           b | Segmentation [fault]"])

    def test_who_wants_quiet_hears_warnings_only(self) -> None:
        board = Board(self.out, loud=("warn",))
        board.heard(program("b"), LINE)
        board.heard(program("b"), WARNING)
        self.assertEqual(self.told(), ["           b | 03:04:05.678 warn: 3 [bold] devices"])

    def test_programs_get_lines_as_they_are_and_events(self) -> None:
        board = Board(self.out, machine=True)
        board.say("for people")
        board.heard(program("b"), LINE)
        board.event("ready", {"nodes": {}})
        self.assertEqual(self.told(), [LINE.decode(), '{"event": "ready", "nodes": {}}'])

    def test_who_stops_reading_stops_nothing(self) -> None:
        for machine in (False, True):
            reader, writer = os.pipe()
            os.close(reader)
            with open(writer, "w") as out:
                board = Board(out, machine=machine)
                board.say("anybody there?")
                board.heard(program("b"), LINE)
                os.dup2(os.open(os.devnull, os.O_WRONLY), writer)

    def test_states_of_a_program_are_told(self) -> None:
        for machine in (False, True):
            self.life(Board(self.out, machine=machine))
        told = self.told()
        self.assertEqual(told[:2], ["b serves, process 1000", "b ended with SIGKILL; it is started again"])
        states = [json.loads(line)["state"] for line in told[2:]]
        self.assertEqual(states, ["starting", "serving", "pausing"])
        self.assertEqual(json.loads(told[3])["pid"], 1000)

    def life(self, board: Board) -> None:
        stage = Stage()
        world: Any = stage
        member = Supervised(world, program("b"), lambda *_: None, board.changed)
        member.start()
        stage.spawned[0].output(SERVING)
        stage.spawned[0].end(-9)
