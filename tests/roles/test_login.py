"""Logins against configured users."""

from __future__ import annotations

from twisted.internet.defer import Deferred, ensureDeferred
from twisted.python.failure import Failure
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.login import PARALLEL, WAITING_MAX, WRONG, Login, LoginBusy, LoginRefused
from pushnet.roles.password import PasswordHash, PasswordHashError
from pushnet.sim.simulation import Simulation

CHEAP = PasswordHash(10, 8, 1, bytes(16), b"")
HASH = str(PasswordHash(10, 8, 1, bytes(16), CHEAP.derive("right")))
HOST = "198.51.100.7"


class LoginTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.simulation = Simulation(1)
        self.world = self.simulation.host("relay-1").boot()
        self.login = Login(self.world, {"ann": HASH}, "relay.users")

    def check(self, user: str, password: str, host: str = HOST) -> str:
        """Empty when let in, else why not."""
        try:
            self.simulation.run_until(self.login.check(user, password, host))
        except LoginRefused as refused:
            return str(refused)
        return ""

    def test_the_right_password_is_let_in(self) -> None:
        self.assertEqual(self.check("ann", "right"), "")

    def test_a_wrong_password_and_an_unknown_user_are_told_the_same(self) -> None:
        self.assertEqual(self.check("ann", "wrong"), WRONG)
        self.assertEqual(self.check("bob", "right"), WRONG)
        self.assertEqual(self.check("x" * 300, "right"), WRONG)
        self.assertEqual(self.check("ann", "x" * 3000), WRONG)

    def test_without_users_nobody_is_let_in(self) -> None:
        self.login = Login(self.world, {}, "relay.users")
        self.assertEqual(self.check("", ""), WRONG)

    def test_after_three_failures_even_the_right_password_has_to_wait(self) -> None:
        for _ in range(3):
            self.check("ann", "wrong")
        self.assertIn("try again in", self.check("ann", "right"))
        self.assertEqual(self.check("ann", "right", "203.0.113.9"), "")
        self.simulation.run_for(2.0)
        self.assertEqual(self.check("ann", "right"), "")

    def test_many_tries_at_once_do_not_slip_by_the_back_off(self) -> None:
        tries = [ensureDeferred(self.login.check("ann", f"guess{n}", HOST)) for n in range(20)]
        looked_at = [why for why in map(self.reason, tries) if why == WRONG]
        self.assertLessEqual(len(looked_at), 2 + PARALLEL)

    def test_logins_beyond_what_may_wait_are_told_to_come_back(self) -> None:
        hosts = [f"10.0.{n}.1" for n in range(PARALLEL + WAITING_MAX)]
        waiting = [ensureDeferred(self.login.check("ann", "right", host)) for host in hosts]
        self.failureResultOf(ensureDeferred(self.login.check("ann", "right", HOST)), LoginBusy)
        self.assertEqual([self.reason(each) for each in waiting], [""] * len(waiting))

    def test_a_malformed_hash_is_an_error_at_once_that_names_the_user(self) -> None:
        with self.assertRaises(PasswordHashError) as caught:
            Login(self.world, {"ann": "secret"}, "relay.users")
        self.assertIn("relay.users.ann", str(caught.exception))
        self.assertNotIn("secret", str(caught.exception))

    def reason(self, attempt: Deferred[None]) -> str:
        def told(failure: Failure) -> str:
            failure.trap(LoginRefused)
            return failure.getErrorMessage()

        return self.simulation.run_until(attempt.addCallbacks(lambda _: "", told))
