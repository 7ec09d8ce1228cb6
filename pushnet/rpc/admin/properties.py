"""The facet `Properties`: an administrator reads and changes the communicator's properties.

Whoever lives by a property and can change with it adds a callback; for all others a change means nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Protocol

from twisted.logger import Logger

from pushnet.rpc.admin.codec import dictionary, operation, text, write_dictionary, write_text
from pushnet.rpc.current import Current
from pushnet.rpc.properties import Properties
from pushnet.rpc.servant import Servant

_log = Logger()


class PropertiesAdminUpdateCallback(Protocol):
    """An object that is told of changes."""

    def updated(self, changes: dict[str, str]) -> object:
        """What has changed, with new values; what was taken away with none."""
        ...


Updated = Callable[[dict[str, str]], object] | PropertiesAdminUpdateCallback
"""The same as a function."""


class PropertiesFacet(Servant):
    """`::Ice::PropertiesAdmin`; in a program, what Ice calls `NativePropertiesAdmin`."""

    ice_type: ClassVar[str] = "::Ice::PropertiesAdmin"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::Ice::PropertiesAdmin")
    ice_operations = dict(
        (
            operation("getProperty", text, write=write_text),
            operation("getPropertiesForPrefix", text, write=write_dictionary),
            operation("setProperties", dictionary),
        )
    )

    def __init__(self, properties: Properties) -> None:
        self._properties = properties
        self._callbacks: list[Updated] = []

    def addUpdateCallback(self, callback: Updated) -> None:
        """`callback(changes)`, or its method `updated`, is called after each change."""
        self._callbacks.append(callback)

    def removeUpdateCallback(self, callback: Updated) -> None:
        if callback in self._callbacks:
            self._callbacks.remove(callback)

    def getProperty(self, key: str, current: Current | None = None) -> str:
        return self._properties.getProperty(key)

    def getPropertiesForPrefix(self, prefix: str, current: Current | None = None) -> dict[str, str]:
        return self._properties.getPropertiesForPrefix(prefix)

    def setProperties(self, new: dict[str, str], current: Current | None = None) -> None:
        """Set those; an empty value takes a property away."""
        changed = {key: value for key, value in new.items() if self._properties.getProperty(key) != value}
        for key, value in changed.items():
            self._properties.setProperty(key, value)
        if changed:
            for callback in list(self._callbacks):
                told: Any = getattr(callback, "updated", callback)
                try:
                    told(dict(changed))
                except Exception:
                    _log.failure("a callback for changed properties failed")
