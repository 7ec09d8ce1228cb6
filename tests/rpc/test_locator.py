"""What a locator said is kept until it turns out wrong, and asked once however many want it."""

from twisted.internet.defer import Deferred
from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice import locator as generated
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import (
    ConnectionRefusedException,
    LocalException,
    NoEndpointException,
    NotRegisteredException,
    ObjectNotExistException,
)
from pushnet.rpc.logger import TwistedLog
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
        self.encodings: list[tuple[int, int]] = []
        self.gate: Deferred[None] | None = None

    async def findObjectById(self, id: Identity, current: Current | None = None) -> ObjectPrx | None:
        self.asked.append(id.name)
        if id.name not in self.objects:
            raise generated.ObjectNotFoundException()
        return self.objects[id.name]

    async def findAdapterById(self, id: str, current: Current | None = None) -> ObjectPrx | None:
        self.asked.append(id)
        assert current is not None
        self.encodings.append(current.encoding)
        if self.gate is not None:
            await self.gate
        if id not in self.adapters:
            raise generated.AdapterNotFoundException()
        return self.adapters[id]


class Tracer(TwistedLog):
    """Keeps what is traced."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[str] = []

    def trace(self, category: str, message: str) -> None:
        self.told.append(f"{category}: {message}")


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

    def test_an_answer_that_must_not_be_kept_is_not(self) -> None:
        self.locator.objects["object"] = self.grid.proxy("locator", "object@A")
        never = self.proxy("object").ice_locatorCacheTimeout(0).ice_connectionCached(False)
        for _ in range(2):
            self.grid.wait(never.add(1, 2))
        self.assertEqual(self.locator.asked, ["object", "A"] * 2)

    def test_while_the_locator_is_gone_what_comes_back_where_it_was_is_found(self) -> None:
        self.locator.objects["object"] = self.grid.proxy("locator", "object@A")
        for text in ("object@A", "object"):
            self.grid.wait(self.proxy(text).add(1, 2))
        self.grid.simulation.host("locator").kill()
        self.grid.simulation.host("server").kill()
        self.grid.simulation.run_for(1)
        for text in ("object@A", "object"):
            self.assertRaises(LocalException, self.grid.wait, self.proxy(text).add(1, 2))
        del self.grid.communicators["server"]
        self.grid.serve("server", EverythingI())
        for text in ("object@A", "object"):
            self.assertEqual(self.grid.wait(self.proxy(text).add(1, 2)), 3)

    def test_while_the_locator_is_gone_old_answers_are_used_unless_none_are_wanted(self) -> None:
        impatient = self.proxy("object@A").ice_locatorCacheTimeout(10).ice_connectionCached(False)
        self.grid.wait(impatient.add(1, 2))
        self.grid.simulation.host("locator").kill()
        self.grid.simulation.run_for(11)
        self.assertEqual(self.grid.wait(impatient.add(1, 2)), 3)
        never = impatient.ice_locatorCacheTimeout(0)
        self.assertRaises(LocalException, self.grid.wait, never.add(1, 2))

    def test_what_the_locator_no_longer_knows_is_not_called_where_it_was(self) -> None:
        impatient = self.proxy("object@A").ice_locatorCacheTimeout(10).ice_connectionCached(False)
        self.grid.wait(impatient.add(1, 2))
        del self.locator.adapters["A"]
        self.grid.simulation.run_for(11)
        self.assertRaises(NotRegisteredException, self.grid.wait, impatient.add(1, 2))
        self.grid.simulation.host("locator").kill()
        self.assertRaises(LocalException, self.grid.wait, impatient.add(1, 2))

    def test_what_leads_nowhere_is_asked_once_more_for_each_retry(self) -> None:
        text = {
            "object@B": NotRegisteredException,
            "unknown": NotRegisteredException,
            "object@Nil": NoEndpointException,
            "object@Indirect": NoEndpointException,
            "object@Bad": ConnectionRefusedException,
            "itself": NoEndpointException,
            "nil": NoEndpointException,
            "elsewhere": NotRegisteredException,
        }
        self.locator.adapters.update(
            Nil=None,
            Indirect=self.grid.proxy("locator", "dummy@A"),
            Bad=self.grid.proxy("locator", "dummy:tcp -h server -p 1"),
        )
        self.locator.objects.update(
            itself=self.grid.proxy("locator", "itself"),
            nil=None,
            elsewhere=self.grid.proxy("locator", "elsewhere@B"),
        )
        for each, error in text.items():
            self.locator.asked.clear()
            self.assertRaises(error, self.grid.wait, self.proxy(each).one())
            asked = self.locator.asked
            half = len(asked) // 2
            self.assertTrue(half and asked[:half] == asked[half:], f"{each}: {asked}")

    def test_an_object_that_is_gone_is_looked_up_anew_when_it_is_well_known(self) -> None:
        self.locator.objects["gone"] = self.grid.proxy("locator", "gone@A")
        for text, asked in (("gone@A", ["A"]), ("gone", ["gone", "gone", "A"])):
            self.locator.asked.clear()
            self.assertRaises(ObjectNotExistException, self.grid.wait, self.proxy(text).add(1, 2))
            self.assertEqual(self.locator.asked, asked)

    def test_an_old_answer_is_used_while_a_new_one_is_fetched_if_that_is_wanted(self) -> None:
        locator = "locator:tcp -h locator -p 4000"
        self.grid.communicator("other", Ice_Default_Locator=locator, Ice_BackgroundLocatorCacheUpdates="1")
        proxy = EverythingPrx(self.grid.proxy("other", "object@A").ice_reference)
        impatient = proxy.ice_locatorCacheTimeout(10).ice_connectionCached(False)
        self.grid.wait(impatient.add(1, 2))
        self.grid.simulation.run_for(11)
        self.locator.gate = Deferred()
        self.assertEqual(self.grid.wait(impatient.add(1, 2)), 3)
        self.assertEqual(self.grid.wait(impatient.add(1, 2)), 3)
        self.assertEqual(self.locator.asked, ["A", "A"])
        self.locator.gate.callback(None)
        self.grid.simulation.run_for(1)
        del self.locator.adapters["A"]
        self.grid.simulation.run_for(11)
        self.assertEqual(self.grid.wait(impatient.add(1, 2)), 3)
        self.grid.simulation.run_for(1)
        self.assertRaises(NotRegisteredException, self.grid.wait, impatient.add(1, 2))

    def test_the_locator_is_asked_in_the_encoding_of_the_proxy(self) -> None:
        self.grid.wait(self.proxy("object@A").ice_encodingVersion((1, 0)).one())
        self.grid.wait(self.proxy("object@A").ice_encodingVersion((1, 1)).one())
        self.assertEqual(self.locator.encodings, [(1, 0), (1, 1)])

    def test_what_is_asked_and_answered_is_traced_if_that_is_wanted(self) -> None:
        listener = Tracer()
        world = self.grid.simulation.host("traced").boot()
        properties = {"Ice.Trace.Locator": "1", "Ice.Trace.Retry": "1"}
        traced = Communicator(world, properties, listener)
        proxy = traced.stringToProxy("object@B")
        assert proxy is not None
        proxy = proxy.ice_locator(traced.stringToProxy("locator:tcp -h locator -p 4000"))
        self.assertRaises(NotRegisteredException, self.grid.wait, proxy.ice_ping())
        asked = ["Locator: searching for adapter `B'", "Locator: adapter `B' is not known"]
        self.assertEqual([each for each in listener.told if each.startswith("Locator")], asked * 2)
        retries = [each for each in listener.told if each.startswith("Retry")]
        self.assertEqual(len(retries), 1)
        self.assertIn("retrying ice_ping of `object' because of exception NotRegisteredException", retries[0])

    def test_without_a_locator_an_indirect_proxy_leads_nowhere(self) -> None:
        with self.assertRaises(NoEndpointException):
            self.grid.wait(self.grid.proxy("lonely", "object@A").ice_ping())
