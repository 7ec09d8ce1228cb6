"""A connection's bytes are counted as they come and go."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from tests.rpc.given import Grid


class FollowedTest(SynchronousTestCase):
    def test_messages_are_told_as_they_come_and_go(self) -> None:
        grid = Grid(self)
        _, proxy = grid.pair()
        connection = grid.wait(proxy.ice_getConnection())
        received: list[tuple[int, int]] = []
        sent: list[int] = []
        connection.follow(
            lambda size, messages: received.append((size, len(messages))), lambda data: sent.append(data[8])
        )
        self.assertEqual(grid.wait(proxy.add(1, 2)), 3)
        self.assertEqual((received, sent), ([(29, 1)], [0]))


class CountedTest(SynchronousTestCase):
    def test_what_comes_and_goes_is_told_and_everything_works_as_before(self) -> None:
        grid = Grid(self)
        servant, proxy = grid.pair()
        connection = grid.wait(proxy.ice_getConnection())
        received: list[int] = []
        sent: list[int] = []
        connection.count_bytes(received.append, sent.append)
        self.assertEqual(grid.wait(proxy.add(1, 2)), 3)
        self.assertEqual(sum(received), 29)
        self.assertGreater(sum(sent), 40)
        grid.wait(proxy.ice_oneway().nothing())
        grid.wait(connection.close())
        grid.simulation.run_for(1)
        self.assertEqual(servant.called, ["add", "nothing"])
