"""Texts of proxies and identities: what each becomes when it is read and written again, or which error.

No server is called: one table, told by each side, must be the same.
"""

from __future__ import annotations

from typing import Any

from .side import Side

PROXIES = (
    "",
    " ",
    "\t\r\n",
    "id",
    "cat/id",
    "/id",
    "cat/",
    "a/b/c",
    r"a\/b/c\/d",
    '"a b"',
    '"a b',
    "'a b'",
    "'a b\"",
    '"a\\"b"',
    "a b",
    "id -f facet",
    'id -f "fa cet"',
    "id -f 'fa cet'",
    "id -f",
    "id -f facet -f other",
    "id -t -o",
    "id -o",
    "id -O",
    "id -d",
    "id -D",
    "id -s",
    "id -s -s",
    "id -t x",
    "id -x",
    "id -",
    "id --",
    "id -e 1.0",
    "id -e 1.1",
    "id -e 1.2",
    "id -e 2.0",
    "id -e 1",
    "id -e x.y",
    "id -e",
    "id -p 1.0",
    "id -p 1.1",
    "id -p 2.0",
    "id -p",
    "id@adapter",
    "id @ adapter",
    'id@"ad apter"',
    "id@'ad:apter'",
    "id@",
    "id@ ",
    "id@a b",
    "id@a@b",
    "id@a:tcp -h h",
    "id -f f -o -s -e 1.0@a",
    "@adapter",
    ":tcp -h h -p 1",
    "id:",
    "id::",
    "id:tcp",
    "id:tcp -h h",
    "id:tcp -h h -p 1",
    "id:tcp -p 1 -h h",
    "id: tcp -h h -p 1",
    "id:tcp -h h -p 1:",
    "id:tcp -h h -p 1::tcp -h i -p 2",
    "id:tcp -h h -p 1:ssl -h h -p 2:ws -h h -p 3:wss -h h -p 4:udp -h h -p 5",
    "id:default -h h -p 1",
    "id:tcp -h h -p 0",
    "id:tcp -h h -p 65535",
    "id:tcp -h h -p 65536",
    "id:tcp -h h -p -1",
    "id:tcp -h h -p x",
    "id:tcp -h h -p",
    "id:tcp -h",
    "id:tcp -h -p 1",
    "id:tcp -h * -p 1",
    'id:tcp -h "" -p 1',
    'id:tcp -h "::1" -p 1',
    "id:tcp -h h -p 1 -t 5",
    "id:tcp -h h -p 1 -t infinite",
    "id:tcp -h h -p 1 -t -1",
    "id:tcp -h h -p 1 -t 0",
    "id:tcp -h h -p 1 -t -2",
    "id:tcp -h h -p 1 -t x",
    "id:tcp -h h -p 1 -t",
    "id:tcp -h h -p 1 -z",
    "id:tcp -h h -p 1 -z x",
    "id:tcp -h h -p 1 -z -z",
    "id:tcp -h h -p 1 -h i",
    "id:tcp -h h -p 1 --sourceAddress 10.0.0.1",
    "id:tcp -h h -p 1 --sourceAddress",
    "id:tcp -h h -p 1 --sourceAddress foo",
    "id:udp -h h -p 1 --sourceAddress foo",
    'id:tcp -h h -p 1 --sourceAddress "::1"',
    "id:tcp -h h -p 1 -r /x",
    "id:tcp -h h -p 1 x",
    "id:tcp -h h -p 1 -",
    "id:tcp -h h -p 1 -q 5",
    'id:tcp -h "a b" -p 1',
    'id:tcp -h "h:i" -p 1',
    "id:tcp -h 'h' -p 1",
    "id:ssl -h h -p 1 -t 7 -z",
    "id:ws -h h -p 1",
    "id:ws -h h -p 1 -r /",
    "id:ws -h h -p 1 -r /a/b?c=d",
    'id:ws -h h -p 1 -r "/a b"',
    "id:ws -h h -p 1 -r",
    "id:wss -h h -p 1 -r /x -z -t 8",
    "id:udp -h h -p 1",
    "id -d:udp -h h -p 1 -z",
    "id:udp -h h -p 1 -c",
    "id:udp -h 239.1.1.1 -p 1 --ttl 5",
    "id:udp -h 239.1.1.1 -p 1 --ttl 256",
    "id:udp -h 239.1.1.1 -p 1 --ttl -1",
    "id:udp -h 239.1.1.1 -p 1 --ttl",
    "id:udp -h 239.1.1.1 -p 1 --interface eth0 --ttl 2",
    "id:udp -h h -p 1 -t 5",
    "id:opaque -t 99 -e 1.1 -v AAECAw==",
    "id:opaque -t 99 -e 1.0 -v AAECAw==",
    "id:opaque -t 99 -v AAECAw==",
    "id:opaque -t 99 -v",
    "id:opaque -t 99",
    "id:opaque -v AAECAw==",
    "id:opaque -t -1 -v AAECAw==",
    "id:opaque -t 32767 -v AAECAw==",
    "id:opaque -t 65536 -v AAECAw==",
    "id:opaque -t x -v AAECAw==",
    "id:opaque -t 99 -v !!!",
    "id:opaque -t 99 -e 5.1 -v AAECAw==",
    "id:opaque -t 99 -t 98 -v AA==",
    "id:opaque -t 1 -e 1.1 -v CTEyNy4wLjAuMeouAAAQJwAAAA==",
    "id:opaque -t 2 -e 1.1 -v CTEyNy4wLjAuMREnAAD/////AA==",
    "id:nosuch -h h",
    "id:nosuch -h h:tcp -h h -p 1",
    "id:TCP -h h -p 1",
    "ü/\U0001f600",
    "\u00fc -f \u20ac@\U0001f600",
    r"a\nb",
    r"\u00fc",
    r"\U0001f600",
    r"\101\x41",
    r"\x",
    r"\400",
    r"\q",
    "a\\",
    '"id:with@all -f"',
    "id -f a/b",
    "\x7f",
)

