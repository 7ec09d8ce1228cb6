"""What an agent keeps comes back as it was."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.server import Activation, Handover, ServerPlan
from pushnet.roles.node.memory import Memory
from pushnet.roles.node.run import Kept
from pushnet.roles.node.server import Wish

PLAN = ServerPlan(
    "s", "k", "r", "1", ["x", "ü"], {"A": "b"}, Activation.Once, Handover.StopFirst, sockets=["h:1"]
)


class MemoryTest(SynchronousTestCase):
    def test_it_comes_back_as_it_was(self) -> None:
        kept = Kept(PLAN, 7, "123", True, "http://h:1", 42, 7000)
        memory = Memory(3, 'name = "ü"\n', [PLAN], {"s": Wish.stopped}, ["s"], [kept])
        self.assertEqual(Memory.from_bytes(memory.to_bytes()), memory)

    def test_what_goes_as_planned_is_not_kept(self) -> None:
        again = Memory.from_bytes(Memory(wishes={"s": Wish.as_planned}).to_bytes())
        self.assertEqual(again.wishes, {})

    def test_what_is_not_understood_is_told(self) -> None:
        for data in (b"", b"{", b"[]", b"{}", b'{"generation": "x"}', Memory(1, "", [PLAN]).to_bytes()[:-40]):
            self.assertRaises(ValueError, Memory.from_bytes, data)
