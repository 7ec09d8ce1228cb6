"""Messages of the Ice protocol, and what is in them."""

from __future__ import annotations

import bz2
from struct import error as StructError

from pushnet.gen.ice.glacier2 import CannotCreateSessionException, PermissionDeniedException
from pushnet.gen.pushnet.dbagent import DeviceRuleException, LoginRefusedException
from pushnet.gen.pushnet.queue import QueueRefusedException
from pushnet.gen.pushnet.registry import RegistrationRefusedException
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.wire.endpoint_text import EndpointDefaults, parse_endpoint
from pushnet.wire.errors import LocalException, ParseException, ProtocolException
from pushnet.wire.identity import Identity, identityToString, stringToIdentity
from pushnet.wire.message import BATCH, MAGIC, MESSAGE_BYTES_MAX, REPLY, REQUEST, Framer
from pushnet.wire.optional import Format, seek_optional, skip_optional, skip_optionals
from pushnet.wire.proxies import read_proxy_data, write_proxy_data
from pushnet.wire.proxy_text import parse_proxy, proxy_text
from pushnet.wire.reply import Status, read_not_exist, read_reply_result, read_text
from pushnet.wire.request import HEAD_POS, read_batch, read_encapsulation, read_request
from pushnet.wire.slices import UnknownSlicesError, read_exception, write_exception
from pushnet.wire.websocket import WebSocket
from pushnet.wire.websocket_handshake import Head, WebSocketRefusedException, answer, check_answer
from tests.fuzz.target import Target
from tests.golden.everything import Empty, OutOfRange, Refused

DECODING = (ProtocolException, StructError, IndexError, UnicodeDecodeError)
"""What a generated reader may raise; the runtime turns all of it into a `MarshalException`."""
KNOWN = (
    Refused,
    OutOfRange,
    Empty,
    UnavailableException,
    LoginRefusedException,
    DeviceRuleException,
    QueueRefusedException,
    RegistrationRefusedException,
    PermissionDeniedException,
    CannotCreateSessionException,
)
OPTIONALS = (
    (1, Format.F1),
    (2, Format.F2),
    (4, Format.F8),
    (7, Format.VSize),
    (9, Format.FSize),
    (300, Format.F4),
)
INFLATED_BYTES = 2 * MESSAGE_BYTES_MAX + 64 * 1024
"""A compressed message may become as large as any message: its body is made, and then the whole."""


def message(kind: int, body: bytes, compression: int = 0) -> bytes:
    """A message of that type with its true size."""
    return MAGIC + bytes((kind, compression)) + (14 + len(body)).to_bytes(4, "little") + body


def frame(data: bytes) -> None:
    """However the bytes are split, the same messages and the same fault come out."""
    whole, split = Framer(), Framer()
    messages = whole.receive(data)
    pieces: list[bytes] = []
    half = data[0] % (len(data) + 1) if data else 0
    for part in (data[:half], data[half : half + 1], data[half + 1 :]):
        if split.error is None:
            pieces += split.receive(part)
    assert messages == pieces, "split otherwise, other messages"
    assert type(whole.error) is type(split.error), "split otherwise, another fault"


def inflate(data: bytes) -> None:
    """Four bytes are the claimed size, the rest is deflated as it is."""
    framer = Framer()
    for made in framer.receive(message(REQUEST, data, 2)):
        assert len(made) == int.from_bytes(made[10:14], "little")


def deflated(data: bytes) -> None:
    """A message that was deflated well, whatever is in it."""
    body = (14 + len(data)).to_bytes(4, "little") + bz2.compress(data, 1)
    framer = Framer()
    (made,) = framer.receive(message(REQUEST, body, 2))
    assert made[14:] == data
    read_request(made)


def request(data: bytes) -> None:
    head = read_request(message(REQUEST, data))[1]
    assert data.startswith(head.head, HEAD_POS - 14)


def batch(data: bytes) -> None:
    read_batch(message(BATCH, data))


def reply(data: bytes) -> None:
    """A reply by its status."""
    whole = message(REPLY, data)
    status = data[4] if len(data) > 4 else 0
    if status <= Status.user_exception:
        read_reply_result(whole)
    elif status <= Status.operation_not_exist:
        read_not_exist(whole)
    else:
        read_text(whole)


