"""What comes from sources of releases: signed documents, and the packs they name."""

from __future__ import annotations

from pushnet.grid.patch.canonical import encode
from pushnet.grid.patch.documents import fields_of, read_document
from pushnet.grid.patch.limits import DOCUMENT_BYTES_MAX
from pushnet.grid.patch.refusals import Refused
from pushnet.grid.patch.signing import take_apart
from pushnet.grid.patch.trust import Trust
from pushnet.stores.releases.packing import PackDamaged, unpack
from tests.fuzz.target import Target

SIZE = 1050
"""What a pack of the corpus holds."""


def release_document(data: bytes) -> None:
    """A document in which any signature is believed; what can be read is spelt the same again."""
    signed = take_apart(data, "it", DOCUMENT_BYTES_MAX)
    document = read_document(signed.fields, "it")
    assert encode(fields_of(document)) == encode(signed.fields)


def release_root(data: bytes) -> None:
    Trust.anchored(data)


def release_pack(data: bytes) -> None:
    assert len(unpack(data, SIZE)) == SIZE


_TOKENS = (
    b'{"signatures":[', b'],"signed":{', b'"type":"release"', b'"files":[', b'"packs":[]', b'"path":"../a"',
    b'"counter":', b'"expires":', b"9007199254740993", b"-1", b"1.0", b"null", b"true", b'"\\ud800"', b"{}",
    b"[]",
)  # fmt: skip
TARGETS = (
    Target("release_document", release_document, (Refused,), _TOKENS, bytes_per_byte=40),
    Target("release_root", release_root, (Refused,), _TOKENS, bytes_per_byte=40),
    Target("release_pack", release_pack, (PackDamaged,)),
)
