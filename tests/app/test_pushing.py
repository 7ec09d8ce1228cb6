"""Whom `pushnet push` asks, and as whom."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.pushing import Target, where
from pushnet.grid.settings import Settings, load_settings

KEY, SECRET = "k" * 24, "s" * 24


def settings(port: int) -> Settings:
    return load_settings(
        f"""
        [cluster]
        secret = "0123456789abcdef"
        host = "10.0.0.1"
        [[app]]
        key = "{KEY}"
        secret = "{SECRET}"
        [[node]]
        name = "g"
        role = "gateway"
        gateway.port = {port}
        """,
        "cluster.toml",
    )


class WhereTest(SynchronousTestCase):
    def test_the_file_says_it_all(self) -> None:
        self.assertEqual(where(settings(8080), None, None), Target("http://10.0.0.1:8080", KEY, SECRET))

    def test_options_go_before_the_file(self) -> None:
        target = where(settings(8080), "http://other", "a:b:c")
        self.assertEqual(target, Target("http://other", "a", "b:c"))

    def test_what_is_missing_is_asked_for(self) -> None:
        self.assertIn("--url", str(where(None, None, "a:b")))
        self.assertIn("--url", str(where(settings(0), None, None)))
        self.assertIn("--app", str(where(None, "http://x", None)))
        self.assertIn("--app", str(where(None, "http://x", "keywithoutsecret")))

    def test_the_secret_is_not_shown_by_accident(self) -> None:
        self.assertNotIn("b" * 24, repr(where(None, "http://x", "a:" + "b" * 24)))
