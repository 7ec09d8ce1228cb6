"""Push identifiers."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.gateway.cid import check_cid, new_cids, publish_key
from pushnet.roles.gateway.errors import ApiError
from pushnet.sim import Simulation

APP = "a" * 24


class CidTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.entropy = Simulation(1).host("gateway").boot().entropy

    def test_without_a_query_there_is_one(self) -> None:
        (cid,) = new_cids(APP, "", "", self.entropy)
        self.assertRegex(cid, f"^{APP}-[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}}$")

    def test_as_many_as_asked_for_all_different(self) -> None:
        for kind in ("push", "schedule"):
            self.assertEqual(len(set(new_cids(APP, "1000", kind, self.entropy))), 1000)

    def test_a_wrong_query_is_a_bad_value(self) -> None:
        for count, kind in [("0", ""), ("1001", ""), ("x", ""), ("-1", ""), ("9" * 30, ""), ("1", "poem")]:
            with self.subTest(count=count, kind=kind):
                error = self.assertRaises(ApiError, new_cids, APP, count, kind, self.entropy)
                self.assertEqual(error.code, 1003)

    def test_a_caller_may_choose_any_short_word(self) -> None:
        self.assertEqual(check_cid("order-7"), "order-7")
        for wrong in (None, 7, "", "a b", "x" * 129, "深圳", "a\n"):
            self.assertEqual(self.assertRaises(ApiError, check_cid, wrong).code, 1003)

    def test_the_key_names_the_app_and_the_cid_or_the_message(self) -> None:
        self.assertEqual(publish_key(APP, "c", 5), f"{APP}:c")
        self.assertEqual(publish_key(APP, "", 5), f"{APP}:m5")
