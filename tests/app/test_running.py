"""A command under the reactor: its exit status, and what a signal does."""

from __future__ import annotations

import signal

from twisted.trial.unittest import TestCase

from tests.app.children import python

HEAD = """
import sys
from pushnet.app.running import CommandError, run
"""


def program(body: str) -> str:
    indented = "\n".join(f"    {line}" for line in body.splitlines())
    return f"{HEAD}\nasync def main(session):\n{indented}\nsys.exit(run(main))\n"


class RunTest(TestCase):
    async def test_the_result_is_the_exit_status(self) -> None:
        ended = await python("-c", program("return 7")).ended
        self.assertEqual((ended.status, ended.err), (7, ""))

    async def test_the_callers_mistake_is_one_line(self) -> None:
        ended = await python("-c", program("raise CommandError('there is no such file')")).ended
        self.assertEqual((ended.status, ended.err), (1, "pushnet: there is no such file\n"))

    async def test_our_mistake_comes_with_its_trace(self) -> None:
        ended = await python("-c", program("raise KeyError('oops')")).ended
        self.assertEqual(ended.status, 1)
        self.assertIn("Traceback", ended.err)
        self.assertIn("oops", ended.err)

    async def test_who_reads_no_further_is_told_nothing(self) -> None:
        body = "import os\nreading, writing = os.pipe()\nos.dup2(writing, 1)\nos.close(reading)\n"
        for said in ("print('x' * 100_000)", "print('x')"):
            ended = await python("-c", program(f"{body}{said}\nreturn 0")).ended
            self.assertEqual((ended.status, ended.err), (1, ""))

    async def test_what_ice_is_asked_to_trace_is_told(self) -> None:
        body = (
            "from pushnet.rpc.initialization import initialize\n"
            "properties = {'Ice.Trace.Network': '1', 'A.Endpoints': 'tcp -h 127.0.0.1'}\n"
            "async with initialize(session.world, properties) as communicator:\n"
            "    communicator.createObjectAdapter('A')\n"
            "return 0"
        )
        ended = await python("-c", program(body)).ended
        self.assertEqual(ended.status, 0, ended.err)
        self.assertIn("Network: listening for tcp connections", ended.err)

    async def test_a_traced_program_ends_though_sockets_that_are_closed_have_no_address(self) -> None:
        body = (
            "from pushnet.rpc.initialization import initialize\n"
            "properties = {'Ice.Trace.Network': '1', 'Ice.Default.CollocationOptimized': '0'}\n"
            "where = 'tcp -h 127.0.0.1 -p 0'\n"
            "server = initialize(session.world, properties)\n"
            "adapter = server.createObjectAdapterWithEndpoints('A', where)\n"
            "proxy = adapter.addWithUUID(__import__('pushnet.rpc.stubs').rpc.stubs.Servant())\n"
            "await adapter.activate()\n"
            "async with initialize(session.world, properties) as client:\n"
            "    await client.stringToProxy(str(proxy)).ice_ping()\n"
            "await server.destroy()\n"
            "return 0"
        )
        ended = await python("-c", program(body)).ended
        self.assertEqual(ended.status, 0, ended.err)
        self.assertEqual(ended.err.count("Network: closed tcp connection"), 2, ended.err)
        self.assertNotIn("Traceback", ended.err)

    async def test_a_signal_asks_to_stop_and_a_second_changes_nothing(self) -> None:
        body = (
            "print('up', flush=True)\nawait session.stopping\nprint('stopping', flush=True)\n"
            "from twisted.internet.task import deferLater\nawait deferLater(session.reactor, 0.2)\n"
            "return 3"
        )
        for number in (signal.SIGTERM, signal.SIGINT):
            child = python("-c", program(body))
            await child.says(b"up")
            child.signal(number)
            await child.says(b"stopping")
            child.signal(number)
            ended = await child.ended
            self.assertEqual((ended.status, ended.err), (3, ""))
