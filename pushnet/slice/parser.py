"""The parser: from tokens to the syntax tree, by recursive descent.

A mistake costs the definition or member it stands in: the parser reports it, skips to where the next one
begins, and reads on, so that one run shows all mistakes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from pushnet.slice import syntax
from pushnet.slice.lexer import DocComment, Token
from pushnet.slice.source import Diagnostics, Position

DEPTH_MAX = 100
"""Modules within modules."""

BUILTIN_TYPES = frozenset("byte bool short int long float double string Object LocalObject Value".split())
_OPENERS = frozenset("module class interface exception struct sequence dictionary enum const local".split())

T = TypeVar("T")


class _Lost(Exception):
    """What stands here is no Slice, and that has been reported."""


class _Head:
    """What stands before a definition's keyword: doc comment, metadata, `local`."""

    def __init__(self, doc: DocComment | None, metadata: tuple[syntax.Name, ...], level: int) -> None:
        self.doc = doc
        self.metadata = metadata
        self.level = level
        self.local = False


def parse(tokens: Sequence[Token], diagnostics: Diagnostics) -> syntax.SyntaxTree:
    """The tree of a unit. What could not be read is reported and missing from it."""
    return _Parser(tokens, diagnostics).unit()


class _Parser:
    def __init__(self, tokens: Sequence[Token], diagnostics: Diagnostics) -> None:
        self._tokens = tokens
        self._index = 0
        self._diagnostics = diagnostics
        self._file_metadata: list[tuple[str, syntax.Name]] = []
        self._files_with_definitions: set[str] = set()

    # Looking and taking

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    def _peek(self, offset: int) -> Token:
        return self._tokens[min(self._index + offset, len(self._tokens) - 1)]

    def _advance(self) -> Token:
        token = self._next
        if token.kind != "end":
            self._index += 1
        return token

    def _at(self, *texts: str) -> bool:
        token = self._next
        return token.kind in ("symbol", "keyword") and token.text in texts

    def _take(self, text: str) -> bool:
        if self._at(text):
            self._advance()
            return True
        return False

    def _error(self, message: str, position: Position | None = None) -> None:
        self._diagnostics.error(position or self._next.position, message)

    def _lost(self, message: str) -> _Lost:
        self._error(message)
        return _Lost()

    def _found(self) -> str:
        token = self._next
        return token.text if token.kind == "end" else f"`{token.text}`"

    def _expect(self, text: str, where: str) -> None:
        if not self._take(text):
            raise self._lost(f"`{text}` is missing {where}, before {self._found()}")

    def _semicolon(self, after: str) -> None:
        """A `;` that must be there; without it, reading goes on as if it were."""
        if not self._take(";"):
            previous = self._tokens[max(self._index - 1, 0)]
            end = Position(
                previous.position.file, previous.position.line, previous.position.column + len(previous.text)
            )
            self._error(f"`;` is missing after {after}", end)

    # Names

    def _name(self, what: str) -> syntax.Name:
        """A name that is being given: one word, no keyword."""
        token = self._next
        if token.kind == "keyword":
            self._error(f"keyword `{token.text}` cannot be used as {what}: write `\\{token.text}`")
        elif token.kind != "name":
            raise self._lost(f"the {what} is missing before {self._found()}")
        elif "::" in token.text:
            self._error(f"{what} `{token.text}` cannot be scoped: write only its last part")
        self._advance()
        return syntax.Name(token.text.rpartition("::")[2], token.position)

    def _scoped(self, what: str) -> syntax.Name:
        """A name that is being used."""
        token = self._next
        if token.kind == "keyword" and token.text in ("Object", "LocalObject", "Value"):
            self._advance()
            return syntax.Name(token.text, token.position)
        if token.kind != "name":
            raise self._lost(f"{what} is missing before {self._found()}")
        self._advance()
        return syntax.Name(token.text, token.position)

    def _names(self, what: str) -> tuple[syntax.Name, ...]:
        names = [self._scoped(what)]
        while self._take(","):
            names.append(self._scoped(what))
        return tuple(names)

    # Skipping what was not understood

    def _skip_definition(self, start: int) -> None:
        """On to the next definition: behind `;` or a closed block, or before a keyword that opens one."""
        depth = 0
        while self._next.kind != "end":
            if depth == 0 and (self._at("}") or (self._index > start and self._at(*_OPENERS))):
                return
            token = self._advance()
            if token.kind != "symbol":
                continue
            if token.text == "{":
                depth += 1
            elif token.text == "}":
                depth -= 1
                if depth == 0:
                    self._take(";")
                    return
            elif token.text == ";" and depth == 0:
                return

    def _skip_member(self) -> None:
        """Behind the next `;`, or before the `}` that closes the block."""
        depth = 0
        while self._next.kind != "end":
            if depth == 0 and self._at("}"):
                return
            token = self._advance()
            if token.kind != "symbol":
                continue
            if token.text == "{":
                depth += 1
            elif token.text == "}":
                depth -= 1
            elif token.text == ";" and depth == 0:
                return

    # Files and modules

    def unit(self) -> syntax.SyntaxTree:
        definitions = self._definitions(0)
        return syntax.SyntaxTree(definitions, tuple(self._file_metadata))

    def _definitions(self, depth: int) -> tuple[syntax.Definition, ...]:
        found: list[syntax.Definition] = []
        while self._next.kind != "end":
            if self._at("}"):
                if depth > 0:
                    break
                self._error("`}` closes nothing")
                self._advance()
                continue
            if self._take(";"):
                continue
            start = self._index
            try:
                if self._at("[["):
                    self._file_level_metadata()
                else:
                    found.append(self._definition(depth))
            except _Lost:
                self._skip_definition(start)
        return tuple(found)

    def _file_level_metadata(self) -> None:
        opening = self._advance()
        if opening.position.file in self._files_with_definitions:
            self._error("file metadata must stand before the file's first definition", opening.position)
        for item in self._metadata_items("]]"):
            self._file_metadata.append((opening.position.file, item))

    def _metadata(self) -> tuple[syntax.Name, ...]:
        items: tuple[syntax.Name, ...] = ()
        while self._take("["):
            items += self._metadata_items("]")
        return items

    def _metadata_items(self, closing: str) -> tuple[syntax.Name, ...]:
        items: list[syntax.Name] = []
        while True:
            token = self._next
            if token.kind != "string":
                raise self._lost(f"metadata wants a string in quotes, not {self._found()}")
            text = ""
            while self._next.kind == "string":
                text += str(self._advance().value)
            items.append(syntax.Name(text, token.position))
            if self._take(","):
                continue
            self._expect(closing, "after the metadata")
            return tuple(items)

    def _head(self) -> _Head:
        token = self._next
        metadata = self._metadata()
        return _Head(self._next.doc or token.doc, metadata, token.level)

    def _definition(self, depth: int) -> syntax.Definition:
        head = self._head()
        self._files_with_definitions.add(self._next.position.file)
        if self._take("local"):
            head.local = True
        opener = self._next
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
            self._advance()
            return self._module(head, depth)
        if opener.kind != "keyword" or opener.text not in readers:
            raise self._lost(f"a definition should begin here, but {self._found()} stands in its place")
        self._advance()
        return readers[opener.text](head)

    def _module(self, head: _Head, depth: int) -> syntax.Module:
        name = self._name("module name")
        if depth >= DEPTH_MAX:
            raise self._lost(f"modules nest deeper than {DEPTH_MAX}")
        self._expect("{", f"after module `{name.text}`")
        body = self._definitions(depth + 1)
        if not self._take("}"):
            self._error(f"module `{name.text}` is not closed: `}}` is missing", name.position)
        self._take(";")
        return syntax.Module(name=name, doc=head.doc, metadata=head.metadata, level=head.level, body=body)

    # Definitions

    def _block(self, name: syntax.Name, read: Callable[[], T]) -> tuple[T, ...]:
        """`{ ... }` of things that end in `;`; the last may go without."""
        self._expect("{", f"after `{name.text}`")
        found: list[T] = []
        while not self._at("}") and self._next.kind != "end":
            try:
                item = read()
                found.append(item)
                if not self._at("}"):
                    self._semicolon("this member")
            except _Lost:
                self._skip_member()
        if not self._take("}"):
            self._error(f"`{name.text}` is not closed: `}}` is missing", name.position)
        self._take(";")
        return tuple(found)

    def _const(self, head: _Head) -> syntax.Const:
        metadata = self._metadata()
        type_name = self._type()
        name = self._name("constant name")
        self._expect("=", f"after constant `{name.text}`")
        value = self._literal()
        self._semicolon(f"constant `{name.text}`")
        return syntax.Const(
            name=name,
            doc=head.doc,
            metadata=head.metadata + metadata,
            level=head.level,
            type=type_name,
            value=value,
        )

    def _enum(self, head: _Head) -> syntax.Enum:
        name = self._name("enumeration name")
        self._expect("{", f"after enum `{name.text}`")
        found: list[syntax.Enumerator] = []
        while not self._at("}"):
            doc = self._next.doc
            try:
                item = self._name("enumerator")
                value = self._literal() if self._take("=") else None
            except _Lost:
                self._skip_member()
                break
            found.append(syntax.Enumerator(name=item, doc=doc, level=head.level, value=value))
            if not self._take(","):
                break
        if not self._take("}"):
            self._error(f"`,` or `}}` is missing in enum `{name.text}`, before {self._found()}")
            self._skip_member()
            self._take("}")
        self._take(";")
        return syntax.Enum(
            name=name,
            doc=head.doc,
            metadata=head.metadata,
            level=head.level,
            local=head.local,
            enumerators=tuple(found),
        )

    def _struct(self, head: _Head) -> syntax.Struct:
        name = self._name("struct name")
        if self._at(";"):
            self._error(f"struct `{name.text}` cannot be declared ahead: define it before its first use")
        members = () if self._take(";") else self._block(name, self._member)
        return syntax.Struct(
            name=name,
            doc=head.doc,
            metadata=head.metadata,
            level=head.level,
            local=head.local,
            members=members,
        )

    def _exception(self, head: _Head) -> syntax.Exception_:
        name = self._name("exception name")
        if self._at(";"):
            self._error(f"exception `{name.text}` cannot be declared ahead: define it before its first use")
            self._advance()
            raise _Lost
        base = self._scoped("the base exception") if self._take("extends") else None
        return syntax.Exception_(
            name=name,
            doc=head.doc,
            metadata=head.metadata,
            level=head.level,
            local=head.local,
            base=base,
            members=self._block(name, self._member),
        )

    def _sequence(self, head: _Head) -> syntax.Sequence:
        self._expect("<", "after `sequence`")
        metadata = self._metadata()
        element = self._type()
        self._expect(
            ">", "after the element type: name an inner sequence or dictionary first, then use its name"
        )
        name = self._name("sequence name")
        self._semicolon(f"sequence `{name.text}`")
        return syntax.Sequence(
            name=name,
            doc=head.doc,
            metadata=head.metadata,
            level=head.level,
            local=head.local,
            element=element,
            element_metadata=metadata,
        )

    def _dictionary(self, head: _Head) -> syntax.Dictionary:
        self._expect("<", "after `dictionary`")
        self._metadata()
        key = self._type()
        self._expect(",", "between key and value type")
        self._metadata()
        value = self._type()
        self._expect(
            ">", "after the value type: name an inner sequence or dictionary first, then use its name"
        )
        name = self._name("dictionary name")
        self._semicolon(f"dictionary `{name.text}`")
        return syntax.Dictionary(
            name=name,
            doc=head.doc,
            metadata=head.metadata,
            level=head.level,
            local=head.local,
            key=key,
            value=value,
        )

    def _interface(self, head: _Head) -> syntax.Definition:
        name = self._name("interface name")
        if self._take(";"):
            return syntax.InterfaceDeclaration(
                name=name, doc=head.doc, metadata=head.metadata, level=head.level, local=head.local
            )
        bases = self._names("a base interface") if self._take("extends") else ()
        return syntax.Interface(
            name=name,
            doc=head.doc,
            metadata=head.metadata,
            level=head.level,
            local=head.local,
            bases=bases,
            operations=self._block(name, self._only_operation),
        )

    def _class(self, head: _Head) -> syntax.Definition:
        name = self._name("class name")
        if self._take(";"):
            return syntax.ClassDeclaration(
                name=name, doc=head.doc, metadata=head.metadata, level=head.level, local=head.local
            )
        compact_id: syntax.Literal | None = None
        if self._take("("):
            compact_id = self._literal()
            self._expect(")", "after the compact id")
        base = self._scoped("the base class") if self._take("extends") else None
        implements = self._names("an interface") if self._take("implements") else ()
        items = self._block(name, self._member_or_operation)
        return syntax.Class(
            name=name,
            doc=head.doc,
            metadata=head.metadata,
            level=head.level,
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
        idempotent = self._take("idempotent")
        if idempotent or self._at("void"):
            return self._operation(head, idempotent)
        tag = self._tag()
        type_name = self._type()
        if self._peek(1).kind == "symbol" and self._peek(1).text == "(":
            return self._operation_from(head, False, tag, type_name)
        return self._member_from(head, tag, type_name)

    def _member(self) -> syntax.Member:
        head = self._head()
        if self._at("void", "idempotent"):
            raise self._lost(f"{self._found()} begins an operation, but only data members can stand here")
        tag = self._tag()
        type_name = self._type()
        member = self._member_from(head, tag, type_name)
        if self._at("("):
            raise self._lost("operations belong in an interface: only data members can stand here")
        return member

    def _member_from(self, head: _Head, tag: syntax.Tag | None, type_name: syntax.TypeName) -> syntax.Member:
        name = self._name("data member name")
        default = self._literal() if self._take("=") else None
        return syntax.Member(
            name=name,
            doc=head.doc,
            metadata=head.metadata,
            level=head.level,
            type=type_name,
            tag=tag,
            default=default,
        )

    def _only_operation(self) -> syntax.Operation:
        head = self._head()
        return self._operation(head, self._take("idempotent"))

    def _operation(self, head: _Head, idempotent: bool) -> syntax.Operation:
        if self._take("void"):
            return self._operation_from(head, idempotent, None, None)
        tag = self._tag()
        return self._operation_from(head, idempotent, tag, self._type())

    def _operation_from(
        self, head: _Head, idempotent: bool, tag: syntax.Tag | None, returns: syntax.TypeName | None
    ) -> syntax.Operation:
        name = self._name("operation name")
        if not self._at("("):
            raise self._lost(f"`(` is missing after `{name.text}`: an interface has operations only")
        self._advance()
        parameters: list[syntax.Parameter] = []
        if not self._at(")"):
            parameters.append(self._parameter())
            while self._take(","):
                parameters.append(self._parameter())
        self._expect(")", f"after the parameters of `{name.text}`")
        throws = self._names("an exception") if self._take("throws") else ()
        return syntax.Operation(
            name=name,
            doc=head.doc,
            metadata=head.metadata,
            level=head.level,
            idempotent=idempotent,
            returns=returns,
            returns_tag=tag,
            parameters=tuple(parameters),
            throws=throws,
        )

    def _parameter(self) -> syntax.Parameter:
        out = self._take("out")
        head = self._head()
        if self._at("out"):
            self._error("`out` stands before the metadata")
            out = self._take("out")
        tag = self._tag()
        type_name = self._type()
        name = self._name("parameter name")
        return syntax.Parameter(
            name=name, doc=None, metadata=head.metadata, level=head.level, type=type_name, tag=tag, out=out
        )

    # Types and values

    def _tag(self) -> syntax.Tag | None:
        position = self._next.position
        if not self._take("optional"):
            return None
        if not self._take("("):
            self._error("`optional` wants a tag: write `optional(1)`", position)
            return syntax.Tag(None, position)
        number = self._literal()
        self._expect(")", "after the tag")
        return syntax.Tag(number, position)

    def _type(self) -> syntax.TypeName:
        token = self._next
        builtin = token.kind == "keyword" and token.text in BUILTIN_TYPES
        if token.kind == "keyword" and not builtin:
            if token.text in ("sequence", "dictionary"):
                raise self._lost(
                    f"a {token.text} needs a name of its own: define it first, then use its name here"
                )
            raise self._lost(
                f"a type should stand here, but `{token.text}` is a keyword: write `\\{token.text}`"
            )
        if not builtin and token.kind != "name":
            raise self._lost(f"a type should stand here, before {self._found()}")
        self._advance()
        proxy = self._take("*")
        if proxy and builtin and token.text != "Object":
            self._error(f"`{token.text}*` is no type: only interfaces have proxies", token.position)
            proxy = False
        return syntax.TypeName(token.text, builtin, proxy, token.position)

    def _literal(self) -> syntax.Literal:
        token = self._next
        if token.kind in ("integer", "float", "string"):
            self._advance()
            return syntax.Literal(token.kind, token.text, token.value, token.position)
        if self._at("true", "false"):
            self._advance()
            return syntax.Literal("boolean", token.text, token.text == "true", token.position)
        if token.kind == "name":
            self._advance()
            return syntax.Literal("name", token.text, token.text, token.position)
        raise self._lost(f"a value should stand here, before {self._found()}")
