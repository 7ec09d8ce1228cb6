"""One push's way: who gets it, where it is stored, what happens when something fails on the way."""

from __future__ import annotations

from pushnet.gen.pushnet.broker import Target
from pushnet.gen.pushnet.tagalias import LaggingException
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.placement import home_shard, ordinal_at, registration_id
from pushnet.roles.pusher.delivery import ImpossiblePush
from pushnet.rpc.exceptions import ConnectionRefusedException
from tests.roles.memory import Device
from tests.roles.pusher.given import APP, PusherGiven

FIRST = [ordinal_at(counter, 0) for counter in range(10)]
SECOND = [ordinal_at(counter, 1) for counter in range(10)]


class SingleTests(PusherGiven):
    def device(self, shard: int, **known: object) -> Device:
        return self.grid.shards[shard].add(**known)

    def test_devices_named_by_id_get_it_in_their_own_streams_and_at_their_brokers(self) -> None:
        here, there = self.device(0, broker="broker-1"), self.device(1, broker="broker-2")
        offline, other = self.device(1), self.device(0)
        ids = [device.registration_id for device in (here, there, offline)]
        push = self.push(registrationId=ids)
        self.assertEqual(self.carry(push), "delivered")
        self.assertEqual(
            [device.stream for device in (here, there, offline, other)], [[push.message]] * 3 + [[]]
        )
        self.assertEqual(self.one.singles, [(push.message, [Target(FIRST[0], 7, 0, 1)])])
        self.assertEqual(self.two.singles, [(push.message, [Target(SECOND[0], 7, 0, 1)])])
        self.assertEqual(self.counted("targets", kind="single"), 3)

    def test_ids_need_no_tag_index(self) -> None:
        self.carry(self.push(registrationId=[self.device(0).registration_id]))
        self.assertEqual(self.grid.tag_alias.calls, [])

    def test_ids_that_are_no_devices_are_counted_as_unregistered(self) -> None:
        device = self.device(0)
        forged = device.registration_id[:-1] + "0"
        ids = [
            device.registration_id,
            forged,
            registration_id(9, b"wrong"),
            registration_id(5 << 16, b"wrong"),
        ]
        self.assertEqual(self.carry(self.push(registrationId=ids)), "delivered")
        self.assertEqual(self.counted("unregistered"), 3)
        self.assertEqual(len(device.stream), 1)

    def test_nobody_left_is_no_target(self) -> None:
        self.assertEqual(self.carry(self.push(registrationId=[registration_id(1, b"wrong")])), "no_target")
        self.assertEqual(self.carry(self.push(alias=["nobody"])), "no_target")

    def test_platforms_narrow_the_ids(self) -> None:
        phone, pad = self.device(0, platform="android"), self.device(0, platform="ios")
        ids = [phone.registration_id, pad.registration_id]
        self.carry(self.push(registrationId=ids, platforms=["ios"]))
        self.assertEqual([len(phone.stream), len(pad.stream)], [0, 1])
        self.assertEqual(self.counted("unregistered"), 0)

    def test_aliases_and_mixed_audiences_are_resolved_by_the_tag_index(self) -> None:
        bearer, other = self.device(0, alias="x", tags=["a"]), self.device(1, alias="x")
        self.carry(self.push(1, alias=["x"]))
        self.carry(self.push(2, alias=["x"], tag=["a"]))
        self.carry(self.push(3, registrationId=[bearer.registration_id, other.registration_id], tagNot=["a"]))
        self.assertEqual([message.id for message in bearer.stream], [1, 2])
        self.assertEqual([message.id for message in other.stream], [1, 3])

    def test_many_devices_are_stored_in_pages(self) -> None:
        for _ in range(7):
            self.device(0, alias="x")
        self.carry(self.push(alias=["x"]))
        self.assertEqual(self.grid.shards[0].calls.count("store"), 3)
        self.assertEqual(self.counted("targets", kind="single"), 7)

    def test_a_second_attempt_stores_nothing_twice(self) -> None:
        device, other = self.device(0, broker="broker-1"), self.device(1)
        push = self.push(registrationId=[device.registration_id, other.registration_id])
        self.grid.shards[1].trouble["store"] = [UnavailableException("restarting")]
        self.assertRaises(UnavailableException, self.carry, push)
        self.assertEqual(self.carry(push, attempt=2), "delivered")
        self.assertEqual([len(device.stream), len(other.stream)], [1, 1])

    def test_a_broker_that_fails_is_tried_once_more_where_the_devices_are_then(self) -> None:
        device = self.device(0, broker="broker-1")
        self.one.trouble["deliver"] = [ConnectionRefusedException()]
        push = self.push(registrationId=[device.registration_id])
        self.assertEqual(self.carry(push), "delivered")
        self.assertEqual(self.one.singles, [])
        device.broker = "broker-2"
        self.simulation.run_for(1.1)
        self.assertEqual(self.two.singles, [(push.message, [Target(FIRST[0], 7, 0, 1)])])
        self.assertEqual(self.counted("second_tries", result="delivered"), 1)

    def test_a_broker_that_stays_away_is_no_error_of_the_push(self) -> None:
        device = self.device(0, broker="gone")
        self.assertEqual(self.carry(self.push(registrationId=[device.registration_id])), "delivered")
        self.simulation.run_for(5.0)
        self.assertEqual(self.counted("second_tries", result="missed"), 1)
        self.assertEqual(self.simulation.failures, [])

    def test_stopping_gives_the_second_tries_up(self) -> None:
        device = self.device(0, broker="gone")
        self.carry(self.push(registrationId=[device.registration_id]))
        self.delivery.stop()
        self.simulation.run_for(0.1)
        self.assertEqual(self.world.leftovers(), [])

    def test_a_failed_broker_makes_the_next_push_ask_the_registry(self) -> None:
        device = self.device(0, broker="broker-1")
        self.one.trouble["deliver"] = [ConnectionRefusedException()]
        self.carry(self.push(1, registrationId=[device.registration_id]))
        self.carry(self.push(2, registrationId=[device.registration_id]))
        self.assertEqual(self.grid.registry.calls, ["replicas"] * 2)


