"""The parser: from tokens to the syntax tree, by recursive descent.

A mistake costs the definition or member it stands in: the parser reports it, skips to where the next one
begins, and reads on, so that one run shows all mistakes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from pushnet.slice import syntax
from pushnet.slice.cursor import Cursor, Lost
from pushnet.slice.lexer import DocComment, Token
from pushnet.slice.source import Diagnostics

DEPTH_MAX = 100
"""Modules within modules."""

BUILTIN_TYPES = frozenset(
    ("byte", "bool", "short", "int", "long", "float", "double", "string", "Object", "LocalObject", "Value")
)

T = TypeVar("T")


class _Head:
    """What stands before a definition's keyword: doc comment, metadata, `local`."""

    def __init__(self, doc: DocComment | None, metadata: tuple[syntax.Name, ...], level: int) -> None:
        self.doc = doc
        self.metadata = metadata
        self.level = level
        self.local = False

    def of(self, name: syntax.Name) -> dict[str, Any]:
        """What every definition has, for the one of that name."""
        return {"name": name, "doc": self.doc, "metadata": self.metadata, "level": self.level}


def parse(tokens: Sequence[Token], diagnostics: Diagnostics) -> syntax.SyntaxTree:
    """The tree of a unit. What could not be read is reported and missing from it."""
    return _Parser(tokens, diagnostics).unit()


