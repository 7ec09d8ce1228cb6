"""Which of a proxy's endpoints are tried, and in which order. The rules are Ice's.

Those of a kind we do not speak are left out, and so are streams for a datagram proxy and datagrams for any
other. The order is random, or as given (`Ordered`); then endpoints that are not secure come first, or last
for who prefers secure ones; who insists on them gets no others. What the proxy or `Ice.Override.*` says about
compression and time replaces what the endpoints say.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from pushnet.rpc.properties import Properties
from pushnet.rpc.reference import EndpointSelectionType, Reference
from pushnet.rpc.transports import Transports
from pushnet.wire.endpoints import Endpoint, StreamEndpoint, UdpEndpoint
from pushnet.world import World

Dialled = StreamEndpoint | UdpEndpoint


class Selection:
    """One communicator's."""

    def __init__(self, world: World, properties: Properties, transports: Transports) -> None:
        self._world = world
        self._transports = transports
        self._ordered = properties.getProperty("Ice.Default.EndpointSelection") == "Ordered"
        self._prefer_secure = properties.getPropertyAsInt("Ice.Default.PreferSecure") > 0
        self._secure = properties.getPropertyAsInt("Ice.Override.Secure") > 0
        compress = properties.getProperty("Ice.Override.Compress").strip()
        self._compress = properties.getPropertyAsInt("Ice.Override.Compress") > 0 if compress else None
        self._timeout_ms = properties.getPropertyAsInt("Ice.Override.Timeout")

    def of(self, reference: Reference, endpoints: Sequence[Endpoint]) -> list[Dialled]:
        """The endpoints to try, the first one first."""
        usable: list[Dialled] = [
            self._overridden(reference, endpoint)
            for endpoint in endpoints
            if isinstance(endpoint, StreamEndpoint | UdpEndpoint)
            and endpoint.datagram is reference.datagram
            and self._transports.knows(endpoint)
        ]
        options = reference.options
        ordered = self._ordered
        if options.selection is not None:
            ordered = options.selection is EndpointSelectionType.Ordered
        if not ordered and len(usable) > 1:
            self._world.rng("rpc.endpoints").shuffle(usable)
        if reference.data.secure or self._secure:
            return [endpoint for endpoint in usable if endpoint.secure]
        prefer = self._prefer_secure if options.prefer_secure is None else options.prefer_secure
        return sorted(usable, key=lambda endpoint: endpoint.secure is not prefer)

    def _overridden(self, reference: Reference, endpoint: Dialled) -> Dialled:
        options = reference.options
        compress = options.compress if self._compress is None else self._compress
        if compress is not None and compress is not endpoint.compress:
            endpoint = attrs.evolve(endpoint, compress=compress)
        timeout_ms = self._timeout_ms or options.connection_timeout_ms
        if timeout_ms and isinstance(endpoint, StreamEndpoint) and timeout_ms != endpoint.timeout_ms:
            endpoint = attrs.evolve(endpoint, timeout_ms=timeout_ms)
        return endpoint