IDENTITIES = (
    "",
    "a",
    "a/b",
    "/a",
    "a/",
    "a/b/c",
    r"a\/b",
    r"a\/b/c\/d",
    "a b",
    '"a"',
    "ü/€\U0001f600",
    r"\u00fc\U0001f600",
    r"\n\t\\",
    "\x01\x7f\x80",
    r"\377",
    r"\400",
    r"\x4",
    r"\xq",
    "\\",
    r"a\q",
    "-x:@",
)

MODES = ("Unicode", "ASCII", "Compat")


def told(side: Side) -> list[str]:
    """A line for each text: what it is read as, or the class of the error."""
    lines = []
    for text in PROXIES:
        lines.append(f"proxy {text!r} is {_read(side, text)}")
    for text in IDENTITIES:
        lines.append(f"identity {text!r} is {_read_identity(side, text)}")
    return lines


def _read(side: Side, text: str) -> str:
    try:
        proxy = side.parse(text)
        again = side.communicator.proxyToString(proxy)
        if proxy is None:
            return f"nil {again!r}"
        if side.parse(again) != proxy:
            return f"{again!r}, which is another"
        return f"{again!r} with {' and '.join(map(_endpoint, proxy.ice_getEndpoints())) or 'no endpoint'}"
    except Exception as error:
        return type(error).__name__


def _endpoint(endpoint: Any) -> str:
    info = endpoint.getInfo()
    words = [str(info.type()), str(info.secure()), str(info.datagram())]
    while info is not None:
        words += [
            f"{name} {getattr(info, name)!r}"
            for name in (
                "timeout",
                "compress",
                "host",
                "port",
                "sourceAddress",
                "resource",
                "mcastTtl",
                "rawBytes",
            )
            if hasattr(info, name)
        ]
        info = info.underlying
    return ", ".join(words)


def _read_identity(side: Side, text: str) -> str:
    try:
        identity = side.identity(text)
        again = side.communicator.identityToString(identity)
        return f"{identity.category!r} {identity.name!r} {again!r}"
    except Exception as error:
        return type(error).__name__
