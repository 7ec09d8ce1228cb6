"""The wheel, built and installed into a fresh environment, brings its plugins and commands along."""

from __future__ import annotations

import shutil
import site
import sys
from pathlib import Path

from twisted.trial.unittest import TestCase

from pushnet.grid.settings import ROLES
from tests.app.children import Child, Ended
from tests.house.tree import TOP

LIMIT_S = 300.0
"""For a program that compiles, or that fetches what compiles, on a machine with much else to do."""


def python(*arguments: str, env: dict[str, str] | None = None, cwd: str | None = None) -> Child:
    return Child([sys.executable, *arguments], env, cwd, LIMIT_S)


class WheelTest(TestCase):
    timeout = 600

    async def well(self, child: Child) -> Ended:
        ended = await child.ended
        self.assertEqual(ended.status, 0, ended.out + ended.err)
        return ended

    async def test_an_installed_wheel_lists_every_node_outside_the_tree(self) -> None:
        room = Path(self.mktemp()).resolve()
        room.mkdir(parents=True)
        await self.well(python("-m", "build", "--wheel", "--outdir", str(room / "dist"), cwd=str(TOP)))
        (wheel,) = (room / "dist").glob("pushnet-*.whl")
        await self.well(python("-m", "venv", str(room / "venv")))
        bin_folder = room / "venv" / "bin"
        # What the wheel depends on is taken from our environment. A folder on PYTHONPATH has its .pth files
        # ignored, so this tree's editable install does not come along.
        env = {"PYTHONPATH": site.getsitepackages()[0]}

        async def inside(program: str, *arguments: str) -> str:
            child = Child([str(bin_folder / program), *arguments], env, str(room))
            return (await self.well(child)).out

        await self.well(
            Child(
                [
                    str(bin_folder / "python"),
                    "-m",
                    "pip",
                    "install",
                    "-q",
                    "--no-deps",
                    "--no-index",
                    str(wheel),
                ]
            )
        )
        where = await inside("python", "-c", "import pushnet; print(pushnet.__file__)")
        self.assertTrue(where.startswith(str(room)), where)
        listed = await inside("python", "-c", "from twisted.scripts.twistd import run; run()", "--help")
        for role in ROLES:
            self.assertIn(f"pushnet-{role} ", listed)
        self.assertIn("demo", await inside("pushnet", "--help"))
        self.assertIn("--check", await inside("slice2tx", "compile", "--help"))

    async def test_a_compiled_wheel_reads_and_writes_the_same(self) -> None:
        room = Path(self.mktemp()).resolve()
        room.mkdir(parents=True)
        source = room / "source"
        shutil.copytree(
            TOP / "pushnet", source / "pushnet", ignore=shutil.ignore_patterns("*.so", "__pycache__")
        )
        for name in ("setup.py", "setup.cfg", "pyproject.toml", "README.md"):
            shutil.copy(TOP / name, source)
        made = ("pip", "wheel", "-q", "--no-deps", "-w", str(room))
        await self.well(python("-m", *made, str(source), env={"PUSHNET_COMPILE": "1"}))
        (wheel,) = room.glob("pushnet-*.whl")
        shutil.unpack_archive(wheel, room / "compiled", "zip")
        machine_code = {path.name.split(".")[0] for path in (room / "compiled/pushnet").rglob("*.so")}
        self.assertIn("value_reader", machine_code)
        shutil.copytree(TOP / "tests", room / "compiled/tests", ignore=shutil.ignore_patterns("__pycache__"))
        told = await self.well(python("-m", "twisted.trial", "tests.wire", cwd=str(room / "compiled")))
        self.assertIn("PASSED", told.out + told.err)
