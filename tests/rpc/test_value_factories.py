"""Factories of programs make instances; the communicator says in which format they travel by default."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

import pushnet.slice
from pushnet.rpc.exceptions import AlreadyRegisteredException
from pushnet.rpc.initialization import InitializationData, initialize
from pushnet.rpc.operations import ServantOperation
from pushnet.rpc.value_factories import ValueFactories
from pushnet.wire.request import encapsulated
from pushnet.wire.value_reader import ValueReader
from pushnet.wire.values import HAS_SIZE, Value
from tests.golden.graphs import GraphPrx, Leaf, Node, Shape
from tests.rpc.given import PORT, Grid
from tests.rpc.test_encodings import ENCODINGS, GraphI


class OwnNode(Node):
    """What a program makes of a `Node`: it counts what it is told."""

    told = ""

    def ice_preMarshal(self) -> None:
        self.told += "written "

    def ice_postUnmarshal(self) -> None:
        self.told += f"read with {len(self.leaves)} leaves"


class FactoryTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.servant = GraphI()
        self.grid.serve("server", self.servant)
        self.manager = self.grid.communicator("client").getValueFactoryManager()

    def echo(self, encoding: tuple[int, int], node: Node) -> Any:
        text = f"object -e {encoding[0]}.{encoding[1]}:tcp -h server -p {PORT}"
        return self.grid.wait(GraphPrx(self.grid.proxy("client", text).ice_reference).echo(node))

    def test_a_factory_makes_the_instances_of_its_type(self) -> None:
        asked: list[str] = []

        def make(type_id: str) -> Value:
            asked.append(type_id)
            return OwnNode()

        self.manager.add(make, "::Graphs::Node")
        for encoding in ENCODINGS:
            node = Node(3, leaves=[Leaf(1), Leaf(2)])
            node.left = node
            found = self.echo(encoding, node)
            self.assertIsInstance(found, OwnNode)
            self.assertIs(found.left, found)
            self.assertEqual((found.number, found.told), (3, "read with 2 leaves"))
            self.assertIs(type(found.leaves[0]), Leaf)
        self.assertEqual(asked, ["::Graphs::Node"] * 2)

    def test_the_default_factory_is_asked_for_all_others_and_may_decline(self) -> None:
        asked: list[str] = []
        self.manager.add(lambda type_id: None, "::Graphs::Leaf")
        self.manager.add(lambda type_id: asked.append(type_id), "")
        found = self.echo((1, 1), Node(3, leaves=[Leaf(1)]))
        self.assertIs(type(found.leaves[0]), Leaf)
        self.assertEqual(asked, ["::Graphs::Node", "::Graphs::Leaf"])

    def test_a_compact_id_that_no_class_has_can_be_resolved(self) -> None:
        asked: list[int] = []

        def resolve(compact_id: int) -> str:
            asked.append(compact_id)
            return "::Graphs::Leaf"

        world = self.grid.communicators["client"].world
        made = initialize(world, InitializationData(compactIdResolver=resolve))
        found, _ = ValueReader(made).value(b"\1\x23\x63" + bytes(4), 0, Value)
        self.assertEqual((type(found), asked), (Leaf, [99]))

    def test_they_may_be_registered_before_there_is_a_communicator(self) -> None:
        manager = ValueFactories()
        manager.add(lambda type_id: OwnNode(), "::Graphs::Node")
        world = self.grid.communicators["client"].world
        made = initialize(world, InitializationData(valueFactoryManager=manager))
        made_by = made.getValueFactoryManager().find("::Graphs::Node")
        assert made_by is not None
        self.assertIsInstance(made_by("::Graphs::Node"), OwnNode)
        made.getValueFactoryManager().add(lambda type_id: None, "")
        self.assertIsNotNone(manager.find(""))

    def test_there_is_one_for_each_type(self) -> None:
        self.manager.add(lambda type_id: None, "")
        self.assertRaises(AlreadyRegisteredException, self.manager.add, lambda type_id: None, "")
        self.assertIsNone(self.manager.find("::Graphs::Node"))
        self.assertIsNotNone(self.manager.find(""))

    def test_instances_of_a_programs_own_classes_are_told_before_they_are_written(self) -> None:
        for encoding in ENCODINGS:
            node = OwnNode(1)
            self.assertIs(type(self.echo(encoding, node)), Node)
            self.assertEqual(node.told, "written ")


class FormatTest(SynchronousTestCase):
    """`Ice.Default.SlicedFormat` holds where Slice does not say: for parameters, results and exceptions."""

    def formats(self, **properties: str) -> list[bool]:
        """Whether the sliced format is that of a parameter, of a result and of an exception."""
        grid = Grid(self)
        grid.serve("server", GraphI(), **properties)
        grid.communicator("client", **properties)
        written = bytearray()

        class Recording(GraphPrx):
            def _ice_call(self, operation: Any, params: Any, context: Any = None) -> Any:
                written[:] = params
                return super()._ice_call(operation, params, context)

        prx = Recording(grid.proxy("client", f"object:tcp -h server -p {PORT}").ice_reference)
        grid.wait(prx.echo(Node(1)))
        param = bool(written[1] & HAS_SIZE)
        ok, result = grid.wait(prx.ice_invoke("echo", 0, encapsulated(written)))
        self.assertTrue(ok)
        out = bytearray()
        for value in (Shape("a"), -1, Shape("b")):
            out += value.to_bytes(4, "little", signed=True) if isinstance(value, int) else b"\0"
        ok, raised = grid.wait(prx.ice_invoke("several", 0, encapsulated(out)))
        self.assertFalse(ok)
        return [param, bool(result[7] & HAS_SIZE), bool(raised[6] & HAS_SIZE)]

    def test_it_is_the_compact_one_unless_the_communicator_says_sliced(self) -> None:
        self.assertEqual(self.formats(), [False, False, False])
        self.assertEqual(self.formats(Ice_Default_SlicedFormat="1"), [True, True, True])

    def test_slice_has_the_last_word(self) -> None:
        for said, sliced in (("compact", False), ("sliced", True), ("default", True)):
            operation = self.operation(f'["format:{said}"]')
            self.assertEqual(operation.in_sliced_format().sliced, sliced, said)
            self.assertEqual(self.operation(f'["format:{said}"]').sliced, said == "sliced", said)

    def operation(self, metadata: str) -> ServantOperation:
        path = Path(self.mktemp()).with_suffix(".ice")
        path.write_text(f"module FormatTest {{ class C {{ }} interface I {{ {metadata} C op(C c); }} }}")
        made: ServantOperation = pushnet.slice.load(path).IServant.ice_operations[b"op"]
        return made
