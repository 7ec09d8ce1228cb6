# Written by slice2tx from idl/pushnet/join.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.types import UnavailableException, read_Strings, write_Strings
from pushnet.rpc.stubs import (
    CallContext,
    Current,
    ExceptionSlice,
    ObjectPrx,
    Operation,
    Servant,
    ServantOperation,
    Source,
    UserException,
)
from pushnet.wire.basic import read_count, read_string, write_size, write_string
from pushnet.wire.errors import MarshalException
from pushnet.wire.leftovers import pass_over
from pushnet.wire.makers import maker_of

__all__ = [
    "Authority",
    "AuthorityPrx",
    "AuthorityServant",
    "CertificateRefusedException",
    "RevokedNames",
    "TokenInfo",
    "TokenRefusedException",
    "Tokens",
    "TokensPrx",
    "TokensServant",
    "read_RevokedNames",
    "read_Times",
    "read_TokenInfo",
    "read_TokenInfos",
    "write_RevokedNames",
    "write_Times",
    "write_TokenInfo",
    "write_TokenInfos",
]


@attrs.frozen(order=True)
class TokenInfo:
    """What is known of a token that lets nodes join; not the token itself."""

    id: str = ""
    """The part of the token before the dot."""

    roles: list[str] = attrs.field(factory=list)
    """What it lets in: roles of nodes, `server` for stock Ice servers, `operator` for people."""

    madeS: int = 0
    """Seconds since 1970, as the next one."""

    expiresS: int = 0
    """0: never."""

    who: str = ""


@attrs.frozen
class RevokedNames:
    """Whose certificates are worth nothing."""

    number: int = 0
    """Grows with every change."""

    names: dict[str, int] = attrs.field(factory=dict)
    """Names, and the second since 1970 at which their certificates were revoked."""


@attrs.frozen
class TokenRefusedException(UserException):
    """The caller has not shown that it knows the cluster's secret, or the token cannot be: `reason` says
    why.
    """

    reason: str = ""


@attrs.frozen
class CertificateRefusedException(UserException):
    """There is no certificate for that, or not for the caller: `reason` says why, and what to do."""

    reason: str = ""


class Tokens(Protocol):
    """Tokens that let nodes join the grid. The registry keeps their digests only. Its identity is
    `PushNet/Tokens`.

    Every call is signed with the cluster's secret: `proof` is the hexadecimal HMAC-SHA256 of what is asked
    for and of `atS`, the time of the call in seconds since 1970, which must be within a minute of the
    registry's.
    """

    def keep(
        self, token: TokenInfo, digest: str, atS: int, proof: str, current: Current | None = None, /
    ) -> Awaitable[None]:
        """Keep a token. It is on disk when this returns.

        Args:
            digest: The hexadecimal SHA-256 of the token.
        """
        ...

    def revoke(self, id: str, atS: int, proof: str, current: Current | None = None, /) -> Awaitable[None]:
        """Let nobody join by it any more. Nodes that are in go at their next renewal."""
        ...

    def all(self, atS: int, proof: str, current: Current | None = None, /) -> Awaitable[list[TokenInfo]]:
        """Every token, by id."""
        ...


class Authority(Protocol):
    """Makes certificates for who may have one, where a registry has the authority's key. Its identity is
    `PushNet/Authority`, over TLS only.
    """

    def certificate(self, current: Current | None = None, /) -> Awaitable[str]:
        """The authority's own certificate, in PEM. Believe it when its fingerprint is the one in your
        token.
        """
        ...

    def issue(self, name: str, request: str, current: Current | None = None, /) -> Awaitable[str]:
        """Have a certificate made, in PEM. Who shows a certificate gets a new one for the same name and
        roles. Who shows a token gets one for the token's roles and for a name that nobody has a
        certificate for.

        Args:
            request: A PKCS#10 request in PEM: of it the key counts, and that the caller has its private part.
        """
        ...

    def revoke(self, name: str, current: Current | None = None, /) -> Awaitable[None]:
        """Every certificate made for that name until now is worth nothing any more. For operators."""
        ...

    def revoked(self, current: Current | None = None, /) -> Awaitable[dict[str, int]]:
        """Names, and the second since 1970 at which their certificates were revoked."""
        ...

    def revocations(
        self, known: int, waitMs: int, current: Current | None = None, /
    ) -> Awaitable[RevokedNames]:
        """The same, for nodes: answers at once when its number is not `known`, else after `waitMs`."""
        ...


class TokensPrx(ObjectPrx):
    """Calls a `Tokens` wherever it is."""

    ice_type: ClassVar[str] = "::PushNet::Tokens"

    def keep(
        self, token: TokenInfo, digest: str, atS: int, proof: str, context: CallContext = None
    ) -> Deferred[None]:
        out = bytearray()
        write_TokenInfo(out, token)
        write_string(out, digest)
        out += _S_q.pack(atS)
        write_string(out, proof)
        return self._ice_call(_OP_Tokens_keep, out, context)

    def revoke(self, id: str, atS: int, proof: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, id)
        out += _S_q.pack(atS)
        write_string(out, proof)
        return self._ice_call(_OP_Tokens_revoke, out, context)

    def all(self, atS: int, proof: str, context: CallContext = None) -> Deferred[list[TokenInfo]]:
        out = bytearray()
        out += _S_q.pack(atS)
        write_string(out, proof)
        return self._ice_call(_OP_Tokens_all, out, context)


