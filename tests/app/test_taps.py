"""A node as a process: its options, its log, its signals and its end."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
from pathlib import Path
from typing import Any

from twisted.internet import reactor
from twisted.python.usage import UsageError
from twisted.trial.unittest import SynchronousTestCase, TestCase

from pushnet.app.config import data_folder
from pushnet.app.demo_config import free_ports
from pushnet.app.realworld import RealWorld
from pushnet.app.realworld_storage import claim
from pushnet.app.taps import NodeOptions, make_service
from pushnet.gen.pushnet.registry import NodeInfo, RegistryPrx
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.rpc.communicator import Communicator
from tests.app.children import Child, python

TWISTD = ("-c", "from twisted.scripts.twistd import run; run()", "--nodaemon", "--no_save", "--pidfile=")


def write(folder: Path, port: int) -> Path:
    folder.mkdir(parents=True)
    file = folder / "cluster.toml"
    file.write_text(
        f"""
        [cluster]
        secret = "0123456789abcdef"
        registry_port = {port}
        [[node]]
        name = "registry-1"
        role = "registry"
        """
    )
    return file


class OptionsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.file = write(Path(self.mktemp()), 4061)

    def refusal(self, role: str, *arguments: str) -> str:
        return str(self.assertRaises(UsageError, NodeOptions(role).parseOptions, list(arguments)))

    def test_the_only_node_of_a_role_need_not_be_named(self) -> None:
        options = NodeOptions("registry")
        options.parseOptions(["--config", str(self.file)])
        self.assertEqual(options["node"], "registry-1")

    def test_who_may_run_anywhere_is_at_home_with_the_agent_that_is_named(self) -> None:
        more = '[[node]]\nname = "m1"\nrole = "node"\nhost = "10.0.0.1"\n'
        more += '[[node]]\nname = "p"\nrole = "pusher"\nagent = "any"\n'
        self.file.write_text(self.file.read_text() + more)
        options = NodeOptions("pusher")
        options.parseOptions(["--config", str(self.file), "--node", "p", "--agent", "m1"])
        assert options.settings is not None
        self.assertEqual(options.settings.named("p").host, "10.0.0.1")

    def test_what_is_missing_or_wrong_is_said(self) -> None:
        config = ("--config", str(self.file))
        self.assertIn("--config FILE is missing", self.refusal("registry"))
        self.assertIn("--node is missing; there are: none", self.refusal("broker", *config))
        self.assertIn("no [[node]] is named", self.refusal("registry", *config, "--node", "x"))
        self.assertIn(
            "start it with twistd pushnet-registry", self.refusal("broker", *config, "--node", "registry-1")
        )
        self.assertIn("cannot read", self.refusal("registry", "--config", "nowhere.toml"))


class ProcessTest(TestCase):
    def start(self, port: int) -> Child:
        self.folder = Path(self.mktemp()).resolve()
        file = write(self.folder, port)
        return python(*TWISTD, "pushnet-registry", "--config", str(file), cwd=str(self.folder))

    def lines(self, out: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in out.splitlines()]

    async def test_it_serves_logs_json_and_ends_with_0_however_often_it_is_told(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            (port,) = free_ports(1)
            child = self.start(port)
            await child.says(b'"message":"serving"')
            child.signal(number)
            child.signal(number)
            ended = await child.ended
            self.assertEqual((ended.status, ended.err), (0, ""), ended.out)
            told = self.lines(ended.out)
            self.assertTrue(all(line["node"] == "registry-1" for line in told))
            self.assertEqual(told[-1]["message"], "stopped")

    async def test_a_port_in_use_is_one_clear_line_and_status_1(self) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            ended = await self.start(port).ended
        self.assertEqual(ended.status, 1, ended.out)
        told = [line for line in self.lines(ended.out) if line["level"] == "critical"]
        self.assertEqual(len(told), 1)
        self.assertRegex(told[0]["message"], f"^cannot start: .*{port}.*in use")

    async def test_a_write_that_fails_ends_it_with_one_clear_line_and_status_1(self) -> None:
        (port,) = free_ports(1)
        child = self.start(port)
        await child.says(b'"message":"serving"')
        resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (1, 1))
        communicator = Communicator(RealWorld(reactor, self.mktemp()))
        registry = RegistryPrx.uncheckedCast(
            communicator.stringToProxy(f"PushNet/Registry:tcp -h 127.0.0.1 -p {port}")
        )
        assert registry is not None
        joining = registry.join(NodeInfo(name="other", role="queue"), [], [])
        await self.assertFailure(joining, UnavailableException)
        ended = await child.ended
        await communicator.destroy()
        self.assertEqual(ended.status, 1, ended.out)
        (told,) = [line for line in self.lines(ended.out) if line["level"] == "critical"]
        self.assertRegex(told["message"], r"^cannot go on, ending: registry\.db: a commit failed \(disk I/O")

    async def test_an_unknown_key_is_said_before_anything_starts(self) -> None:
        folder = Path(self.mktemp()).resolve()
        file = write(folder, 4061)
        file.write_text(file.read_text() + "colour = 1\n")
        ended = await python(*TWISTD, "pushnet-registry", "--config", str(file), cwd=str(folder)).ended
        self.assertEqual(ended.status, 1)
        self.assertIn("node 'registry-1': Object contains unknown field `colour`", ended.out + ended.err)


class ClaimTest(SynchronousTestCase):
    def test_a_second_agent_of_a_name_is_told_who_has_it(self) -> None:
        file = write(Path(self.mktemp()).resolve(), 4061)
        file.write_text(file.read_text() + '[[node]]\nname = "m1"\nrole = "node"\n')
        options = NodeOptions("node")
        options.parseOptions(["--config", str(file), "--node", "m1"])
        assert options.settings is not None
        held = claim(data_folder(options.settings, options.settings.named("m1")))
        self.addCleanup(os.close, held)
        told = str(self.assertRaises(SystemExit, make_service, options))
        self.assertIn(f"m1 cannot start: process {os.getpid()} is the agent of this name", told)
