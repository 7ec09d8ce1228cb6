"""What becomes of hostile bytes at a server, and where ours may differ from stock Ice, with the reason."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from pushnet.wire.errors import ProtocolException
from pushnet.wire.message import BATCH, CLOSE_MESSAGE, REPLY, REQUEST, Framer
from pushnet.wire.reply import STATUS_POS, Status
from pushnet.wire.request import read_batch, read_request


@attrs.frozen
class Outcome:
    """What is answered before the ping."""

    replies: tuple[tuple[int, int], ...]
    """Request ids and statuses."""
    closed: bool = False
    """The connection was closed instead of the ping answered."""
    silent: bool = False
    """Neither was."""
    died: bool = False
    """The server's process ended."""

    def __str__(self) -> str:
        told = ", ".join(f"{number}: status {status}" for number, status in self.replies) or "no reply"
        if self.died:
            return f"{told}, and the server has died"
        if self.silent:
            return f"{told}, then silence"
        return f"{told}, then closed" if self.closed else told


@attrs.frozen
class Difference:
    """An input that is answered in two ways."""

    data: bytes
    stock: Outcome
    ours: Outcome

    def __str__(self) -> str:
        return f"stock: {self.stock}; ours: {self.ours}\n  input: {self.data.hex()}"


@attrs.frozen
class Listed:
    """A difference that is meant, or known.

    Args:
        name: what it is called in reports.
        why: why we differ.
        ours: what our readers say of the input, or the beginning of it; empty: nothing.
        fits: whether the outcomes are of this kind.
    """

    name: str
    why: str
    ours: tuple[str, ...]
    fits: Callable[[Difference], bool]


def listed_as(difference: Difference) -> str | None:
    """The name of the listed difference that this is."""
    fault = first_fault(difference.data)
    for listed in (*STRICTER, *OTHERWISE):
        if any(text in fault for text in listed.ours) and listed.fits(difference):
            return listed.name
    return None


def first_fault(data: bytes) -> str:
    """Why our readers refuse the input; empty when they do not."""
    framer = Framer()
    try:
        for whole in framer.receive(data):
            if whole[8] == REQUEST:
                read_request(whole)
            elif whole[8] == BATCH:
                read_batch(whole)
            elif whole[8] == REPLY and len(whole) <= STATUS_POS:
                return "a reply is cut off"
    except ProtocolException as error:
        return str(error)
    return str(framer.error or "")


def _closed_at_once(difference: Difference) -> bool:
    """We hang up where stock Ice answers one request more, or takes in what is no request."""
    known = len(difference.ours.replies)
    return difference.ours.closed and difference.stock.replies[:known] == difference.ours.replies


def _dies(difference: Difference) -> bool:
    stock, ours = difference.stock, difference.ours
    return (stock.died or stock.silent) and not (ours.died or ours.silent)


def _closes(difference: Difference) -> bool:
    """Both have closed, as they were told to."""
    return CLOSE_MESSAGE in difference.data and difference.ours.closed and difference.stock.closed


def _statuses(stock: int, ours: tuple[int, ...]) -> Callable[[Difference], bool]:
    def fits(difference: Difference) -> bool:
        pairs = list(zip(difference.stock.replies, difference.ours.replies, strict=False))
        differing = [(one[1], other[1]) for one, other in pairs if one != other]
        return (
            len(difference.stock.replies) == len(difference.ours.replies)
            and difference.stock.closed == difference.ours.closed
            and all(one == stock and other in ours for one, other in differing)
        )

    return fits


_refused = _statuses(Status.ok, (Status.unknown_local_exception,))
"""Stock Ice serves what we answer with a `MarshalException`."""
PROXIES = (b"echoProxies", b"echoMixed", b"echoAnything", b"echoMyself")
"""The operations with proxies among their parameters."""


def _tag_31(difference: Difference) -> bool:
    """An operation with optional parameters, and a byte that would begin one with the tag 31."""
    odd = any(byte >= 31 << 3 and byte != 0xFF for byte in difference.data)
    alike = len(difference.stock.replies) == len(difference.ours.replies)
    return odd and alike and _mentions(difference, (b"maybe",))


def _mentions(difference: Difference, operations: tuple[bytes, ...]) -> bool:
    return any(name in difference.data for name in operations)


STRICTER = (
    Listed(
        "crash",
        "stock Ice for Python (3.7.8) dies or hangs of some sequences and dictionaries that are cut off",
        ("",),
        _dies,
    ),
    Listed(
        "compression",
        "a compression status other than 0, 1 and 2 means nothing: the peer does not speak this protocol",
        ("compression ",),
        _closed_at_once,
    ),
    Listed(
        "inflated size",
        "a compressed message has the size it claims; stock Ice goes on when it has less",
        ("are inflated where",),
        _closed_at_once,
    ),
    Listed(
        "encapsulation",
        "the parameters end with their message: who says otherwise has lost count, and what follows is noise",
        ("bytes follow a", "an encapsulation of", "an encapsulation is cut off"),
        _closed_at_once,
    ),
    Listed(
        "mode",
        "an operation mode nobody knows could be taken for idempotent; Ice refuses it from 3.8.2 on",
        ("operation mode",),
        _closed_at_once,
    ),
    Listed(
        "text",
        "identities, facets, operations and contexts are UTF-8; what is not could reach logs and other peers",
        ("is not UTF-8",),
        _closed_at_once,
    ),
    Listed(
        "identity",
        "a category without a name is no identity and would be written as the null proxy",
        ("a category but no name",),
        _closed_at_once,
    ),
    Listed(
        "length",
        "a wrong length ahead of the parameters closes the connection; stock Ice goes on after some of them",
        ("a size is negative", "claimed where", "a facet has"),
        _closed_at_once,
    ),
    Listed(
        "text in proxies",
        "identities and facets in proxies are UTF-8 as all text is; stock Ice for Python keeps their bytes",
        ("",),
        lambda difference: _mentions(difference, PROXIES) and _refused(difference),
    ),
    Listed(
        "operation",
        "a name of an operation with a NUL in it is another name; stock Ice compares up to the NUL",
        ("",),
        _statuses(Status.ok, (Status.operation_not_exist,)),
    ),
    Listed(
        "reply",
        "a reply without a status is malformed, whether somebody waits for it or not",
        ("a reply is cut off",),
        _closed_at_once,
    ),
)
"""Where we refuse what stock Ice takes."""

OTHERWISE = (
    Listed(
        "text in parameters",
        "a wrong text is a MarshalException here; stock Ice for Python meets Python's own error first",
        ("",),
        _statuses(Status.unknown_exception, (Status.unknown_local_exception,)),
    ),
    Listed(
        "tag 31",
        "a tag of 31 in a single byte is written by nobody; stock Ice loses count when it looks at one",
        ("",),
        _tag_31,
    ),
    Listed(
        "requests ahead of a close",
        "a peer that sends CloseConnection waits for no replies: those not yet written are dropped",
        ("",),
        _closes,
    ),
)
"""Where we are not stricter, only other."""
