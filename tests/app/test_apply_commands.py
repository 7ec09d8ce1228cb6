"""What is said to who types `apply`, `diff`, `history` or `group` wrongly; what they do is in other tests."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.cli import main


class CommandsTest(SynchronousTestCase):
    def call(self, *words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    def wrong(self, *words: str) -> str:
        result = self.call(*words)
        self.assertEqual(result.exit_code, 2, result.output)
        return result.output

    def test_apply_wants_a_file_or_a_generation(self) -> None:
        self.assertIn("either FILE or --generation", self.wrong("apply"))
        self.assertIn("either FILE or --generation", self.wrong("apply", "f", "--generation", "1"))

    def test_a_wrong_file_is_told_before_anybody_is_asked(self) -> None:
        path = Path(self.mktemp())
        path.write_text('[cluster]\nsecret = "x"\n')
        for words in (("apply", str(path)), ("diff", str(path))):
            result = self.call(*words)
            self.assertEqual(result.exit_code, 1)
            self.assertIn(f"{path}: cluster.secret is shorter than 16", result.output)
        self.assertIn("cannot read nowhere.toml", self.call("diff", "nowhere.toml").output)

    def test_a_group_is_told_what_is_to_change(self) -> None:
        self.assertIn("say what is to change", self.wrong("group", "set", "Broker"))
        self.assertIn(
            "--split wants NAME=NUMBER, not 'east'", self.wrong("group", "set", "B", "--split", "east")
        )
        self.assertIn("not 'a=b'", self.wrong("group", "set", "B", "--weight", "x=1,a=b"))

    def test_a_registry_is_named_by_host_and_port(self) -> None:
        self.assertIn("--registry wants HOST:PORT", self.wrong("history", "--registry", "h"))
