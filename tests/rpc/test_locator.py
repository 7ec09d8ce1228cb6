"""What a locator said is kept until it turns out wrong, and asked once however many want it."""

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice import locator as generated
from pushnet.rpc.exceptions import NoEndpointException, NotRegisteredException
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx
from tests.rpc.given import EverythingI, Grid


class LocatorI(generated.LocatorServant):
    """Knows what `adapters` and `objects` say; counts how often it is asked; waits for `gate`."""

    def __init__(self) -> None:
        self.adapters: dict[str, ObjectPrx | None] = {}
        self.objects: dict[str, ObjectPrx | None] = {}
        self.asked: list[str] = []
        self.gate: Deferred[None] | None = None

    async def findObjectById(self, id: Identity, current: Current | None = None) -> ObjectPrx | None:
        self.asked.append(id.name)
        if id.name not in self.objects:
            raise generated.ObjectNotFoundException()
        return self.objects[id.name]

    async def findAdapterById(self, id: str, current: Current | None = None) -> ObjectPrx | None:
        self.asked.append(id)
        if self.gate is not None:
            await self.gate
        if id not in self.adapters:
            raise generated.AdapterNotFoundException()
        return self.adapters[id]


class LocatorTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.locator = LocatorI()
        self.grid.serve("locator", self.locator, "locator")
        self.servant = EverythingI()
        self.grid.serve("server", self.servant)
        self.grid.communicator("client", Ice_Default_Locator="locator:tcp -h locator -p 4000")
        self.locator.adapters["A"] = self.grid.proxy("locator", "dummy:tcp -h server -p 4000")

    def proxy(self, text: str) -> EverythingPrx:
        return EverythingPrx(self.grid.proxy("client", text).ice_reference)

    def test_an_adapter_is_looked_up_once(self) -> None:
        self.assertEqual(self.grid.wait(self.proxy("object@A").add(1, 2)), 3)
        self.assertEqual(self.grid.wait(self.proxy("object@A").add(1, 2)), 3)
        self.assertEqual(self.locator.asked, ["A"])

    def test_those_who_ask_what_is_being_asked_wait_for_that_answer(self) -> None:
        self.locator.gate = Deferred()
        calls = [self.proxy("object@A").add(number, 0) for number in range(5)]
        self.grid.simulation.run_for(1)
        self.locator.gate.callback(None)
        self.assertEqual([self.grid.wait(call) for call in calls], [0, 1, 2, 3, 4])
        self.assertEqual(self.locator.asked, ["A"])

    def test_a_well_known_object_may_lead_to_an_adapter(self) -> None:
        self.locator.objects["object"] = self.grid.proxy("locator", "object@A")
        self.assertEqual(self.grid.wait(self.proxy("object").add(1, 2)), 3)
        self.assertEqual(self.locator.asked, ["object", "A"])

    def test_what_the_locator_does_not_know_is_not_registered(self) -> None:
        for text in ("object", "object@B"):
            with self.assertRaises(NotRegisteredException):
                self.grid.wait(self.proxy(text).add(1, 2))

    def test_an_adapter_without_endpoints_is_no_endpoint(self) -> None:
        self.locator.adapters["N"] = None
        with self.assertRaises(NoEndpointException):
            self.grid.wait(self.proxy("object@N").add(1, 2))

    def test_a_kept_answer_that_leads_nowhere_is_asked_anew_and_the_call_goes_on(self) -> None:
        self.grid.wait(self.proxy("object@A").add(1, 2))
        self.grid.simulation.host("server").kill()
        moved = EverythingI()
        self.grid.serve("other", moved)
        self.locator.adapters["A"] = self.grid.proxy("locator", "dummy:tcp -h other -p 4000")
        self.grid.simulation.run_for(1)
        self.assertEqual(self.grid.wait(self.proxy("object@A").one()), 1)
        self.assertEqual(moved.called, ["one"])
        self.assertEqual(self.locator.asked, ["A", "A"])

    def test_an_answer_is_kept_no_longer_than_the_proxy_allows(self) -> None:
        impatient = self.proxy("object@A").ice_locatorCacheTimeout(10).ice_connectionCached(False)
        self.grid.wait(impatient.add(1, 2))
        self.grid.simulation.run_for(11)
        self.grid.wait(impatient.add(1, 2))
        self.assertEqual(self.locator.asked, ["A", "A"])

    def test_without_a_locator_an_indirect_proxy_leads_nowhere(self) -> None:
        with self.assertRaises(NoEndpointException):
            self.grid.wait(self.grid.proxy("lonely", "object@A").ice_ping())
