"""Which names may be given: the rules for a name itself, and for names side by side."""

from __future__ import annotations

from pushnet.slice import syntax
from pushnet.slice.model import Entity
from pushnet.slice.scopes import Scope, a
from pushnet.slice.source import Diagnostics

_RESERVED_SUFFIXES = ("Helper", "Holder", "Prx", "Ptr")


class Naming:
    """Checks the names that definitions give."""

    def __init__(self, diagnostics: Diagnostics, file_metadata: dict[str, set[str]]) -> None:
        self._diagnostics = diagnostics
        self._file_metadata = file_metadata

    def check(self, name: syntax.Name, level: int) -> None:
        """The rules for a name by itself. Included files were checked where they were compiled."""
        if level > 0:
            return
        text = name.text
        allowed = self._file_metadata.get(name.position.file, set())
        for suffix in _RESERVED_SUFFIXES:
            if text.endswith(suffix):
                self._diagnostics.error(name.position, f"`{text}`: names that end in `{suffix}` are reserved")
        if text.startswith("_") or text.endswith("_") or "__" in text:
            message = f"`{text}`: underscores at the beginning, at the end or doubled are reserved"
            self._diagnostics.error(name.position, message)
        elif "_" in text and "underscore" not in allowed:
            message = f'`{text}`: underscores in names need [["underscore"]] at the top of the file'
            self._diagnostics.error(name.position, message)
        if len(text) > 2 and text[:3].lower() == "ice" and "ice-prefix" not in allowed:
            message = f'`{text}`: names that begin with `ice` need [["ice-prefix"]] at the top of the file'
            self._diagnostics.error(name.position, message)

    def declare(self, scope: Scope, entity: Entity) -> bool:
        """Whether the entity may have its name in `scope`; if so, it has it from now on."""
        before = scope.get(entity.name)
        if before is not None:
            if before.name == entity.name:
                message = f"`{entity.name}` is {a(before.kind)} already, defined at {before.position}"
            else:
                message = (
                    f"{entity.kind} `{entity.name}` differs only in case from {before.kind} `{before.name}`"
                )
                message += f", defined at {before.position}"
            self._diagnostics.error(entity.position, message)
            return False
        self._enclosing(scope, entity)
        used = scope.used(entity.name)
        if used is not None and used[0] is not entity:
            message = f"`{entity.name}` changes its meaning here: it meant `{used[0].type_id}` at {used[1]}"
            self._diagnostics.error(entity.position, message)
        scope.put(entity)
        return True

    def _enclosing(self, scope: Scope, entity: Entity) -> None:
        for module in scope.path:
            if module.lower() == entity.name.lower():
                how = "have the same name as" if module == entity.name else "differ only in case from"
                message = f"{entity.kind} `{entity.name}` cannot {how} the module `{module}` around it"
                self._diagnostics.error(entity.position, message)
