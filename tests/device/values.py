"""hypothesis strategies for the frames of the device protocol."""

from __future__ import annotations

from hypothesis import strategies as st

from pushnet.device.frames import (
    TTL_S_MAX,
    Ack,
    Close,
    Frame,
    Gap,
    Get,
    Heartbeat,
    Login,
    Move,
    Notify,
    Push,
    Register,
    Registered,
    Resume,
    Stream,
    Welcome,
)

SEQ_MAX = 2**63 - 1

seqs = st.integers(0, SEQ_MAX)
texts = st.text(max_size=32)
secrets = st.binary(max_size=128)
streams = st.sampled_from(Stream)
versions = st.integers(0, 255)


def _gap(stream: Stream, up_to: int, distance: int, reason: int) -> Gap:
    return Gap(stream, max(0, up_to - distance), up_to, reason)


def _push(stream: Stream, seq: int, ttl_s: int, body: bytes, distance: int | None, id: int | None) -> Push:
    prev = None if distance is None else max(0, seq - distance)
    return Push(stream, seq, ttl_s, body, prev, id)


def pushes() -> st.SearchStrategy[Push]:
    """Messages in all four forms."""
    return st.builds(
        _push,
        streams,
        seqs,
        st.integers(0, TTL_S_MAX),
        st.binary(max_size=300),
        st.none() | st.integers(0, SEQ_MAX),
        st.none() | st.integers(0, SEQ_MAX),
    )


def frames() -> st.SearchStrategy[Frame]:
    """Every kind of frame."""
    return st.one_of(
        st.just(Heartbeat()),
        st.builds(Register, texts, texts, texts, versions),
        st.builds(Login, texts, texts, secrets, seqs, seqs, versions),
        st.builds(Resume, secrets, seqs, seqs, versions),
        st.builds(Get, streams, seqs),
        st.builds(Ack, streams, seqs),
        st.builds(Close, st.integers(0, 255), st.integers(0, 2**31), texts),
        st.builds(Registered, texts, secrets),
        st.builds(Welcome, st.integers(0, 2**20)),
        st.builds(Welcome, st.integers(0, 2**20), st.tuples(seqs, seqs), secrets),
        st.builds(Notify, streams, seqs),
        st.builds(_gap, streams, seqs, seqs, st.integers(0, 255)),
        pushes(),
        st.builds(Move, texts, st.integers(0, 0xFFFF)),
    )
