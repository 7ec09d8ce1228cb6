"""What is fuzzed: one function of bytes, and how it may answer."""

from __future__ import annotations

from collections.abc import Callable

import attrs

ALLOWANCE_BYTES = 64 * 1024
"""Failure-model G5: allocation is at most four times the input, and this."""


@attrs.frozen
class Target:
    """A decoder, or a machine that is fed by a peer.

    Args:
        name: also names its corpus.
        run: takes the input. What it returns does not matter, unless it is awaited by nobody.
        peers_fault: what it may raise. Anything else is a finding.
        tokens: pieces of its language, for the mutations.
        share: its part of the inputs, beside those of the others.
        bytes_per_byte: how much it may allocate for a byte of input. Four for what reads in place; what
            makes a Python object of every few bytes needs more, and says here how much.
        beside_bytes: how much it may allocate whatever the input.
    """

    name: str
    run: Callable[[bytes], object]
    peers_fault: tuple[type[Exception], ...] = ()
    tokens: tuple[bytes, ...] = ()
    share: int = 10
    bytes_per_byte: int = 4
    beside_bytes: int = ALLOWANCE_BYTES
