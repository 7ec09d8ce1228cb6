"""How fast the device protocol's codec is beside XMPP's and SIP's: one push of 100 bytes, there and back.

    .venv/bin/python scripts/benchmarks/device_codec.py

Each codec encodes and decodes the same push. Rounds of all codecs alternate, so that other work on the
machine hits all alike; the best round of each counts. Prints microseconds for one encode and decode, and
how many times slower than ours each is.
"""

from __future__ import annotations

import sys
import timeit
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).parents[2]))

from twisted.protocols import sip
from twisted.words.xish import domish

from pushnet.device.frames import SERVER_FRAME_BYTES_MAX, Stream
from pushnet.device.reading import split
from pushnet.device.writing import push_frame

BODY = "x" * 100
ROUNDS = 7
CALLS = 2000


def device_protocol() -> None:
    frame = push_frame(Stream.OWN, 1_000_000, 86_400, BODY.encode(), None, 1 << 62)
    frames, _ = split(frame, SERVER_FRAME_BYTES_MAX)
    assert len(frames) == 1


def xmpp_domish() -> None:
    message = domish.Element(("jabber:client", "message"))
    message["to"] = "10000000100aabbccdd@push.example.com/phone"
    message["id"] = "4611686018427387904"
    message.addElement("body", content=BODY)
    message.addElement(("urn:xmpp:receipts", "request"))
    text = message.toXml()
    got: list[domish.Element] = []
    stream = domish.elementStream()
    stream.DocumentStartEvent = lambda root: None
    stream.ElementEvent = got.append
    stream.DocumentEndEvent = lambda: None
    stream.parse(f"<stream>{text}".encode())
    assert str(got[0].body) == BODY


def xmpp_elementtree() -> None:
    text = (
        "<message to='10000000100aabbccdd@push.example.com/phone' id='4611686018427387904'>"
        f"<body>{BODY}</body><request xmlns='urn:xmpp:receipts'/></message>"
    )
    body = ElementTree.fromstring(text).find("body")
    assert body is not None and body.text == BODY


def sip_twisted() -> None:
    request = sip.Request("MESSAGE", "sip:10000000100aabbccdd@push.example.com")
    request.addHeader("via", "SIP/2.0/TCP broker.example.com;branch=z9hG4bK776sgdkse")
    request.addHeader("from", "<sip:push@push.example.com>;tag=49583")
    request.addHeader("to", "<sip:10000000100aabbccdd@push.example.com>")
    request.addHeader("call-id", "4611686018427387904@push.example.com")
    request.addHeader("cseq", "1 MESSAGE")
    request.addHeader("content-length", str(len(BODY)))
    data = request.toString().encode() + BODY.encode()
    got: list[sip.Message] = []
    parser = sip.MessagesParser(got.append)
    parser.dataReceived(data)
    parser.dataDone()
    assert got[0].body == BODY


def main() -> None:
    codecs: list[Callable[[], None]] = [device_protocol, xmpp_domish, xmpp_elementtree, sip_twisted]
    best = {codec.__name__: float("inf") for codec in codecs}
    for _ in range(ROUNDS):
        for codec in codecs:
            taken_us = timeit.timeit(codec, number=CALLS) / CALLS * 1e6
            best[codec.__name__] = min(best[codec.__name__], taken_us)
    ours = best["device_protocol"]
    for name, taken_us in best.items():
        print(f"{name:18} {taken_us:8.2f} us {taken_us / ours:8.1f} x")


if __name__ == "__main__":
    main()
