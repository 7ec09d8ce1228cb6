"""Metadata before members, parameters and results makes of sequences what it makes of them in stock Ice."""

from __future__ import annotations

import subprocess
from typing import Any

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.rpc.communicator import Communicator
from pushnet.wire.identity import Identity
from tests.golden import forms
from tests.interop.cases.forms import told
from tests.interop.stock import HERE, SYSTEM_PYTHON, require_ice


class MakerI(forms.MakerServant):
    def __init__(self) -> None:
        self.said: list[str] = []

    def swap(self, numbers: Any, current: Any = None) -> Any:
        self.said.append(repr(numbers))
        return list(numbers), bytes(list(numbers))

    def _pass(self, rows: Any, node: Any, current: Any = None) -> Any:
        return rows, node

    def fail(self, current: Any = None) -> Any:
        raise forms.Wrong(("a",))

    def maybe(self, texts: Any, current: Any = None) -> Any:
        self.said.append(repr(texts))


class FormsWithStockTest(TestCase):
    async def test_each_has_the_form_that_it_has_there(self) -> None:
        require_ice(self)
        command = [SYSTEM_PYTHON, "stock_forms.py"]
        stock = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True, env={})
        communicator = Communicator(
            RealWorld(reactor, self.mktemp()), {"Ice.Default.CollocationOptimized": "0"}
        )
        self.addCleanup(communicator.destroy)
        adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h 127.0.0.1")
        servant = MakerI()
        proxy = forms.MakerPrx.uncheckedCast(adapter.add(servant, Identity("maker")))
        await adapter.activate()
        steps, result = told(forms, proxy), None
        lines: list[str] = []
        while not lines:
            try:
                called = steps.send(result)
            except StopIteration as end:
                lines = [*servant.said, *end.value]
                break
            try:
                result = await called()
            except forms.Wrong as error:
                result = error
        self.assertEqual(lines, stock.stdout.splitlines())
