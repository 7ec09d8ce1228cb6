"""The push calls, down to what lies in the queue."""

from __future__ import annotations

import json

from pushnet.gen.pushnet.push import Audience, read_Push
from pushnet.gen.pushnet.queue import QueueRefusedException
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.lists import ALIAS, Lists, Rule
from pushnet.grid.placement import registration_id
from pushnet.grid.settings import GatewaySettings
from pushnet.roles.gateway.message_id import made_at_ms
from pushnet.rpc.exceptions import ConnectionLostException
from tests.roles.gateway.given import APP, HI, GatewayGiven


class PushTests(GatewayGiven):
    def test_an_accepted_push_lies_in_the_queue_before_the_answer(self) -> None:
        self.grid.queue.hold("publish")
        asked = self.asked("POST /v3/push", {**HI, "options": {"sendno": 18, "time_to_live": 60}})
        self.simulation.run_for(1.0)
        self.assertNoResult(asked)
        self.grid.queue.release("publish")
        answer = json.loads(self.simulation.run_until(asked).body)
        push, _ = read_Push(self.grid.queue.bodies[1], 0)
        self.assertEqual(answer, {"sendno": "18", "msg_id": str(push.message.id)})
        self.assertEqual((push.app, push.audience), (APP, Audience(all=True)))
        self.assertEqual(push.message.expiresMs, push.acceptedMs + 60_000)
        self.assertEqual(made_at_ms(push.message.id), push.acceptedMs)
        self.assertEqual(json.loads(push.message.body)["msg_id"], answer["msg_id"])

    def test_aliases_on_the_black_list_are_left_out_and_nobody_left_is_an_error(self) -> None:
        self.gateway.lists = Lists([Rule(ALIAS, APP, "ann")])
        self.told("POST /v3/push", {**HI, "audience": {"alias": ["ann", "bob"]}})
        push, _ = read_Push(self.grid.queue.bodies[1], 0)
        self.assertEqual(push.audience, Audience(alias=["bob"]))
        self.assertEqual(self.refused("POST /v3/push", {**HI, "audience": {"alias": ["ann"]}}), (400, 1011))

    def test_the_number_of_the_gateway_is_in_the_id(self) -> None:
        self.assertEqual(int(self.told("POST /v3/push", HI)["msg_id"]) >> 12 & 1023, 3)

    def test_without_a_sendno_the_answer_says_zero(self) -> None:
        self.assertEqual(self.told("POST /v3/push", HI)["sendno"], "0")

    def test_the_same_cid_again_gets_the_first_answer_and_pushes_nothing(self) -> None:
        first = self.ask("POST /v3/push", {**HI, "cid": "c", "options": {"sendno": 1}})
        second = self.ask("POST /v3/push", {**HI, "cid": "c", "options": {"sendno": 2}})
        self.assertEqual(second.body, first.body)
        self.assertEqual(len(self.grid.queue.bodies), 1)

    def test_without_a_cid_every_call_is_a_push(self) -> None:
        ids = {self.told("POST /v3/push", HI)["msg_id"] for _ in range(3)}
        self.assertEqual((len(ids), len(self.grid.queue.bodies)), (3, 3))

    def test_a_publish_whose_answer_was_lost_is_repeated_and_counts_once(self) -> None:
        self.grid.queue.trouble["publish after"] = [ConnectionLostException(), ConnectionLostException()]
        self.told("POST /v3/push", HI)
        self.assertEqual(self.grid.queue.calls, ["publish"] * 3)
        self.assertEqual(len(self.grid.queue.bodies), 1)

    def test_a_queue_that_stays_away_is_told_as_busy(self) -> None:
        self.grid.queue.trouble["publish"] = [UnavailableException("full")] * 4
        self.assertEqual(self.refused("POST /v3/push", HI), (503, 1030))
        self.assertEqual(self.grid.queue.calls, ["publish"] * 4)

    def test_what_the_queue_finds_too_large_is_too_big(self) -> None:
        self.grid.queue.trouble["publish"] = [QueueRefusedException("too large")]
        self.assertEqual(self.refused("POST /v3/push", HI), (400, 1005))

    def test_a_validation_answers_like_a_push_and_sends_nothing(self) -> None:
        told = self.told("POST /v3/push/validate", {**HI, "options": {"sendno": 7}})
        self.assertEqual((sorted(told), told["sendno"]), (["msg_id", "sendno"], "7"))
        self.assertEqual(self.refused("POST /v3/push/validate", {**HI, "colour": 1}), (400, 1009))
        self.assertEqual(self.grid.queue.calls, [])

    def test_only_a_known_message_can_be_replaced(self) -> None:
        first = int(self.told("POST /v3/push", HI)["msg_id"])
        self.told("POST /v3/push", {**HI, "options": {"override_msg_id": first}})
        for call in ("push", "push/validate"):
            body = {**HI, "options": {"override_msg_id": 12345}}
            self.assertEqual(self.refused(f"POST /v3/{call}", body), (400, 1003))

    def test_identifiers_are_given_out(self) -> None:
        self.assertEqual(len(self.told("GET /v3/push/cid?count=3&type=push")["cidlist"]), 3)
        self.assertEqual(len(self.told("GET /v3/push/cid")["cidlist"]), 1)
        self.assertEqual(self.refused("GET /v3/push/cid?count=0"), (400, 1003))


class BatchTests(GatewayGiven):
    def test_each_entry_of_a_batch_succeeds_or_fails_alone(self) -> None:
        rid = registration_id(1, b"abcde")
        right = {"platform": "all", "target": rid, "notification": {"alert": "Hi"}}
        batch = {"pushlist": {"c1": right, "c2": {**right, "target": "nobody"}, "c3": right}}
        told = self.told("POST /v3/push/batch/regid/single", batch)
        self.assertEqual([told[cid]["error"]["code"] for cid in ("c1", "c2", "c3")], [0, 1003, 0])
        self.assertEqual(sorted(told["c1"]), ["error", "msg_id"])
        pushes = [read_Push(body, 0)[0] for body in self.grid.queue.bodies.values()]
        self.assertEqual([push.audience for push in pushes], [Audience(registrationId=[rid])] * 2)

    def test_a_batch_by_alias_names_aliases(self) -> None:
        entry = {"platform": ["ios"], "target": "x", "message": {"msg_content": "m"}}
        told = self.told("POST /v3/push/batch/alias/single", {"pushlist": {"c1": entry}})
        again = self.told("POST /v3/push/batch/alias/single", {"pushlist": {"c1": entry}})
        self.assertEqual(told, again)
        (body,) = self.grid.queue.bodies.values()
        self.assertEqual(read_Push(body, 0)[0].audience, Audience(alias=["x"], platforms=["ios"]))

    def test_a_batch_that_is_none_is_refused_whole(self) -> None:
        self.assertEqual(self.refused("POST /v3/push/batch/alias/single", {}), (400, 1002))


class BroadcastTests(GatewayGiven):
    settings = GatewaySettings(broadcasts_per_day=2)

    def test_an_app_has_so_many_broadcasts_a_day_and_other_pushes_do_not_count(self) -> None:
        some = {**HI, "audience": {"tag": ["a"]}}
        for body in (HI, some, some, HI, some):
            self.told("POST /v3/push", body)
        self.assertEqual(self.refused("POST /v3/push", HI), (429, 2008))
        self.told("POST /v3/push/validate", HI)
        self.told("POST /v3/push", some)
        self.simulation.run_for(24 * 3600)
        self.told("POST /v3/push", HI)
