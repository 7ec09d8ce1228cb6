"""What an operator may write for a source."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.patch_fetching import proxy_text


class SourceTextTests(SynchronousTestCase):
    def test_a_host_and_port_endpoints_and_proxies_are_understood(self) -> None:
        self.assertEqual(proxy_text("one:4063"), "PushNet/Releases:tcp -h one -p 4063")
        self.assertEqual(proxy_text("ssl -h one -p 1"), "PushNet/Releases:ssl -h one -p 1")
        self.assertEqual(
            proxy_text("tcp -h a -p 1:tcp -h b -p 2"), "PushNet/Releases:tcp -h a -p 1:tcp -h b -p 2"
        )
        self.assertEqual(proxy_text("PushNet/Releases@Releases"), "PushNet/Releases@Releases")
