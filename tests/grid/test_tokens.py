"""Tokens let in the roles they are for, for as long as they last; proofs show that the secret is known."""

from __future__ import annotations

import attrs
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.tokens import (
    PROOF_S,
    Token,
    asked_to_keep,
    digest_of,
    fault,
    pinned,
    plain_fault,
    proof,
    proof_fault,
    token_fault,
    token_id,
    token_text,
)

TEXT = token_text(b"\x01" * 6, b"\x02" * 32)
TOKEN = Token("010101010101", digest_of(TEXT), ("broker", "relay"), 100, 200, "ann")


class PlainTest(SynchronousTestCase):
    def test_a_token_is_shown_in_the_clear_on_this_machine_only(self) -> None:
        for door in ("tcp -h 127.0.0.1 -p 1", "tcp -h localhost -p 1", "ssl -h 10.0.0.1 -p 1"):
            self.assertEqual(plain_fault([door]), "")
        for door in ("tcp -h 10.0.0.1 -p 1", "tcp -h registry -p 1"):
            self.assertIn("pushnet join", plain_fault(["ssl -h registry -p 1", door]))

    def test_a_fingerprint_follows_the_token(self) -> None:
        self.assertEqual(pinned("id.secret"), "")
        self.assertEqual(pinned("id.secret.ours"), "ours")


class TokenTest(SynchronousTestCase):
    def test_a_token_tells_its_id_and_is_kept_without_its_secret(self) -> None:
        self.assertEqual(token_id(TEXT), TOKEN.id)
        self.assertNotIn(TEXT.partition(".")[2], TOKEN.to_text())
        self.assertEqual(Token.from_text(TOKEN.to_text()), TOKEN)

    def test_it_lets_in_the_roles_it_is_for_until_it_expires(self) -> None:
        self.assertEqual(fault(TOKEN, TEXT, "broker", 199.0), "")
        self.assertEqual(fault(TOKEN, TEXT, "", 199.0), "")
        self.assertEqual(fault(attrs.evolve(TOKEN, expires_s=0), TEXT, "relay", 1e12), "")
        for told, role, now, why in (
            (TEXT, "dbagent", 150.0, "is for broker, relay, not for dbagent"),
            (TEXT, "broker", 200.0, "has expired"),
            (TEXT + "x", "broker", 150.0, "not known"),
            (TEXT[:-1], "broker", 150.0, "not known"),
            ("", "broker", 150.0, "none was shown"),
        ):
            self.assertIn(why, fault(TOKEN, told, role, now))
        self.assertIn("not known", fault(None, TEXT, "broker", 150.0))

    def test_what_cannot_be_a_token_is_told(self) -> None:
        self.assertEqual(token_fault(TOKEN), "")
        for wrong in ({"id": "../etc"}, {"digest": "short"}, {"roles": ()}, {"roles": ("king",)}):
            self.assertNotEqual(token_fault(attrs.evolve(TOKEN, **wrong)), "", wrong)

    def test_whoever_knows_the_secret_can_ask_for_just_that_and_just_now(self) -> None:
        asked = asked_to_keep(TOKEN.id, TOKEN.digest, TOKEN.roles, 100, 200)
        told = proof("secret", 1000, *asked)
        self.assertEqual(proof_fault(told, "secret", 1000, 1000.0 + PROOF_S, *asked), "")
        self.assertIn("secret", proof_fault(told, "other", 1000, 1000.0, *asked))
        self.assertIn("secret", proof_fault(told, "secret", 1000, 1000.0, "revoke", TOKEN.id))
        self.assertIn("secret", proof_fault(told, "secret", 1001, 1000.0, *asked))
        self.assertIn("clock", proof_fault(told, "secret", 1000, 1001.0 + PROOF_S, *asked))
