"""What the device API is given keeps JPush's rules."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.dbagent import DeviceRuleException, DeviceUpdate
from pushnet.roles.dbagent.rules import check_devices, check_label, check_update, why_not_register


class RuleTests(SynchronousTestCase):
    def _refused(self, **wanted: object) -> str:
        with self.assertRaises(DeviceRuleException) as caught:
            check_update(DeviceUpdate(**wanted))
        self.assertEqual(caught.exception.code, 7002)
        return caught.exception.reason

    def test_what_keeps_the_rules_passes(self) -> None:
        check_update(
            DeviceUpdate(
                addTags=["深圳", "a.b", "x" * 40] + [f"t{n}" for n in range(97)],
                removeTags=["Z_@!#$&*+=.|￥"],
                setAlias=True,
                alias="13_characters",
                setMobile=True,
                mobile="+8613800138000",
            )
        )
        check_update(DeviceUpdate(clearTags=True, setAlias=True, setMobile=True))

    def test_labels_have_at_most_40_bytes_of_legal_characters(self) -> None:
        for text in ("", "x" * 41, "深" * 14, "a b", "a-b", "a/b", "é", "a\n"):
            self.assertRaises(DeviceRuleException, check_label, "tag", text)
            if text:
                self.assertIn("alias", self._refused(setAlias=True, alias=text))
            self.assertIn("tag", self._refused(addTags=[text]))

    def test_texts_that_are_not_set_are_not_looked_at(self) -> None:
        check_update(DeviceUpdate(alias="not legal", mobile="not legal"))

    def test_tags_are_limited_in_number_and_in_bytes(self) -> None:
        self.assertIn("101 tags to add", self._refused(addTags=["a"] * 101))
        self.assertIn("101 tags to remove", self._refused(removeTags=["a"] * 101))
        self.assertIn("1000 bytes", self._refused(addTags=["x" * 40] * 26))

    def test_a_mobile_is_a_number(self) -> None:
        for mobile in ("1234", "1" * 21, "one two three", "138-0013"):
            self.assertIn("mobile", self._refused(setMobile=True, mobile=mobile))

    def test_a_call_changes_at_most_a_thousand_devices(self) -> None:
        check_devices(["r"] * 1000)
        self.assertRaises(DeviceRuleException, check_devices, ["r"] * 1001)

    def test_a_new_device_has_a_key_and_a_platform(self) -> None:
        self.assertEqual(why_not_register("phone", "hmos"), "")
        self.assertIn("key", why_not_register("", "ios"))
        self.assertIn("key", why_not_register("é" * 65, "ios"))
        self.assertIn("'symbian'", why_not_register("phone", "symbian"))
