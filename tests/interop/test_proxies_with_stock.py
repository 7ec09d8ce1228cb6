"""Stock Ice and we go through the same proxy servers, and ask them for the same."""

from __future__ import annotations

from twisted.internet import reactor

from pushnet.app.realworld import RealWorld
from tests.interop.transports import TransportCase
from tests.net.small_proxies import SmallProxy


class ProxiesWithStockTest(TransportCase):
    async def proxy(self, kind: str) -> tuple[SmallProxy, dict[str, str]]:
        """A proxy server on the loopback, and the properties that lead through it."""
        proxy = SmallProxy(RealWorld(reactor, self.mktemp()), kind)
        port = await proxy.world.server_endpoint("127.0.0.1", 0).listen(proxy)
        self.addCleanup(port.stopListening)
        return proxy, {f"Ice_{kind}ProxyHost": "127.0.0.1", f"Ice_{kind}ProxyPort": str(port.getHost().port)}

    async def test_each_others_servers_are_reached_and_the_proxy_is_asked_alike(self) -> None:
        for kind in ("HTTP", "SOCKS"):
            proxy, through = await self.proxy(kind)
            for protocol in ("tcp", "ws"):
                adapter, echo = await self.serve(self.ours(), f"{protocol} -h 127.0.0.1 -p 0")
                client = self.stock(**through)
                self.assertEqual(await client.ask(f"echo 100000 {echo}"), "echoed 100000")
                await client.finish()
                _, peer = await self.stock_server(f"{protocol} -h 127.0.0.1")
                ours = self.ours(**through)
                await self.call(ours, peer, 100_000)
                await ours.destroy()
                await self.call(self.ours(**through), echo)
                theirs, _, again = proxy.asked
                self.assertEqual(again, theirs)
                proxy.asked.clear()
                await adapter.deactivate()
