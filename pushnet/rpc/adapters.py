"""`Adapters`: the object adapters of one communicator, by name."""

from __future__ import annotations

from typing import Any

from pushnet.rpc.adapter import ObjectAdapter
from pushnet.rpc.connection import Connection
from pushnet.rpc.exceptions import InitializationException
from pushnet.rpc.proxy import ObjectPrx
from pushnet.rpc.runtime import Runtime
from pushnet.rpc.servants import already


class Adapters:
    """A name can be used again when the adapter that had it is deactivated."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._adapters: dict[str, ObjectAdapter] = {}

    def configured(self, name: str, locator: ObjectPrx | None, router: Any) -> ObjectAdapter:
        """Make one that listens where `<name>.Endpoints` says; without a name, one that does not listen.

        Raises `InitializationException` when no property says anything about it.
        """
        properties = self._runtime.properties
        if name and router is None and not properties.getPropertiesForPrefix(f"{name}."):
            cure = f"set `{name}.Endpoints', in a file that --Ice.Config names or in the properties"
            raise InitializationException(f"object adapter `{name}' requires configuration: {cure}")
        endpoints = properties.getProperty(f"{name}.Endpoints") if name and router is None else ""
        return self.make(name, endpoints, locator, router)

    def make(self, name: str, endpoints: str, locator: ObjectPrx | None, router: Any = None) -> ObjectAdapter:
        """Make one that listens there. Raises `AlreadyRegisteredException` when the name is in use."""
        known = self._adapters.get(name)
        if known is not None and not known.isDeactivated():
            raise already("object adapter", name)
        adapter = ObjectAdapter(self._runtime, name, endpoints, locator, router)
        self._adapters = {key: each for key, each in self._adapters.items() if not each.is_over()}
        self._adapters[name or self._runtime.world.entropy.uuid()] = adapter
        return adapter

    def all(self) -> list[ObjectAdapter]:
        return list(self._adapters.values())

    def connections(self) -> list[Connection]:
        """All that came in."""
        return [connection for adapter in self._adapters.values() for connection in adapter.connections]
