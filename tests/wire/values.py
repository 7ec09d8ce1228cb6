"""hypothesis strategies for what is on the wire and in the texts of proxies."""

from __future__ import annotations

from hypothesis import strategies as st

from pushnet.wire.endpoints import SSL, TCP, WS, WSS, Endpoint, OpaqueEndpoint, StreamEndpoint, UdpEndpoint
from pushnet.wire.identity import Identity
from pushnet.wire.proxies import Mode, ProxyData

ports = st.integers(0, 65_535)
texts = st.text(max_size=40)
names = st.text(min_size=1, max_size=20)
identities = st.builds(Identity, names, st.text(max_size=20))
versions = st.tuples(st.integers(0, 255), st.integers(0, 255))
hosts = st.text("abcdefghijklmnopqrstuvwxyz0123456789.:", min_size=1, max_size=30)
resources = st.text("abcdefghijklmnopqrstuvwxyz/ :@", max_size=20).map(lambda rest: f"/{rest}")
timeouts_ms = st.just(-1) | st.integers(1, 2**31 - 1)


def stream_endpoints() -> st.SearchStrategy[Endpoint]:
    plain = st.builds(StreamEndpoint, st.sampled_from([TCP, SSL]), hosts, ports, timeouts_ms, st.booleans())
    web = st.builds(
        StreamEndpoint, st.sampled_from([WS, WSS]), hosts, ports, timeouts_ms, st.booleans(), resources
    )
    return plain | web


def endpoints() -> st.SearchStrategy[Endpoint]:
    """Endpoints of every kind that both the bytes and the text can say."""
    udp = st.builds(UdpEndpoint, hosts, ports, st.booleans())
    opaque = st.builds(OpaqueEndpoint, st.integers(6, 32_767), versions, st.binary(min_size=1, max_size=30))
    return stream_endpoints() | udp | opaque


def proxies() -> st.SearchStrategy[ProxyData]:
    """Direct, indirect and well-known proxies."""
    head = (identities, texts, st.sampled_from(Mode), st.booleans(), versions, versions)
    places = st.lists(endpoints(), min_size=1, max_size=4).map(tuple)
    return st.builds(ProxyData, *head, places) | st.builds(ProxyData, *head, adapter_id=texts)
