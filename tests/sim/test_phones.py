"""The devices of a scenario."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.device_session import Message, Missed
from pushnet.device.frames import Stream
from pushnet.sim import Simulation
from pushnet.sim.ledger import Ledger
from pushnet.sim.phones import Phone


class PhoneTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.ledger = Ledger()
        self.phone = Phone(self.simulation, self.ledger, 4, "a1" * 12, [("nowhere", 1)])

    def test_what_it_shows_and_misses_is_in_the_ledger(self) -> None:
        push = self.ledger.submitted("all", [4])
        push.accepted_at_s = 0.0
        self.phone._show(Message(Stream.GROUP, 1, 7, 60, b'{"message": {"msg_content": "0 xxx"}}'))
        self.assertEqual(self.ledger.verdict(), [])
        self.phone._miss(Missed(Stream.OWN, 1, 3, 0))
        self.assertEqual(self.ledger.verdict(), ["device 4 was told of a gap: OWN 1..3"])

    def test_it_keeps_trying_from_boot_to_boot(self) -> None:
        self.phone.boot()
        self.simulation.run_for(5)
        self.assertFalse(self.phone.is_online)
        self.phone.kill()
        self.phone.boot()
        self.assertTrue(self.phone.host.is_up)
        self.assertEqual(self.phone.registration_id, "")
