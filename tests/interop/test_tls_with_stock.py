"""Stock Ice with its IceSSL plug-in and we call each other over TLS and over WebSocket in TLS."""

from __future__ import annotations

import os
from pathlib import Path

from OpenSSL import crypto

from pushnet.rpc.exceptions import ConnectFailedException, ConnectionLostException, SecurityException
from tests.certificates import authority
from tests.interop.transports import TransportCase

SSL = "ssl -h 127.0.0.1 -p 0"
PLUGIN = {"Ice_Plugin_IceSSL": "IceSSL:createIceSSL"}
TURNED_AWAY = (SecurityException, ConnectionLostException, ConnectFailedException)


class TlsWithStockTest(TransportCase):
    def setUp(self) -> None:
        super().setUp()
        self.folder = os.path.abspath(self.mktemp())
        Path(self.folder).mkdir()
        self.root = root = authority()
        self.people = {
            "ours": root.vouch("ours", ["127.0.0.1"]),
            "stock": root.vouch("stock", ["127.0.0.1"]),
            "stranger": authority("Stranger").vouch("stock"),
            "rsa": root.vouch("ours", ["127.0.0.1"], rsa_key=True),
            "common": root.vouch("localhost"),
            "far": root.vouch("Middle", authority=True).vouch("far", ["127.0.0.1"]),
        }
        for name, one in self.people.items():
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

    async def test_authorities_in_a_folder_serve_both(self) -> None:
        root = Path(self.folder, "root.pem").read_bytes()
        name = f"{crypto.load_certificate(crypto.FILETYPE_PEM, root).subject_name_hash():08x}.0"
        folder = Path(self.folder, "authorities")
        folder.mkdir()
        Path(folder, name).write_bytes(root)
        _, echo = await self.serve(self.ours(**self.settings("ours", IceSSL_CAs="authorities")), SSL)
        client = self.stock(**self.settings("stock", IceSSL_CAs="authorities"))
        self.assertEqual(await client.ask(f"echo 10 {echo}"), "echoed 10")
        self.assertTrue(self.echo.calls[-1].con.getInfo().verified)
        await client.finish()
        _, peer = await self.stock_server("ssl -h 127.0.0.1", **self.settings("stock"))
        await self.call(self.ours(**self.settings("ours", IceSSL_CAs="authorities")), peer)
        empty = self.ours(**self.settings("ours", IceSSL_CAs="."))
        with self.assertRaises(SecurityException):
            await self.call(empty, peer)

    async def test_a_stock_client_never_tells_that_a_server_is_verified_whose_ever_it_is(self) -> None:
        """It has verified it, as its refusal of strangers shows; its `verified` stays false."""
        _, echo = await self.serve(self.ours(**self.settings("ours")), SSL)
        _, peer = await self.stock_server("ssl -h 127.0.0.1", **self.settings("stock"))
        client = self.stock(**self.settings("stock"))
        for proxy in (echo, peer):
            self.assertIn(" 2 unverified ", await client.ask(f"info {proxy}"))

    async def test_revoked_certificates_are_turned_away_on_both_sides_alike(self) -> None:
        for name, revoked in (
            ("none", ()),
            ("ours", (self.people["ours"],)),
            ("stock", (self.people["stock"],)),
        ):
            Path(self.folder, f"{name}.crl").write_bytes(self.root.revoked(*revoked))
        for given, good in (("none", True), ("stock", False), ("ours", True)):
            check = {"IceSSL_RevocationCheck": "1", "IceSSL_CertificateRevocationListFiles": f"{given}.crl"}
            _, echo = await self.serve(self.ours(**self.settings("ours", **check)), SSL)
            client = self.stock(**self.settings("stock"))
            self.assertEqual(await client.ask(f"echo 10 {echo}") == "echoed 10", good)
            await client.finish()
        for given, good in (("none", True), ("ours", False)):
            check = {"IceSSL_RevocationCheck": "1", "IceSSL_CertificateRevocationListFiles": f"{given}.crl"}
            _, peer = await self.stock_server("ssl -h 127.0.0.1", **self.settings("stock", **check))
            ours = self.ours(**self.settings("ours"))
            if good:
                await self.call(ours, peer)
                continue
            with self.assertRaises(TURNED_AWAY):
                await self.call(ours, peer)

    async def test_a_stock_client_chooses_among_our_certificates(self) -> None:
        both = {"IceSSL_CertFile": "ours.pem:rsa.pem", "IceSSL_KeyFile": "ours.key:rsa.key"}
        _, echo = await self.serve(self.ours(**self.settings("ours", **both)), SSL)
        for kind in ("ECDSA", "RSA"):
            wishes = {"IceSSL_Ciphers": f"ECDHE-{kind}-AES256-GCM-SHA384", "IceSSL_Protocols": "TLS1_2"}
            client = self.stock(**self.settings("stock", **wishes))
            self.assertIn(f"ECDHE-{kind}-", await client.ask(f"info {echo}"))
            await client.finish()

    async def test_chains_that_are_too_long_are_refused_alike(self) -> None:
        for depth, good in (("2", False), ("3", True), ("0", True)):
            limit = {"IceSSL_VerifyDepthMax": depth}
            _, echo = await self.serve(self.ours(**self.settings("ours", **limit)), SSL)
            client = self.stock(**self.settings("far"))
            self.assertEqual(await client.ask(f"echo 10 {echo}") == "echoed 10", good, depth)
            await client.finish()
            _, peer = await self.stock_server("ssl -h 127.0.0.1", **self.settings("stock", **limit))
            ours = self.ours(**self.settings("far"))
            if good:
                await self.call(ours, peer)
                continue
            with self.assertRaises(TURNED_AWAY):
                await self.call(ours, peer)

    async def test_names_are_checked_alike(self) -> None:
        _, echo = await self.serve(self.ours(**self.settings("common")), "ssl -h 127.0.0.1 -p 0")
        for host, good in (("localhost", True), ("127.0.0.1", False)):
            target = echo.replace("127.0.0.1", host)
            client = self.stock(**self.settings("stock", IceSSL_CheckCertName="1"))
            self.assertEqual(await client.ask(f"echo 10 {target}") == "echoed 10", good, host)
            await client.finish()
            ours = self.ours(**self.settings("ours", IceSSL_CheckCertName="1"))
            if good:
                await self.call(ours, target)
                continue
            with self.assertRaises(SecurityException):
                await self.call(ours, target)
