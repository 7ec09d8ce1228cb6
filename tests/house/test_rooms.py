"""House rules about words: rooms say what they are for, names are not vague, nothing is of one machine."""

from __future__ import annotations

import ast
import configparser
import re

from twisted.trial.unittest import SynchronousTestCase

from tests.house.tree import TOP, modules, relative, texts

_MACHINE_PATH = re.compile(r"(?<![\w.{}])/(?:work|home|root|Users)/[\w.-]+")
_VAGUE = re.compile(r"(?:Manager|Handler|Processor|Engine|Utils?|Helpers?)$")
_VERSION = re.compile(
    r"""^\s*(?:__version__|version|VERSION)\s*(?::\s*[\w.]+\s*)?=\s*["']?\d+\.\d+\.\d+""", re.MULTILINE
)


class RoomsTest(SynchronousTestCase):
    def test_each_module_says_what_it_is(self) -> None:
        silent = [
            relative(path)
            for path in modules("pushnet")
            if not ast.get_docstring(ast.parse(path.read_text()))
        ]
        self.assertFalse(silent, "\n".join(silent))

    def test_no_class_is_named_vaguely(self) -> None:
        vague = [
            f"{relative(path)}:{node.lineno} {node.name}"
            for path in modules("pushnet", "tests", "twisted")
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.ClassDef) and _VAGUE.search(node.name)
        ]
        self.assertFalse(vague, "\n".join(vague))

    def test_the_version_stands_in_one_place(self) -> None:
        places = [relative(path) for path in texts() if _VERSION.search(path.read_text())]
        self.assertEqual(places, ["setup.cfg"])
        setup = configparser.ConfigParser()
        setup.read(TOP / "setup.cfg")
        self.assertRegex(setup["metadata"]["version"], r"^\d+\.\d+\.\d+$")

    def test_nothing_names_a_folder_of_one_machine(self) -> None:
        named = {
            relative(path): match[0]
            for path in texts()
            if (match := _MACHINE_PATH.search(path.read_text())) is not None
        }
        self.assertEqual(named, {})
