"""Stock Ice with its IceSSL plug-in and we call each other over TLS and over WebSocket in TLS."""

from __future__ import annotations

import os
from pathlib import Path

from pushnet.rpc.exceptions import ConnectFailedException, ConnectionLostException, SecurityException
from tests.certificates import authority
from tests.interop.transports import TransportCase

PLUGIN = {"Ice_Plugin_IceSSL": "IceSSL:createIceSSL"}
TURNED_AWAY = (SecurityException, ConnectionLostException, ConnectFailedException)


class TlsWithStockTest(TransportCase):
    def setUp(self) -> None:
        super().setUp()
        self.folder = os.path.abspath(self.mktemp())
        Path(self.folder).mkdir()
        root, stranger = authority(), authority("Stranger")
        for name, one in (
            ("ours", root.vouch("ours", ["127.0.0.1"])),
            ("stock", root.vouch("stock", ["127.0.0.1"])),
            ("stranger", stranger.vouch("stock")),
        ):
            Path(self.folder, f"{name}.pem").write_bytes(one.certificate)
            Path(self.folder, f"{name}.key").write_bytes(one.private_key("secret"))
        Path(self.folder, "root.pem").write_bytes(root.certificate)

    def settings(self, name: str, **more: str) -> dict[str, str]:
        return {
            **PLUGIN,
            "IceSSL_DefaultDir": self.folder,
            "IceSSL_CAs": "root.pem",
            "IceSSL_CertFile": f"{name}.pem",
            "IceSSL_KeyFile": f"{name}.key",
            "IceSSL_Password": "secret",
            **more,
        }

    async def test_a_stock_client_calls_us(self) -> None:
        for protocol in ("ssl", "wss"):
            ours = self.ours(**self.settings("ours"))
            adapter, echo = await self.serve(ours, f"{protocol} -h 127.0.0.1 -p 0")
            client = self.stock(**self.settings("stock"))
            for size in (0, 200, 70_000, 900_000):
                self.assertEqual(await client.ask(f"echo {size} {echo}"), f"echoed {size}")
            info = self.echo.calls[-1].con.getInfo()
            self.assertTrue(info.verified)
            self.assertIn(info.certs[0].encode(), Path(self.folder, "stock.pem").read_bytes())
            self.assertIn(f"{info.cipher} 2 ", await client.ask(f"info {echo}"))
            await client.finish()
            self.assertEqual((client.exit_code, adapter.connections), (0, []))

    async def test_we_call_a_stock_server(self) -> None:
        for protocol in ("ssl", "wss"):
            server, peer = await self.stock_server(f"{protocol} -h 127.0.0.1", **self.settings("stock"))
            ours = self.ours(**self.settings("ours", IceSSL_CheckCertName="1"))
            for size in (0, 200, 70_000, 900_000):
                proxy = await self.call(ours, peer, size)
            connection = await proxy.ice_getConnection()
            info = connection.getInfo()
            self.assertTrue(info.verified)
            self.assertIn(f"{info.cipher} 2 verified", await server.ask("peer"))
            await server.finish()
            await connection.gone()
            self.assertEqual(server.exit_code, 0)

    async def test_we_stop_while_a_stock_client_is_connected(self) -> None:
        for protocol in ("ssl", "wss"):
            ours = self.ours(**self.settings("ours"))
            adapter, echo = await self.serve(ours, f"{protocol} -h 127.0.0.1 -p 0")
            client = self.stock(**self.settings("stock"))
            await client.ask(f"echo 1 {echo}")
            await adapter.deactivate()
            self.assertEqual(adapter.connections, [])
            self.assertTrue((await client.ask(f"echo 1 {echo}")).startswith("! Connect"))

    async def test_a_stock_client_nobody_vouches_for_is_turned_away(self) -> None:
        _, echo = await self.serve(self.ours(**self.settings("ours")), "ssl -h 127.0.0.1 -p 0")
        client = self.stock(**self.settings("stranger"))
        self.assertTrue((await client.ask(f"echo 1 {echo}")).startswith("! "))
        self.assertEqual(self.echo.calls, [])

    async def test_a_stock_server_nobody_vouches_for_is_turned_away(self) -> None:
        _, peer = await self.stock_server(
            "ssl -h 127.0.0.1", **self.settings("stranger", IceSSL_VerifyPeer="0")
        )
        with self.assertRaises(SecurityException):
            await self.call(self.ours(**self.settings("ours")), peer)

    async def test_a_stock_server_turns_us_away_without_a_certificate(self) -> None:
        _, peer = await self.stock_server("ssl -h 127.0.0.1", **self.settings("stock"))
        with self.assertRaises(TURNED_AWAY):
            await self.call(self.ours(**self.settings("ours", IceSSL_CertFile="", IceSSL_KeyFile="")), peer)

    async def test_trust_is_by_name_on_both_sides_alike(self) -> None:
        for trust, let_in in (("CN=stock", True), ("!CN=stock", False), ("CN=other;CN=stock", True)):
            ours = self.ours(**self.settings("ours", IceSSL_TrustOnly_Server=trust))
            _, echo = await self.serve(ours, "ssl -h 127.0.0.1 -p 0")
            client = self.stock(**self.settings("stock"))
            self.assertEqual((await client.ask(f"echo 1 {echo}")) == "echoed 1", let_in, trust)
        for trust, let_in in (("CN=ours", True), ("!CN=ours", False)):
            stock = self.settings("stock", IceSSL_TrustOnly_Server=trust)
            _, peer = await self.stock_server("ssl -h 127.0.0.1", **stock)
            calling = self.call(self.ours(**self.settings("ours")), peer)
            if let_in:
                await calling
            else:
                with self.assertRaises(TURNED_AWAY):
                    await calling
