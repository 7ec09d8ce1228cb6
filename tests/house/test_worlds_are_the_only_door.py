"""House rule: time, network, disk, entropy, threads and processes are reached through the world only.

Forbidden outside the two worlds (`pushnet/app/realworld*`, `pushnet/sim/`) and the process tools of
`pushnet/app/`: the modules and calls below, however they are spelled. `random` may be imported by the
contracts, which name its type. Why: what takes a side door cannot run in a simulation, and a run that
cannot be repeated proves nothing.
"""

from __future__ import annotations

import ast

from twisted.trial.unittest import SynchronousTestCase

from tests.house.tree import TOP, modules, relative

MODULES = {
    "asyncio": "the world's clock and Deferreds",
    "multiprocessing": "world.processes",
    "random": "world.rng(name)",
    "secrets": "world.entropy",
    "socket": "world.client_endpoint() and server_endpoint()",
    "subprocess": "world.processes",
    "tempfile": "world.storage",
    "threading": "world.worker(name)",
    "time": "world.monotonic() and world.wall()",
    "twisted.internet.reactor": "world.clock",
    "twisted.internet.threads": "world.run_blocking()",
    "uuid": "world.entropy.uuid()",
}
CALLS = {
    "datetime.date.today": "world.wall()",
    "datetime.datetime.now": "world.wall()",
    "datetime.datetime.today": "world.wall()",
    "datetime.datetime.utcnow": "world.wall()",
    "io.open": "world.storage",
    "open": "world.storage",
    "os.fork": "world.processes",
    "os.getrandom": "world.entropy",
    "os.open": "world.storage",
    "os.popen": "world.processes",
    "os.system": "world.processes",
    "os.urandom": "world.entropy",
    "sqlite3.connect": "world.storage.connect_sqlite()",
    "twisted.internet.task.deferLater": "a clock as its first argument",
}
WORLDS = ("pushnet/app/", "pushnet/sim/")
CONTRACTS = "pushnet/world/"


class _Doors(ast.NodeVisitor):
    """Collects what a module opens by itself. Names are followed through its imports."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self.found: list[tuple[int, str]] = []
        self._allowed = allowed
        self._names: dict[str, str] = {}

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._names[alias.asname or alias.name.split(".")[0]] = (
                alias.name if alias.asname else alias.name.split(".")[0]
            )
            self._check_module(node.lineno, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            self._names[alias.asname or alias.name] = full
            if not self._check_module(node.lineno, full):
                self._check_module(node.lineno, node.module or "")

    def visit_Call(self, node: ast.Call) -> None:
        name = self._full_name(node.func)
        first = node.args[0] if node.args else None
        without_clock = isinstance(first, ast.Constant) and first.value is None
        if name in CALLS and (not name.endswith("deferLater") or without_clock):
            self.found.append((node.lineno, f"calls {name}: use {CALLS[name]}"))
        if name.startswith(("os.spawn", "os.exec")):
            self.found.append((node.lineno, f"calls {name}: use world.processes"))
        self.generic_visit(node)

    def _check_module(self, line: int, name: str) -> bool:
        if name in MODULES and name not in self._allowed:
            self.found.append((line, f"imports {name}: use {MODULES[name]}"))
        return name in MODULES

    def _full_name(self, node: ast.expr) -> str:
        if isinstance(node, ast.Name):
            return self._names.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            return f"{self._full_name(node.value)}.{node.attr}"
        return ""


def _side_doors(source: str, allowed: frozenset[str] = frozenset()) -> list[tuple[int, str]]:
    doors = _Doors(allowed)
    doors.visit(ast.parse(source))
    return doors.found


class WorldsAreTheOnlyDoorTest(SynchronousTestCase):
    def test_nobody_takes_a_side_door(self) -> None:
        wrong: list[str] = []
        looked = 0
        for path in modules("pushnet", "twisted", generated=True):
            name = relative(path)
            if name.startswith(WORLDS):
                continue
            looked += 1
            allowed = frozenset({"random"}) if name.startswith(CONTRACTS) else frozenset()
            wrong += [f"{name}:{line} {what}" for line, what in _side_doors(path.read_text(), allowed)]
        self.assertGreater(looked, 50)
        self.assertFalse(wrong, "\n" + "\n".join(wrong))

    def test_each_side_door_is_seen(self) -> None:
        for source in (
            "import time",
            "import time as t",
            "from time import sleep",
            "from twisted.internet import reactor",
            "def f():\n    from twisted.internet import reactor",
            "import twisted.internet.reactor",
            "from datetime import datetime\ndatetime.now()",
            "import datetime as d\nd.datetime.utcnow()",
            "open('x')",
            "from os import urandom as noise\nnoise(4)",
            "import os\nos.execv('a', [])",
            "from twisted.internet.task import deferLater\ndeferLater(None, 1)",
            "import sqlite3\nsqlite3.connect('x')",
        ):
            self.assertEqual(len(_side_doors(source)), 1, source)

    def test_what_only_looks_like_one_is_not(self) -> None:
        for source in (
            "from twisted.internet.task import deferLater\ndeferLater(clock, 1)",
            "world.open('x')",
            "class A:\n    def open(self): ...\nA().open()",
            "import datetime\ndatetime.datetime.fromtimestamp(0)",
            "import os\nos.path.join('a')",
            "import sqlite3\nsqlite3.Connection",
        ):
            self.assertEqual(_side_doors(source), [], source)

    def test_the_worlds_themselves_are_where_the_doors_are(self) -> None:
        real = "".join(path.read_text() for path in sorted((TOP / "pushnet/app").glob("realworld*.py")))
        self.assertIn("time.monotonic", real)
        self.assertIn("os.urandom", real)
