"""What goes wrong, and that it is whole again at the end."""

import random

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.faults import KINDS, Profile
from pushnet.sim.scenario import Scenario


class FaultsTests(SynchronousTestCase):
    def tearDown(self) -> None:
        self.flushLoggedErrors()

    def test_each_seed_draws_its_own_profile(self) -> None:
        profiles = [Profile.drawn(random.Random(seed)) for seed in range(20)]
        self.assertGreater(len({profile.kinds for profile in profiles}), 15)
        self.assertTrue(all(kind in KINDS for profile in profiles for kind in profile.kinds))

    def test_every_kind_of_fault_happens_and_is_mended(self) -> None:
        for kind in KINDS:
            outcome = Scenario(5, profile=Profile((kind,), 0.5), phones=6).play()
            self.assertEqual(outcome.wrong, [], kind)
            self.assertGreater(outcome.faults[kind], 0)
            self.assertEqual(sum(f" {kind}: " in line for line in outcome.log), outcome.faults[kind])

    def test_a_profile_may_spare_all_roles_but_one(self) -> None:
        scenario = Scenario(6, profile=Profile(("kill",), 0.3, ("tagalias",)), phones=6)
        struck = {line.rsplit(" ", 1)[1] for line in scenario.play().log if " kill: " in line}
        self.assertEqual(sorted(struck), ["tagalias-1", "tagalias-2"])
