"""The same calls through stock Ice and through us: the same bytes, and each understands the other's."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

import pushnet.slice
from pushnet.wire.slices import UserException, read_exception, write_exception
from pushnet.wire.slices10 import read_exception10, write_exception10
from pushnet.wire.values import ValueIndex
from tests.golden import graphs
from tests.interop.stock import SYSTEM_PYTHON, require_ice
from tests.wire.graph_cases import Told, answer, cases

HERE = Path(__file__).parent
GRAPHS = HERE.parent / "golden" / "graphs.ice"
HEAD = {"1.1": (1, 1), "1.0": (1, 0)}


class Stock:
    """A process of stock Ice that knows `graphs.ice`."""

    def __init__(self, test: SynchronousTestCase, *options: str) -> None:
        folder = os.path.abspath(test.mktemp())
        os.makedirs(folder)
        subprocess.run(["slice2py", *options, "--output-dir", folder, str(GRAPHS)], check=True)
        self._process = subprocess.Popen(
            [SYSTEM_PYTHON, str(HERE / "stock_marshal.py"), folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(HERE)},
            text=True,
        )
        test.addCleanup(self._end)

    def _end(self) -> None:
        self._process.communicate(timeout=30)

    def ask(self, **command: Any) -> Any:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        if "error" in told:
            raise AssertionError(told["error"])
        return told


class Ours:
    """Our side, with the classes of a module made of `graphs.ice`."""

    def __init__(self, module: Any) -> None:
        self.module = module
        self._operations = module.GraphServant.ice_operations

    def params(self, operation: str, arguments: Any, encoding: str) -> str:
        """The encapsulation of the parameters that we send."""
        sent = []

        class Caught(self.module.GraphPrx):  # type: ignore[misc,name-defined]
            _ice_old = encoding == "1.0"

            def __init__(self) -> None:
                """Calls nobody."""

            def _ice_call(self, operation: Any, params: bytes | bytearray, context: Any) -> Any:
                sent.append(bytes(params))

        getattr(Caught(), operation)(*arguments)
        return encapsulated(sent[0], encoding)

    def understood(self, operation: str, params: str) -> str:
        """What arrives at our servant."""
        arguments: list[Any] = []

        class Form:
            def __getattr__(self, name: str) -> Any:
                return lambda *given: arguments.extend(given[:-1])

        entry = self._operations[operation.encode()]
        raw = bytes.fromhex(params)
        (entry.old if raw[5] == 0 else entry).serve(Form(), raw, 6, None)
        return Told().of(arguments)

    def result(self, operation: str, arguments: Any, encoding: str) -> tuple[bool, str]:
        """Whether it succeeds, and the encapsulation of what our servant answers."""
        entry = self._operations[operation.encode()]
        try:
            value = answer(self.module, operation, arguments)
        except UserException as error:
            out = bytearray()
            if encoding == "1.0":
                write_exception10(out, error)
            else:
                write_exception(out, error, entry.sliced)
            return False, encapsulated(out, encoding)
        write = (entry.old if encoding == "1.0" else entry).write_result
        return True, encapsulated(write(value) if write is not None else b"", encoding)

    def received(self, operation: str, ok: bool, result: str) -> str:
        """What our caller gets."""
        described = getattr(self.module, f"_OP_Graph_{operation}")
        raw = bytes.fromhex(result)
        if not ok:
            read = read_exception10 if raw[5] == 0 else read_exception
            return Told().of(read(raw, 6, None, described.throws))
        if described.read_result is None:
            return "-"
        reading = described.read_result
        if raw[5] == 0 and described.old is not None:
            reading = described.old.read_result
        return Told().of(reading(raw, 6, None))


def encapsulated(data: bytes | bytearray, encoding: str) -> str:
    return ((6 + len(data)).to_bytes(4, "little") + bytes(HEAD[encoding]) + data).hex()


class BesideStockTest(SynchronousTestCase):
    def setUp(self) -> None:
        require_ice(self)  # type: ignore[arg-type]

    def each(self, ours: Ours) -> Any:
        for number, (operation, arguments) in enumerate(cases(ours.module)):
            for encoding in HEAD:
                yield number, operation, arguments, encoding

    def test_both_send_the_same_bytes_and_understand_each_other(self) -> None:
        stock, ours = Stock(self), Ours(graphs)
        for number, operation, arguments, encoding in self.each(ours):
            what = f"case {number}: {operation} in {encoding}"
            mine = ours.params(operation, arguments, encoding)
            theirs = stock.ask(do="params", case=number, encoding=encoding)["params"]
            if encoding == "1.1":
                self.assertEqual(mine, theirs, what)
            else:
                self.assertEqual(len(mine), len(theirs), f"{what}: their order depends on addresses")
            told = ours.understood(operation, theirs)
            self.assertEqual(ours.understood(operation, mine), told, what)
            served = stock.ask(do="serve", operation=operation, params=mine)
            self.assertEqual(served["told"], told, what)
            ok, result = ours.result(operation, arguments, encoding)
            self.assertEqual(served["ok"], ok, what)
            if encoding == "1.1":
                self.assertEqual(served["result"], result, what)
            received = ours.received(operation, ok, result)
            theirs = ours.received(operation, served["ok"], served["result"])
            if encoding == "1.0" and received.startswith("MoreBroken"):
                self.assertIn("what=-", theirs, "stock Ice forgets the instances of a base in this encoding")
            else:
                self.assertEqual(theirs, received, what)
            asked = stock.ask(do="result", case=number, encoding=encoding, ok=ok, result=result)
            self.assertEqual(asked["told"], received, what)

    def test_a_stock_servant_keeps_what_it_does_not_know_of_ours(self) -> None:
        stock, ours = Stock(self, "-DLESS"), Ours(graphs)
        (arguments,) = [given for operation, given in cases(ours.module) if _is_kept(operation, given)]
        params = ours.params("sliced", arguments, "1.1")
        served = stock.ask(do="serve", operation="sliced", params=params)
        self.assertNotIn("Kept", served["told"])
        self.assertEqual(ours.received("sliced", True, served["result"]), Told().of(arguments[0]))

    def test_we_keep_what_we_do_not_know_of_theirs(self) -> None:
        stock, whole = Stock(self), Ours(graphs)
        ours = Ours(pushnet.slice.load(GRAPHS, defines={"LESS": "1"}))
        found = cases(whole.module)
        (number,) = [index for index, item in enumerate(found) if _is_kept(*item)]
        params = stock.ask(do="params", case=number, encoding="1.1")["params"]
        arguments: list[Any] = []

        class Form:
            def sliced(self, value: Any, leaves: Any, current: Any) -> None:
                arguments.extend((value, leaves))

        entry = ours.module.GraphServant.ice_operations[b"sliced"]
        entry.serve(Form(), bytes.fromhex(params), 6, Source(ours.module))
        self.assertIs(type(arguments[0]), ours.module.Node)
        result = encapsulated(entry.write_result(arguments[0]), "1.1")
        told = stock.ask(do="result", case=number, encoding="1.1", ok=True, result=result)["told"]
        self.assertEqual(told, Told().of(found[number][1][0]))


def _is_kept(operation: str, arguments: Any) -> bool:
    return operation == "sliced" and type(arguments[0]).__name__ == "Kept"


class Source:
    """A communicator that knows the classes of one module only: the tests have several of one type id."""

    def __init__(self, module: Any) -> None:
        self.ice_values = _Index(module)


class _Index(ValueIndex):
    def __init__(self, module: Any) -> None:
        super().__init__()
        classes = [item for item in vars(module).values() if isinstance(item, type)]
        slices = [item.ice_slice for item in classes if "ice_slice" in vars(item)]
        self._one = {key: slice for slice in slices for key in (slice.type_id, _compact(slice))}

    def get(self, key: str | int, cls: type[Any]) -> Any:
        return self._one.get(key)

    def look(self) -> None:
        """It has looked."""


def _compact(slice: Any) -> Any:
    return getattr(slice, "compact_id", None)