class AuthorityPrx(ObjectPrx):
    """Calls an `Authority` wherever it is."""

    ice_type: ClassVar[str] = "::PushNet::Authority"

    def certificate(self, context: CallContext = None) -> Deferred[str]:
        return self._ice_call(_OP_Authority_certificate, b"", context)

    def issue(self, name: str, request: str, context: CallContext = None) -> Deferred[str]:
        out = bytearray()
        write_string(out, name)
        write_string(out, request)
        return self._ice_call(_OP_Authority_issue, out, context)

    def revoke(self, name: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, name)
        return self._ice_call(_OP_Authority_revoke, out, context)

    def revoked(self, context: CallContext = None) -> Deferred[dict[str, int]]:
        return self._ice_call(_OP_Authority_revoked, b"", context)

    def revocations(self, known: int, waitMs: int, context: CallContext = None) -> Deferred[RevokedNames]:
        return self._ice_call(_OP_Authority_revocations, _S_qi.pack(known, waitMs), context)


class TokensServant(Servant):
    """Serves a `Tokens`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::PushNet::Tokens"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::PushNet::Tokens")


class AuthorityServant(Servant):
    """Serves an `Authority`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::PushNet::Authority"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::PushNet::Authority")


# The wire: how the above becomes bytes and back.

_S_q = Struct("<q")
_S_qi = Struct("<qi")
_S_qq = Struct("<qq")
_S_qqB = Struct("<qqB")

_new_RevokedNames = maker_of(RevokedNames)
_new_TokenInfo = maker_of(TokenInfo)


def write_TokenInfo(out: bytearray, value: TokenInfo) -> None:
    write_string(out, value.id)
    write_Strings(out, value.roles)
    out += _S_qq.pack(value.madeS, value.expiresS)
    write_string(out, value.who)


def read_TokenInfo(buf: bytes, pos: int) -> tuple[TokenInfo, int]:
    id, pos = read_string(buf, pos)
    roles, pos = read_Strings(buf, pos)
    madeS, expiresS = _S_qq.unpack_from(buf, pos)
    who, pos = read_string(buf, pos + 16)
    return _new_TokenInfo(id, roles, madeS, expiresS, who), pos


