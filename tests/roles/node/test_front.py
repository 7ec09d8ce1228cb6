"""A front: servers change behind it, and its clients see nothing of that."""

from __future__ import annotations

from collections import Counter

from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Factory

from pushnet.roles.node.front import BEAT_S, FrontOf
from tests.roles.node.fronts import FIRST, PORT, SECOND, THIRD, Client, FrontCase


class FrontTest(FrontCase):
    def test_clients_that_come_before_the_server_wait_for_it(self) -> None:
        client = self.client()
        client.two_way(1)
        client.one_way(2)
        self.pass_s(3)
        self.assertEqual((client.validated, client.answered), (True, []))
        server = self.server(FIRST)
        self.assertEqual(len(self.turn_to(FIRST)), 1)
        self.pass_s()
        self.assertEqual((client.answered, server.done), ([1], [1, 2]))

    def test_nothing_fails_is_lost_or_done_twice_while_servers_follow_each_other(self) -> None:
        for seed in range(12):
            self.begin(seed)
            self._turns(seed)

    def _turns(self, seed: int) -> None:
        servers = [self.server(FIRST)]
        self.turn_to(FIRST)
        clients = [self.client() for _ in range(4)]
        numbers = iter(range(10**6))
        two_way, others = [], []
        for turn in range(6):
            port = FIRST + 1 + turn
            successor = self.server(port)
            turned: list[object] = []
            for step in range(40):
                for client in clients:
                    kind = self.rng.randrange(4)
                    number = next(numbers)
                    (two_way if kind < 2 else others).append(number)
                    if kind < 2:
                        client.two_way(number, compressed=kind == 1)
                    elif kind == 2:
                        client.one_way(number)
                    else:
                        client.batch(number)
                if step == 10:
                    turned = self.turn_to(port)
                    turned_away = servers[-1]
                self.pass_s(self.rng.uniform(0, 0.01))
                if turned and turned_away is servers[-1]:
                    turned_away.end()
                    servers.append(successor)
            self.pass_s(0.5)
            self.assertIs(servers[-1], successor, f"seed {seed}: turn {turn} did not come to its end")
        self.pass_s()
        done = [number for server in servers for number in server.done]
        self.assertEqual(sorted(done), sorted(two_way + others), f"seed {seed}")
        answered = [number for client in clients for number in client.answered]
        self.assertEqual(sorted(answered), two_way, f"seed {seed}")
        self.assertFalse(any(client.lost for client in clients))
        self.assertTrue(all(server.done for server in servers))

    def test_whatever_servers_do_nothing_is_done_twice_and_who_is_told_to_repeat_may(self) -> None:
        told = [self._troubles(seed) for seed in range(15)]
        self.assertGreater(sum(told), 15, "hardly anybody was told to repeat anything")

    def _troubles(self, seed: int) -> int:
        """Servers turn, crash, close and end by themselves; how many requests are to be repeated."""
        self.begin(seed)
        servers = [self.server(FIRST)]
        self.turn_to(FIRST)
        clients: list[Client] = []
        for number in range(300):
            here = [client for client in clients if not client.lost]
            if len(here) < 3:
                here.append(self.client())
                clients.append(here[-1])
            client = self.rng.choice(here)
            self.rng.choice([client.two_way, client.two_way, client.one_way, client.batch])(number)
            match self.rng.randrange(40):
                case 0:
                    servers.append(self.server(FIRST + len(servers)))
                    self.turn_to(FIRST + len(servers) - 1)
                case 1:
                    self.front.turn_away()
                case 2 | 3:
                    for connection in servers[-1].connections[:1]:
                        connection.end()
                case 4:
                    self.rng.choice([servers[-1].end, servers[-1].crash])()
                    servers.append(self.server(FIRST + len(servers)))
                    self.turn_to(FIRST + len(servers) - 1)
                case 5:
                    client.close()
            self.pass_s(self.rng.uniform(0, 0.02))
        self.pass_s(60)
        done = Counter(number for server in servers for number in server.done)
        self.assertEqual([number for number, times in done.items() if times > 1], [], f"seed {seed}")
        for client in clients:
            self.assertLessEqual(set(client.answered), set(done))
            self.assertEqual(len(client.answered), len(set(client.answered)))
            if client.told_close:
                self.assertEqual([n for n in client.asked.values() if n in done], [], f"seed {seed}")
        self.assertEqual(self.simulation.failures, [])
        return sum(len(client.asked) for client in clients if client.told_close)

    def test_everybody_waits_while_the_server_is_away(self) -> None:
        first = self.server(FIRST)
        self.turn_to(FIRST)
        client = self.client()
        client.two_way(1)
        self.pass_s(0.1)
        fired: list[object] = []
        self.front.turn_away().addCallback(fired.append)
        client.two_way(2)
        client.one_way(3)
        self.pass_s()
        self.assertEqual((first.done, len(fired)), ([1], 1))
        first.end()
        second = self.server(SECOND)
        self.turn_to(SECOND)
        self.pass_s()
        self.assertEqual((second.done, client.answered, client.lost), ([2, 3], [1, 2], False))

    def test_a_server_that_takes_too_long_may_be_ended_and_answers_yet(self) -> None:
        first = self.server(FIRST, 0)
        first.work_s = lambda: 9.0
        self.turn_to(FIRST)
        client = self.client()
        client.two_way(1)
        self.pass_s(0.1)
        self.server(SECOND)
        fired = self.turn_to(SECOND)
        client.two_way(2)
        self.pass_s(4)
        self.assertEqual(fired, [])
        self.pass_s(2)
        self.assertEqual(len(fired), 1)
        first.end()
        self.pass_s(5)
        self.assertEqual((first.done, client.answered, client.lost), ([1], [1, 2], False))

    def test_whoever_turns_twice_ends_at_the_last_server(self) -> None:
        first = self.server(FIRST, 0.2)
        self.turn_to(FIRST)
        client = self.client()
        client.two_way(1)
        self.pass_s(0.05)
        second, third = self.server(SECOND), self.server(THIRD)
        turned = self.turn_to(SECOND), self.turn_to(THIRD)
        client.two_way(2)
        self.pass_s()
        self.assertEqual((first.done, second.done, third.done), ([1], [], [2]))
        self.assertEqual([len(each) for each in turned], [1, 1])
        self.assertEqual(client.answered, [1, 2])

    def test_at_its_end_it_answers_what_was_begun_and_passes_on_what_nobody_repeats(self) -> None:
        server = self.server(FIRST, 0.2)
        self.turn_to(FIRST)
        client = self.client()
        client.two_way(1)
        self.pass_s(0.05)
        closed: list[object] = []
        self.front.close().addCallback(closed.append)
        client.two_way(2)
        client.one_way(3)
        self.pass_s(2)
        self.assertEqual((server.done, client.answered, client.told_close), ([1, 3], [1], True))
        self.assertEqual((len(closed), self.front.lines, server.connections), (1, 0, []))
        self.assertEqual(self.world.leftovers(), [f"front: listens on {FIRST}"])

    def test_at_its_end_nobody_holds_it_up_for_longer_than_its_limit(self) -> None:
        server = self.server(FIRST, 0)
        server.work_s = lambda: 60.0
        self.turn_to(FIRST)
        client = self.client()
        client.two_way(1)
        self.pass_s(0.1)
        closed: list[object] = []
        self.front.close().addCallback(closed.append)
        self.pass_s(4)
        self.assertEqual(closed, [])
        self.pass_s(2)
        self.assertEqual((len(closed), client.lost), (1, True))

    def test_clients_hear_that_it_lives_while_no_server_does(self) -> None:
        client = self.client()
        self.pass_s(2 * BEAT_S + 1)
        self.assertEqual((client.heartbeats, client.lost), (2, False))

    def test_addresses_that_are_taken_or_make_no_sense_are_told(self) -> None:
        taken = FrontOf({})(self.world, f"tcp -h front -p {PORT}")
        self.assertIsInstance(self.failureResultOf(taken).value, CannotListenError)
        for wrong in ("udp -h front -p 9", "ssl -h front -p 9", "quic -h x", "tcp -p many"):
            self.assertIsInstance(
                self.failureResultOf(FrontOf({})(self.world, wrong)).value, ValueError, wrong
            )

    def test_it_listens_at_several_addresses(self) -> None:
        self.simulation.run_until(FrontOf({})(self.world, "tcp -h front -p 5001:ws -h front -p 5002"))
        for port in (5001, 5002):
            connecting = self.elsewhere.client_endpoint("front", port).connect(Factory.forProtocol(Client))
            self.simulation.run_until(connecting)
