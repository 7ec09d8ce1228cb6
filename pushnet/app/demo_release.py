"""Releases of the demonstration's own programs: what is imported here, as a tree that nodes are run from."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

import pushnet

PACKAGE: Final = Path(pushnet.__file__).parent
PLUGINS: Final = Path("twisted", "plugins")
PLUGIN_FILE: Final = "pushnet_plugins.py"
PATCHED: Final = Path("pushnet", "roles", "broker", "__init__.py")
"""What is another in each version; a real patch may be as small."""
LEFT_OUT: Final = ("__pycache__", "*.pyc", "sim", "slice")


def make_tree(folder: Path) -> Path:
    """Put the programs into `folder`, which must not exist; returns it."""
    shutil.copytree(PACKAGE, folder / "pushnet", ignore=shutil.ignore_patterns(*LEFT_OUT))
    (folder / PLUGINS).mkdir(parents=True)
    shutil.copy(PACKAGE.parent / PLUGINS / PLUGIN_FILE, folder / PLUGINS / PLUGIN_FILE)
    return folder


def patch_tree(folder: Path, version: str) -> None:
    """Make another version of it: one that does the same."""
    path = folder / PATCHED
    path.write_text(f"{path.read_text()}\nPATCH = {version!r}\n")
