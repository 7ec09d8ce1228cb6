"""Ice's own Slice files, which every program may include: they are declared here in our own words.

A program says `#include <Ice/Identity.ice>`, as for `slice2py`. Where no include directory has such a file,
it is one of `idl/ice`, which comes along as `standard/`; its Python is in `pushnet.gen.ice`, not made anew.
"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "standard"
PACKAGE = "pushnet.gen.ice"
_LOCAL = (
    "Communicator Connection Context Current Endpoint EndpointTypes FacetMap ImplicitContext Instrumentation "
    "LocalException Logger ObjectAdapter ObjectFactory Plugin Properties ServantLocator SliceChecksumDict "
    "ValueFactory"
)
"""Those whose types do not travel, but for a few that stand in `builtin`."""
_MEANT = {
    **{f"Ice/{name}{forward}": "builtin" for name in _LOCAL.split() for forward in ("", "F")},
    "Ice/BuiltinSequences": "builtin",
    "Ice/Identity": "identity",
    "Ice/Locator": "locator",
    "Ice/LocatorF": "locator",
    "Ice/Metrics": "metrics",
    "Ice/Process": "process",
    "Ice/ProcessF": "process",
    "Ice/PropertiesAdmin": "process",
    "Ice/PropertiesF": "process",
    "Ice/RemoteLogger": "logger",
    "Ice/Router": "router",
    "Ice/RouterF": "router",
    "Ice/Version": "version",
    "Glacier2/PermissionsVerifier": "glacier2",
    "Glacier2/PermissionsVerifierF": "glacier2",
    "Glacier2/Router": "glacier2",
    "Glacier2/RouterF": "glacier2",
    "Glacier2/Session": "glacier2",
    "IceGrid/Admin": "icegrid_admin",
    "IceGrid/Descriptor": "icegrid_descriptors",
    "IceGrid/Exception": "icegrid_exceptions",
    "IceGrid/Locator": "icegrid",
    "IceGrid/Registry": "icegrid",
    "IceGrid/Session": "icegrid_session",
}


def shipped(name: str) -> Path | None:
    """The file that stands for what Ice calls `name`, or that others of them include as `ice/…`."""
    stem = name.removesuffix(".ice")
    meant = _MEANT.get(stem, stem.removeprefix("ice/") if stem.startswith("ice/") else "")
    path = FOLDER / f"{meant}.ice"
    return path if meant and path.is_file() else None


def is_shipped(root: Path) -> bool:
    """Whether a file with that root is one of them."""
    return root == FOLDER
