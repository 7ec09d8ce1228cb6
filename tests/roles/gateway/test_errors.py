"""Codes and their HTTP statuses."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.gateway import errors
from pushnet.roles.gateway.errors import STATUS, ApiError, bad_device_value, bad_value, missing

DOCUMENTED = {
    1000: 500,
    1001: 405,
    1002: 400,
    1003: 400,
    1004: 401,
    1005: 400,
    1009: 400,
    1011: 400,
    1030: 503,
    1035: 400,
    2002: 429,
    2003: 403,
    2004: 403,
    2007: 403,
    2008: 429,
    7000: 500,
    7001: 401,
    7002: 400,
    7004: 401,
    7013: 400,
    7015: 400,
    7030: 503,
}


class ErrorsTests(SynchronousTestCase):
    def test_every_code_has_its_documented_status(self) -> None:
        self.assertEqual(STATUS, DOCUMENTED)

    def test_every_named_code_has_a_status(self) -> None:
        codes = {value for name, value in vars(errors).items() if name.isupper() and isinstance(value, int)}
        self.assertEqual(codes, set(STATUS))

    def test_a_status_of_its_own_wins_over_the_code_s(self) -> None:
        self.assertEqual(ApiError(errors.TOO_BIG, "x").http_status, 400)
        self.assertEqual(ApiError(errors.TOO_BIG, "x", status=413).http_status, 413)

    def test_the_text_names_what_is_wrong(self) -> None:
        self.assertEqual(str(missing("platform")), "1002: Missing parameter: platform")
        self.assertEqual(str(bad_value("a.b", "must be 1")), "1003: Invalid value of a.b: must be 1")
        self.assertEqual(bad_device_value("tag", "is odd").code, 7002)
