"""The facet `Metrics`: what the communicator measures of itself, by views."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from pushnet.rpc.admin.codec import UnknownView, operation, text
from pushnet.rpc.admin.values import Metrics, write_failures, write_view
from pushnet.rpc.admin.views import Map, Views
from pushnet.rpc.current import Current
from pushnet.rpc.servant import Servant
from pushnet.wire.basic import write_size, write_strings

Failures = tuple[str, dict[str, int]]


class MetricsFacet(Servant):
    """`::IceMX::MetricsAdmin`."""

    ice_type: ClassVar[str] = "::IceMX::MetricsAdmin"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::IceMX::MetricsAdmin")

    def __init__(self, views: Views, wall: Callable[[], float], switched: Callable[[], object]) -> None:
        """`switched` is told when a view was switched on or off."""
        self._views = views
        self._wall = wall
        self._switched = switched

    def updated(self, changes: dict[str, str]) -> None:
        """Properties have changed."""
        self._views.changed(changes)
        self._switched()

    def getMetricsViewNames(self, current: Current | None = None) -> tuple[list[str], list[str]]:
        return self._views.names()

    def enableMetricsView(self, name: str, current: Current | None = None) -> None:
        self._switch(name, True)

    def disableMetricsView(self, name: str, current: Current | None = None) -> None:
        self._switch(name, False)

    def getMetricsView(
        self, view: str, current: Current | None = None
    ) -> tuple[dict[str, list[Metrics]], int]:
        maps = self._maps(view)
        return {name: each.snapshot() for name, each in maps.items()}, int(self._wall() * 1000)

    def getMapMetricsFailures(self, view: str, map: str, current: Current | None = None) -> list[Failures]:
        found = self._maps(view).get(map)
        return [] if found is None else found.failures()

    def getMetricsFailures(self, view: str, map: str, id: str, current: Current | None = None) -> Failures:
        found = self._maps(view).get(map)
        return ("", {}) if found is None else found.failures_of(id)

    def _maps(self, view: str) -> dict[str, Map]:
        maps = self._views.view(view)
        if maps is None:
            raise UnknownView()
        return maps

    def _switch(self, name: str, enabled: bool) -> None:
        if not self._views.enable(name, enabled):
            raise UnknownView()
        self._switched()


def _write_names(result: tuple[list[str], list[str]]) -> bytearray:
    enabled, disabled = result
    out = bytearray()
    write_strings(out, disabled)
    write_strings(out, enabled)
    return out


def _write_map_failures(result: list[Failures]) -> bytearray:
    out = bytearray()
    write_size(out, len(result))
    for each in result:
        write_failures(out, *each)
    return out


def _write_failures(result: Failures) -> bytearray:
    out = bytearray()
    write_failures(out, *result)
    return out


def _described(name: str, *readers: Any, write: Callable[[Any], bytearray] | None = None) -> Any:
    return operation(name, *readers, write=write, sliced=True)


MetricsFacet.ice_operations = dict(
    (
        _described("getMetricsViewNames", write=_write_names),
        _described("enableMetricsView", text),
        _described("disableMetricsView", text),
        _described("getMetricsView", text, write=write_view),
        _described("getMapMetricsFailures", text, text, write=_write_map_failures),
        _described("getMetricsFailures", text, text, text, write=_write_failures),
    )
)
