"""The three kinds of servers and of clients, made ready to run."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import attrs
from processes import FailedError, run

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[2]
PROGRAMS = HERE / "programs"
STOCK_PYTHON = "/usr/bin/python3"
KINDS = ("ours", "icepy", "icecpp")
_CPP_FLAGS = ("-O2", "-std=c++17", "-DICE_CPP11_MAPPING")


@attrs.frozen
class Programs:
    """Where everything is that is run."""

    package: Path
    """Holds a copy of `pushnet` and its plugins, so that a run is of one state of the tree."""
    folders: dict[str, Path]
    """Of each kind: what a release of it consists of."""
    tls_client: tuple[str, ...]
    tls_server: tuple[str, ...]
    certificates: Path

    def server(self, kind: str, folder: str | Path | None = None) -> list[str]:
        """The command of a server that lies in `folder`, without its options."""
        return self._command(kind, "server", folder)

    def client(self, kind: str) -> list[str]:
        return self._command(kind, "client", None)

    def environment(self, kind: str, folder: str | Path | None = None) -> dict[str, str]:
        if kind != "ours":
            return {}
        return {"PYTHONPATH": f"{folder or self.folders[kind]}{os.pathsep}{self.package}"}

    def _command(self, kind: str, side: str, folder: str | Path | None) -> list[str]:
        where = folder or self.folders[kind]
        if kind == "icecpp":
            return [f"{where}/{side}"]
        return [sys.executable if kind == "ours" else STOCK_PYTHON, f"{where}/{kind}_{side}.py"]


def make(kinds: Sequence[str], room: Path, commit: str = "") -> Programs:
    """Raises `FailedError` when something is missing on this machine.

    Args:
        commit: of the package; empty: the tree as it is.
    """
    package = room / "package"
    package.mkdir()
    if commit:
        packed = room / "package.tar"
        run(["git", "-C", str(TOP), "archive", "-o", str(packed), commit, "pushnet", "twisted"])
        shutil.unpack_archive(packed, package)
    else:
        for name in ("pushnet", "twisted"):
            shutil.copytree(TOP / name, package / name, ignore=shutil.ignore_patterns("__pycache__"))
    made = {}
    for kind in kinds:
        made[kind] = room / "programs" / kind
        made[kind].mkdir(parents=True)
        _MAKERS[kind](made[kind], package)
    folder = room / "certificates"
    folder.mkdir()
    client, server = certificates(folder)
    return Programs(package, made, client, server, folder)


def certificates(folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """An authority and a server it vouches for; the properties of clients and of servers."""
    sys.path.insert(0, str(TOP))
    from tests.certificates import authority

    root = authority("Bench")
    server = root.vouch("server", ["127.0.0.1"])
    (folder / "root.pem").write_bytes(root.certificate)
    (folder / "server.pem").write_bytes(server.certificate)
    (folder / "server.key").write_bytes(server.private_key())
    client = (
        "Ice.Plugin.IceSSL=IceSSL:createIceSSL",
        f"IceSSL.DefaultDir={folder}",
        "IceSSL.CAs=root.pem",
        "IceSSL.VerifyPeer=1",
    )
    return client, (*client, "IceSSL.CertFile=server.pem", "IceSSL.KeyFile=server.key")


def _ours(folder: Path, package: Path) -> None:
    for name in ("executed.py", "load.py", "ours_client.py", "ours_server.py"):
        shutil.copy(PROGRAMS / name, folder)
    where = ["--output", str(folder / "generated"), "--package", "generated", "-I", str(PROGRAMS)]
    command = [sys.executable, "-m", "pushnet.slice.command", *where, str(PROGRAMS / "roll.ice")]
    run(command, env={"PYTHONPATH": str(package)})


def _icepy(folder: Path, package: Path) -> None:
    if subprocess.run([STOCK_PYTHON, "-c", "import Ice, Glacier2"], capture_output=True).returncode:
        raise FailedError("stock Ice for Python: apt-get install python3-zeroc-ice")
    for name in ("executed.py", "load.py", "icepy_client.py", "icepy_server.py"):
        shutil.copy(PROGRAMS / name, folder)
    run(["slice2py", "--output-dir", str(folder), str(PROGRAMS / "roll.ice")])


def _icecpp(folder: Path, package: Path) -> None:
    """Compiled once for each state of its sources, outside the tree."""
    if not (shutil.which("g++") and shutil.which("slice2cpp")):
        raise FailedError("stock Ice for C++: apt-get install g++ zeroc-ice-compilers libzeroc-ice-dev")
    stamp = hashlib.sha256()
    for name in ("roll.ice", "client.cpp", "server.cpp"):
        stamp.update((PROGRAMS / name).read_bytes())
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cache = caches / "pushnet-bench" / f"roll-{stamp.hexdigest()[:16]}"
    if not (cache / "server").exists():
        print("bench: compiling the C++ programs", file=sys.stderr, flush=True)
        cache.mkdir(parents=True, exist_ok=True)
        run(["slice2cpp", "--output-dir", str(cache), str(PROGRAMS / "roll.ice")])
        for target in ("client", "server"):
            parts = [str(cache / "roll.cpp"), str(PROGRAMS / f"{target}.cpp")]
            libraries = ["-lGlacier2++11", "-lIce++11", "-lpthread"]
            made = cache / f"{target}.new"
            run(["g++", *_CPP_FLAGS, f"-I{cache}", *parts, *libraries, "-o", str(made)], 300.0)
            made.rename(cache / target)
    for name in ("client", "server"):
        shutil.copy(cache / name, folder)


_MAKERS = {"ours": _ours, "icepy": _icepy, "icecpp": _icecpp}
