"""Commands about a whole cluster: arguments and errors. What needs a cluster is tried in `tests.system`."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.cli import main
from pushnet.roles.password import PasswordHash
from tests.house.tree import TOP


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


class CommandTest(SynchronousTestCase):
    def file(self, text: str) -> str:
        path = Path(self.mktemp())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return str(path)

    def test_every_command_tells_its_help(self) -> None:
        for command in ("up", "check", "status", "push", "password", "demo"):
            result = call(command, "--help")
            self.assertEqual(result.exit_code, 0)
            self.assertIn("Usage:", result.output)
            self.assertIn(command, call("--help").output)

    def test_check_tells_what_a_file_describes(self) -> None:
        result = call("check", str(TOP / "etc" / "cluster.toml"))
        self.assertEqual(result.exit_code, 0, result.output)
        self.assertIn("cluster pushnet, 11 nodes, 0 servers, 1 apps", result.output)
        self.assertIn("broker-2: broker", result.output)

    def test_check_tells_what_is_wrong_with_a_file(self) -> None:
        result = call("check", self.file('[cluster]\nsecret = "0123456789abcdef"\ncolour = "red"\n'))
        self.assertEqual(result.exit_code, 1)
        self.assertIn("unknown field `colour`", result.output)

    def test_a_password_becomes_a_hash_that_a_relay_takes(self) -> None:
        result = call("password", "--password", "open sesame")
        self.assertEqual(result.exit_code, 0)
        self.assertTrue(PasswordHash.parse(result.output.strip()).matches("open sesame"))

    def test_push_asks_for_what_is_missing(self) -> None:
        result = call("push", "hello")
        self.assertEqual(result.exit_code, 2)
        self.assertIn("--url", result.output)

    def test_status_refuses_an_address_that_is_none(self) -> None:
        result = call("status", "--registry", "localhost")
        self.assertEqual(result.exit_code, 2)
        self.assertIn("HOST:PORT", result.output)

    def test_a_demonstration_of_too_few_devices_is_refused(self) -> None:
        self.assertEqual(call("demo", "--devices", "1").exit_code, 2)
