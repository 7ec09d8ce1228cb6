"""One direction of a connection: order, splitting, limits, partitions."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.sim.pipe import CAPACITY_BYTES
from tests.sim.peers import Pair


class PipeTests(SynchronousTestCase):
    def test_bytes_arrive_in_order_whatever_the_segments(self) -> None:
        cuts = set()
        for seed in range(20):
            pair = Pair(seed)
            pair.simulation.paths.split_chance = 0.5
            sent = b""
            for number in range(50):
                sent += b"%d," % number
                pair.client.transport.write(b"%d," % number)
                pair.settle(0.000_2)
            pair.settle()
            self.assertEqual(pair.server.text, sent)
            cuts.add(tuple(pair.server.heard))
        self.assertGreater(len(cuts), 15)

    def test_what_one_turn_writes_travels_together(self) -> None:
        pair = Pair()
        pair.simulation.paths.split_chance = 0.0
        pair.client.transport.write(b"a")
        pair.client.transport.writeSequence([b"b", b"c"])
        pair.settle()
        self.assertEqual(pair.server.heard, [b"abc"])

    def test_an_unread_pipe_takes_no_more_than_its_capacity(self) -> None:
        pair = Pair()
        pair.server.transport.pauseProducing()
        pair.client.transport.write(b"x" * (CAPACITY_BYTES * 3))
        pair.settle()
        self.assertEqual(pair.client.transport.outgoing.unread_bytes, CAPACITY_BYTES)
        pair.server.transport.resumeProducing()
        pair.settle()
        self.assertEqual(len(pair.server.text), CAPACITY_BYTES * 3)
        self.assertEqual(pair.client.transport.outgoing.unread_bytes, 0)

    def test_a_partition_holds_what_was_sent_until_it_heals(self) -> None:
        pair = Pair()
        pair.simulation.paths.partition("s", "c")
        pair.client.transport.write(b"one ")
        pair.settle(30)
        pair.client.transport.write(b"two")
        pair.settle(30)
        self.assertEqual(pair.server.text, b"")
        pair.simulation.paths.heal("s", "c")
        pair.settle()
        self.assertEqual((pair.server.text, pair.server.ended), (b"one two", ""))

    def test_a_blocked_direction_leaves_the_other_open(self) -> None:
        pair = Pair()
        pair.simulation.paths.block("c", "s")
        pair.client.transport.write(b"up")
        pair.server.transport.write(b"down")
        pair.settle()
        self.assertEqual((pair.server.text, pair.client.text), (b"", b"down"))