def write_TokenInfos(out: bytearray, value: Sequence[TokenInfo]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.id.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        write_Strings(out, item.roles)
        text = item.who.encode()
        if (size := len(text)) < 255:
            out += _S_qqB.pack(item.madeS, item.expiresS, size)
        else:
            out += _S_qq.pack(item.madeS, item.expiresS)
            write_size(out, size)
        out += text


def read_TokenInfos(buf: bytes, pos: int) -> tuple[list[TokenInfo], int]:
    count, pos = read_count(buf, pos, 19)
    items: list[TokenInfo] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            id = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            id, pos = read_string(buf, pos)
        roles, pos = read_Strings(buf, pos)
        madeS, expiresS, size = _S_qqB.unpack_from(buf, pos)
        if size < 255:
            who = buf[pos + 17 : (pos := pos + 17 + size)].decode()
        else:
            who, pos = read_string(buf, pos + 16)
        items.append(_new_TokenInfo(id, roles, madeS, expiresS, who))
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return items, pos


def _write_TokenRefusedException(out: bytearray, value: TokenRefusedException) -> None:
    write_string(out, value.reason)


def _read_TokenRefusedException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


TokenRefusedException.ice_slice = ExceptionSlice(
    "::PushNet::TokenRefusedException",
    TokenRefusedException,
    _write_TokenRefusedException,
    _read_TokenRefusedException,
    None,
)


def _write_CertificateRefusedException(out: bytearray, value: CertificateRefusedException) -> None:
    write_string(out, value.reason)


def _read_CertificateRefusedException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


CertificateRefusedException.ice_slice = ExceptionSlice(
    "::PushNet::CertificateRefusedException",
    CertificateRefusedException,
    _write_CertificateRefusedException,
    _read_CertificateRefusedException,
    None,
)


def write_Times(out: bytearray, value: Mapping[str, int]) -> None:
    write_size(out, len(value))
    for key, item in value.items():
        text = key.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        out += _S_q.pack(item)


def read_Times(buf: bytes, pos: int) -> tuple[dict[str, int], int]:
    count, pos = read_count(buf, pos, 9)
    value: dict[str, int] = {}
    for _ in range(count):
        if (size := buf[pos]) < 255:
            key = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            key, pos = read_string(buf, pos)
        (item,) = _S_q.unpack_from(buf, pos)
        pos += 8
        value[key] = item
    return value, pos


def write_RevokedNames(out: bytearray, value: RevokedNames) -> None:
    out += _S_q.pack(value.number)
    write_Times(out, value.names)


def read_RevokedNames(buf: bytes, pos: int) -> tuple[RevokedNames, int]:
    (number,) = _S_q.unpack_from(buf, pos)
    names, pos = read_Times(buf, pos + 8)
    return _new_RevokedNames(number, names), pos


def _serve_Tokens_keep(servant: Tokens, buf: bytes, pos: int, current: Current) -> Any:
    token, pos = read_TokenInfo(buf, pos)
    digest, pos = read_string(buf, pos)
    (atS,) = _S_q.unpack_from(buf, pos)
    proof, pos = read_string(buf, pos + 8)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.keep(token, digest, atS, proof, current)


_OP_Tokens_keep: Operation[None] = Operation("keep", 2, None, (TokenRefusedException, UnavailableException))


def _serve_Tokens_revoke(servant: Tokens, buf: bytes, pos: int, current: Current) -> Any:
    id, pos = read_string(buf, pos)
    (atS,) = _S_q.unpack_from(buf, pos)
    proof, pos = read_string(buf, pos + 8)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.revoke(id, atS, proof, current)


_OP_Tokens_revoke: Operation[None] = Operation(
    "revoke", 2, None, (TokenRefusedException, UnavailableException)
)


def _read_result_Tokens_all(buf: bytes, pos: int, source: Source) -> list[TokenInfo]:
    result, pos = read_TokenInfos(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Tokens_all(servant: Tokens, buf: bytes, pos: int, current: Current) -> Any:
    (atS,) = _S_q.unpack_from(buf, pos)
    proof, pos = read_string(buf, pos + 8)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.all(atS, proof, current)


def _write_result_Tokens_all(value: list[TokenInfo]) -> bytearray:
    out = bytearray()
    write_TokenInfos(out, value)
    return out


_OP_Tokens_all: Operation[list[TokenInfo]] = Operation(
    "all", 2, _read_result_Tokens_all, (TokenRefusedException,)
)

TokensServant.ice_operations = {
    b"keep": ServantOperation("keep", 2, _serve_Tokens_keep, None),
    b"revoke": ServantOperation("revoke", 2, _serve_Tokens_revoke, None),
    b"all": ServantOperation("all", 2, _serve_Tokens_all, _write_result_Tokens_all),
}


def _read_result_Authority_certificate(buf: bytes, pos: int, source: Source) -> str:
    result, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Authority_certificate(servant: Authority, buf: bytes, pos: int, current: Current) -> Any:
    return servant.certificate(current)


def _write_result_Authority_certificate(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


_OP_Authority_certificate: Operation[str] = Operation(
    "certificate", 2, _read_result_Authority_certificate, (UnavailableException,)
)


def _read_result_Authority_issue(buf: bytes, pos: int, source: Source) -> str:
    result, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Authority_issue(servant: Authority, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    request, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.issue(name, request, current)


def _write_result_Authority_issue(value: str) -> bytearray:
    out = bytearray()
    write_string(out, value)
    return out


_OP_Authority_issue: Operation[str] = Operation(
    "issue", 0, _read_result_Authority_issue, (CertificateRefusedException, UnavailableException)
)


def _serve_Authority_revoke(servant: Authority, buf: bytes, pos: int, current: Current) -> Any:
    name, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.revoke(name, current)


_OP_Authority_revoke: Operation[None] = Operation(
    "revoke", 2, None, (CertificateRefusedException, UnavailableException)
)


def _read_result_Authority_revoked(buf: bytes, pos: int, source: Source) -> dict[str, int]:
    result, pos = read_Times(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Authority_revoked(servant: Authority, buf: bytes, pos: int, current: Current) -> Any:
    return servant.revoked(current)


def _write_result_Authority_revoked(value: dict[str, int]) -> bytearray:
    out = bytearray()
    write_Times(out, value)
    return out


_OP_Authority_revoked: Operation[dict[str, int]] = Operation("revoked", 2, _read_result_Authority_revoked, ())


def _read_result_Authority_revocations(buf: bytes, pos: int, source: Source) -> RevokedNames:
    result, pos = read_RevokedNames(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Authority_revocations(servant: Authority, buf: bytes, pos: int, current: Current) -> Any:
    known, waitMs = _S_qi.unpack_from(buf, pos)
    if pos + 12 != len(buf):
        pass_over(buf, pos + 12, current)
    return servant.revocations(known, waitMs, current)


def _write_result_Authority_revocations(value: RevokedNames) -> bytearray:
    out = bytearray()
    write_RevokedNames(out, value)
    return out


_OP_Authority_revocations: Operation[RevokedNames] = Operation(
    "revocations", 2, _read_result_Authority_revocations, (UnavailableException,)
)

AuthorityServant.ice_operations = {
    b"certificate": ServantOperation(
        "certificate", 2, _serve_Authority_certificate, _write_result_Authority_certificate
    ),
    b"issue": ServantOperation("issue", 0, _serve_Authority_issue, _write_result_Authority_issue),
    b"revoke": ServantOperation("revoke", 2, _serve_Authority_revoke, None),
    b"revoked": ServantOperation("revoked", 2, _serve_Authority_revoked, _write_result_Authority_revoked),
    b"revocations": ServantOperation(
        "revocations", 2, _serve_Authority_revocations, _write_result_Authority_revocations
    ),
}
