"""What an agent asks of a front is what fronts can do."""

from __future__ import annotations

import inspect

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.node.front import FrontOf, PassingFront
from pushnet.roles.node.fronting import Front, FrontMaker


class FrontingTest(SynchronousTestCase):
    def test_the_front_has_the_methods_of_the_contract(self) -> None:
        for name in ("turn_to", "turn_away", "close"):
            wanted = inspect.signature(getattr(Front, name))
            self.assertEqual(inspect.signature(getattr(PassingFront, name)), wanted, name)
        self.assertEqual(inspect.signature(FrontOf.__call__), inspect.signature(FrontMaker.__call__))
