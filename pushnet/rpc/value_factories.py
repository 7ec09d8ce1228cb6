"""Who makes the instances of classes that arrive: factories that programs register, then generated classes.

Of the factories the one for the type id is asked, then the one for all types, which has an empty type id. Who
gives None leaves it to the next; at last comes the generated class.
"""

from __future__ import annotations

from pushnet.rpc.exceptions import AlreadyRegisteredException
from pushnet.wire.values import Factory, ValueIndex


class ValueFactories:
    """Ice's `ValueFactoryManager`: what `Communicator.getValueFactoryManager()` gives."""

    def __init__(self, index: ValueIndex | None = None) -> None:
        self._index = ValueIndex() if index is None else index

    def move_to(self, index: ValueIndex) -> None:
        """Register there what is registered here, and from now on there only."""
        index.factories.update(self._index.factories)
        self._index = index

    def add(self, factory: Factory, type_id: str) -> None:
        """Register a callable that takes a type id and returns an instance or None.

        Raises:
            AlreadyRegisteredException: there is one for that type id.
        """
        if type_id in self._index.factories:
            raise AlreadyRegisteredException(
                "value factory", type_id, f"there is a value factory `{type_id}'"
            )
        self._index.factories[type_id] = factory

    def find(self, type_id: str) -> Factory | None:
        """The factory registered for exactly that type id."""
        return self._index.factories.get(type_id)
