"""The app server of a scenario repeats itself until it is answered."""

from twisted.internet.defer import ensureDeferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.faults import Profile
from pushnet.sim.scenario import Scenario

QUIET = Profile(("cut",), 1e9)


class AppServerTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.scenario = Scenario(1, profile=QUIET, phones=3)
        self.simulation = self.scenario.simulation
        self.addCleanup(self.simulation.close)
        self.simulation.run_until(self.scenario._prepare())

    def tearDown(self) -> None:
        self.flushLoggedErrors()

    def _push(self, audience: object):
        return ensureDeferred(self.scenario.app_server.push("all", audience, self.scenario.phones))

    def test_a_call_is_repeated_while_the_gateway_is_away_and_pushes_once(self) -> None:
        self.scenario.cluster.kill("gateway-1")
        pushing = self._push("all")
        self.simulation.run_for(5)
        self.assertNoResult(pushing)
        self.scenario.cluster.boot("gateway-1")
        self.simulation.run_until(pushing, 60)
        self.simulation.run_for(5)
        self.assertEqual(self.scenario.ledger.verdict(), [])

    def test_a_call_whose_gateway_dies_is_made_again_with_the_same_cid(self) -> None:
        pushing = self._push("all")
        self.simulation.run_for(0.002)
        self.scenario.cluster.kill("gateway-1")
        self.scenario.cluster.boot("gateway-1")
        self.simulation.run_until(pushing, 60)
        self.simulation.run_for(5)
        self.assertEqual(self.scenario.ledger.verdict(), [])

    def test_a_mistake_of_the_scenario_is_not_repeated_for_ever(self) -> None:
        error = self.assertRaises(AssertionError, self.simulation.run_until, self._push({"no": ["such"]}))
        self.assertIn("was refused", str(error))