def encapsulation(data: bytes) -> None:
    """Optional values: asked for as an operation asks, and passed over as a slice does."""
    end, _ = read_encapsulation(data, 0)
    inside, pos = data[:end], 6
    for tag, format in OPTIONALS:
        found, pos = seek_optional(inside, pos, tag, format)
        if found:
            pos = skip_optional(inside, pos, format)
    skip_optionals(inside, 6)


def exception(data: bytes) -> None:
    """What can be read is written and read again as the same."""
    value = read_exception(data, 0, None, KNOWN)
    out = bytearray()
    write_exception(out, value)
    again = read_exception(bytes(out), 0, None, KNOWN)
    assert repr(again) == repr(value)


def proxy(data: bytes) -> None:
    """What can be read is written and read again as the same; its text can be made."""
    value, end = read_proxy_data(data, 0)
    out = bytearray()
    write_proxy_data(out, value)
    assert read_proxy_data(bytes(out), 0) == (value, len(out))
    proxy_text(value)
    assert end <= len(data)


def texts_of_proxies(data: bytes) -> None:
    """What is a proxy is one after it has been written."""
    value = parse_proxy(data.decode("utf-8", "replace"))
    if value is not None:
        assert parse_proxy(proxy_text(value)) == value, proxy_text(value)


def texts_of_endpoints(data: bytes) -> None:
    value = parse_endpoint(data.decode("utf-8", "replace"), EndpointDefaults(host="h"))
    if value is not None:
        assert parse_endpoint(str(value), EndpointDefaults()) == value, str(value)


def texts_of_identities(data: bytes) -> None:
    value = stringToIdentity(data.decode("utf-8", "replace"))
    assert stringToIdentity(identityToString(value)) == value
    Identity(value.name, value.category)


def websocket(data: bytes) -> None:
    """The first bit tells the end; however frames are split, the same payload comes out."""
    client = bool(data[:1] > b"\x7f")
    whole, split = WebSocket(client, _mask), WebSocket(client, _mask)
    payload = whole.receive(data[1:])
    half = len(data) // 2
    pieces = split.receive(data[1:half]) + split.receive(data[max(half, 1) :])
    assert payload == pieces or whole.error is not None
    assert (whole.error is None, whole.closed) == (split.error is None, split.closed)
    assert whole.take() == split.take()


def _mask() -> bytes:
    return b"mask"


def websocket_request(data: bytes) -> None:
    head = Head().receive(data)
    if head is not None:
        answer(head, ("http://a",) if data.endswith(b"o") else ())


def websocket_answer(data: bytes) -> None:
    head = Head().receive(data)
    if head is not None:
        check_answer(head, b"0123456789abcdef")


_TEXT = (
    b" ",
    b'"',
    b"'",
    b"\\",
    b"/",
    b":",
    b"@",
    b"-f ",
    b"-e ",
    b"-p ",
    b"-t ",
    b"-s",
    b"-o",
    b"-z",
    b"1.1",
)
_TEXTS = (
    *_TEXT,
    b"tcp -h h -p 1",
    b"ssl ",
    b"udp ",
    b"ws -r /",
    b"opaque -t 1 -v AA==",
    b"\\u20ac",
    b"\\377",
)
_HTTP = (
    b"\r\n",
    b"\r\n\r\n",
    b": ",
    b"GET ",
    b" HTTP/1.1",
    b"Upgrade: websocket",
    b"Origin: http://a",
    b"\0",
)

TARGETS = (
    Target("message", frame),
    Target("bzip2", inflate, (ProtocolException,), share=4, beside_bytes=INFLATED_BYTES),
    Target("compressed", deflated, (ProtocolException,), share=4, beside_bytes=INFLATED_BYTES),
    Target("request", request, (ProtocolException,)),
    Target("batch", batch, (ProtocolException,)),
    Target("reply", reply, (ProtocolException,)),
    Target("encapsulation", encapsulation, DECODING),
    Target("exception", exception, (*DECODING, UnknownSlicesError)),
    Target("proxy", proxy, DECODING),
    Target("proxy_text", texts_of_proxies, (ParseException, LocalException), _TEXTS, bytes_per_byte=80),
    Target("endpoint_text", texts_of_endpoints, (ParseException,), _TEXTS, bytes_per_byte=80),
    Target("identity_text", texts_of_identities, (ParseException,), _TEXT, bytes_per_byte=80),
    Target("websocket", websocket),
    Target("websocket_request", websocket_request, (WebSocketRefusedException,), _HTTP),
    Target("websocket_answer", websocket_answer, (WebSocketRefusedException,), _HTTP),
)
