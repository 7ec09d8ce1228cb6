"""`pushnet demo` from its command line: a small one, whole."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from twisted.trial.unittest import TestCase

from tests.app.children import Child

LIMIT_S = 150.0


class DemoTest(TestCase):
    timeout = 180

    async def test_every_message_arrives_exactly_once_though_a_broker_is_killed_and_all_are_patched(
        self,
    ) -> None:
        pushnet = str(Path(sys.executable).with_name("pushnet"))
        ended = await Child([pushnet, "demo", "--devices", "60", "--json"], limit_s=LIMIT_S).ended
        self.assertEqual(ended.status, 0, ended.out + ended.err)
        told = json.loads(ended.out.splitlines()[-1])
        self.assertGreater(told["targeted"], 60 * 5)
        self.assertEqual(told["delivered"], told["targeted"])
        self.assertEqual((told["lost"], told["duplicates"]), (0, 0))
        for kind in ("all", "tags", "alias", "single"):
            for column in (kind, f"kill-{kind}", f"roll-{kind}"):
                facts = told["kinds"][column]
                self.assertEqual(facts["delivered"], facts["targeted"], column)
                self.assertGreater(facts["delivered"], 0, column)
                self.assertLessEqual(facts["p50_ms"], facts["p99_ms"])
        self.assertIn("killing broker-1", ended.err)
        self.assertIn("2 Brokers patched under load", ended.err)
        self.assertIn("nothing lost, nothing twice, the slowest delivery", ended.err)
