"""Tokens are kept, told and taken back for whoever knows the cluster's secret, and for nobody else."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.join import TokenInfo, TokenRefusedException, TokensPrx
from pushnet.grid.tokens import asked_to_keep, proof
from pushnet.sim.world import STARTED_AT_S
from tests.roles.simgrid import SimGrid

SECRET = "x" * 16
NOW = int(STARTED_AT_S)
ID, DIGEST = "0123456789ab", "ab" * 32


class TokensTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = SimGrid(self)
        self.grid.start_registry()
        address = f"tcp -h registry-1 -p {self.grid.settings.cluster.registry_port}"
        proxy = self.grid.observer().stringToProxy(f"PushNet/Tokens:{address}")
        self.tokens: Any = TokensPrx.uncheckedCast(proxy)

    def ask(self, asked: Any) -> Any:
        return self.grid.simulation.run_until(asked)

    def refused(self, asked: Any) -> str:
        with self.assertRaises(TokenRefusedException) as refused:
            self.ask(asked)
        return refused.exception.reason

    def keep(self, id: str = ID, roles: tuple[str, ...] = ("broker",), secret: str = SECRET) -> Any:
        signed = proof(secret, NOW, *asked_to_keep(id, DIGEST, roles, NOW, 0))
        return self.tokens.keep(TokenInfo(id, list(roles), NOW, 0, "ann"), DIGEST, NOW, signed)

    def all(self) -> list[TokenInfo]:
        found: list[TokenInfo] = self.ask(self.tokens.all(NOW, proof(SECRET, NOW, "all")))
        return found

    def test_what_is_kept_is_told_and_can_be_revoked(self) -> None:
        self.ask(self.keep())
        self.assertEqual(self.all(), [TokenInfo(ID, ["broker"], NOW, 0, "ann")])
        self.ask(self.tokens.revoke(ID, NOW, proof(SECRET, NOW, "revoke", ID)))
        self.assertEqual(self.all(), [])
        signed = proof(SECRET, NOW, "revoke", ID)
        self.assertIn("no token", self.refused(self.tokens.revoke(ID, NOW, signed)))

    def test_nobody_without_the_secret_asks_for_anything(self) -> None:
        self.assertIn("secret", self.refused(self.keep(secret="y" * 16)))
        self.assertIn("secret", self.refused(self.tokens.all(NOW, "")))
        self.assertIn("secret", self.refused(self.tokens.revoke(ID, NOW, proof(SECRET, NOW, "all"))))

    def test_what_was_asked_for_once_cannot_be_asked_for_again_later(self) -> None:
        signed = proof(SECRET, NOW, "all")
        self.grid.simulation.run_for(90)
        self.assertIn("clock", self.refused(self.tokens.all(NOW, signed)))

    def test_what_cannot_be_a_token_is_not_kept(self) -> None:
        for asked in (self.keep(id="short"), self.keep(roles=()), self.keep(roles=("king",))):
            self.refused(asked)
        self.assertEqual(self.all(), [])

    def test_tokens_outlive_the_registry(self) -> None:
        self.ask(self.keep())
        self.grid.kill("registry-1")
        self.grid.start_registry()
        self.assertEqual([info.id for info in self.all()], [ID])
