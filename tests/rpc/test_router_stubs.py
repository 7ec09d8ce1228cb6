"""The calls to a router written by hand are those of its interface: tried against the generated skeleton."""

from collections.abc import Sequence

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice import router as generated
from pushnet.rpc.router_stubs import RouterPrx
from pushnet.rpc.stubs import Current, ObjectPrx
from tests.rpc.given import Grid


class RouterI(generated.RouterServant):
    """Answers with what it was given."""

    client: ObjectPrx | None = None
    server: ObjectPrx | None = None
    table: bool | None = None

    def getClientProxy(self, current: Current | None = None) -> tuple[ObjectPrx | None, bool | None]:
        return self.client, self.table

    def getServerProxy(self, current: Current | None = None) -> ObjectPrx | None:
        return self.server

    def addProxies(
        self, proxies: Sequence[ObjectPrx | None], current: Current | None = None
    ) -> list[ObjectPrx | None]:
        return [*proxies, None]


class RouterStubsTest(SynchronousTestCase):
    def test_each_operation_is_understood_in_both_encodings(self) -> None:
        grid = Grid(self)
        servant = RouterI()
        grid.serve("router", servant, "router")
        proxy = grid.proxy("client", "x:tcp -h h -p 1 -t 60000")
        self.assertEqual(RouterPrx.ice_staticId(), generated.RouterPrx.ice_staticId())
        for version in ((1, 1), (1, 0)):
            other = proxy.ice_encodingVersion(version)
            router = RouterPrx(grid.proxy("client", "router:tcp -h router -p 4000").ice_reference)
            router = router.ice_encodingVersion(version)
            for servant.client, servant.table in ((None, None), (other, True), (other, False)):
                table = servant.table if version == (1, 1) else None
                self.assertEqual(grid.wait(router.getClientProxy()), (servant.client, table))
            for servant.server in (None, other):
                self.assertEqual(grid.wait(router.getServerProxy()), servant.server)
            self.assertEqual(grid.wait(router.addProxies([other, other])), [other, other, None])
