"""Stock Ice and we read the same from texts of proxies, endpoints and identities, and refuse the same."""

from __future__ import annotations

import subprocess

from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from pushnet.app.realworld import RealWorld
from pushnet.rpc.communicator import Communicator
from tests.interop.cases.texts import MODES, told
from tests.interop.ours import OurSide
from tests.interop.stock import HERE, SYSTEM_PYTHON, require_ice

OTHERWISE = {
    'id:tcp -h "a b" -p 1': "stock Ice writes the blank without quotes and cannot read it back",
    'id:ws -h h -p 1 -r "/a b"': "the same",
    "id:udp -h 239.1.1.1 -p 1 --ttl 256": "no datagram can have that: we refuse it",
    "id:opaque -t 99 -t 98 -v AA==": "of options that come twice the last one holds here, whatever they are",
    "\x7f": "identities may have control characters here: they are written as escapes",
    "\x01\x7f\x80": "the same",
    r"\377": "a byte that is no UTF-8: stock Ice reads it, and fails when Python asks for the text",
}
"""What we read in another way than stock Ice, and why."""
SSL = {"Ice.Plugin.IceSSL": "IceSSL:createIceSSL"}


class TextsWithStockTest(TestCase):
    maxDiff = None

    async def both(self, properties: dict[str, str]) -> None:
        require_ice(self)
        options = [f"--{name}={value}" for name, value in properties.items()]
        command = [SYSTEM_PYTHON, "stock_texts.py", *options]
        stock = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=True, env={})
        ours = Communicator(RealWorld(reactor, self.mktemp()), properties)
        self.addCleanup(ours.destroy)
        wrong = [
            f"  ours: {mine}\n stock: {theirs}"
            for mine, theirs in zip(told(OurSide(ours)), stock.stdout.splitlines(), strict=True)
            if mine != theirs and not any(f" {text!r} is " in mine for text in OTHERWISE)
        ]
        if wrong:
            self.fail("\n" + "\n".join(wrong))

    async def test_we_read_and_write_them_alike(self) -> None:
        await self.both(SSL)

    async def test_in_every_mode_of_writing(self) -> None:
        for mode in MODES:
            await self.both(SSL | {"Ice.ToStringMode": mode})

    async def test_defaults_stand_where_texts_say_nothing(self) -> None:
        defaults = {
            "Ice.Default.Host": "somewhere",
            "Ice.Default.Protocol": "ssl",
            "Ice.Default.Timeout": "1234",
            "Ice.Default.EncodingVersion": "1.0",
            "Ice.Default.SourceAddress": "10.1.2.3",
        }
        await self.both(SSL | defaults)
