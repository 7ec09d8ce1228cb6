"""Papers that go from hand to hand for signatures: the people whose keys sign sit at machines of their own.

A paper is a file with signed documents: a release that waits for more signatures, or the next root together
with the releases that have to be signed anew. Who signs adds signatures and changes nothing else. Papers that
come back are laid together: what they say must be the same, and each signature right.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pushnet.grid.patch.canonical import decode, encode
from pushnet.grid.patch.documents import Release, Root, Rule, read_document
from pushnet.grid.patch.limits import DOCUMENT_BYTES_MAX, LISTED_MAX
from pushnet.grid.patch.refusals import Malformed, NotSigned
from pushnet.grid.patch.signing import Signed, SigningKey, is_right, sign, take_apart

PAPER_BYTES_MAX = 4 * DOCUMENT_BYTES_MAX
_DOCUMENTS = "documents"


def write_paper(documents: Sequence[bytes]) -> bytes:
    """One file of these documents; a single one stands for itself."""
    if len(documents) == 1:
        return documents[0]
    return encode({_DOCUMENTS: [decode(each, DOCUMENT_BYTES_MAX, "a document") for each in documents]})


def read_paper(data: bytes) -> list[bytes]:
    """The documents in a paper. Raises `Malformed`."""
    outer = decode(data, PAPER_BYTES_MAX, "the paper")
    if _DOCUMENTS not in outer:
        content_of(data)
        return [data]
    found = outer[_DOCUMENTS]
    if len(outer) != 1 or not isinstance(found, list) or not 0 < len(found) <= LISTED_MAX:
        raise Malformed("the paper holds no documents")
    documents = [encode(each) for each in found]
    for each in documents:
        content_of(each)
    return documents


def content_of(data: bytes) -> Release | Root:
    """What a document of a paper says, whoever has signed it. Raises `Malformed`."""
    document = read_document(take_apart(data, "the paper").fields, "the paper")
    if not isinstance(document, Release | Root):
        raise Malformed(f"a {document.role} document is not signed by hand")
    return document


def rules_of(documents: Sequence[bytes], root: Root) -> list[list[Rule]]:
    """Of each document the rules that its signatures have to meet.

    Args:
        root: that is believed now. A paper may hold the next one, which says who signs the rest.
    """
    contents = [content_of(each) for each in documents]
    newest = next((each for each in contents if isinstance(each, Root)), root)
    both = [root.rules["root"], newest.rules["root"]]
    return [both if isinstance(each, Root) else [newest.rules["release"]] for each in contents]


def publics_of(documents: Sequence[bytes], root: Root) -> dict[str, str]:
    """Every public key that may have signed, by its id."""
    found = dict(root.keys)
    for each in map(content_of, documents):
        found |= each.keys if isinstance(each, Root) else {}
    return found


def countersigned(documents: Sequence[bytes], root: Root, keys: Iterable[SigningKey]) -> list[bytes]:
    """The same with a signature of each key where it may sign. Raises `NotSigned` when none may anywhere."""
    have, made, used = list(keys), [], 0
    for data, rules in zip(documents, rules_of(documents, root), strict=True):
        able = [key for key in have if any(key.id in rule.keys for rule in rules)]
        used += len(able)
        made.append(sign(content_of(data), able, take_apart(data, "the paper").signatures))
    if not used:
        known = ", ".join(key.id[:12] for key in have) or "none"
        raise NotSigned(f"none of these keys may sign this: {known}")
    return made


def laid_together(mine: Sequence[bytes], theirs: Sequence[bytes], root: Root) -> list[bytes]:
    """The documents with the signatures of both papers. Raises `Malformed` and `NotSigned`."""
    if len(mine) != len(theirs):
        raise Malformed("the paper that came back is another one than the one that waits here")
    publics = publics_of(mine, root)
    return [_joined(one, other, publics) for one, other in zip(mine, theirs, strict=True)]


def _joined(mine: bytes, theirs: bytes, publics: Mapping[str, str]) -> bytes:
    one, other = take_apart(mine, "the paper"), take_apart(theirs, "the paper that came back")
    if one.fields != other.fields:
        raise Malformed("the paper that came back says something else than the one that waits here")
    for signature in other.signatures:
        if signature.key not in publics or not is_right(signature, publics[signature.key], other.fields):
            raise NotSigned(f"the paper came back with a wrong signature of {signature.key[:12]}")
    return sign(content_of(mine), (), [*one.signatures, *other.signatures])


def missing(documents: Sequence[bytes], root: Root) -> list[str]:
    """What still lacks signatures, in words; nothing: they are enough."""
    told: list[str] = []
    for data, rules in zip(documents, rules_of(documents, root), strict=True):
        signed, content = take_apart(data, "the paper"), content_of(data)
        counts = [(_count(signed, rule), rule.threshold) for rule in rules]
        short = [f"{have} of {wanted}" for have, wanted in counts if have < wanted]
        if short:
            what = (
                f"root {content.number}" if isinstance(content, Root) else f"{content.name} {content.version}"
            )
            told.append(f"{what} has {short[0]} signatures")
    return told


def _count(signed: Signed, rule: Rule) -> int:
    return sum(signature.key in rule.keys for signature in signed.signatures)
