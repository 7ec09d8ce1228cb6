"""A front is killed with kill -9, as with its agent, while a stock client calls: what exactly that costs."""

from __future__ import annotations

import os
import sys
from collections import Counter

from tests.interop.counted import CountedCase
from tests.interop.counting_programs import STOCK_PYTHON
from tests.interop.stock import HERE, Program, free_port

KILLS = int(os.environ.get("KILLS", "3"))
THREADS = 3
"""Of the client."""
KINDS = ("two-way", "idempotent", "one-way", "batch")
PATIENT = {"Ice.RetryIntervals": "0 200 500 1000 2000 4000 8000"}
"""Until the next agent listens connects are refused."""


class FrontKilledTest(CountedCase):
    timeout = 60 + 30 * KILLS

    async def test_two_way_calls_are_told_and_of_the_others_only_what_was_under_way_is_lost(self) -> None:
        port, private = free_port(), free_port()
        server = Program(
            "server",
            f"--Counting.Record={self.record()}",
            f"--Counting.Endpoints=tcp -h 127.0.0.1 -p {private}",
            command=STOCK_PYTHON,
        )
        self.addCleanup(server.kill)
        self.assertEqual(await server.line(), "serving")
        front = await self.front(port, private)
        client = self.client(STOCK_PYTHON, "c", f"tcp -h 127.0.0.1 -p {port}", PATIENT)
        self.assertEqual(await client.line(), "calling")
        for _ in range(KILLS):
            self.assertEqual(await front.line(), "busy")
            await front.kill()
            front = await self.front(port, private)
        self.assertEqual(await front.line(), "busy")
        client.transport.closeStdin()
        begun = [int(count) for count in (await client.line()).split()]
        words = (await client.line()).split()
        told = dict(zip(words[::3], words[2::3], strict=True))
        await client.ended
        await self.end(server)
        asked = [
            f"c.{thread}.{number}" for thread in range(THREADS) for number in range(1, begun[thread] + 1)
        ]
        done = Counter(self.records[0].read_text().split())
        lost = Counter(self.kind(name) for name in asked if name not in told and not done[name])
        twice = Counter(self.kind(name) for name in asked if done[name] > 1)
        costs = f"told {dict(Counter(map(self.kind, told)))}, lost {dict(lost)}, twice {dict(twice)}"
        print(f"{KILLS} kills, {len(asked)} requests: {costs}")
        self.assertEqual({self.kind(name) for name in told} - {"two-way"}, set(), told)
        self.assertEqual(set(told.values()) - {"ConnectionLostException"}, set())
        self.assertLessEqual(len(told), KILLS * THREADS)
        self.assertEqual(set(twice) - {"idempotent"}, set())
        self.assertEqual(set(lost) - {"one-way", "batch"}, set(), "what is lost in silence")
        self.assertLessEqual(max(lost.values(), default=0), KILLS * THREADS)
        self.assertGreater(len(asked), 100 * KILLS)

    @staticmethod
    def kind(name: str) -> str:
        return KINDS[(int(name.rpartition(".")[2]) - 1) % len(KINDS)]

    async def front(self, port: int, private: int) -> Program:
        """What stands in an agent; the next agent finds the server where it was."""
        command = [sys.executable, "-u", str(HERE / "front_process.py")]
        words = (str(port), str(private), str(self.folder / "world"))
        program = Program(*words, command=command, python=sys.executable)
        self.addCleanup(program.kill)
        self.assertEqual(await program.line(), "stands")
        return program
