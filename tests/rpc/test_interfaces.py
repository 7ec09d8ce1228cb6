"""A contract as a zope interface holds for servants and for proxies."""

from twisted.trial.unittest import SynchronousTestCase
from zope.interface.exceptions import Invalid
from zope.interface.verify import verifyClass, verifyObject

from pushnet.rpc.interfaces import interface_of
from pushnet.rpc.servant import Servant
from tests.golden import inheritance
from tests.golden.calls import Everything, EverythingPrx, EverythingServant
from tests.rpc.given import Grid


def _method(self, *args, **kwargs):
    """Stands for any operation."""


class WholeI(EverythingServant):
    """Has every operation of the contract."""


for _name in [name for name in vars(Everything) if not name.startswith("_")]:
    setattr(WholeI, _name, _method)


class InterfaceTest(SynchronousTestCase):
    def test_it_holds_for_a_servant_and_for_a_proxy(self) -> None:
        class Prx(EverythingPrx):
            """A proxy class of this test."""

        interface = interface_of(Everything, WholeI, Prx)
        self.assertTrue(verifyObject(interface, WholeI()))
        proxy = Prx(Grid(self).proxy("client", "object:tcp -h h -p 1").ice_reference)
        self.assertTrue(verifyObject(interface, proxy))
        self.assertTrue(verifyClass(interface, Prx))

    def test_a_servant_without_an_operation_is_found_out(self) -> None:
        class PartI(EverythingServant):
            def one(self, current=None):
                return 1

        interface = interface_of(Everything, PartI)
        self.assertRaises(Invalid, verifyObject, interface, PartI())

    def test_the_methods_of_its_bases_are_in_it_with_their_docs(self) -> None:
        contracts = [value for value in vars(inheritance).values() if getattr(value, "_is_protocol", False)]
        derived = max(contracts, key=lambda contract: len(contract.__mro__))
        interface = interface_of(derived)
        for base in derived.__mro__:
            for name, member in vars(base).items():
                if not name.startswith("_") and callable(member) and base is not object:
                    self.assertIn(name, interface.names())
        self.assertEqual(interface.__name__, f"I{derived.__name__}")

    def test_arguments_and_docs_are_those_of_the_contract(self) -> None:
        add = interface_of(Everything)["add"]
        info = add.getSignatureInfo()
        self.assertEqual(info["positional"], ("a", "b", "current"))
        self.assertEqual(info["required"], ("a", "b"))
        self.assertIn("Adds", add.getDoc())

    def test_what_is_no_contract_or_no_party_to_one_is_refused(self) -> None:
        self.assertRaises(TypeError, interface_of, Servant)
        self.assertRaises(TypeError, interface_of, Everything, dict)
