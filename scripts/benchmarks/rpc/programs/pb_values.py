"""The benchmark's values for Perspective Broker: copied to the peer by value, references and all."""

from __future__ import annotations

from typing import Any

from twisted.spread.pb import Copyable, RemoteCopy, setUnjellyableForClass


class Item(Copyable, RemoteCopy):
    """A line of an order: numbers and strings, as most structs have."""

    def __init__(
        self, id: int = 0, name: str = "", place: str = "", count: int = 0, ready: bool = False
    ) -> None:
        self.id = id
        self.name = name
        self.place = place
        self.count = count
        self.ready = ready

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Item) and vars(self) == vars(other)

    __hash__ = object.__hash__


class Node(Copyable, RemoteCopy):
    """One of a graph."""

    def __init__(self, id: int = 0, name: str = "") -> None:
        self.id = id
        self.name = name
        self.left: Any = None
        self.right: Any = None
        self.other: Any = None


setUnjellyableForClass(Item, Item)
setUnjellyableForClass(Node, Node)
