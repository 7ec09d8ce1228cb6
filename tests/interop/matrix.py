"""Each area of `cases` between pushnet and stock Ice, both ways, over each transport, in both encodings."""

from __future__ import annotations

import functools
import importlib
import os
from pathlib import Path
from types import ModuleType
from typing import Any

from twisted.internet import reactor

from pushnet.app.realworld import RealWorld
from pushnet.rpc.communicator import Communicator
from tests.certificates import authority
from tests.interop.cases.side import DONE, Where, checks, run
from tests.interop.cpp_peer import cpp_peer
from tests.interop.ours import OurSide, serve
from tests.interop.stock import SYSTEM_PYTHON, Program, require_ice

TRANSPORTS = ("tcp", "ssl", "ws", "wss")
ENDPOINTS = ":".join(f"{transport} -h 127.0.0.1 -p 0" for transport in TRANSPORTS)
RUNS = [(transport, encoding) for transport in TRANSPORTS[:3] for encoding in ("1.1", "1.0")] + [
    ("wss", "1.1")
]
"""Which transports and encodings each area is tried with."""


@functools.cache
def certificates() -> dict[str, bytes]:
    """PEM files by name: of an authority, and of those it vouches for."""
    root = authority()
    files = {"root.pem": root.certificate}
    for name in ("ours", "stock"):
        one = root.vouch(name, ["127.0.0.1"])
        files |= {f"{name}.pem": one.certificate, f"{name}.key": one.private_key("secret")}
    return files


class Matrix:
    """To be mixed into a TestCase: `area` names a module of `cases`."""

    timeout = 60
    area = ""
    runs = RUNS
    properties: dict[str, str] = {}
    """Beyond those of TLS, for both sides."""
    logged: tuple[type[Exception], ...] = ()
    """Errors of our servants that we log: the area wants them."""

    def setUp(self: Any) -> None:
        require_ice(self)
        self.folder = os.path.abspath(self.mktemp())
        Path(self.folder).mkdir()
        for name, content in certificates().items():
            Path(self.folder, name).write_bytes(content)
        if "_cpp_" in self.id():
            cpp_peer(self)  # here, where building it may take longer than a test's timeout
        self.module: ModuleType = importlib.import_module(f"tests.interop.cases.{self.area}")

    async def test_a_stock_python_client_calls_us(self: Any) -> None:
        await self.stock_calls_us(self.python())

    async def test_a_stock_cpp_client_calls_us(self: Any) -> None:
        await self.stock_calls_us(self.cpp())

    async def test_we_call_a_stock_python_server(self: Any) -> None:
        await self.we_call_stock(self.python(self.area, **{"Server.Endpoints": ENDPOINTS}))

    async def test_we_call_a_stock_cpp_server(self: Any) -> None:
        await self.we_call_stock(self.cpp(self.area, **{"Server.Endpoints": ENDPOINTS}))

    async def test_we_call_us(self: Any) -> None:
        adapter = await serve(self.ours(), ENDPOINTS, [self.module])
        await self.we_call([str(endpoint) for endpoint in adapter.getEndpoints()])

    async def stock_calls_us(self: Any, client: Program) -> None:
        """Run the area's checks in a program of stock Ice, against us."""
        adapter = await serve(self.ours(), ENDPOINTS, [self.module])
        wrong: list[str] = []
        for endpoint, encoding in self.planned([str(endpoint) for endpoint in adapter.getEndpoints()]):
            told: list[str] = []
            client.say(f"{self.area} {encoding} {endpoint}")
            while (line := await client.line()) != DONE:
                told.append(line)
            wrong += self.judged(told, endpoint, encoding)
        await client.finish()
        self.right(wrong)
        self.assertEqual(client.exit_code, 0)

    async def we_call_stock(self: Any, server: Program) -> None:
        """Run the area's checks here, against a server of stock Ice."""
        await self.we_call((await server.line()).split(":"))
        await server.finish()
        self.assertEqual(server.exit_code, 0)

    async def we_call(self: Any, endpoints: list[str]) -> None:
        side = OurSide(self.ours())
        wrong: list[str] = []
        for endpoint, encoding in self.planned(endpoints):
            told = await run(self.module, Where(side, encoding, endpoint))
            wrong += self.judged(told, endpoint, encoding)
        self.right(wrong)

    def right(self: Any, wrong: list[str]) -> None:
        """Fail, if anything is wrong, with all of it."""
        if self.logged:
            self.flushLoggedErrors(*self.logged)
        if wrong:
            self.fail("\n" + "\n".join(wrong))

    def planned(self: Any, endpoints: list[str]) -> list[tuple[str, str]]:
        """Endpoints and encodings to try."""
        by_name = {endpoint.split(maxsplit=1)[0]: endpoint for endpoint in endpoints}
        return [(by_name[transport], encoding) for transport, encoding in self.runs]

    def judged(self: Any, told: list[str], endpoint: str, encoding: str) -> list[str]:
        """What went wrong; a check that has not been run, too."""
        transport = endpoint.split(maxsplit=1)[0]
        found = {line.split()[1].rstrip(":") for line in told}
        wrong = [line for line in told if not line.startswith("ok ")]
        wrong += [f"not run: {name}" for name in checks(self.module) if name not in found]
        wrong += [f"nobody knows {name}" for name in sorted(found) if name not in checks(self.module)]
        return [f"{transport} {encoding}: {line}" for line in wrong]

    def ours(self: Any, **more: str) -> Communicator:
        communicator = Communicator(RealWorld(reactor, self.mktemp()), self.settings("ours") | more)
        self.addCleanup(communicator.destroy)
        return communicator

    def settings(self: Any, name: str) -> dict[str, str]:
        return {
            "Ice.Plugin.IceSSL": "IceSSL:createIceSSL",
            "IceSSL.DefaultDir": self.folder,
            "IceSSL.CAs": "root.pem",
            "IceSSL.CertFile": f"{name}.pem",
            "IceSSL.KeyFile": f"{name}.key",
            "IceSSL.Password": "secret",
            **self.properties,
        }

    def python(self: Any, *words: str, **more: str) -> Program:
        """Stock Ice's Python with the cases; with words, and `Server.Endpoints`, it serves those areas."""
        return self._stock([SYSTEM_PYTHON, "-u", "stock_matrix.py"], words, more)

    def cpp(self: Any, *words: str, **more: str) -> Program:
        """Stock Ice's C++ with the cases."""
        return self._stock([cpp_peer(self)], words, more)

    def _stock(self: Any, command: list[str], words: tuple[str, ...], more: dict[str, str]) -> Program:
        settings = (
            self.settings("stock") | {"Ice.ThreadPool.Server.Size": "4", "Ice.AcceptClassCycles": "1"} | more
        )
        program = Program(*words, *(f"--{key}={value}" for key, value in settings.items()), command=command)
        self.addCleanup(program.kill)
        return program
