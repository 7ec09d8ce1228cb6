"""The shape of the syntax tree."""

from __future__ import annotations

import attrs
from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice import syntax
from pushnet.slice.source import Position


class SyntaxTest(SynchronousTestCase):
    def test_trees_are_values(self) -> None:
        name = syntax.Name("a", Position("x.ice", 1, 2))
        first = syntax.Module(name=name, body=())
        self.assertEqual(first, syntax.Module(name=name, body=()))
        self.assertRaises(attrs.exceptions.FrozenInstanceError, setattr, first, "body", (first,))
