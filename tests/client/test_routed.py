"""A session is begun, kept, called back through, and lost or ended."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.client.routed import RoutedSession
from pushnet.gen.ice import glacier2
from pushnet.rpc.exceptions import InitializationException
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class RouterI(glacier2.RouterServant):
    """Lets `ann` in; sends nothing on."""

    def __init__(self) -> None:
        self.connections: list[Any] = []
        self.ended = 0

    async def getClientProxy(self, current: Current | None = None) -> tuple[ObjectPrx | None, bool | None]:
        return None, True

    async def getServerProxy(self, current: Current | None = None) -> ObjectPrx | None:
        assert current is not None
        return current.adapter.createProxy(Identity("dummy", "c"))

    async def getCategoryForClient(self, current: Current | None = None) -> str:
        return "c"

    async def createSession(self, user: str, password: str, current: Current | None = None) -> None:
        assert current is not None
        if (user, password) != ("ann", "right"):
            raise glacier2.PermissionDeniedException("no")
        self.connections.append(current.con)

    async def createSessionFromSecureConnection(self, current: Current | None = None) -> None:
        raise glacier2.PermissionDeniedException("no certificate")

    async def destroySession(self, current: Current | None = None) -> None:
        self.ended += 1
        if self.ended > 1:
            raise glacier2.SessionNotExistException()

    async def getSessionTimeout(self, current: Current | None = None) -> int:
        return 20

    async def getACMTimeout(self, current: Current | None = None) -> int:
        return 0


class RoutedSessionTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.router = RouterI()
        self.grid.serve("router", self.router, "router")
        text = "router:tcp -h router -p 4000"
        self.client = self.grid.communicator("client", Ice_Default_Router=text)
        self.lost = 0

    def begin(self) -> RoutedSession:
        session: RoutedSession = self.grid.wait(
            RoutedSession.begin(self.client, "ann", "right", self.note_loss)
        )
        return session

    def note_loss(self) -> None:
        self.lost += 1

    def test_who_may_not_have_one_is_told(self) -> None:
        with self.assertRaises(glacier2.PermissionDeniedException):
            self.grid.wait(RoutedSession.begin(self.client, "ann", "wrong"))
        with self.assertRaises(glacier2.PermissionDeniedException):
            self.grid.wait(RoutedSession.begin(self.client))
        with self.assertRaises(InitializationException):
            self.grid.wait(RoutedSession.begin(self.grid.communicator("other"), "ann", "right"))

    def test_an_object_outside_is_called_back_over_the_connection_of_the_session(self) -> None:
        session = self.begin()
        adapter = self.grid.wait(session.adapter())
        self.assertIs(self.grid.wait(session.adapter()), adapter)
        identity = session.callback_identity("listener")
        self.assertEqual(identity, Identity("listener", "c"))
        self.assertNotEqual(session.callback_identity(), session.callback_identity())
        proxy = adapter.add(EverythingI(), identity)
        self.assertEqual(str(proxy), "c/listener -t -e 1.1:tcp -h router -p 4000 -t 60000")
        back = EverythingPrx(self.router.connections[0].createProxy(identity).ice_reference)
        self.assertEqual(self.grid.wait(back.add(1, 2)), 3)

    def test_heartbeats_keep_it_while_nothing_is_called(self) -> None:
        self.begin()
        beats: list[float] = []
        self.router.connections[0].setHeartbeatCallback(lambda _: beats.append(self.grid.simulation.now_s))
        self.grid.simulation.run_for(60)
        gaps = [later - earlier for earlier, later in pairwise(beats)]
        self.assertTrue(len(beats) >= 5 and max(gaps) <= 11, beats)

    def test_its_loss_is_told_and_another_can_be_begun(self) -> None:
        session = self.begin()
        self.grid.wait(session.adapter())
        self.grid.wait(self.router.connections[0].close())
        self.grid.simulation.run_for(1)
        self.assertEqual(self.lost, 1)
        again = self.begin()
        self.grid.wait(again.adapter())
        self.assertEqual(len(self.router.connections), 2)

    def test_ending_it_is_no_loss_and_may_be_done_twice(self) -> None:
        session = self.begin()
        self.grid.wait(session.adapter())
        self.grid.wait(session.end())
        self.grid.wait(session.end())
        self.grid.wait(self.client.destroy())
        self.assertEqual((self.router.ended, self.lost), (2, 0))
