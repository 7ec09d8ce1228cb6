"""The C++ program of `cpp/`, built for stock Ice: once for each text of it, into `build/interop`.

Processes that need it at the same time wait for the first one to build it.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from twisted.trial.unittest import TestCase

from tests.interop.stock import HERE, ROOT

CACHE = ROOT / "build" / "interop"
FLAGS = ["-std=c++17", "-O0", "-DICE_CPP11_MAPPING", "-Wall", "-Wno-unused-parameter"]
LIBRARIES = ["-lIce++11", "-lIceSSL++11", "-pthread"]
CURE = "the C++ peer of stock Ice cannot be built: apt-get install libzeroc-ice-dev zeroc-ice-compilers g++"
KEPT = 3
"""Builds of older texts that stay, for going back and forth between them."""


def cpp_peer(test: TestCase) -> str:
    """The program's path; the test fails, with what the compilers say, when it cannot be built."""
    try:
        return str(_built())
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", None) or b""
        test.fail(f"{CURE}\n{error}\n{said.decode(errors='replace')[-4000:]}")
    raise AssertionError


@functools.cache
def _built() -> Path:
    sources = sorted([*(HERE / "cpp").iterdir(), *(HERE / "slices").glob("*.ice")])
    digest = hashlib.sha256(repr((FLAGS, LIBRARIES)).encode())
    for source in sources:
        digest.update(source.name.encode() + b"\0" + source.read_bytes() + b"\0")
    version = subprocess.run(["slice2cpp", "--version"], capture_output=True, check=True)
    digest.update(version.stderr + version.stdout)
    program = CACHE / digest.hexdigest()[:16] / "peer"
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            _build(program)
    return program


def _build(program: Path) -> None:
    folder = program.parent
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    slices = sorted(str(path) for path in (HERE / "slices").glob("*.ice"))
    run = functools.partial(subprocess.run, check=True, capture_output=True, cwd=folder)
    run(["slice2cpp", "-DSIDE=Stock", f"-I{HERE / 'slices'}", "--output-dir", str(folder), *slices])
    sources = [*folder.glob("*.cpp"), *(HERE / "cpp").glob("*.cpp")]
    include = [f"-I{folder}", f"-I{HERE / 'cpp'}"]
    with ThreadPoolExecutor(2) as pool:
        compiled = pool.map(
            lambda one: run(["g++", *FLAGS, *include, "-c", str(one[1]), "-o", f"{one[0]}.o"]),
            enumerate(sources),
        )
        list(compiled)
    objects = [f"{number}.o" for number in range(len(sources))]
    run(["g++", *objects, "-o", "unfinished", *LIBRARIES])
    (folder / "unfinished").rename(program)
    for old in sorted(CACHE.glob("*/peer"), key=lambda path: path.stat().st_mtime)[:-KEPT]:
        shutil.rmtree(old.parent)