class GroupTests(PusherGiven):
    def setUp(self) -> None:
        super().setUp()
        self.home = self.grid.shards[home_shard(APP, 2)]
        for shard in self.grid.shards:
            shard.add(tags=["a"])
            shard.add(tags=["b"], platform="ios")

    def test_a_group_push_is_one_row_and_one_call_a_broker(self) -> None:
        push = self.push(all=True)
        self.assertEqual(self.carry(push), "delivered")
        everyone = sorted([*FIRST[:2], *SECOND[:2]])
        self.assertEqual([message for message, _ in self.home.log], [push.message])
        for broker in (self.one, self.two):
            self.assertEqual(broker.groups, [(1, push.message, everyone)])
        self.assertEqual(self.counted("targets", kind="group"), 4)

    def test_a_tag_expression_with_platforms_selects(self) -> None:
        self.carry(self.push(1, tag=["a", "b"], platforms=["ios"]))
        self.carry(self.push(2, tagNot=["b"]))
        selected = [devices for _, _, devices in self.one.groups]
        self.assertEqual(selected, [[FIRST[1], SECOND[1]], [FIRST[0], SECOND[0]]])

    def test_an_empty_selection_leaves_no_row(self) -> None:
        self.assertEqual(self.carry(self.push(tag=["nobody"])), "no_target")
        self.assertEqual((self.home.log, self.one.groups), ([], []))

    def test_a_row_whose_answer_was_lost_keeps_its_seq_and_its_first_audience(self) -> None:
        push = self.push(tag=["a"])
        self.home.trouble["append after"] = [UnavailableException("connection lost")]
        self.assertRaises(UnavailableException, self.carry, push)
        self.grid.shards[0].devices[FIRST[0]].tags = []
        self.assertEqual(self.carry(push, attempt=2), "delivered")
        self.assertEqual(self.one.groups, [(1, push.message, [FIRST[0], SECOND[0]])])
        self.assertEqual(len(self.home.log), 1)

    def test_a_broker_that_fails_does_not_keep_the_others_from_it(self) -> None:
        self.one.trouble["deliverGroup"] = [ConnectionRefusedException()]
        self.assertEqual(self.carry(self.push(all=True)), "delivered")
        self.assertEqual((len(self.one.groups), len(self.two.groups)), (0, 1))
        self.assertEqual(self.counted("broker_failures"), 1)

    def test_a_lagging_index_or_a_shard_in_trouble_is_raised(self) -> None:
        self.grid.tag_alias.trouble["resolve"] = [LaggingException()]
        self.assertRaises(LaggingException, self.carry, self.push(all=True))
        self.grid.shards[1].trouble["position"] = [ConnectionRefusedException()]
        self.assertRaises(ConnectionRefusedException, self.carry, self.push(all=True))
        self.assertEqual(self.home.log, [])


class EndTests(PusherGiven):
    def test_what_has_expired_is_not_stored(self) -> None:
        device = self.grid.shards[0].add()
        push = self.push(ttl_s=5, registrationId=[device.registration_id])
        self.simulation.run_for(5.0)
        self.assertEqual(self.carry(push), "expired")
        self.assertEqual(device.stream, [])

    def test_an_audience_that_names_nobody_is_impossible(self) -> None:
        self.assertRaises(ImpossiblePush, self.carry, self.push(platforms=["ios"]))
