"""The rules that tables are made of."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.gateway import checks
from pushnet.roles.gateway.checks import Check, check_level
from pushnet.roles.gateway.errors import ApiError

RULES: list[tuple[Check, list[object], list[object]]] = [
    (checks.text(), ["", "x"], [1, True, [], {}]),
    (checks.text(3), ["abc"], ["abcd", "深圳"]),
    (checks.text(empty=False), ["a"], [""]),
    (checks.integer(1, 99), [1, 99], [0, 100, 1.0, True, "5"]),
    (checks.one_of("0", "1"), ["0", "1"], [0, 1, "2", True]),
    (checks.one_of(0, 1), [0, 1], [True, False, "0", 2]),
    (checks.flag, [True, False, 0, 1, "true", "false"], [2, "yes", "True", 1.5, []]),
    (checks.free_object, [{}, {"a": 1}], ["", [], 1]),
    (checks.free_list, [[], [1]], ["", {}, 1]),
    (checks.text_or_object, ["", {}], [1, [], True]),
    (checks.anything, [1, "", [], {}, True], []),
    (checks.level({"a": checks.flag}), [{}, {"a": True}, {"a": None}], [{"a": 7}, "x"]),
]


class ChecksTests(SynchronousTestCase):
    def test_each_rule_takes_what_is_right_and_refuses_the_rest_as_a_bad_value(self) -> None:
        for number, (rule, right, wrong) in enumerate(RULES):
            for value in right:
                rule(value, "name")
            for value in wrong:
                with self.subTest(rule=number, value=value):
                    self.assertEqual(self.assertRaises(ApiError, rule, value, "name").code, 1003)

    def test_an_unknown_key_is_told_with_its_path(self) -> None:
        error = self.assertRaises(ApiError, check_level, {"b": 1}, "a", {})
        self.assertEqual((error.code, error.message), (1009, "Unsupported key: a.b"))

    def test_null_counts_as_absent_even_for_an_unknown_key(self) -> None:
        self.assertEqual(check_level({"a": None, "b": 2}, "", {"b": checks.anything}), {"b": 2})

    def test_a_flag_reads_what_sdks_write_for_booleans(self) -> None:
        said = [checks.as_flag(value, "x") for value in (True, 1, "true", False, 0, "false")]
        self.assertEqual(said, [True, True, True, False, False, False])
