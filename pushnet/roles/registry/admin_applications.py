"""What IceGrid's administrators would deploy with, and what they are told here: that a cluster file does it.

IceGrid describes a grid by applications in XML, which travel as trees of classes. There are none here, so
these operations are answered without reading what they carry: nothing is deployed, and no application of any
name is there.
"""

from __future__ import annotations

from typing import Any, Final, NoReturn

from pushnet.gen.ice.icegrid_exceptions import ApplicationNotExistException, DeploymentException
from pushnet.rpc.operations import ServantOperation
from pushnet.rpc.stubs import Current
from pushnet.wire.basic import read_string

INSTEAD: Final = (
    "a grid is described by its cluster file: `pushnet apply FILE`, `pushnet deploy KIND VERSION`"
)
NORMAL, IDEMPOTENT = 0, 2
_DEPLOYING: Final = (
    "addApplication",
    "syncApplication",
    "syncApplicationWithoutRestart",
    "updateApplication",
    "updateApplicationWithoutRestart",
)
_NAMING: Final = {
    "removeApplication": NORMAL,
    "instantiateServer": NORMAL,
    "patchApplication": NORMAL,
    "getApplicationInfo": IDEMPOTENT,
}


def _refuse(servant: Any, buf: bytes, pos: int, current: Current) -> NoReturn:
    raise DeploymentException(INSTEAD)


def _name_nobody(servant: Any, buf: bytes, pos: int, current: Current) -> NoReturn:
    raise ApplicationNotExistException(read_string(buf, pos)[0])


def undeployable() -> dict[bytes, ServantOperation]:
    """The operations, by name."""
    refused = [ServantOperation(name, NORMAL, _refuse) for name in _DEPLOYING]
    refused.append(ServantOperation("getDefaultApplicationDescriptor", IDEMPOTENT, _refuse))
    named = [ServantOperation(name, mode, _name_nobody) for name, mode in _NAMING.items()]
    return {operation.name.encode(): operation for operation in (*refused, *named)}
