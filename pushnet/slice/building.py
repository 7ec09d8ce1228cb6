"""A build backend: setuptools, after the project's Slice files have been compiled.

In the project's `pyproject.toml`:

    [build-system]
    requires = ["setuptools", "pushnet"]
    build-backend = "pushnet.slice.building"

    [tool.slice2tx]
    files = ["slice/**/*.ice"]
    include-dirs = ["slice"]
    output = "hello/gen"
    package = "hello.gen"

What is written to `output` is an ordinary package from then on: installed with the others, seen by mypy and
editors, checked in or ignored as one likes.
"""

from __future__ import annotations

import importlib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pushnet.slice.generator import compile_all, generate
from pushnet.slice.source import Diagnostics

_KEYS = frozenset(("files", "include-dirs", "output", "package"))

Settings = Mapping[str, Any] | None
"""What the front end passes on to setuptools."""


class SliceBuildException(Exception):
    """The project's Slice files cannot be compiled; the text says why, one line for each fault."""


def compile_project(folder: Path) -> list[Path]:
    """Compile the Slice files of the project in `folder`, as its `pyproject.toml` says.

    Returns:
        The files that changed.

    Raises:
        SliceBuildException: The settings or the Slice files are wrong.
    """
    settings = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))
    told = settings.get("tool", {}).get("slice2tx")
    if told is None:
        raise SliceBuildException("pyproject.toml has no [tool.slice2tx]")
    if unknown := sorted(told.keys() - _KEYS):
        raise SliceBuildException(f"[tool.slice2tx] has unknown keys: {', '.join(unknown)}")
    if missing := sorted(_KEYS - {"include-dirs"} - told.keys()):
        raise SliceBuildException(f"[tool.slice2tx] lacks {', '.join(missing)}")
    paths = sorted({path for pattern in told["files"] for path in folder.glob(pattern)})
    if not paths:
        raise SliceBuildException(f"[tool.slice2tx] files = {told['files']} means no file at all")
    diagnostics = Diagnostics()
    include_dirs = [folder / name for name in told.get("include-dirs", [])]
    compilations = compile_all(paths, include_dirs, {}, diagnostics)
    outputs = generate(compilations, folder / told["output"], told["package"], diagnostics)
    if outputs is None:
        raise SliceBuildException("\n".join(str(item) for item in diagnostics.sorted()))
    return outputs.write()


def _setuptools(compiled: bool = True) -> Any:
    """The backend that does the rest, when the Slice files have been compiled."""
    if compiled:
        compile_project(Path())
    return importlib.import_module("setuptools.build_meta")


# What PEP 517 and PEP 660 call:


def get_requires_for_build_wheel(config_settings: Settings = None) -> Any:
    """What setuptools wants installed."""
    return _setuptools(compiled=False).get_requires_for_build_wheel(config_settings)


def get_requires_for_build_sdist(config_settings: Settings = None) -> Any:
    """What setuptools wants installed."""
    return _setuptools(compiled=False).get_requires_for_build_sdist(config_settings)


def get_requires_for_build_editable(config_settings: Settings = None) -> Any:
    """What setuptools wants installed."""
    return _setuptools(compiled=False).get_requires_for_build_editable(config_settings)


def prepare_metadata_for_build_wheel(metadata_directory: str, config_settings: Settings = None) -> Any:
    """The metadata of the wheel."""
    return _setuptools().prepare_metadata_for_build_wheel(metadata_directory, config_settings)


def prepare_metadata_for_build_editable(metadata_directory: str, config_settings: Settings = None) -> Any:
    """The metadata of an editable installation."""
    return _setuptools().prepare_metadata_for_build_editable(metadata_directory, config_settings)


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> Any:
    """A wheel with the compiled files."""
    return _setuptools().build_wheel(wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> Any:
    """A source distribution with the compiled files."""
    return _setuptools().build_sdist(sdist_directory, config_settings)


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> Any:
    """An editable installation; the Slice files are compiled once, here."""
    return _setuptools().build_editable(wheel_directory, config_settings, metadata_directory)
