"""What a caller's certificate allows, where nodes call each other over TLS.

A certificate of the cluster's authority is made out for one name (its common name) and for some roles (its
organizational units). Nodes check it where an object is not for everybody who has one: an agent's servers are
started and stopped by operators and registries, a node is ended by them.

A name may be revoked: certificates made out for it before that moment are worth nothing any more. The
registries keep when, nodes learn it from them (`Revoked`), and turn those away that still come with one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from cryptography import x509
from cryptography.x509.oid import NameOID

from pushnet.grid.certificates import CLOCKS_S
from pushnet.grid.tokens import NOT_ALLOWED, OPERATOR
from pushnet.rpc.exceptions import UnknownException
from pushnet.rpc.stubs import Current

REGISTRY: Final = "registry"
MASTERS: Final = (OPERATOR, REGISTRY)
"""Who may start and stop what is not theirs."""
HOME: Final = "local"
"""Who `pushnet up` is in the grid: the agent of processes that have none."""
WANTED: Final = "a certificate of the cluster's authority is wanted, over TLS"
Revoked = Mapping[str, int]
"""Name to the second since 1970 at which its certificates were revoked."""


def certificate_of(current: Current | None) -> x509.Certificate | None:
    """The caller's certificate, when it is one of the authority's."""
    info: Any = current.con.getInfo() if current is not None and current.con is not None else None
    certificates = getattr(info, "certs", ())
    if not certificates or not getattr(info, "verified", False):
        return None
    return x509.load_pem_x509_certificate(certificates[0].encode())


def names_of(certificate: x509.Certificate) -> list[str]:
    """For whom it was made out."""
    return [str(each.value) for each in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]


def roles_of(certificate: x509.Certificate) -> list[str]:
    """What they may be."""
    units = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATIONAL_UNIT_NAME)
    return [str(each.value) for each in units]


def revoked_name(certificate: x509.Certificate, revoked: Revoked) -> str:
    """The name of it that was revoked after it was made; nothing when it is good."""
    made_s = certificate.not_valid_before_utc.timestamp() + CLOCKS_S
    return next((name for name in names_of(certificate) if made_s <= revoked.get(name, -1)), "")


def certificate_fault(
    current: Current | None, name: str, roles: str | Sequence[str], revoked: Revoked | None = None
) -> str:
    """Why the caller's certificate does not let that node in as one of these; nothing when it does.

    Args:
        name: empty: any.
        roles: one or several, of which one will do; empty: any.
    """
    certificate = certificate_of(current)
    if certificate is None:
        return WANTED
    names, held = names_of(certificate), roles_of(certificate)
    wanted = [roles] if isinstance(roles, str) else list(roles)
    if revoked and (gone := revoked_name(certificate, revoked)):
        return f"the certificate for {gone} is revoked"
    if name and name not in names:
        return f"the certificate is for {', '.join(names) or 'nobody'}, not for {name}"
    if any(wanted) and not any(role in held for role in wanted):
        return f"the certificate is for {', '.join(held) or 'no role'}, not for {' or '.join(wanted)}"
    return ""


def checked(servant: Any, checks: Mapping[str, Callable[[Any], None]]) -> None:
    """Have a look at who calls some operations of a servant, by the operation's name."""
    operations = dict(servant.ice_operations)
    for name, check in checks.items():
        operations[name.encode()] = operations[name.encode()].checked(check)
    servant.ice_operations = operations


def masters_only(servant: Any, operations: Sequence[str]) -> None:
    """Let only operators and registries call these, by their certificates."""

    def check(current: Any) -> None:
        wrong = certificate_fault(current, "", MASTERS)
        if wrong:
            raise UnknownException(f"{NOT_ALLOWED}{wrong}")

    checked(servant, dict.fromkeys(operations, check))
