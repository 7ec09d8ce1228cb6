"""The way in: who is let in, where they stand, and what happens when nobody answers."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.device_session import Memory
from pushnet.device.frames import Reason, Welcome
from pushnet.device.token import TOKEN_BYTES, TOKEN_LIFE_S
from pushnet.device.writing import encode
from pushnet.grid.lists import APP as DENIED_APP
from pushnet.grid.lists import DEVICE, Lists, Rule
from tests.roles.broker.fakes import APP, Stage


class EntranceTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.stage = Stage()
        self.shard = self.stage.shard
        self.addCleanup(lambda: self.assertEqual(self.stage.world.failures, []))

    def test_a_new_device_is_registered_and_begins_at_the_end_of_the_group_log(self) -> None:
        self.shard.append(b"before its time", 0)
        phone = self.stage.phone()
        memory = phone.session.memory
        self.assertEqual((memory.secret, memory.own, memory.group), (b"secret", 0, 1))
        self.assertEqual(len(memory.token), TOKEN_BYTES)
        self.assertEqual(phone.bodies, [])
        self.stage.advance(1)
        self.assertEqual([(ack.group, ack.seq) for ack in self.shard.acks], [(True, 1)])

    def test_the_reply_to_a_resume_with_nothing_new_is_a_heartbeat_interval(self) -> None:
        phone = self.stage.phone()
        phone.hang_up()
        phone.call()
        self.assertTrue(phone.line.is_open)
        self.assertEqual(phone.raw, encode(Welcome(60)))

    def test_a_token_past_half_its_life_is_renewed(self) -> None:
        phone = self.stage.phone()
        phone.hang_up()
        old = phone.session.memory.token
        self.stage.world.clock.rightNow += TOKEN_LIFE_S * 0.6
        phone.call()
        self.assertNotEqual(phone.session.memory.token, old)

    def test_a_token_that_is_too_old_is_answered_with_log_in_again(self) -> None:
        phone = self.stage.phone()
        phone.hang_up()
        self.stage.world.clock.rightNow += TOKEN_LIFE_S
        phone.call()
        self.assertEqual(phone.farewells, [Reason.LOGIN_AGAIN])
        phone.call()
        self.assertTrue(phone.line.is_open)

    def test_who_is_on_a_black_list_is_not_let_in_and_remains_who_it_is(self) -> None:
        phone = self.stage.phone()
        memory = phone.session.memory
        phone.hang_up()
        self.stage.board.go_by(Lists([Rule(DEVICE, APP, memory.registration_id)]))
        phone.call()
        self.assertEqual(phone.farewells, [Reason.NOT_ALLOWED])
        self.assertEqual(phone.session.memory, memory)
        self.stage.board.go_by(Lists())
        phone.call()
        self.assertTrue(phone.line.is_open)

    def test_no_device_of_a_denied_app_is_registered(self) -> None:
        self.stage.board.go_by(Lists([Rule(DENIED_APP, "", APP)]))
        phone = self.stage.phone()
        self.assertEqual(phone.farewells, [Reason.NOT_ALLOWED])
        self.assertEqual(self.shard.devices, {})

    def test_a_list_that_changes_while_a_login_is_under_way_holds_for_it(self) -> None:
        phone = self.stage.phone()
        phone.hang_up()
        waiting = self.shard.waiting = []
        phone.call()
        self.stage.board.go_by(Lists([Rule(DEVICE, APP, phone.session.memory.registration_id)]))
        self.shard.waiting = None
        for turn in waiting:
            turn.callback(None)
        phone.pump()
        self.assertEqual(phone.farewells, [Reason.NOT_ALLOWED])
        self.assertEqual(self.stage.board.lines.count, 0)

    def test_a_wrong_secret_is_refused(self) -> None:
        phone = self.stage.phone()
        memory = phone.session.memory
        thief = self.stage.phone("thief", Memory(memory.registration_id, b"guess"))
        self.assertEqual(thief.farewells, [Reason.REFUSED])
        self.assertFalse(phone.line.closed)

    def test_an_id_that_is_none_is_refused_without_asking_a_shard(self) -> None:
        for rid in ("", "nonsense", "1" + "7fffffff" + "0" * 10):
            self.assertEqual(self.stage.phone(memory=Memory(rid or "x", b"s")).farewells, [Reason.REFUSED])
        self.assertNotIn("login", self.shard.asked)

    def test_a_shard_that_fails_means_try_later(self) -> None:
        self.shard.down = True
        phone = self.stage.phone()
        self.assertEqual(phone.farewells, [Reason.TRY_LATER])
        self.assertEqual(self.stage.board.connections, 0)

    def test_what_was_missed_follows_the_welcome(self) -> None:
        phone = self.stage.phone()
        ordinal = phone.ordinal
        phone.hang_up()
        for number in range(50):
            self.shard.store(ordinal, b"own %d" % number)
            self.shard.append(b"group %d" % number, ordinal)
        phone.call()
        self.stage.advance(1.25)
        phone.pump()
        self.assertEqual(
            [b for b in phone.bodies if b.startswith(b"own")], [b"own %d" % n for n in range(50)]
        )
        self.assertEqual(
            [b for b in phone.bodies if b.startswith(b"gro")], [b"group %d" % n for n in range(50)]
        )

    def test_a_device_that_logs_in_again_and_again_is_sent_away_for_five_minutes(self) -> None:
        phone, other = self.stage.phone(), self.stage.phone("other")
        for _ in range(14):
            phone.hang_up()
            self.stage.advance(3)
            phone.call()
            self.assertEqual(phone.farewells, [])
        asked = self.shard.asked.count("login")
        phone.hang_up()
        phone.call()
        self.assertEqual(phone.farewells, [Reason.TRY_LATER])
        self.assertEqual(self.shard.asked.count("login"), asked)
        self.assertFalse(other.line.closed)
        self.stage.world.clock.rightNow += 301
        phone.call()
        self.assertTrue(phone.line.is_open)

    def test_a_stranger_with_wrong_secrets_sends_no_device_away(self) -> None:
        phone = self.stage.phone()
        rid = phone.session.memory.registration_id
        for number in range(30):
            self.stage.phone(f"thief-{number}", Memory(rid, b"guess"))
        phone.hang_up()
        phone.call()
        self.assertTrue(phone.line.is_open)

    def test_a_message_that_comes_while_the_login_is_under_way_is_not_lost(self) -> None:
        phone = self.stage.phone()
        ordinal = phone.ordinal
        phone.hang_up()
        self.shard.waiting = []
        phone.call()
        entry = self.shard.store(ordinal, b"meanwhile")
        self.assertEqual(self.stage.deliver(ordinal, entry), [])
        (turn,), self.shard.waiting = self.shard.waiting, None
        turn.callback(None)
        phone.pump()
        self.assertEqual(phone.bodies, [b"meanwhile"])

    def test_a_login_that_was_overtaken_elsewhere_is_closed(self) -> None:
        phone = self.stage.phone()
        ordinal = phone.ordinal
        phone.hang_up()
        self.shard.waiting = []
        phone.call()
        self.stage.board.lines.evict(phone.session._app, ordinal, 99)
        (turn,), self.shard.waiting = self.shard.waiting, None
        turn.callback(None)
        phone.pump()
        self.assertEqual(phone.farewells, [Reason.REPLACED])
        self.assertEqual(self.stage.board.lines.count, 0)

    def test_a_device_that_hangs_up_during_its_login_is_logged_out(self) -> None:
        phone = self.stage.phone()
        phone.hang_up()
        self.shard.waiting = []
        phone.call()
        phone.hang_up()
        self.shard.logouts.clear()
        (turn,), self.shard.waiting = self.shard.waiting, None
        turn.callback(None)
        self.assertEqual(self.shard.logouts, [(0, 2)])
        self.assertEqual(self.stage.board.lines.count, 0)

    def test_a_device_that_claims_a_place_its_stream_never_reached_is_put_right(self) -> None:
        phone = self.stage.phone()
        memory = phone.session.memory
        phone.hang_up()
        boaster = self.stage.phone("phone", Memory(memory.registration_id, b"secret", b"", 77, 0))
        self.assertEqual(boaster.session.memory.own, 0)
        self.stage.deliver(0, self.shard.store(0, b"real"))
        boaster.pump()
        self.assertEqual(boaster.bodies, [b"real"])

    def test_a_second_connection_of_a_device_replaces_the_first(self) -> None:
        first = self.stage.phone()
        second = self.stage.phone()
        first.pump()
        self.assertEqual(first.farewells, [Reason.REPLACED])
        self.assertTrue(second.line.is_open)
        self.assertEqual(self.stage.board.lines.count, 1)
