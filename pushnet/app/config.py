"""Reads the cluster's TOML file from disk: paths in it become absolute, wherever a node is started.

An agent writes the settings that it was told into its own folder, and starts nodes with that file. Paths in
it still mean what they mean in the file that the agent itself was started with: it tells their folder to what
it starts, as `PUSHNET_FOLDER`.
"""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from pushnet.grid.settings import NodeSettings, Settings, SettingsError, load_settings

FOLDER = "PUSHNET_FOLDER"
"""In the environment: from where relative paths lead, instead of from where the file is."""


def read_settings(path: str | Path, folder: str | Path = "") -> Settings:
    """The cluster file at `path`, with every path in it resolved from `folder`, or from where the file is.

    Raises `SettingsError`: the file cannot be read, or something in it is wrong.
    """
    try:
        text = Path(path).read_bytes().decode("utf-8")
    except OSError as error:
        raise SettingsError(f"cannot read the configuration {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 at byte {error.start}") from error
    return _resolved(load_settings(text, str(path)), Path(folder or folder_of(path)).resolve())


def folder_of(path: str | Path) -> str:
    """From where the relative paths in a cluster file lead."""
    return str(Path(path).resolve().parent)


def tell_folder(path: str | Path) -> None:
    """Have what this process starts find paths as this process does, with settings that lie elsewhere."""
    os.environ[FOLDER] = folder_of(path)


def data_folder(settings: Settings, node: NodeSettings) -> Path:
    """Where a node keeps what it must not forget."""
    return Path(settings.cluster.data) / node.name


def _resolved(settings: Settings, folder: Path) -> Settings:
    replace = msgspec.structs.replace
    cluster = settings.cluster
    cluster = replace(cluster, data=str(folder / cluster.data), tls=_path(folder, cluster.tls))
    nodes = [
        replace(
            node,
            gateway=replace(
                node.gateway,
                certificate=_path(folder, node.gateway.certificate),
                private_key=_path(folder, node.gateway.private_key),
            ),
        )
        for node in settings.node
    ]
    return replace(settings, cluster=cluster, node=nodes)


def _path(folder: Path, path: str) -> str:
    return str(folder / path) if path else ""
