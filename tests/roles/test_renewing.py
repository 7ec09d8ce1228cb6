"""A node's certificate is renewed in time, examined, put in place and taken; what fails is tried again."""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from twisted.internet.defer import CancelledError, Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.certificates import signed, signed_authority
from pushnet.grid.settings import ClusterSettings, NodeSettings, Settings
from pushnet.roles.renewing import DAYS_LEFT, FAILED, LOOK_S, NotRenewed, Renewing, asking_registries
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import InitializationException
from pushnet.sim.disk import DiskFault
from pushnet.sim.simulation import Simulation

DAYS = 9
DAY_S = 86_400.0


class RenewingTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(3)
        self.addCleanup(self.simulation.close)
        self.world = self.simulation.host("m1").boot()
        self.signer = ec.generate_private_key(ec.SECP256R1())
        self.authority = signed_authority(self.signer, "ours", self.world.wall(), 100)
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.put("ca.pem", self.authority.public_bytes(Encoding.PEM))
        self.put("m1.key", self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        self.put("m1.pem", self.made(self.key))
        self.asked: list[float] = []
        self.trouble = ""
        self.roles = ["node"]
        self.reread = 0
        self.unusable = False
        self.renewing = Renewing(self.world, "/tls", "m1", self.ask, self.read_again)
        self.renewing.start()
        self.addCleanup(self.renewing.stop)

    def put(self, name: str, data: bytes) -> None:
        self.world.storage.replace(f"tls/{name}", data)

    def made(self, key: ec.EllipticCurvePrivateKey, roles: tuple[str, ...] = ("node",)) -> bytes:
        now = self.world.wall()
        parts = (self.authority, self.signer, key.public_key(), "m1", roles, ["h"], now, DAYS)
        return signed(*parts).public_bytes(Encoding.PEM)

    async def ask(self, request: str) -> str:
        self.asked.append(self.world.wall())
        if self.trouble:
            raise NotRenewed(self.trouble)
        asked = x509.load_pem_x509_csr(request.encode()).public_key()
        assert isinstance(asked, ec.EllipticCurvePublicKey)
        now = self.world.wall()
        parts = (self.authority, self.signer, asked, "m1", self.roles, ["h"], now, DAYS)
        return signed(*parts).public_bytes(Encoding.PEM).decode()

    def read_again(self) -> None:
        if self.unusable:
            raise InitializationException("broken")
        self.reread += 1

    def days(self) -> float:
        return self.renewing.readings()[DAYS_LEFT]

    def test_when_two_thirds_of_its_time_are_over_there_is_another(self) -> None:
        self.simulation.run_for(5.4 * DAY_S)
        self.assertEqual((self.asked, self.reread), ([], 0))
        self.simulation.run_for(0.7 * DAY_S)
        self.assertEqual((len(self.asked), self.reread), (1, 1))
        self.assertGreater(self.days(), 8.0)
        found = x509.load_pem_x509_certificate(self.world.storage.read("tls/m1.pem"))
        self.assertEqual(found.public_key(), self.key.public_key())
        self.simulation.run_for(20 * DAY_S)
        self.assertEqual(len(self.asked), 4)

    def test_one_that_is_due_when_the_node_starts_is_renewed_at_once(self) -> None:
        self.renewing.stop()
        self.simulation.run_for(7 * DAY_S)
        self.renewing.start()
        self.simulation.run_for(20.0)
        self.assertGreater(self.days(), 8.0)

    def test_one_that_somebody_else_has_put_there_is_taken(self) -> None:
        self.simulation.run_for(2 * DAY_S)
        self.put("m1.pem", self.made(self.key))
        self.simulation.run_for(LOOK_S)
        self.assertEqual((self.reread, self.asked), (1, []))
        self.assertGreater(self.days(), 8.9)

    def test_while_it_fails_it_is_told_and_tried_again_with_growing_pauses(self) -> None:
        self.trouble = "this registry makes no certificates"
        self.simulation.run_for(6.2 * DAY_S)
        tries = len(self.asked)
        self.assertEqual(self.renewing.readings()[FAILED], float(tries))
        self.assertGreater(tries, 5)
        self.assertLess(tries, 40)
        self.trouble = ""
        self.simulation.run_for(3600.0)
        self.assertEqual(self.renewing.readings()[FAILED], 0.0)
        self.assertGreater(self.days(), 8.9)

    def test_one_that_somebody_puts_there_after_many_failures_is_taken_within_a_minute(self) -> None:
        self.trouble = "this registry makes no certificates"
        self.simulation.run_for(6.5 * DAY_S)
        self.put("m1.pem", self.made(self.key))
        self.simulation.run_for(LOOK_S)
        self.assertEqual((self.reread, self.renewing.readings()[FAILED]), (1, 0.0))

    def test_who_is_stopped_while_a_registry_is_asked_asks_no_other(self) -> None:
        communicator = Communicator(self.world, {})
        registries = [NodeSettings(name=name, role="registry", host=name) for name in ("r1", "r2")]
        settings = Settings(cluster=ClusterSettings(secret="x" * 16), node=registries)
        for registry in registries:
            self.simulation.host(registry.host).boot()
            self.simulation.host(registry.host).pause()
        asking = Deferred.fromCoroutine(asking_registries(communicator, settings, "m1")("request"))
        self.assertNoResult(asking)
        asking.cancel()
        self.failureResultOf(asking, CancelledError)

    def test_what_is_not_what_was_asked_for_is_not_taken(self) -> None:
        before = self.world.storage.read("tls/m1.pem")
        self.roles = ["operator"]
        self.simulation.run_for(6.2 * DAY_S)
        self.assertGreater(self.renewing.readings()[FAILED], 0.0)
        self.assertEqual(self.world.storage.read("tls/m1.pem"), before)
        self.roles, self.signer = ["node"], ec.generate_private_key(ec.SECP256R1())
        self.simulation.run_for(3600.0)
        self.assertEqual(self.world.storage.read("tls/m1.pem"), before)

    def test_a_disk_that_is_full_and_a_file_that_cannot_be_used_are_troubles_like_others(self) -> None:
        self.simulation.host("m1").disk.fault = DiskFault.FULL
        self.simulation.run_for(6.2 * DAY_S)
        self.assertGreater(self.renewing.readings()[FAILED], 0.0)
        self.simulation.host("m1").disk.fault = DiskFault.NONE
        self.unusable = True
        self.simulation.run_for(3600.0)
        self.assertGreater(self.renewing.readings()[FAILED], 0.0)
        self.unusable = False
        self.simulation.run_for(3600.0)
        self.assertEqual((self.renewing.readings()[FAILED], self.reread), (0.0, 1))

    def test_its_file_may_be_away_for_a_while(self) -> None:
        kept = self.world.storage.read("tls/m1.pem")
        self.world.storage.delete("tls/m1.pem")
        self.simulation.run_for(300.0)
        self.assertGreater(self.renewing.readings()[FAILED], 0.0)
        self.put("m1.pem", kept)
        self.simulation.run_for(3600.0)
        self.assertEqual(self.renewing.readings()[FAILED], 0.0)
