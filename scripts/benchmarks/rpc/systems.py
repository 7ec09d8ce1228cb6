"""The systems that are compared: how their programs are made here, and the commands that run them."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
TOP = HERE.parents[2]
PROGRAMS = HERE / "programs"
STOCK_PYTHON = "/usr/bin/python3"
_CPP_FLAGS = ("-O2", "-std=c++17", "-DICE_CPP11_MAPPING")


@dataclass(frozen=True)
class System:
    """The commands of its client and of its server, without arguments, and their environment."""

    client: tuple[str, ...]
    server: tuple[str, ...]
    env: Mapping[str, str]


class MissingError(Exception):
    """Something that is compared cannot be run on this machine; says what to install."""


def build(
    names: Collection[str], room: Path, commit: str = "", compiled: bool = False
) -> tuple[dict[str, System], dict[str, str]]:
    """Make the programs of these systems, each in its own folder of `room`; `commit` is of `before`.

    Returns name -> system, and name -> why there is none. Ours is pure Python unless `compiled`.
    """
    made: dict[str, System] = {}
    missing: dict[str, str] = {}
    for name in names:
        own = room / name
        own.mkdir()
        try:
            if name == "before":
                made[name] = _before(own, commit)
            elif name == "ours" and compiled:
                made[name] = _compiled(own)
            else:
                made[name] = _BUILDERS[name](own)
        except MissingError as error:
            missing[name] = str(error)
    return made, missing


def certificates(room: Path) -> tuple[list[str], list[str]]:
    """Make an authority and a server it vouches for; the properties of clients and of servers for TLS."""
    sys.path.insert(0, str(TOP))
    from tests.certificates import authority

    root = authority("Bench")
    server = root.vouch("server", ["127.0.0.1"])
    for name, data in (
        ("root.pem", root.certificate),
        ("server.pem", server.certificate),
        ("server.key", server.private_key()),
    ):
        (room / name).write_bytes(data)
    client = [
        "--Ice.Plugin.IceSSL=IceSSL:createIceSSL",
        f"--IceSSL.DefaultDir={room}",
        "--IceSSL.CAs=root.pem",
        "--IceSSL.VerifyPeer=1",
    ]
    return client, [*client, "--IceSSL.CertFile=server.pem", "--IceSSL.KeyFile=server.key"]


def _environment(room: Path) -> dict[str, str]:
    """Of a system's programs: they find our package and generated stubs in `room`."""
    env = {**os.environ, "PYTHONPATH": str(room)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def _python(name: str, room: Path, python: str = sys.executable) -> System:
    client, server = (str(PROGRAMS / f"{name}_{side}.py") for side in ("client", "server"))
    return System((python, client), (python, server), _environment(room))


def _ours(room: Path) -> System:
    """The package is copied first, so that a run is of one state of it, whoever works on it meanwhile."""
    shutil.copytree(TOP / "pushnet", room / "pushnet", ignore=shutil.ignore_patterns("*.so"))
    return _pushnet(room)


def _compiled(room: Path) -> System:
    """Out of a wheel whose hot modules are machine code."""
    env = {**os.environ, "PUSHNET_COMPILE": "1"}
    _run(
        [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "-q",
            "--no-build-isolation",
            "--no-deps",
            "-w",
            str(room),
            str(TOP),
        ],
        env,
    )
    (wheel,) = room.glob("*.whl")
    shutil.unpack_archive(wheel, room, "zip")
    if not any(room.rglob("*.so")):
        raise MissingError("PUSHNET_COMPILE=1 compiled nothing")
    return _pushnet(room)


def _before(room: Path, commit: str) -> System:
    """Our package as of that commit."""
    packed = room / "pushnet.tar"
    _run(["git", "archive", "-o", str(packed), commit, "pushnet"])
    shutil.unpack_archive(packed, room)
    return _pushnet(room)


def _pushnet(room: Path) -> System:
    where = ["--output", str(room / "generated"), "--package", "generated", "-I", str(PROGRAMS)]
    command = [sys.executable, "-m", "pushnet.slice.command", *where, str(PROGRAMS / "bench.ice")]
    _run(command, _environment(room))
    if not (room / "pushnet/app/reactor.py").exists():  # as of a commit before there was one
        return _python("ours", room)
    client, server = (str(PROGRAMS / f"ours_{side}.py") for side in ("client", "server"))
    run = (sys.executable, str(PROGRAMS / "on_our_reactor.py"))
    return System((*run, client), (*run, server), _environment(room))


def _icepy(room: Path) -> System:
    if subprocess.run([STOCK_PYTHON, "-c", "import Ice"], capture_output=True).returncode:
        raise MissingError("stock Ice for Python: apt-get install python3-zeroc-ice")
    return _python("icepy", room, STOCK_PYTHON)


def _icecpp(room: Path) -> System:
    """Compiled once for each version of its sources, outside the tree."""
    if not (shutil.which("g++") and shutil.which("slice2cpp")):
        raise MissingError("stock Ice for C++: apt-get install g++ zeroc-ice-compilers libzeroc-ice-dev")
    sources = [PROGRAMS / name for name in ("bench.ice", "client.cpp", "server.cpp")]
    version = subprocess.run(["slice2cpp", "--version"], capture_output=True, text=True)
    stamp = hashlib.sha256((version.stdout + version.stderr).encode())
    for source in sources:
        stamp.update(source.read_bytes())
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    cache = caches / "pushnet-bench" / stamp.hexdigest()[:16]
    client, server = cache / "client", cache / "server"
    if not (client.exists() and server.exists()):
        print("bench: compiling the C++ programs", file=sys.stderr, flush=True)
        cache.mkdir(parents=True, exist_ok=True)
        _run(["slice2cpp", "--output-dir", str(cache), str(PROGRAMS / "bench.ice")])
        for target in (client, server):
            made = target.with_suffix(".new")
            parts = [str(cache / "bench.cpp"), str(PROGRAMS / f"{target.name}.cpp")]
            _run(["g++", *_CPP_FLAGS, f"-I{cache}", *parts, "-lIce++11", "-lpthread", "-o", str(made)])
            made.rename(target)
    return System((str(client),), (str(server),), os.environ)


def _grpcio(room: Path) -> System:
    if find_spec("grpc") is None or find_spec("grpc_tools") is None:
        raise MissingError("grpcio and grpcio-tools: scripts/setup bench")
    where = [f"--proto_path={PROGRAMS}", f"--python_out={room}", f"--grpc_python_out={room}"]
    _run([sys.executable, "-m", "grpc_tools.protoc", *where, "bench.proto"])
    return _python("grpcio", room)


def _twisted(name: str) -> Callable[[Path], System]:
    return lambda room: _python(name, room)


def _run(command: list[str], env: Mapping[str, str] | None = None) -> None:
    done = subprocess.run(command, cwd=TOP, capture_output=True, text=True, env=env)
    if done.returncode:
        raise MissingError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


_BUILDERS: dict[str, Callable[[Path], System]] = {
    "ours": _ours,
    "icepy": _icepy,
    "icecpp": _icecpp,
    "grpcio": _grpcio,
    "amp": _twisted("amp"),
    "pb": _twisted("pb"),
}
