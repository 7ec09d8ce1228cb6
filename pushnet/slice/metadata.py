"""Metadata: what is known, and where it may stand. What is unknown is ignored with a warning, as Ice does."""

from __future__ import annotations

import re

from pushnet.slice import syntax
from pushnet.slice.model import Builtin, Sequence, Type
from pushnet.slice.source import Diagnostics

EXTERNAL = "pn:type:"
"""`["pn:type:package.module.Class"]`: the type is not generated; the class named is used in its place."""

LINT_IGNORE = "pn:lint-ignore:"
"""`[["pn:lint-ignore:rule,rule"]]`: those rules of `slice2tx lint` do not hold in this file."""
LINT_RULES = ("doc-missing", "doc-stale", "name-style", "idempotent", "unused-include", "guard", "format")

DEPRECATED = "deprecated"
INVALID = "invalid-metadata"
"""Categories of warnings, as `suppress-warning` names them."""

_CATEGORIES = ("all", DEPRECATED, INVALID, "invalid-comment")
_EXTERNAL_KINDS = ("struct", "enum", "exception")
DOTTED = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+$")
_PYTHON = re.compile(
    r"python:((seq:)?(list|tuple|default)|array\.array|numpy\.ndarray|(memoryview|protobuf):\w+(\.\w+)+)$"
)
_NUMERIC = ("python:array.array", "python:numpy.ndarray", "python:memoryview:")
_NUMBERS = ("bool", "byte", "short", "int", "long", "float", "double")
_USERS = ("data member", "parameter", "operation")
"""What may be of a sequence."""
_ELSEWHERE = ("python:package:", "python:pkgdir:")
_LANGUAGES = ("cpp", "cs", "java", "js", "matlab", "objc", "php", "python", "ruby", "swift", "clr", "ts")
_LOCAL = frozenset(
    (
        *(
            "amd",
            "async-oneway",
            "delegate",
            "deprecate",
            "deprecated",
            "format",
            "freeze",
            "marshaled-result",
        ),
        *("nonmutating", "oneway", "preserve-slice", "protected", "UserException"),
    )
)
_FILE = frozenset(("ice-prefix", "underscore", "suppress-warning", "java", "3.7", "3.8"))


def check_metadata(item: syntax.Name, kind: str, level: int, diagnostics: Diagnostics) -> None:
    """Report what a definition's metadata cannot mean."""
    head = item.text.partition(":")[0]
    if head == "pn":
        _check_own(item, kind, diagnostics)
    elif head == "format" and item.text not in ("format:compact", "format:sliced", "format:default"):
        _warn(item, "does nothing: the formats are `compact`, `sliced` and `default`", diagnostics)
    elif head == "python" and level == 0:
        _check_python(item, kind, diagnostics)
    elif head not in _LOCAL and head not in _LANGUAGES and level == 0:
        _warn(item, "is not known and does nothing", diagnostics)


def _check_python(item: syntax.Name, kind: str, diagnostics: Diagnostics) -> None:
    """What Ice for Python knows says what a sequence is in Python."""
    if _PYTHON.match(item.text) is None:
        _warn(item, "is not known and does nothing", diagnostics)
    elif kind not in ("sequence", *_USERS):
        _warn(item, "is for sequences, and for members, parameters and results that are one", diagnostics)


def check_use(item: syntax.Name, type_: Type | None, diagnostics: Diagnostics) -> None:
    """Report metadata of a member, parameter or result that says nothing of what is of that type."""
    if _PYTHON.match(item.text) is None:
        return
    if isinstance(type_, Sequence):
        check_element(item, type_.element, diagnostics)
    else:
        _warn(item, "is for sequences, and for members, parameters and results that are one", diagnostics)


def check_element(item: syntax.Name, element: Type, diagnostics: Diagnostics) -> None:
    """Report metadata of a sequence that does not fit its elements."""
    name = element.name if isinstance(element, Builtin) else ""
    if item.text.startswith("python:protobuf:") and name != "byte":
        _warn(item, "is for sequences of bytes only, and does nothing here", diagnostics)
    elif item.text.startswith(_NUMERIC) and name not in _NUMBERS:
        _warn(item, "is for sequences of numbers and bool only, and does nothing here", diagnostics)


def _warn(item: syntax.Name, what: str, diagnostics: Diagnostics) -> None:
    diagnostics.warning(item.position, f"metadata `{item.text}` {what}", INVALID)


def _check_own(item: syntax.Name, kind: str, diagnostics: Diagnostics) -> None:
    if not item.text.startswith(EXTERNAL):
        diagnostics.error(item.position, f"`{item.text}` is not known: `{EXTERNAL}package.module.Class` is")
    elif kind not in _EXTERNAL_KINDS:
        diagnostics.error(
            item.position, f"`{item.text}` can stand before a struct, an enum or an exception only"
        )
    elif DOTTED.match(item.text.removeprefix(EXTERNAL)) is None:
        diagnostics.error(item.position, f"`{item.text}` wants `package.module.Class` behind `{EXTERNAL}`")


def check_file_metadata(file: str, item: syntax.Name, diagnostics: Diagnostics) -> None:
    """Report what file metadata cannot mean; let warnings rest where it says so."""
    head, _, rest = item.text.partition(":")
    if head == "suppress-warning":
        for category in (part.strip() for part in (rest or "all").split(",")):
            if category in _CATEGORIES:
                diagnostics.suppress(file, category)
            else:
                message = f"there are no warnings of the category `{category}`: {', '.join(_CATEGORIES)}"
                diagnostics.warning(item.position, message, INVALID)
    elif head == "pn":
        unknown = sorted(ignored_rules(item.text) - {*LINT_RULES}) or not item.text.startswith(LINT_IGNORE)
        if unknown:
            known = f"`{LINT_IGNORE}` and rules of lint are, {', '.join(LINT_RULES)}"
            diagnostics.error(item.position, f"`{item.text}` is not known: {known}")
    elif item.text.startswith(_ELSEWHERE):
        message = f"file metadata `{item.text}` does nothing: the option --package says where modules go"
        diagnostics.warning(item.position, message, INVALID)
    elif head == "python" or (head not in _FILE and head not in _LANGUAGES):
        message = f"file metadata `{item.text}` is not known and does nothing"
        diagnostics.warning(item.position, message, INVALID)


def ignored_rules(metadata: str) -> set[str]:
    """The rules of lint that file metadata takes out of force."""
    if not metadata.startswith(LINT_IGNORE):
        return set()
    return {rule.strip() for rule in metadata.removeprefix(LINT_IGNORE).split(",")}
