"""Who is trusted by name: `IceSSL.TrustOnly` and its kin, as Ice reads them.

A filter is a list of entries separated by `;`. An entry is a list of `ATTRIBUTE=value` separated by `,`, all
of which the subject of a certificate must have. An entry that begins with `!` turns away whom it fits; of the
others, if there are any, one must fit.
"""

from __future__ import annotations

import attrs
from cryptography.x509 import Name
from cryptography.x509.oid import NameOID

_NAMES = {
    NameOID.COMMON_NAME: "CN",
    NameOID.ORGANIZATION_NAME: "O",
    NameOID.ORGANIZATIONAL_UNIT_NAME: "OU",
    NameOID.COUNTRY_NAME: "C",
    NameOID.STATE_OR_PROVINCE_NAME: "ST",
    NameOID.LOCALITY_NAME: "L",
    NameOID.EMAIL_ADDRESS: "EMAILADDRESS",
    NameOID.DOMAIN_COMPONENT: "DC",
    NameOID.SERIAL_NUMBER: "SERIALNUMBER",
    NameOID.USER_ID: "UID",
    NameOID.STREET_ADDRESS: "STREET",
}
_OTHER_SPELLINGS = {"E": "EMAILADDRESS", "EMAIL": "EMAILADDRESS", "S": "ST"}
Attributes = frozenset[tuple[str, str]]


@attrs.frozen
class TrustFilter:
    """One property's entries."""

    accepted: tuple[Attributes, ...] = ()
    rejected: tuple[Attributes, ...] = ()

    def trusts(self, subject: Name) -> bool:
        has = attributes_of(subject)
        if any(entry <= has for entry in self.rejected):
            return False
        return not self.accepted or any(entry <= has for entry in self.accepted)


def attributes_of(subject: Name) -> Attributes:
    """The attributes of a subject, by the names filters use."""
    return frozenset((_NAMES.get(part.oid, part.oid.dotted_string), str(part.value)) for part in subject)


def trust_filter(text: str) -> TrustFilter:
    """Read a property's value. Raises `ValueError`, which says what is wrong."""
    accepted, rejected = [], []
    for entry in split_outside_quotes(text, ";"):
        entry = entry.strip()
        if not entry:
            continue
        if entry.startswith("!"):
            rejected.append(_attributes(entry[1:]))
        else:
            accepted.append(_attributes(entry))
    return TrustFilter(tuple(accepted), tuple(rejected))


def split_outside_quotes(text: str, separator: str) -> list[str]:
    """Split at `separator` where it is neither quoted nor escaped; quotes and escapes stay."""
    parts, part, quote, escaped = [], "", False, False
    for char in text:
        if char == separator and not quote and not escaped:
            parts.append(part)
            part = ""
            continue
        quote ^= char == '"' and not escaped
        escaped = char == "\\" and not escaped
        part += char
    if quote:
        raise ValueError(f"mismatched quotes in {text!r}")
    return [*parts, part]


def _attributes(entry: str) -> Attributes:
    found = []
    for part in split_outside_quotes(entry, ","):
        name, equals, value = part.partition("=")
        name = name.strip().upper()
        if not equals or not name:
            raise ValueError(f"{part.strip()!r} is no ATTRIBUTE=value")
        found.append((_OTHER_SPELLINGS.get(name, name), _unquoted(value.strip())))
    return frozenset(found)


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = value[1:-1]
    plain, escaped = "", False
    for char in value:
        escaped = char == "\\" and not escaped
        plain += "" if escaped else char
    return plain
