"""Servant locators find a servant for each request, and hear when it is done."""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred, succeed
from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import (
    AlreadyRegisteredException,
    FacetNotExistException,
    NotRegisteredException,
    ObjectNotExistException,
    OperationNotExistException,
    UnknownException,
    UnknownLocalException,
    UnknownUserException,
)
from pushnet.rpc.servant_locators import ServantLocator
from pushnet.rpc.stubs import Current, ObjectPrx
from pushnet.wire.identity import Identity
from tests.golden.calls import EverythingPrx
from tests.golden.failures import Empty, Failure, RiskyPrx, RiskyServant
from tests.rpc.given import EverythingI, Grid


class FindingI(ServantLocator):
    """Does as the identity's name says; notes what it was asked."""

    def __init__(self, servant: Any) -> None:
        self.servant = servant
        self.told: list[Any] = []
        self.gate: Deferred[Any] | None = None

    def locate(self, current: Current) -> Any:
        self.told.append(("locate", current.id.name))
        match current.id.name:
            case "nobody":
                return None
            case "number":
                return 7
            case "raise":
                raise KeyError("secret")
            case "user":
                raise Failure("from locate")
            case "unknown":
                raise UnknownUserException("reason")
            case "later":
                return succeed((self.servant, "cookie"))
            case "gate":
                return self.gate
            case "alone":
                return self.servant
        return self.servant, {"name": current.id.name}

    def finished(self, current: Current, servant: Any, cookie: Any) -> Any:
        self.told.append(("finished", servant is self.servant, cookie))
        if current.id.name == "end":
            raise Failure("from finished")
        if current.id.name == "slow":
            return self.gate
        return None

    def deactivate(self, category: str) -> None:
        self.told.append(("deactivate", category))


class RiskyI(RiskyServant):
    def try1(self, current: Current | None = None) -> None:
        raise Empty()

    def try2(self, current: Current | None = None) -> None:
        raise Failure("from the servant")

    def try3(self, n: int, current: Current | None = None) -> int:
        return n


class LocatorTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.adapter = self.grid.serve("server", EverythingI())
        self.locator = FindingI(EverythingI())
        self.adapter.addServantLocator(self.locator, "c")

    def any(self, text: str) -> ObjectPrx:
        return self.grid.proxy("client", f"{text}:tcp -h server -p 4000")

    def proxy(self, text: str) -> EverythingPrx:
        return EverythingPrx(self.any(text).ice_reference)

    def test_what_it_finds_serves_the_request_and_the_cookie_comes_back(self) -> None:
        self.assertEqual(self.grid.wait(self.proxy("c/one").add(1, 2)), 3)
        self.assertEqual(self.locator.told, [("locate", "one"), ("finished", True, {"name": "one"})])
        self.assertEqual(self.grid.wait(self.proxy("c/one").ice_ids()), self.locator.servant.ice_ids())

    def test_it_may_give_the_servant_alone_or_later(self) -> None:
        self.assertEqual(self.grid.wait(self.proxy("c/alone").add(1, 2)), 3)
        self.assertEqual(self.grid.wait(self.proxy("c/later").add(1, 2)), 3)
        self.assertEqual(self.locator.told[1::2], [("finished", True, None), ("finished", True, "cookie")])

    def test_while_it_looks_the_request_waits(self) -> None:
        self.locator.gate = Deferred()
        call = self.proxy("c/gate").add(1, 2)
        self.grid.simulation.run_for(1)
        self.assertNoResult(call)
        self.locator.gate.callback(self.locator.servant)
        self.assertEqual(self.grid.wait(call), 3)

    def test_the_answer_waits_until_it_has_finished(self) -> None:
        self.locator.gate = Deferred()
        call = self.proxy("c/slow").add(1, 2)
        self.grid.simulation.run_for(1)
        self.assertNoResult(call)
        self.locator.gate.callback(None)
        self.assertEqual(self.grid.wait(call), 3)

    def test_when_it_finds_nobody_there_is_no_object(self) -> None:
        for name in ("nobody", "number"):
            with self.assertRaises(ObjectNotExistException):
                self.grid.wait(self.proxy(f"c/{name}").add(1, 2))
        self.adapter.add(EverythingI(), Identity("nobody", "c"))
        with self.assertRaises(FacetNotExistException):
            self.grid.wait(self.proxy("c/nobody -f other").add(1, 2))
        self.assertEqual([kind for kind, *_ in self.locator.told], ["locate"] * 3)

    def test_what_it_raises_reaches_the_caller_and_nothing_is_finished(self) -> None:
        with self.assertRaises(UnknownException) as raised:
            self.grid.wait(self.proxy("c/raise").add(1, 2))
        self.assertNotIn("secret", str(raised.exception))
        self.assertEqual(len(self.flushLoggedErrors(KeyError)), 1)
        with self.assertRaises(UnknownUserException) as told:
            self.grid.wait(self.proxy("c/unknown").add(1, 2))
        self.assertEqual(told.exception.unknown, "reason")
        with self.assertRaises(Failure) as failed:
            self.grid.wait(RiskyPrx(self.any("c/user").ice_reference).try2())
        self.assertEqual(failed.exception.reason, "from locate")
        self.assertEqual({kind for kind, *_ in self.locator.told}, {"locate"})

    def test_what_the_servant_raises_reaches_the_caller_unless_finishing_raises_too(self) -> None:
        self.locator.servant = RiskyI()
        with self.assertRaises(Failure) as raised:
            self.grid.wait(RiskyPrx(self.any("c/any").ice_reference).try2())
        self.assertEqual(raised.exception.reason, "from the servant")
        self.assertEqual(self.locator.told[-1][0], "finished")
        with self.assertRaises(Failure) as other:
            self.grid.wait(RiskyPrx(self.any("c/end").ice_reference).try2())
        self.assertEqual(other.exception.reason, "from finished")
        with self.assertRaises(UnknownUserException):
            self.grid.wait(RiskyPrx(self.any("c/end").ice_reference).try3(1))

    def test_operations_and_modes_are_checked_as_ever(self) -> None:
        with self.assertRaises(OperationNotExistException):
            self.grid.wait(self.proxy("c/x").ice_invoke("nosuch", 0, b"\6\0\0\0\1\1"))
        with self.assertRaises(UnknownLocalException) as raised:
            self.grid.wait(self.proxy("c/x").ice_invoke("add", 2, b"\6\0\0\0\1\1"))
        self.assertIn("unexpected operation mode", str(raised.exception))
        with self.assertRaises(UnknownLocalException):
            self.grid.wait(self.proxy("c/x").ice_invoke("add", 0, b"\6\0\0\0\1\1"))
        with self.assertRaises(UnknownLocalException):
            self.grid.wait(self.proxy("c/x").ice_invoke("add", 0, b"\6\0\0\0\2\0"))

    def test_a_request_in_encoding_1_0_is_answered_in_it(self) -> None:
        old = self.proxy("c/x -e 1.0")
        self.assertEqual(self.grid.wait(old.add(1, 2)), 3)
        self.locator.servant = RiskyI()
        with self.assertRaises(Failure):
            self.grid.wait(RiskyPrx(old.ice_reference).try2())

    def test_servants_and_default_servants_come_first_and_the_locator_of_all_categories_last(self) -> None:
        every = FindingI(EverythingI())
        self.adapter.addServantLocator(every, "")
        self.grid.wait(self.proxy("d/x").nothing())
        self.assertEqual((len(every.told), len(self.locator.told)), (2, 0))
        self.grid.wait(self.proxy("c/x").nothing())
        self.assertEqual((len(every.told), len(self.locator.told)), (2, 2))
        default = EverythingI()
        self.adapter.addDefaultServant(default, "")
        self.grid.wait(self.proxy("c/x").nothing())
        self.assertEqual((default.called, len(self.locator.told)), (["nothing"], 2))

    def test_one_way_requests_are_located_and_finished_too(self) -> None:
        self.grid.wait(self.proxy("c/x").ice_oneway().nothing())
        self.grid.simulation.run_for(1)
        self.assertEqual([kind for kind, *_ in self.locator.told], ["locate", "finished"])

    def test_there_is_one_for_each_category_until_it_is_removed(self) -> None:
        with self.assertRaises(AlreadyRegisteredException) as raised:
            self.adapter.addServantLocator(FindingI(None), "c")
        self.assertEqual((raised.exception.kindOfObject, raised.exception.id), ("servant locator", "c"))
        self.assertIs(self.adapter.findServantLocator("c"), self.locator)
        self.assertIs(self.adapter.removeServantLocator("c"), self.locator)
        self.assertIsNone(self.adapter.findServantLocator("c"))
        with self.assertRaises(NotRegisteredException):
            self.adapter.removeServantLocator("c")
        with self.assertRaises(ObjectNotExistException):
            self.grid.wait(self.proxy("c/one").add(1, 2))
        self.assertEqual(self.locator.told, [])

    def test_it_is_deactivated_when_the_adapter_is_destroyed(self) -> None:
        self.grid.wait(self.adapter.deactivate())
        self.assertEqual(self.locator.told, [])
        self.grid.wait(self.adapter.destroy())
        self.grid.wait(self.adapter.destroy())
        self.assertEqual(self.locator.told, [("deactivate", "c")])
