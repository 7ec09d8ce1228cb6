"""One client's line: what it sees when servers turn, close, crash, call it back, or do not come."""

from __future__ import annotations

from pushnet.roles.node.front_line import HELD_BYTES_MAX, PATIENCE_S
from pushnet.wire.message import VALIDATE_MESSAGE
from tests.roles.node.fronts import FIRST, SECOND, THIRD, FrontCase, request


class FrontLineTest(FrontCase):
    def test_a_server_that_closes_when_idle_is_connected_to_again_when_needed(self) -> None:
        server = self.server(FIRST)
        self.turn_to(FIRST)
        client = self.client()
        client.two_way(1)
        self.pass_s(0.1)
        server.connections[0].end()
        self.pass_s(5)
        self.assertEqual((server.connections, client.lost), ([], False))
        client.one_way(2)
        client.two_way(3)
        self.pass_s(0.1)
        self.assertEqual((server.done, client.answered, client.told_close), ([1, 2, 3], [1, 3], False))

    def test_a_server_that_closes_with_requests_unread_has_its_client_repeat_them(self) -> None:
        server = self.server(FIRST)
        self.turn_to(FIRST)
        client = self.client()
        self.pass_s(0.1)
        connection = server.connections[0]
        connection.running = 1
        connection.end()
        client.two_way(1)
        self.pass_s(0.1)
        connection._finish(0)
        self.pass_s(0.1)
        self.assertEqual((server.done, client.told_close, client.answered), ([], True, []))

    def test_a_server_that_crashes_takes_with_it_who_waits_for_it(self) -> None:
        server = self.server(FIRST)
        server.work_s = lambda: 9.0
        self.turn_to(FIRST)
        client = self.client()
        client.two_way(1)
        self.pass_s(0.1)
        server.crash()
        self.pass_s(0.1)
        self.assertEqual((client.lost, client.told_close), (True, False))

    def test_a_server_that_crashes_leaves_the_others_time_to_go(self) -> None:
        server = self.server(FIRST)
        self.turn_to(FIRST)
        client = self.client()
        client.two_way(1)
        self.pass_s(0.1)
        server.crash()
        client.one_way(2)
        client.two_way(3)
        self.pass_s(0.5)
        self.assertEqual((client.lost, client.told_close, client.answered), (True, True, [1]))
        second = self.server(SECOND)
        self.turn_to(SECOND)
        self.pass_s(2)
        self.assertEqual(second.done, [2], "nobody repeats a one-way request")

    def test_a_server_that_comes_back_by_itself_is_found(self) -> None:
        self.turn_to(FIRST)
        client = self.client()
        client.two_way(1)
        self.pass_s(3)
        server = self.server(FIRST)
        self.pass_s(2)
        self.assertEqual((server.done, client.answered), ([1], [1]))

    def test_callbacks_pass_and_who_was_called_back_comes_again_after_a_turn(self) -> None:
        first, second = self.server(FIRST), self.server(SECOND)
        first.calls_back = True
        self.turn_to(FIRST)
        client = self.client()
        client.two_way(1)
        self.pass_s(0.1)
        self.assertEqual((client.called_back, client.answered), (1, [1]))
        fired = self.turn_to(SECOND)
        client.one_way(2)
        client.two_way(3)
        self.pass_s()
        self.assertEqual((len(fired), client.told_close, client.answered), (1, True, [1]))
        self.assertEqual((first.done, second.done, client.lost), ([1], [2], True))

    def test_a_callback_may_need_more_requests_before_it_is_answered(self) -> None:
        first = self.server(FIRST)
        self.server(SECOND)
        first.calls_back = True
        self.turn_to(FIRST)
        client = self.client()
        client.on_call = lambda id: None
        client.two_way(1)
        self.pass_s(0.1)
        self.assertEqual(client.called_back, 1)
        fired = self.turn_to(SECOND)
        first.calls_back = False
        client.two_way(2)
        self.pass_s(0.1)
        self.assertEqual((client.answered, fired), ([2], []))
        client.answer_call(1)
        self.pass_s()
        self.assertEqual((client.answered, len(fired)), ([2, 1], 1))

    def test_a_callback_lets_go_what_was_held_back_before(self) -> None:
        first = self.server(FIRST)
        self.server(SECOND)
        first.work_s = lambda: 0.5
        self.turn_to(FIRST)
        client = self.client()
        client.on_call = lambda id: None
        client.two_way(1)
        self.pass_s(0.1)
        fired = self.turn_to(SECOND)
        client.two_way(2)
        self.pass_s(0.1)
        self.assertEqual(first.done, [1])
        connection = first.connections[0]
        connection.waiting[7] = lambda: None
        connection.transport.write(request(7, 0, operation="back"))
        self.pass_s(0.1)
        self.assertEqual(first.done, [1, 2])
        client.answer_call(7)
        self.pass_s(2)
        self.assertEqual((client.answered, len(fired)), ([1, 2], 1))

    def test_a_client_that_hangs_up_still_has_its_last_words_heard(self) -> None:
        for hang_up in ("close", "drop"):
            self.begin(self.seed)
            first, second = self.server(FIRST), self.server(SECOND)
            first.work_s = lambda: 0.3
            self.turn_to(FIRST)
            client = self.client()
            client.two_way(1)
            self.pass_s(0.1)
            turned = self.turn_to(SECOND)
            client.one_way(2)
            if hang_up == "close":
                client.close()
            else:
                client.transport.loseConnection()
            self.pass_s(1)
            self.assertEqual((first.done, second.done, len(turned)), ([1], [2], 1))
            self.assertEqual((self.front.lines, first.connections, second.connections), (0, [], []))

    def test_who_speaks_something_else_is_cut_off(self) -> None:
        server = self.server(FIRST)
        self.turn_to(FIRST)
        client = self.client()
        self.pass_s(0.1)
        client.one_way(1)
        client.transport.write(b"GET / HTTP/1.1\r\n\r\n")
        self.pass_s(0.1)
        self.assertEqual((client.lost, server.done, server.connections), (True, [1], []))

    def test_the_successor_gets_nothing_before_the_old_server_has_read_all(self) -> None:
        first, second = self.server(FIRST), self.server(SECOND)
        self.turn_to(FIRST)
        client = self.client()
        self.pass_s(0.1)
        first.connections[0].transport.pauseProducing()
        client.one_way(1)
        self.pass_s(0.1)
        fired = self.turn_to(SECOND)
        client.one_way(2)
        self.pass_s(0.5)
        self.assertEqual((first.done, second.done, fired), ([], [], []))
        first.connections[0].transport.resumeProducing()
        self.pass_s(0.5)
        self.assertEqual((first.done, second.done, first.pings, len(fired)), ([1], [2], 1, 1))

    def test_heartbeats_pass(self) -> None:
        server = self.server(FIRST)
        self.turn_to(FIRST)
        client = self.client()
        self.pass_s(0.1)
        client.transport.write(VALIDATE_MESSAGE)
        server.connections[0].transport.write(VALIDATE_MESSAGE)
        self.pass_s(0.1)
        self.assertEqual((server.connections[0].heartbeats, client.heartbeats), (1, 1))

    def test_a_server_that_does_not_read_slows_its_client(self) -> None:
        server = self.server(FIRST)
        self.turn_to(FIRST)
        client = self.client()
        self.pass_s(0.1)
        connection = server.connections[0]
        connection.transport.pauseProducing()
        for number in range(20_000):
            client.one_way(number)
        self.pass_s(1)
        self.assertGreater(len(client.transport._buffer), 100_000, "the client could write everything")
        connection.transport.resumeProducing()
        self.pass_s(5)
        self.assertEqual(server.done, list(range(20_000)))

    def test_a_client_that_does_not_read_slows_its_server(self) -> None:
        server = self.server(FIRST, 0)
        self.turn_to(FIRST)
        client = self.client()
        self.pass_s(0.1)
        client.transport.pauseProducing()
        for number in range(20_000):
            client.two_way(number)
        self.pass_s(3)
        self.assertGreater(len(server.connections[0].transport._buffer), 50_000)
        client.transport.resumeProducing()
        self.pass_s(5)
        self.assertEqual(client.answered, list(range(20_000)))

    def test_no_more_is_held_back_than_there_is_room_for(self) -> None:
        client = self.client()
        count = 2 * HELD_BYTES_MAX // 40
        for number in range(count):
            client.one_way(number)
        self.pass_s(1)
        self.assertGreater(len(client.transport._buffer), 100_000, "the client could write everything")
        server = self.server(FIRST)
        self.turn_to(FIRST)
        self.pass_s(5)
        self.assertEqual(server.done, list(range(count)))

    def test_a_client_waits_for_a_server_only_so_long(self) -> None:
        client = self.client()
        client.two_way(1)
        self.pass_s(PATIENCE_S - 1)
        self.assertFalse(client.told_close)
        self.pass_s(2)
        self.assertEqual((client.told_close, client.lost, self.front.lines), (True, True, 0))

    def test_one_way_requests_wait_twice_as_long(self) -> None:
        client = self.client()
        client.one_way(1)
        self.pass_s(PATIENCE_S + 1)
        self.assertTrue(client.lost)
        server = self.server(THIRD)
        self.turn_to(THIRD)
        self.pass_s(1)
        self.assertEqual((server.done, self.front.lines), ([1], 0))
