"""The C++ program of `cpp/`, built for stock Ice into `build/interop`: each part once for each text of it.

Processes that need it at the same time wait for the first one to build it.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import re
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
SLICE_FLAGS = ["-DSIDE=Stock", "-DNUMBER=52"]
KEPT = 60
"""Files of older texts that stay, for going back and forth between them."""
_INCLUDE = re.compile(r'^#include ["<]([\w.]+)[">]', re.MULTILINE)


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
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _program()


def _program() -> Path:
    """Translate, compile and link what is not there yet."""
    slices = sorted((HERE / "slices").glob("*.ice"))
    translated = [_translated(path) for path in slices]
    sources = [
        *sorted((HERE / "cpp").glob("*.cpp")),
        *(folder / f"{folder.name}.cpp" for folder in translated),
    ]
    with ThreadPoolExecutor(2) as pool:
        objects = list(pool.map(functools.partial(_compiled, include=translated), sources))
    program = CACHE / f"peer-{_digest(*(path.name for path in objects))}"
    if not program.exists():
        unfinished = program.with_suffix(".unfinished")
        _run("g++", *map(str, objects), "-o", str(unfinished), *LIBRARIES)
        unfinished.rename(program)
    _forget({program, *objects, *(folder.parent for folder in translated)})
    return program


def _translated(path: Path) -> Path:
    """The folder with what slice2cpp makes of a Slice file."""
    texts = [text for _, text in sorted(_with_includes(path).items())]
    folder = CACHE / f"slice-{_digest(path.name, *texts, *SLICE_FLAGS)}" / path.stem
    if not folder.exists():
        unfinished = folder.with_name("unfinished")
        unfinished.mkdir(parents=True, exist_ok=True)
        _run("slice2cpp", *SLICE_FLAGS, f"-I{path.parent}", "--output-dir", str(unfinished), str(path))
        unfinished.rename(folder)
    return folder


def _compiled(source: Path, include: list[Path]) -> Path:
    """The object file of a source."""
    texts = [text for _, text in sorted(_with_includes(source).items())]
    translated = [folder for folder in include if folder.name in _names(source)]
    made = (
        CACHE
        / f"object-{_digest(source.name, *texts, *FLAGS, *(folder.parent.name for folder in translated))}.o"
    )
    if not made.exists():
        unfinished = made.with_suffix(".unfinished")
        folders = [f"-I{folder}" for folder in (HERE / "cpp", *include)]
        _run("g++", *FLAGS, *folders, "-c", str(source), "-o", str(unfinished))
        unfinished.rename(made)
    return made


def _with_includes(source: Path) -> dict[str, str]:
    """The texts of a file and of those beside it that it includes, by name."""
    texts = {source.name: source.read_text()}
    for name in _INCLUDE.findall(texts[source.name]):
        if (source.parent / name).exists():
            texts |= _with_includes(source.parent / name)
    return texts


def _names(source: Path) -> set[str]:
    """What Slice files a C++ file wants the translation of."""
    texts = _with_includes(source).values()
    return {name.removesuffix(".h") for text in texts for name in _INCLUDE.findall(text)} | {source.stem}


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd=CACHE)


def _forget(used: set[Path]) -> None:
    """Remove what this build does not need, unless it was made lately."""
    old = sorted(
        (path for path in CACHE.glob("*-*") if path not in used), key=lambda path: path.stat().st_mtime
    )
    for path in old[:-KEPT]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
