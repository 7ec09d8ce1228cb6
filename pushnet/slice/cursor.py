"""A parser's place among its tokens: looking, taking, complaining, and skipping what was not understood."""

from __future__ import annotations

from collections.abc import Sequence

from pushnet.slice import syntax
from pushnet.slice.lexer import Token
from pushnet.slice.source import Diagnostics, Position

_OPENERS = frozenset(
    (
        "module",
        "class",
        "interface",
        "exception",
        "struct",
        "sequence",
        "dictionary",
        "enum",
        "const",
        "local",
    )
)


class Lost(Exception):
    """What stands here is no Slice, and that has been reported."""


class Cursor:
    """The tokens of a unit, and how far they have been read."""

    def __init__(self, tokens: Sequence[Token], diagnostics: Diagnostics) -> None:
        self._tokens = tokens
        self._index = 0
        self._diagnostics = diagnostics

    @property
    def next(self) -> Token:
        """The token that has not been read yet; at the end, the one of kind `end`."""
        return self._tokens[self._index]

    @property
    def index(self) -> int:
        """How many tokens have been read."""
        return self._index

    def _previous(self) -> Token:
        return self._tokens[max(self._index - 1, 0)]

    def after_next(self) -> Token:
        """One further."""
        return self._tokens[min(self._index + 1, len(self._tokens) - 1)]

    def advance(self) -> Token:
        """Read one token."""
        token = self.next
        if token.kind != "end":
            self._index += 1
        return token

    def at(self, *texts: str) -> bool:
        """Whether one of these symbols or keywords comes next."""
        return self.next.kind in ("symbol", "keyword") and self.next.text in texts

    def at_end(self) -> bool:
        """Whether everything has been read."""
        return self.next.kind == "end"

    def take(self, text: str) -> bool:
        """Read that symbol or keyword, if it comes next."""
        if self.at(text):
            self.advance()
            return True
        return False

    def error(self, message: str, position: Position | None = None) -> None:
        """Report, at the next token unless told otherwise."""
        self._diagnostics.error(position or self.next.position, message)

    def lost(self, message: str) -> Lost:
        """Report, and make what is to be raised."""
        self.error(message)
        return Lost()

    def found(self) -> str:
        """How messages call the next token."""
        return self.next.text if self.at_end() else f"`{self.next.text}`"

    def expect(self, text: str, where: str) -> None:
        """Read that symbol; it must be there."""
        if not self.take(text):
            raise self.lost(f"`{text}` is missing {where}, before {self.found()}")

    def semicolon(self, after: str) -> None:
        """A `;` that must be there; without it, reading goes on as if it were."""
        if not self.take(";"):
            previous = self._previous()
            if previous.text.startswith('"') and not previous.text.endswith('"'):
                return  # a string that was never closed has taken the semicolon, and that has been reported
            at = previous.position
            end = Position(at.file, at.line, at.column + len(previous.text))
            self.error(f"`;` is missing after {after}", end)

    def name(self, what: str) -> syntax.Name:
        """A name that is being given: one word, no keyword."""
        token = self.next
        if token.kind == "keyword":
            self.error(f"keyword `{token.text}` cannot be used as {what}: write `\\{token.text}`")
        elif token.kind != "name":
            raise self.lost(f"the {what} is missing before {self.found()}")
        elif "::" in token.text:
            self.error(f"{what} `{token.text}` cannot be scoped: write only its last part")
        self.advance()
        return syntax.Name(token.text.rpartition("::")[2], token.position)

    def module_names(self) -> list[syntax.Name]:
        """The name of a module; `A::B` are two, one inside the other."""
        token = self.next
        if token.kind != "name" or token.text.startswith("::"):
            return [self.name("module name")]
        self.advance()
        at = token.position
        names: list[syntax.Name] = []
        column = at.column
        for part in token.text.split("::"):
            names.append(syntax.Name(part, Position(at.file, at.line, column)))
            column += len(part) + len("::")
        return names

    def scoped(self, what: str) -> syntax.Name:
        """A name that is being used."""
        token = self.next
        known = token.kind == "keyword" and token.text in ("Object", "LocalObject", "Value")
        if token.kind != "name" and not known:
            raise self.lost(f"{what} is missing before {self.found()}")
        self.advance()
        return syntax.Name(token.text, token.position)

    def scoped_list(self, what: str) -> tuple[syntax.Name, ...]:
        """Names that are being used, with commas between them."""
        names = [self.scoped(what)]
        while self.take(","):
            names.append(self.scoped(what))
        return tuple(names)

    def skip_definition(self, start: int) -> None:
        """On to the next definition: behind `;` or a block, or before a line that begins with its keyword."""
        depth = 0
        while not self.at_end():
            fresh = self._index > start and self.next.position.line != self._previous().position.line
            if depth == 0 and (self.at("}") or (fresh and self.at(*_OPENERS))):
                return
            if self.take("{"):
                depth += 1
            elif self.take("}"):
                depth -= 1
                if depth == 0:
                    self.take(";")
                    return
            elif self.advance().text == ";" and depth == 0:
                return

    def skip_member(self) -> None:
        """Behind the next `;`, or before the `}` that closes the block."""
        depth = 0
        while not self.at_end():
            if depth == 0 and self.at("}"):
                return
            if self.take("{"):
                depth += 1
            elif self.take("}"):
                depth -= 1
            elif self.advance().text == ";" and depth == 0:
                return
