# Written by slice2tx from idl/pushnet/deploy.ice. To change it, change the Slice file.
"""What the Slice file declares in `PushNet`."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from struct import Struct
from typing import Any, ClassVar, Protocol

import attrs
from twisted.internet.defer import Deferred

from pushnet.gen.pushnet.types import UnavailableException, read_Ints, read_Strings, write_Ints, write_Strings
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
    "DeployOptions",
    "DeployRefusedException",
    "Deployer",
    "DeployerPrx",
    "DeployerServant",
    "RollMember",
    "RollStatus",
    "read_DeployOptions",
    "read_RollMember",
    "read_RollMembers",
    "read_RollStatus",
    "read_RollStatuses",
    "write_DeployOptions",
    "write_RollMember",
    "write_RollMembers",
    "write_RollStatus",
    "write_RollStatuses",
]


@attrs.frozen(order=True)
class DeployOptions:
    canary: bool = False
    """Only the first server, to stay."""

    soakMs: int = 0
    """How long the gates watch after each wave; 0: as usual."""

    outMax: int = 0
    """How many may be out at a time; 0: one, or a tenth."""

    older: bool = False
    """Allow a version older than the one that runs."""


@attrs.frozen(order=True)
class RollMember:
    """One server in a roll."""

    server: str = ""
    versionBefore: str = ""
    version: str = ""
    how: str = ""
    """`waiting`, `moving`, `arrived`, `going back`, `back`."""


@attrs.frozen(order=True)
class RollStatus:
    change: int = 0
    """Grows with every change; for `watch`."""

    kind: str = ""
    version: str = ""
    state: str = ""
    """`rolling`, `paused`, `undoing`, `done` or `undone`."""

    reason: str = ""
    """Why it was turned round or does not go on; empty while all is well."""

    waves: list[int] = attrs.field(factory=list)
    wave: int = 0
    soakLeftMs: int = 0
    begunAtS: int = 0
    """Seconds since 1970."""

    who: str = ""
    members: list[RollMember] = attrs.field(factory=list)
    journal: list[str] = attrs.field(factory=list)
    """What was decided and why, the last 100, oldest first."""


@attrs.frozen
class DeployRefusedException(UserException):
    """That cannot be rolled, or not now: `reason` says why and what to do."""

    reason: str = ""


class Deployer(Protocol):
    """Rolls new versions over servers. Its identity is `PushNet/Deployer`; any registry answers."""

    def deploy(
        self, kind: str, version: str, options: DeployOptions, who: str, current: Current | None = None, /
    ) -> Awaitable[None]:
        """Begin a roll. It is on disk, and goes on without the caller, when this returns."""
        ...

    def watch(
        self, kind: str, change: int, waitMs: int, current: Current | None = None, /
    ) -> Awaitable[RollStatus]:
        """How the last roll of a kind is. Answers when that differs from `change`, else after `waitMs`."""
        ...

    def rolls(self, current: Current | None = None, /) -> Awaitable[list[RollStatus]]:
        """The last roll of each kind."""
        ...

    def pause(self, kind: str, who: str, current: Current | None = None, /) -> Awaitable[None]:
        """Begin nothing more of a running roll."""
        ...

    def resume(self, kind: str, who: str, current: Current | None = None, /) -> Awaitable[None]:
        """Go on with a roll that was paused."""
        ...

    def abort(self, kind: str, who: str, current: Current | None = None, /) -> Awaitable[None]:
        """Turn a running roll round: every touched server goes back to what it had."""
        ...

    def rollback(
        self, kind: str, options: DeployOptions, who: str, current: Current | None = None, /
    ) -> Awaitable[None]:
        """Roll back a roll that is over: every server to what it had before it."""
        ...


class DeployerPrx(ObjectPrx):
    """Calls a `Deployer` wherever it is."""

    ice_type: ClassVar[str] = "::PushNet::Deployer"

    def deploy(
        self, kind: str, version: str, options: DeployOptions, who: str, context: CallContext = None
    ) -> Deferred[None]:
        out = bytearray()
        write_string(out, kind)
        write_string(out, version)
        out += _S_oiio.pack(options.canary, options.soakMs, options.outMax, options.older)
        write_string(out, who)
        return self._ice_call(_OP_Deployer_deploy, out, context)

    def watch(self, kind: str, change: int, waitMs: int, context: CallContext = None) -> Deferred[RollStatus]:
        out = bytearray()
        write_string(out, kind)
        out += _S_qi.pack(change, waitMs)
        return self._ice_call(_OP_Deployer_watch, out, context)

    def rolls(self, context: CallContext = None) -> Deferred[list[RollStatus]]:
        return self._ice_call(_OP_Deployer_rolls, b"", context)

    def pause(self, kind: str, who: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, kind)
        write_string(out, who)
        return self._ice_call(_OP_Deployer_pause, out, context)

    def resume(self, kind: str, who: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, kind)
        write_string(out, who)
        return self._ice_call(_OP_Deployer_resume, out, context)

    def abort(self, kind: str, who: str, context: CallContext = None) -> Deferred[None]:
        out = bytearray()
        write_string(out, kind)
        write_string(out, who)
        return self._ice_call(_OP_Deployer_abort, out, context)

    def rollback(
        self, kind: str, options: DeployOptions, who: str, context: CallContext = None
    ) -> Deferred[None]:
        out = bytearray()
        write_string(out, kind)
        out += _S_oiio.pack(options.canary, options.soakMs, options.outMax, options.older)
        write_string(out, who)
        return self._ice_call(_OP_Deployer_rollback, out, context)


class DeployerServant(Servant):
    """Serves a `Deployer`: subclass it and write the methods of the contract."""

    ice_type: ClassVar[str] = "::PushNet::Deployer"
    ice_type_ids: ClassVar[tuple[str, ...]] = ("::Ice::Object", "::PushNet::Deployer")


# The wire: how the above becomes bytes and back.

_S_iiq = Struct("<iiq")
_S_oiio = Struct("<?ii?")
_S_q = Struct("<q")
_S_qi = Struct("<qi")

_new_DeployOptions = maker_of(DeployOptions)
_new_RollMember = maker_of(RollMember)
_new_RollStatus = maker_of(RollStatus)


def _write_DeployRefusedException(out: bytearray, value: DeployRefusedException) -> None:
    write_string(out, value.reason)


def _read_DeployRefusedException(buf: bytes, pos: int, source: Source) -> tuple[tuple[Any, ...], int]:
    reason, pos = read_string(buf, pos)
    return (reason,), pos


DeployRefusedException.ice_slice = ExceptionSlice(
    "::PushNet::DeployRefusedException",
    DeployRefusedException,
    _write_DeployRefusedException,
    _read_DeployRefusedException,
    None,
)


def write_DeployOptions(out: bytearray, value: DeployOptions) -> None:
    out += _S_oiio.pack(value.canary, value.soakMs, value.outMax, value.older)


def read_DeployOptions(buf: bytes, pos: int) -> tuple[DeployOptions, int]:
    canary, soakMs, outMax, older = _S_oiio.unpack_from(buf, pos)
    return _new_DeployOptions(canary, soakMs, outMax, older), pos + 10


def write_RollMember(out: bytearray, value: RollMember) -> None:
    write_string(out, value.server)
    write_string(out, value.versionBefore)
    write_string(out, value.version)
    write_string(out, value.how)


def read_RollMember(buf: bytes, pos: int) -> tuple[RollMember, int]:
    server, pos = read_string(buf, pos)
    versionBefore, pos = read_string(buf, pos)
    version, pos = read_string(buf, pos)
    how, pos = read_string(buf, pos)
    return _new_RollMember(server, versionBefore, version, how), pos


def write_RollMembers(out: bytearray, value: Sequence[RollMember]) -> None:
    write_size(out, len(value))
    for item in value:
        text = item.server.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.versionBefore.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.version.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text
        text = item.how.encode()
        if (size := len(text)) < 255:
            out.append(size)
        else:
            write_size(out, size)
        out += text


def read_RollMembers(buf: bytes, pos: int) -> tuple[list[RollMember], int]:
    count, pos = read_count(buf, pos, 4)
    items: list[RollMember] = []
    for _ in range(count):
        if (size := buf[pos]) < 255:
            server = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            server, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            versionBefore = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            versionBefore, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            version = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            version, pos = read_string(buf, pos)
        if (size := buf[pos]) < 255:
            how = buf[pos + 1 : (pos := pos + size + 1)].decode()
        else:
            how, pos = read_string(buf, pos)
        items.append(_new_RollMember(server, versionBefore, version, how))
    if pos > len(buf):
        raise MarshalException("a string is cut off")
    return items, pos


def write_RollStatus(out: bytearray, value: RollStatus) -> None:
    out += _S_q.pack(value.change)
    write_string(out, value.kind)
    write_string(out, value.version)
    write_string(out, value.state)
    write_string(out, value.reason)
    write_Ints(out, value.waves)
    out += _S_iiq.pack(value.wave, value.soakLeftMs, value.begunAtS)
    write_string(out, value.who)
    write_RollMembers(out, value.members)
    write_Strings(out, value.journal)


def read_RollStatus(buf: bytes, pos: int) -> tuple[RollStatus, int]:
    (change,) = _S_q.unpack_from(buf, pos)
    kind, pos = read_string(buf, pos + 8)
    version, pos = read_string(buf, pos)
    state, pos = read_string(buf, pos)
    reason, pos = read_string(buf, pos)
    waves, pos = read_Ints(buf, pos)
    wave, soakLeftMs, begunAtS = _S_iiq.unpack_from(buf, pos)
    who, pos = read_string(buf, pos + 16)
    members, pos = read_RollMembers(buf, pos)
    journal, pos = read_Strings(buf, pos)
    value = _new_RollStatus(
        change, kind, version, state, reason, waves, wave, soakLeftMs, begunAtS, who, members, journal
    )
    return value, pos


def write_RollStatuses(out: bytearray, value: Sequence[RollStatus]) -> None:
    write_size(out, len(value))
    for item in value:
        write_RollStatus(out, item)


def read_RollStatuses(buf: bytes, pos: int) -> tuple[list[RollStatus], int]:
    count, pos = read_count(buf, pos, 32)
    items: list[RollStatus] = []
    for _ in range(count):
        item, pos = read_RollStatus(buf, pos)
        items.append(item)
    return items, pos


def _serve_Deployer_deploy(servant: Deployer, buf: bytes, pos: int, current: Current) -> Any:
    kind, pos = read_string(buf, pos)
    version, pos = read_string(buf, pos)
    options_canary, options_soakMs, options_outMax, options_older = _S_oiio.unpack_from(buf, pos)
    who, pos = read_string(buf, pos + 10)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.deploy(
        kind,
        version,
        _new_DeployOptions(options_canary, options_soakMs, options_outMax, options_older),
        who,
        current,
    )


_OP_Deployer_deploy: Operation[None] = Operation(
    "deploy", 0, None, (DeployRefusedException, UnavailableException)
)


def _read_result_Deployer_watch(buf: bytes, pos: int, source: Source) -> RollStatus:
    result, pos = read_RollStatus(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Deployer_watch(servant: Deployer, buf: bytes, pos: int, current: Current) -> Any:
    kind, pos = read_string(buf, pos)
    change, waitMs = _S_qi.unpack_from(buf, pos)
    if pos + 12 != len(buf):
        pass_over(buf, pos + 12, current)
    return servant.watch(kind, change, waitMs, current)


def _write_result_Deployer_watch(value: RollStatus) -> bytearray:
    out = bytearray()
    write_RollStatus(out, value)
    return out


_OP_Deployer_watch: Operation[RollStatus] = Operation(
    "watch", 2, _read_result_Deployer_watch, (DeployRefusedException,)
)


def _read_result_Deployer_rolls(buf: bytes, pos: int, source: Source) -> list[RollStatus]:
    result, pos = read_RollStatuses(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, source)
    return result


def _serve_Deployer_rolls(servant: Deployer, buf: bytes, pos: int, current: Current) -> Any:
    return servant.rolls(current)


def _write_result_Deployer_rolls(value: list[RollStatus]) -> bytearray:
    out = bytearray()
    write_RollStatuses(out, value)
    return out


_OP_Deployer_rolls: Operation[list[RollStatus]] = Operation("rolls", 2, _read_result_Deployer_rolls, ())


def _serve_Deployer_pause(servant: Deployer, buf: bytes, pos: int, current: Current) -> Any:
    kind, pos = read_string(buf, pos)
    who, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.pause(kind, who, current)


_OP_Deployer_pause: Operation[None] = Operation(
    "pause", 2, None, (DeployRefusedException, UnavailableException)
)


def _serve_Deployer_resume(servant: Deployer, buf: bytes, pos: int, current: Current) -> Any:
    kind, pos = read_string(buf, pos)
    who, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.resume(kind, who, current)


_OP_Deployer_resume: Operation[None] = Operation(
    "resume", 2, None, (DeployRefusedException, UnavailableException)
)


def _serve_Deployer_abort(servant: Deployer, buf: bytes, pos: int, current: Current) -> Any:
    kind, pos = read_string(buf, pos)
    who, pos = read_string(buf, pos)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.abort(kind, who, current)


_OP_Deployer_abort: Operation[None] = Operation(
    "abort", 2, None, (DeployRefusedException, UnavailableException)
)


def _serve_Deployer_rollback(servant: Deployer, buf: bytes, pos: int, current: Current) -> Any:
    kind, pos = read_string(buf, pos)
    options_canary, options_soakMs, options_outMax, options_older = _S_oiio.unpack_from(buf, pos)
    who, pos = read_string(buf, pos + 10)
    if pos != len(buf):
        pass_over(buf, pos, current)
    return servant.rollback(
        kind, _new_DeployOptions(options_canary, options_soakMs, options_outMax, options_older), who, current
    )


_OP_Deployer_rollback: Operation[None] = Operation(
    "rollback", 0, None, (DeployRefusedException, UnavailableException)
)

DeployerServant.ice_operations = {
    b"deploy": ServantOperation("deploy", 0, _serve_Deployer_deploy, None),
    b"watch": ServantOperation("watch", 2, _serve_Deployer_watch, _write_result_Deployer_watch),
    b"rolls": ServantOperation("rolls", 2, _serve_Deployer_rolls, _write_result_Deployer_rolls),
    b"pause": ServantOperation("pause", 2, _serve_Deployer_pause, None),
    b"resume": ServantOperation("resume", 2, _serve_Deployer_resume, None),
    b"abort": ServantOperation("abort", 2, _serve_Deployer_abort, None),
    b"rollback": ServantOperation("rollback", 0, _serve_Deployer_rollback, None),
}
