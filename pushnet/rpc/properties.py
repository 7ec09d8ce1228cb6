"""A communicator's properties: names and values as Ice has them, asked for with their type."""

from __future__ import annotations

from collections.abc import Mapping

from pushnet.rpc.exceptions import InitializationException


class Properties:
    """Read-only. A property that is not set is the empty string."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})

    def getProperty(self, key: str) -> str:
        return self._values.get(key, "")

    def getPropertyWithDefault(self, key: str, default: str) -> str:
        return self._values.get(key, default)

    def getPropertyAsInt(self, key: str) -> int:
        return self.getPropertyAsIntWithDefault(key, 0)

    def getPropertyAsIntWithDefault(self, key: str, default: int) -> int:
        """Raises `InitializationException` when the value is no whole number."""
        value = self._values.get(key, "").strip()
        if not value:
            return default
        try:
            return int(value)
        except ValueError:
            raise InitializationException(f"property {key} is no whole number: {value!r}") from None

    def getPropertiesForPrefix(self, prefix: str) -> dict[str, str]:
        return {key: value for key, value in sorted(self._values.items()) if key.startswith(prefix)}

    def seconds(self, key: str, default_s: float) -> float:
        """A time given in seconds, fractions allowed."""
        value = self._values.get(key, "").strip()
        if not value:
            return default_s
        try:
            return float(value)
        except ValueError:
            raise InitializationException(f"property {key} is no number of seconds: {value!r}") from None
