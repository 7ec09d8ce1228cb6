"""A node learns from any registry who is revoked, and has its connections judged by it."""

from __future__ import annotations

from typing import Any

from cryptography import x509
from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.join import AuthorityPrx, AuthorityServant, RevokedNames
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.roles.polling import PAUSE_OLD_S
from pushnet.roles.revoking import Revoking
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import OperationNotExistException
from pushnet.rpc.stubs import Current
from pushnet.sim.simulation import Simulation
from pushnet.wire.identity import Identity
from tests.certificates import authority


class AuthorityI(AuthorityServant):
    """Answers what it is told to."""

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.number = 0
        self.trouble: Exception | None = None
        self.asked: list[tuple[int, int]] = []
        self.waiting: list[Deferred[None]] = []

    async def revocations(self, known: int, waitMs: int, current: Current | None = None) -> RevokedNames:
        self.asked.append((known, waitMs))
        if self.trouble is not None:
            raise self.trouble
        if known == self.number:
            self.waiting.append(Deferred())
            await self.waiting[-1]
        return RevokedNames(self.number, self.names)

    def revoke(self, name: str, at_s: int) -> None:
        self.names, self.number = {**self.names, name: at_s}, self.number + 1
        waiting, self.waiting = self.waiting, []
        for each in waiting:
            each.callback(None)


class RevokingTest(SynchronousTestCase):
    root = authority()

    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.addCleanup(self.simulation.close)
        self.authority = AuthorityI()
        self.serve()
        world = self.simulation.host("node").boot()
        communicator = Communicator(world, {})
        proxy = AuthorityPrx.uncheckedCast(communicator.stringToProxy("a:tcp -h registry -p 4062"))
        assert proxy is not None
        self.verdicts: list[str] = []
        self.revoking = Revoking(world, proxy, self.turn_away)
        self.revoking.start()
        self.addCleanup(self.revoking.stop)

    def serve(self) -> None:
        communicator = Communicator(self.simulation.host("registry").boot(), {})
        adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h registry -p 4062")
        adapter.add(self.authority, Identity("a"))
        self.simulation.run_until(adapter.activate())

    def turn_away(self, judge: Any) -> list[str]:
        self.verdicts.append(judge(self.certificate("m1")))
        return ["somebody"] if self.verdicts[-1] else []

    def certificate(self, name: str) -> x509.Certificate:
        return self.root.vouch(name).chain[0]

    def test_who_is_revoked_is_turned_away_at_once_and_nobody_else(self) -> None:
        self.simulation.run_for(1.0)
        self.assertEqual(self.verdicts, [""])
        self.authority.revoke("m2", 2_000_000_000)
        self.simulation.run_for(0.5)
        self.authority.revoke("m1", 2_000_000_000)
        self.simulation.run_for(0.5)
        self.assertEqual(self.verdicts, ["", "", "the certificate of m1 is revoked"])
        self.assertEqual([known for known, _ in self.authority.asked], [-1, 0, 1, 2])

    def test_a_certificate_that_was_made_later_is_good(self) -> None:
        made_s = int(self.certificate("m1").not_valid_before_utc.timestamp())
        self.authority.revoke("m1", made_s - 1)
        self.simulation.run_for(1.0)
        self.assertEqual(self.verdicts, [""])

    def test_while_no_registry_answers_it_goes_by_what_it_knows(self) -> None:
        self.authority.revoke("m1", 2_000_000_000)
        self.simulation.run_for(1.0)
        self.simulation.host("registry").kill()
        self.simulation.run_for(30.0)
        self.assertEqual(self.revoking.revoked, {"m1": 2_000_000_000})
        self.serve()
        self.authority.trouble = UnavailableException("no disk")
        self.simulation.run_for(10.0)
        self.authority.trouble = None
        self.authority.revoke("m2", 2_000_000_000)
        self.simulation.run_for(5.0)
        self.assertEqual(sorted(self.revoking.revoked), ["m1", "m2"])

    def test_a_registry_that_does_not_know_the_question_is_asked_seldom(self) -> None:
        self.simulation.run_for(1.0)
        self.authority.trouble = OperationNotExistException()
        self.authority.revoke("m1", 2_000_000_000)
        self.simulation.run_for(5 * PAUSE_OLD_S)
        self.assertLess(len(self.authority.asked), 10)
        self.authority.trouble = None
        self.simulation.run_for(PAUSE_OLD_S)
        self.assertEqual(sorted(self.revoking.revoked), ["m1"])
