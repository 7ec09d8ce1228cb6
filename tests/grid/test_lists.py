"""White and black lists: which rules there can be, and what they say."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.lists import (
    ADDRESS,
    ALIAS,
    API,
    APP,
    DEVICE,
    NOBODY,
    ONLY_ADDRESS,
    Lists,
    Rule,
    fault,
    from_text,
    settled,
    to_text,
)
from pushnet.grid.placement import registration_id

DEVICE_ID = registration_id(77, b"12345")


class RulesTest(SynchronousTestCase):
    def test_a_rule_that_cannot_be_is_told_with_what_is_wrong(self) -> None:
        for rule, told in (
            (Rule("users", "", "x"), "there is no list 'users'"),
            (Rule(APP, "a", "a"), "name none"),
            (Rule(ALIAS, "", "ann"), "name it"),
            (Rule(APP, "", ""), "characters"),
            (Rule(APP, "", "a\n"), "characters"),
            (Rule(DEVICE, "a", "bob"), "no registration id"),
            (Rule(ADDRESS, "", "10.0.0.1/8"), "no address or network"),
            (Rule(ADDRESS, "", NOBODY), "no address or network"),
        ):
            self.assertIn(told, fault(rule), rule)

    def test_a_rule_that_can_be_has_no_fault(self) -> None:
        for rule in (
            Rule(APP, "", "a" * 24),
            Rule(DEVICE, "a", DEVICE_ID),
            Rule(ALIAS, "a", "ann"),
            Rule(ADDRESS, "", "10.0.0.0/8"),
            Rule(ADDRESS, "", "2001:db8::/32"),
            Rule(ONLY_ADDRESS, "", NOBODY),
            Rule(API, "a", "192.0.2.1"),
        ):
            self.assertEqual(fault(rule), "", rule)

    def test_one_address_has_one_form(self) -> None:
        self.assertEqual(settled(Rule(ADDRESS, "", "10.1.2.3/32")).value, "10.1.2.3")
        self.assertEqual(settled(Rule(ADDRESS, "", "2001:DB8:0::1")).value, "2001:db8::1")

    def test_rules_are_kept_as_text(self) -> None:
        rules = [Rule(ALIAS, "a", "ann", 7, "bob", "spam", 3), Rule(APP, "", "a")]
        self.assertEqual(from_text(to_text(rules)), rules)
        self.assertEqual(from_text(""), [])


class ListsTest(SynchronousTestCase):
    def test_without_rules_everybody_may_do_everything(self) -> None:
        lists = Lists()
        self.assertFalse(lists.app_denied("a") or lists.device_denied("a", 1))
        self.assertFalse(lists.device_address_denied("10.0.0.1") or lists.caller_denied("a", "10.0.0.1"))
        self.assertEqual(lists.aliases_allowed("a", ["ann"]), ["ann"])

    def test_an_app_is_denied_with_all_its_devices(self) -> None:
        lists = Lists([Rule(APP, "", "a")])
        self.assertTrue(lists.app_denied("a") and lists.device_denied("a", 5))
        self.assertFalse(lists.app_denied("b") or lists.device_denied("b", 5))

    def test_a_device_and_an_alias_are_denied_in_their_app(self) -> None:
        lists = Lists([Rule(DEVICE, "a", DEVICE_ID), Rule(ALIAS, "a", "ann")])
        self.assertTrue(lists.device_denied("a", 77))
        self.assertFalse(lists.device_denied("b", 77) or lists.device_denied("a", 78))
        self.assertEqual(lists.aliases_allowed("a", ["ann", "bob"]), ["bob"])
        self.assertEqual(lists.aliases_allowed("b", ["ann"]), ["ann"])

    def test_addresses_are_denied_by_network_also_when_they_come_over_ipv6(self) -> None:
        lists = Lists([Rule(ADDRESS, "", "10.1.0.0/16"), Rule(ADDRESS, "", "2001:db8::/32")])
        for host in ("10.1.255.7", "::ffff:10.1.0.1", "2001:db8::5"):
            self.assertTrue(lists.device_address_denied(host) and lists.caller_denied("a", host), host)
        for host in ("10.2.0.1", "2001:db9::5", "", "somewhere"):
            self.assertFalse(lists.device_address_denied(host) or lists.caller_denied("a", host), host)

    def test_a_white_list_lets_in_who_is_on_it_only_and_none_is_nobody(self) -> None:
        lists = Lists(
            [Rule(ONLY_ADDRESS, "", "10.0.0.0/8"), Rule(API, "a", NOBODY), Rule(API, "b", "192.0.2.1")]
        )
        self.assertFalse(lists.device_address_denied("10.9.9.9"))
        self.assertTrue(lists.device_address_denied("11.0.0.1"))
        self.assertTrue(lists.caller_denied("a", "192.0.2.1") and lists.caller_denied("b", "192.0.2.2"))
        self.assertTrue(lists.caller_denied("b", "somewhere"))
        self.assertFalse(lists.caller_denied("b", "192.0.2.1") or lists.caller_denied("c", "192.0.2.2"))