class _Parser:
    def __init__(self, tokens: Sequence[Token], diagnostics: Diagnostics) -> None:
        self._cursor = Cursor(tokens, diagnostics)
        self._file_metadata: list[tuple[str, syntax.Name]] = []
        self._files_with_definitions: set[str] = set()

    # Files and modules

    def unit(self) -> syntax.SyntaxTree:
        definitions = self._definitions(0)
        return syntax.SyntaxTree(definitions, tuple(self._file_metadata))

    def _definitions(self, depth: int) -> tuple[syntax.Definition, ...]:
        found: list[syntax.Definition] = []
        lost = False
        while not self._cursor.at_end():
            if self._cursor.at("}"):
                if depth > 0:
                    break
                self._cursor.error("`}` closes nothing")
                self._cursor.advance()
                continue
            if self._cursor.at(";"):
                if not lost:
                    self._cursor.error("`;` ends nothing")
                self._cursor.advance()
                continue
            start, lost = self._cursor.index, False
            try:
                if self._cursor.at("[["):
                    self._file_level_metadata()
                else:
                    found.append(self._definition(depth))
            except Lost:
                self._cursor.skip_definition(start)
                lost = True
        return tuple(found)

    def _file_level_metadata(self) -> None:
        opening = self._cursor.advance()
        if opening.position.file in self._files_with_definitions:
            self._cursor.error(
                "file metadata must stand before the file's first definition", opening.position
            )
        for item in self._metadata_items("]]"):
            self._file_metadata.append((opening.position.file, item))

    def _metadata(self) -> tuple[syntax.Name, ...]:
        items: tuple[syntax.Name, ...] = ()
        while self._cursor.take("["):
            items += self._metadata_items("]")
        return items

    def _metadata_items(self, closing: str) -> tuple[syntax.Name, ...]:
        items: list[syntax.Name] = []
        while True:
            token = self._cursor.next
            if token.kind != "string":
                raise self._cursor.lost(f"metadata wants a string in quotes, not {self._cursor.found()}")
            text = ""
            while self._cursor.next.kind == "string":
                text += str(self._cursor.advance().value)
            items.append(syntax.Name(text, token.position))
            if self._cursor.take(","):
                continue
            self._cursor.expect(closing, "after the metadata")
            return tuple(items)

    def _head(self) -> _Head:
        token = self._cursor.next
        metadata = self._metadata()
        return _Head(self._cursor.next.doc or token.doc, metadata, token.level)

    def _definition(self, depth: int) -> syntax.Definition:
        head = self._head()
        self._files_with_definitions.add(self._cursor.next.position.file)
        if self._cursor.take("local"):
            head.local = True
        opener = self._cursor.next
        readers: dict[str, Callable[[_Head], syntax.Definition]] = {
            "const": self._const,
            "enum": self._enum,
            "struct": self._struct,
            "exception": self._exception,
            "sequence": self._sequence,
            "dictionary": self._dictionary,
            "interface": self._interface,
            "class": self._class,
        }
        if opener.kind == "keyword" and opener.text == "module":
            self._cursor.advance()
            return self._module(head, depth)
        if opener.kind != "keyword" or opener.text not in readers:
            raise self._cursor.lost(
                f"a definition should begin here, but {self._cursor.found()} stands in its place"
            )
        self._cursor.advance()
        return readers[opener.text](head)

    def _module(self, head: _Head, depth: int) -> syntax.Module:
        *outer, name = self._cursor.module_names()
        depth += len(outer)
        if depth >= DEPTH_MAX:
            raise self._cursor.lost(f"modules nest deeper than {DEPTH_MAX}")
        self._cursor.expect("{", f"after module `{name.text}`")
        body = self._definitions(depth + 1)
        if not self._cursor.take("}"):
            self._cursor.error(f"module `{name.text}` is not closed: `}}` is missing", name.position)
        self._cursor.take(";")
        module = syntax.Module(**head.of(name), body=body)
        for around in reversed(outer):
            module = syntax.Module(name=around, level=head.level, body=(module,))
        return module

    # Definitions

    def _block(self, name: syntax.Name, read: Callable[[], T]) -> tuple[T, ...]:
        """`{ ... }` of things that end in `;`."""
        self._cursor.expect("{", f"after `{name.text}`")
        found: list[T] = []
        while not self._cursor.at("}") and not self._cursor.at_end():
            try:
                item = read()
                found.append(item)
                self._cursor.semicolon("this member")
            except Lost:
                self._cursor.skip_member()
        if not self._cursor.take("}"):
            self._cursor.error(f"`{name.text}` is not closed: `}}` is missing", name.position)
        self._cursor.take(";")
        return tuple(found)

    def _const(self, head: _Head) -> syntax.Const:
        metadata = self._metadata()
        type_name = self._type()
        name = self._cursor.name("constant name")
        self._cursor.expect("=", f"after constant `{name.text}`")
        value = self._literal()
        self._cursor.semicolon(f"constant `{name.text}`")
        return syntax.Const(
            name=name,
            doc=head.doc,
            metadata=head.metadata + metadata,
            level=head.level,
            type=type_name,
            value=value,
        )

    def _enum(self, head: _Head) -> syntax.Enum:
        name = self._cursor.name("enumeration name")
        self._cursor.expect("{", f"after enum `{name.text}`")
        found: list[syntax.Enumerator] = []
        while not self._cursor.at("}"):
            try:
                around = self._head()
                item = self._cursor.name("enumerator")
                value = self._literal() if self._cursor.take("=") else None
            except Lost:
                self._cursor.skip_member()
                break
            found.append(syntax.Enumerator(**around.of(item), value=value))
            if not self._cursor.take(","):
                break
        if not self._cursor.take("}"):
            self._cursor.error(f"`,` or `}}` is missing in enum `{name.text}`, before {self._cursor.found()}")
            self._cursor.skip_member()
            self._cursor.take("}")
        self._cursor.take(";")
        return syntax.Enum(
            **head.of(name),
            local=head.local,
            enumerators=tuple(found),
        )

    def _struct(self, head: _Head) -> syntax.Struct:
        name = self._cursor.name("struct name")
        if self._cursor.at(";"):
            raise self._cursor.lost(f"struct `{name.text}` cannot be declared ahead: define it first")
        members = self._block(name, self._member)
        return syntax.Struct(**head.of(name), local=head.local, members=members)

    def _exception(self, head: _Head) -> syntax.Exception_:
        name = self._cursor.name("exception name")
        if self._cursor.at(";"):
            raise self._cursor.lost(f"exception `{name.text}` cannot be declared ahead: define it first")
        base = self._cursor.scoped("the base exception") if self._cursor.take("extends") else None
        return syntax.Exception_(
            **head.of(name),
            local=head.local,
            base=base,
            members=self._block(name, self._member),
        )

    def _sequence(self, head: _Head) -> syntax.Sequence:
        self._cursor.expect("<", "after `sequence`")
        metadata = self._metadata()
        element = self._type()
        self._cursor.expect(
            ">", "after the element type: name an inner sequence or dictionary first, then use its name"
        )
        name = self._cursor.name("sequence name")
        self._cursor.semicolon(f"sequence `{name.text}`")
        return syntax.Sequence(
            **head.of(name),
            local=head.local,
            element=element,
            element_metadata=metadata,
        )

    def _dictionary(self, head: _Head) -> syntax.Dictionary:
        self._cursor.expect("<", "after `dictionary`")
        self._metadata()
        key = self._type()
        self._cursor.expect(",", "between key and value type")
        self._metadata()
        value = self._type()
        self._cursor.expect(
            ">", "after the value type: name an inner sequence or dictionary first, then use its name"
        )
        name = self._cursor.name("dictionary name")
        self._cursor.semicolon(f"dictionary `{name.text}`")
        return syntax.Dictionary(
            **head.of(name),
            local=head.local,
            key=key,
            value=value,
        )

    def _interface(self, head: _Head) -> syntax.Definition:
        name = self._cursor.name("interface name")
        if self._cursor.take(";"):
            return syntax.InterfaceDeclaration(**head.of(name), local=head.local)
        bases = self._cursor.scoped_list("a base interface") if self._cursor.take("extends") else ()
        return syntax.Interface(
            **head.of(name),
            local=head.local,
            bases=bases,
            operations=self._block(name, self._only_operation),
        )

    def _class(self, head: _Head) -> syntax.Definition:
        name = self._cursor.name("class name")
        if self._cursor.take(";"):
            return syntax.ClassDeclaration(**head.of(name), local=head.local)
        compact_id: syntax.Literal | None = None
        if self._cursor.take("("):
            compact_id = self._literal()
            self._cursor.expect(")", "after the compact id")
        base = self._cursor.scoped("the base class") if self._cursor.take("extends") else None
        implements = self._cursor.scoped_list("an interface") if self._cursor.take("implements") else ()
        items = self._block(name, self._member_or_operation)
        return syntax.Class(
            **head.of(name),
            local=head.local,
            compact_id=compact_id,
            base=base,
            implements=implements,
            members=tuple(item for item in items if isinstance(item, syntax.Member)),
            operations=tuple(item for item in items if isinstance(item, syntax.Operation)),
        )

    # Members and operations

    def _member_or_operation(self) -> syntax.Member | syntax.Operation:
        head = self._head()
        idempotent = self._cursor.take("idempotent")
        if idempotent or self._cursor.at("void"):
            return self._operation(head, idempotent)
        tag = self._tag()
        type_name = self._type()
        if self._cursor.after_next().text == "(":
            return self._operation_from(head, False, tag, type_name)
        return self._member_from(head, tag, type_name)

    def _member(self) -> syntax.Member:
        head = self._head()
        if self._cursor.at("void", "idempotent"):
            raise self._cursor.lost(
                f"{self._cursor.found()} begins an operation, but only data members can stand here"
            )
        tag = self._tag()
        type_name = self._type()
        member = self._member_from(head, tag, type_name)
        if self._cursor.at("("):
            raise self._cursor.lost("operations belong in an interface: only data members can stand here")
        return member

    def _member_from(self, head: _Head, tag: syntax.Tag | None, type_name: syntax.TypeName) -> syntax.Member:
        name = self._cursor.name("data member name")
        default = self._literal() if self._cursor.take("=") else None
        return syntax.Member(
            **head.of(name),
            type=type_name,
            tag=tag,
            default=default,
        )

    def _only_operation(self) -> syntax.Operation:
        head = self._head()
        return self._operation(head, self._cursor.take("idempotent"))

    def _operation(self, head: _Head, idempotent: bool) -> syntax.Operation:
        if self._cursor.take("void"):
            return self._operation_from(head, idempotent, None, None)
        tag = self._tag()
        return self._operation_from(head, idempotent, tag, self._type())

    def _operation_from(
        self, head: _Head, idempotent: bool, tag: syntax.Tag | None, returns: syntax.TypeName | None
    ) -> syntax.Operation:
        name = self._cursor.name("operation name")
        if not self._cursor.at("("):
            raise self._cursor.lost(f"`(` is missing after `{name.text}`: an interface has operations only")
        self._cursor.advance()
        parameters: list[syntax.Parameter] = []
        if not self._cursor.at(")"):
            parameters.append(self._parameter())
            while self._cursor.take(","):
                parameters.append(self._parameter())
        self._cursor.expect(")", f"after the parameters of `{name.text}`")
        throws = self._cursor.scoped_list("an exception") if self._cursor.take("throws") else ()
        return syntax.Operation(
            **head.of(name),
            idempotent=idempotent,
            returns=returns,
            returns_tag=tag,
            parameters=tuple(parameters),
            throws=throws,
        )

    def _parameter(self) -> syntax.Parameter:
        out = self._cursor.take("out")
        head = self._head()
        if self._cursor.at("out"):
            self._cursor.error("`out` stands before the metadata")
            out = self._cursor.take("out")
        tag = self._tag()
        type_name = self._type()
        name = self._cursor.name("parameter name")
        return syntax.Parameter(
            name=name, doc=None, metadata=head.metadata, level=head.level, type=type_name, tag=tag, out=out
        )

    # Types and values

    def _tag(self) -> syntax.Tag | None:
        position = self._cursor.next.position
        if not self._cursor.take("optional"):
            return None
        if not self._cursor.take("("):
            self._cursor.error("`optional` wants a tag: write `optional(1)`", position)
            return syntax.Tag(None, position)
        number = self._literal()
        self._cursor.expect(")", "after the tag")
        return syntax.Tag(number, position)

    def _type(self) -> syntax.TypeName:
        token = self._cursor.next
        builtin = token.kind == "keyword" and token.text in BUILTIN_TYPES
        if token.kind == "keyword" and not builtin:
            if token.text in ("sequence", "dictionary"):
                raise self._cursor.lost(
                    f"a {token.text} needs a name of its own: define it first, then use its name here"
                )
            raise self._cursor.lost(
                f"a type should stand here, but `{token.text}` is a keyword: write `\\{token.text}`"
            )
        if not builtin and token.kind != "name":
            raise self._cursor.lost(f"a type should stand here, before {self._cursor.found()}")
        self._cursor.advance()
        proxy = self._cursor.take("*")
        if proxy and builtin and token.text != "Object":
            self._cursor.error(f"`{token.text}*` is no type: only interfaces have proxies", token.position)
            proxy = False
        return syntax.TypeName(token.text, builtin, proxy, token.position)

    def _literal(self) -> syntax.Literal:
        token = self._cursor.next
        if token.kind in ("integer", "float", "string"):
            self._cursor.advance()
            return syntax.Literal(token.kind, token.text, token.value, token.position)
        if self._cursor.at("true", "false"):
            self._cursor.advance()
            return syntax.Literal("boolean", token.text, token.text == "true", token.position)
        if token.kind == "name":
            self._cursor.advance()
            return syntax.Literal("name", token.text, token.text, token.position)
        raise self._cursor.lost(f"a value should stand here, before {self._cursor.found()}")
