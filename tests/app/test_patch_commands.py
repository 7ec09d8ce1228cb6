"""`pushnet patch` as an operator types it, in processes of its own: publish, serve, fetch, verify."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner
from twisted.trial.unittest import SynchronousTestCase

from pushnet.app.cli import main
from tests.house.tree import TOP

LIMIT_S = 60


class PatchCommandTests(SynchronousTestCase):
    def setUp(self) -> None:
        self.folder = Path(self.mktemp()).absolute()
        (self.folder / "app/bin").mkdir(parents=True)
        (self.folder / "app/bin/run").write_text("#!/bin/sh\necho running\n")
        (self.folder / "app/bin/run").chmod(0o755)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", "from pushnet.app.cli import main; main()", "patch", *arguments]
        environment = {**os.environ, "PYTHONPATH": str(TOP)}
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env=environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.addCleanup(self.end, process)
        return process

    def end(self, process: subprocess.Popen[str]) -> None:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=LIMIT_S)

    def call(self, *arguments: str, status: int = 0) -> str:
        process = self.start(*arguments)
        output, errors = process.communicate(timeout=LIMIT_S)
        self.assertEqual(process.returncode, status, f"{arguments}: {output}{errors}")
        return output if status == 0 else output + errors

    def test_from_a_folder_to_a_program_that_runs_elsewhere(self) -> None:
        self.call("keys", "make")
        told = json.loads(self.call("publish", "app", "--name", "broker", "--version", "1.0.0", "--json"))
        self.assertEqual((told["files"], told["signatures_missing"]), (1, 0))
        serving = self.start("serve", "--endpoint", "tcp -h 127.0.0.1 -p 0", "--json")
        assert serving.stdout is not None
        where = json.loads(serving.stdout.readline())["endpoint"]
        fetch = ("fetch", "broker", "--from", where, "--store", "node")
        self.assertIn("name the publisher's root file (--root)", self.call(*fetch, status=1))
        told = json.loads(self.call(*fetch, "--root", "releases/roots/1.json", "--activate", "--json"))
        self.assertEqual((told["version"], told["active"]), ("1.0.0", True))
        program = self.folder / "node/current/broker/bin/run"
        self.assertEqual(subprocess.run([program], capture_output=True, check=True).stdout, b"running\n")
        program.write_text("#!/bin/sh\necho broken\n")
        self.assertIn("its size or mode is another", self.call("verify", "--store", "node", status=1))
        self.assertIn("everything is as it was signed", self.call("verify"))

    def test_every_command_tells_its_help(self) -> None:
        for command in (
            "publish",
            "sign",
            "countersign",
            "renew",
            "refresh",
            "list",
            "show",
            "diff",
            "verify",
            "gc",
            "serve",
            "fetch",
            "activate",
            "rollback",
            "tidy",
        ):
            result = CliRunner().invoke(main, ["patch", command, "--help"])
            self.assertEqual(result.exit_code, 0)
            self.assertIn("--root" if command == "countersign" else "--store", result.output)

    def test_a_store_that_is_none_is_told_with_the_cure(self) -> None:
        result = CliRunner().invoke(main, ["patch", "list", "--store", self.mktemp()])
        self.assertEqual(result.exit_code, 1)
        self.assertIn("keys make", result.output)
