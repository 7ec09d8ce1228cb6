"""House rule: documents name what exists: every configuration key, every command, no link into the void."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.cli import COMMANDS
from pushnet.grid.settings import (
    ROLES,
    AppSettings,
    ClusterSettings,
    GroupSettings,
    NodeSettings,
    ScalingSettings,
    ServerSettings,
)
from tests.house.tree import TOP, relative

_LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
_ROW = re.compile(r"^\| `(\w+)` \| ([^|]*) \|", re.MULTILINE)


def documented() -> dict[str, dict[str, str]]:
    """Of `configuration.md`: section to keys and their defaults as written."""
    text = (TOP / "docs" / "reference" / "configuration.md").read_text()
    parts = re.split(r"^##+ `\[+([\w.]+)\]+`$", text, flags=re.MULTILINE)[1:]
    return {name: dict(_ROW.findall(body)) for name, body in zip(parts[::2], parts[1::2], strict=True)}


def existing(struct: type[msgspec.Struct], without: tuple[str, ...] = ()) -> dict[str, str]:
    """Of a settings class: keys and their defaults, written as TOML."""
    return {
        field.name: _written(field) for field in msgspec.structs.fields(struct) if field.name not in without
    }


def _written(field: Any) -> str:
    default = field.default
    if field.default_factory is not msgspec.NODEFAULT:
        default = field.default_factory()
    if default is msgspec.NODEFAULT:
        return "–"
    if default is None:
        return "none"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f'`"{default}"`' if isinstance(default, str) else f"`{default}`"


class DocumentsTest(SynchronousTestCase):
    maxDiff = None

    def test_every_configuration_key_is_documented_with_its_default(self) -> None:
        sections = {
            "cluster": existing(ClusterSettings),
            "app": existing(AppSettings),
            "group": existing(GroupSettings),
            "node": existing(NodeSettings, without=ROLES),
            "server": existing(ServerSettings),
            "scaling": existing(ScalingSettings),
        }
        for field in msgspec.structs.fields(NodeSettings):
            if field.name in ROLES:
                sections[f"node.{field.name}"] = existing(field.type)
        self.assertEqual(documented(), sections)

    def test_every_command_is_documented(self) -> None:
        text = (TOP / "docs" / "reference" / "command.md").read_text()
        missing = [name for name in COMMANDS if f"`pushnet {name}" not in text]
        self.assertEqual(missing, [])

    def test_links_lead_somewhere(self) -> None:
        documents = [TOP / "README.md", *sorted((TOP / "docs").rglob("*.md"))]
        broken = [
            f"{relative(document)}: {target}"
            for document in documents
            for target in _LINK.findall(document.read_text())
            if "://" not in target and not (document.parent / target).exists()
        ]
        self.assertEqual(broken, [])

    def test_every_document_is_in_the_index(self) -> None:
        index = (TOP / "docs" / "index.md").read_text()
        lost = [
            relative(document)
            for document in sorted((TOP / "docs").rglob("*.md"))
            if document.parent.name != "changes"
            and document.name != "index.md"
            and document.relative_to(TOP / "docs").as_posix() not in index
        ]
        self.assertEqual(lost, [])
