"""A program that lives in asyncio uses the same proxies and servants, in a process of its own."""

import os
import sys
from pathlib import Path

from twisted.internet.utils import getProcessOutputAndValue
from twisted.trial.unittest import TestCase

ROOT = Path(__file__).parent.parent.parent


class AsyncioTest(TestCase):
    timeout = 30

    async def test_coroutines_of_asyncio_call_and_serve(self) -> None:
        argv = ["-m", "tests.system.asyncio_program"]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        out, errors, code = await getProcessOutputAndValue(sys.executable, argv, env, str(ROOT))
        self.assertEqual((out.decode(), code), ("[0, 2, 4, 6, 8] given up\n", 0), errors.decode())
