"""Which of a proxy's endpoints are tried, and in which order. The rules are Ice's.

Those of a kind we do not speak are left out, and so are streams for a datagram proxy and datagrams for any
other. The order is random, or as given (`Ordered`); then endpoints that are not secure come first, or last
for who prefers secure ones; who insists on them gets no others. What the proxy or `Ice.Override.*` says about
compression and time replaces what the endpoints say.
"""

from __future__ import annotations

from collections.abc import Sequence

from pushnet.rpc.outliers import Outliers
from pushnet.rpc.properties import Properties
from pushnet.rpc.reference import EndpointSelectionType, Reference, overridden
from pushnet.rpc.transports import Transports
from pushnet.wire.endpoints import Endpoint, OpaqueEndpoint, StreamEndpoint, UdpEndpoint
from pushnet.world import World

Dialled = StreamEndpoint | UdpEndpoint


class Selection:
    """One communicator's."""

    def __init__(
        self,
        world: World,
        properties: Properties,
        transports: Transports,
        outliers: Outliers | None = None,
    ) -> None:
        self._outliers = outliers
        self._world = world
        self._transports = transports
        self._secure = properties.getPropertyAsInt("Ice.Override.Secure") > 0
        compress = properties.getProperty("Ice.Override.Compress").strip()
        self._compress = properties.getPropertyAsInt("Ice.Override.Compress") > 0 if compress else None
        self._timeout_ms = properties.getPropertyAsInt("Ice.Override.Timeout")

    def of(self, reference: Reference, endpoints: Sequence[Endpoint]) -> list[Dialled]:
        """The endpoints to try, the first one first. One to avoid is left out if there are others."""
        found = self._ordered(reference, endpoints)
        if self._outliers is not None:
            found = self._outliers.last(found)
        avoided = reference.options.avoided
        if avoided is not None:
            found = [endpoint for endpoint in found if endpoint != avoided] or found
        return found

    def _ordered(self, reference: Reference, endpoints: Sequence[Endpoint]) -> list[Dialled]:
        usable: list[Dialled] = [
            self._overridden(reference, endpoint)
            for endpoint in endpoints
            if isinstance(endpoint, StreamEndpoint | UdpEndpoint)
            and endpoint.datagram is reference.datagram
            and self._transports.knows(endpoint)
        ]
        options = reference.options
        if options.selection is not EndpointSelectionType.Ordered and len(usable) > 1:
            self._world.rng("rpc.endpoints").shuffle(usable)
        if reference.data.secure or self._secure:
            return [endpoint for endpoint in usable if endpoint.secure]
        return sorted(usable, key=lambda endpoint: endpoint.secure is not options.prefer_secure)

    def _overridden(self, reference: Reference, endpoint: Dialled) -> Dialled:
        options = reference.options
        compress = options.compress if self._compress is None else self._compress
        told = overridden(endpoint, compress, self._timeout_ms or options.connection_timeout_ms)
        assert not isinstance(told, OpaqueEndpoint)
        return told
