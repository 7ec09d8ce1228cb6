"""The device, tag and alias calls over two shards."""

from __future__ import annotations

import json

from pushnet.gen.pushnet.tagalias import LaggingException
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.placement import registration_id
from tests.roles.gateway.given import GatewayGiven

HOUR_MS = 3_600_000
STRANGER = registration_id(65535, b"wrong")
BEYOND = registration_id(5 << 16, b"abcde")


class DevicesTests(GatewayGiven):
    def setUp(self) -> None:
        super().setUp()
        self.one = self.grid.shards[0].add(tags=["b", "a"], alias="x", platform="ios")
        self.other = self.grid.shards[1].add()

    def path(self, rid: str) -> str:
        return f"/v3/devices/{rid}"

    def test_a_device_is_shown_with_null_where_nothing_is_set(self) -> None:
        self.assertEqual(
            self.told("GET " + self.path(self.one.registration_id)),
            {"tags": ["a", "b"], "alias": "x", "mobile": None},
        )
        self.assertEqual(
            self.told("GET " + self.path(self.other.registration_id)),
            {"tags": None, "alias": None, "mobile": None},
        )

    def test_an_unknown_device_is_a_bad_value(self) -> None:
        forged = self.one.registration_id[:-1] + "0"
        for rid in ("nobody", STRANGER, BEYOND, forged):
            self.assertEqual(self.refused("GET " + self.path(rid)), (400, 7002))
            self.assertEqual(self.refused("POST " + self.path(rid), {"alias": "y"}), (400, 7002))

    def test_an_update_is_answered_with_an_empty_object_and_seen_at_once(self) -> None:
        change = {"tags": {"add": ["c"], "remove": ["a"]}, "alias": "y", "mobile": "13800138000"}
        self.assertEqual(self.told("POST " + self.path(self.one.registration_id), change), {})
        self.assertEqual(
            self.told("GET " + self.path(self.one.registration_id)),
            {"tags": ["b", "c"], "alias": "y", "mobile": "13800138000"},
        )
        self.assertEqual(self.told("GET /v3/tags"), {"tags": ["b", "c"]})

    def test_an_eleventh_device_of_an_alias_is_refused(self) -> None:
        for _ in range(10):
            self.grid.shards[0].add(alias="full")
        self.assertEqual(
            self.refused("POST " + self.path(self.one.registration_id), {"alias": "full"}), (400, 7015)
        )

    def test_an_alias_is_full_when_its_devices_are_spread_over_shards(self) -> None:
        holders = [self.grid.shards[number % 2].add(alias="full") for number in range(10)]
        for path in (self.path(self.one.registration_id), self.path(self.other.registration_id)):
            self.assertEqual(self.refused("POST " + path, {"alias": "full"}), (400, 7015))
        self.assertEqual(self.one.alias, "x")
        again = {"alias": "full", "tags": {"add": ["seen"]}}
        self.assertEqual(self.told("POST " + self.path(holders[3].registration_id), again), {})
        self.assertEqual(self.told("POST " + self.path(holders[3].registration_id), {"alias": ""}), {})
        self.assertEqual(self.told("POST " + self.path(self.one.registration_id), {"alias": "full"}), {})

    def test_an_alias_is_not_set_when_nobody_can_say_who_has_it(self) -> None:
        self.grid.tag_alias.trouble["resolve"] = [LaggingException()]
        self.assertEqual(
            self.refused("POST " + self.path(self.one.registration_id), {"alias": "y"}), (503, 7030)
        )
        self.assertEqual(self.one.alias, "x")
        change = {"mobile": "13800138000", "alias": ""}
        self.grid.tag_alias.trouble["resolve"] = [LaggingException()]
        self.assertEqual(self.told("POST " + self.path(self.one.registration_id), change), {})

    def test_an_alias_lists_its_devices_in_the_old_form_and_the_new(self) -> None:
        self.other.alias = "x"
        self.one.last_online_ms = int(self.world.wall() * 1000)
        ids = [self.one.registration_id, self.other.registration_id]
        self.assertEqual(self.told("GET /v3/aliases/x"), {"registration_ids": ids})
        self.assertEqual(self.told("GET /v3/aliases/x?platform=android"), {"registration_ids": ids[1:]})
        self.assertEqual(self.told("GET /v3/aliases/nobody"), {"registration_ids": []})
        self.assertEqual(
            self.told("GET /v3/aliases/x&new_format=true"),
            {
                "data": [
                    {"registration_id": ids[0], "platform": "ios", "last_online_date": "2027-01-15"},
                    {"registration_id": ids[1], "platform": "android", "last_online_date": ""},
                ]
            },
        )

    def test_an_alias_is_deleted_from_all_devices_or_those_of_a_platform(self) -> None:
        self.other.alias = "x"
        self.assertEqual(self.told("DELETE /v3/aliases/x?platform=ios"), {})
        self.assertEqual([self.one.alias, self.other.alias], ["", "x"])
        self.assertEqual(self.told("DELETE /v3/device/aliases/x"), {})
        self.assertEqual(self.other.alias, "")

    def test_an_alias_is_taken_from_single_devices(self) -> None:
        body = {"registration_ids": {"remove": [self.one.registration_id]}}
        self.assertEqual(self.told("POST /v3/aliases/x", body), {})
        self.assertEqual(self.one.alias, "")

    def test_a_tag_is_given_and_taken_over_shards(self) -> None:
        body = {
            "registration_ids": {"add": [self.other.registration_id], "remove": [self.one.registration_id]}
        }
        self.assertEqual(self.told("POST /v3/tags/a", body), {})
        self.assertEqual((self.one.tags, self.other.tags), (["b"], ["a"]))

    def test_ids_that_are_no_devices_are_told_and_the_others_served(self) -> None:
        ids = ["nobody", self.other.registration_id, STRANGER]
        answer = self.ask("POST /v3/tags/c", {"registration_ids": {"add": ids}})
        error = json.loads(answer.body)["error"]
        self.assertEqual((answer.status, error["code"]), (400, 7013))
        self.assertEqual(error["illegal_rids"], ["nobody", STRANGER])
        self.assertEqual(self.other.tags, ["c"])

    def test_a_tag_is_deleted(self) -> None:
        self.assertEqual(self.told("DELETE /v3/tags/a"), {})
        self.assertEqual(self.told("GET /v3/tags/"), {"tags": ["b"]})

    def test_membership_is_true_or_false(self) -> None:
        rid = self.one.registration_id
        self.assertEqual(self.told(f"GET /v3/tags/a/registration_ids/{rid}"), {"result": True})
        self.assertEqual(self.told(f"GET /v3/tags/z/registration_ids/{rid}"), {"result": False})
        self.assertEqual(self.refused("GET /v3/tags/a/registration_ids/nobody"), (400, 7002))

    def test_status_tells_who_was_here_within_ten_minutes(self) -> None:
        now_ms = int(self.world.wall() * 1000)
        recent = self.grid.shards[0].add(last_online_ms=now_ms - 9 * 60_000)
        today = self.grid.shards[1].add(last_online_ms=now_ms - 5 * HOUR_MS)
        long_ago = self.grid.shards[1].add(last_online_ms=now_ms - 49 * HOUR_MS)
        self.one.broker = "broker-1"
        ids = [each.registration_id for each in (self.one, recent, today, long_ago)]
        told = self.told("POST /v3/devices/status", {"registration_ids": [*ids, STRANGER, "bad"]})
        self.assertEqual(
            told,
            {
                ids[0]: {"online": True},
                ids[1]: {"online": True},
                ids[2]: {"online": False, "last_online_time": "2027-01-15 11:00:00"},
                ids[3]: {"online": False},
                STRANGER: {},
                "bad": {},
            },
        )

    def test_names_that_cannot_be_are_refused(self) -> None:
        for line in ("GET /v3/aliases/a%20b", "DELETE /v3/tags/a%2Fb", "DELETE /v3/aliases/" + "x" * 41):
            self.assertEqual(self.refused(line), (400, 7002), line)
        self.assertEqual(self.refused("DELETE /v3/tags/a?platform=symbian"), (400, 7002))

    def test_a_backend_in_trouble_is_told_as_busy(self) -> None:
        self.grid.shards[1].trouble["position"] = [UnavailableException("starting")]
        self.assertEqual(self.refused("GET /v3/tags"), (503, 7030))
        self.grid.tag_alias.trouble["tags"] = [LaggingException()]
        self.assertEqual(self.refused("GET /v3/tags"), (503, 7030))
