"""Documents: what was written is read back; what cannot be is refused with the field."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.patch.documents import Pack, Rule, fields_of, read_document, same_content
from pushnet.grid.patch.refusals import Malformed, Refused
from tests.grid.patch.papers import entry, release, root
from tests.grid.patch.test_canonical import VALUES


class DocumentTests(SynchronousTestCase):
    def test_what_was_written_is_read_back(self) -> None:
        for document in (release(files=[entry("a"), entry("b/c")]), root()):
            self.assertEqual(read_document(fields_of(document), "it"), document)

    def refused(self, document: Any, **changed: object) -> str:
        fields = {**fields_of(document), **changed}
        return str(self.assertRaises(Refused, read_document, fields, "it"))

    def test_fields_that_are_unknown_missing_or_of_another_kind_are_refused(self) -> None:
        self.assertIn("unknown field `requires`", self.refused(release(), requires=[]))
        self.assertIn("Expected `int`", self.refused(release(), counter="1"))
        self.assertIn("type", self.refused(release(), type="malware"))
        fields = fields_of(release())
        del fields["files"]
        self.assertRaises(Malformed, read_document, fields, "it")

    def test_a_release_that_cannot_be_is_refused(self) -> None:
        self.assertIn("counter", self.refused(release(), counter=0))
        self.assertIn("dates", self.refused(release(), expires=5))
        self.assertIn("rules of version 2", self.refused(release(), spec=2))
        self.assertIn("names no release", self.refused(release(), name="../etc"))
        self.assertIn("climbing", self.refused(release(files=[entry("../a")])))
        self.assertIn("not sorted", self.refused(release(files=[entry("b"), entry("a")])))
        self.assertIn("differ only in", self.refused(release(files=[entry("A"), entry("a")])))

    def test_sizes_and_packs_that_cannot_be_are_refused(self) -> None:
        file = entry("a", b"x" * 100)
        good = Pack("", "0" * 64, 50)
        read_document(fields_of(release(files=[msgspec.structs.replace(file, packs=(good,))])), "it")
        for pack in (
            Pack("", "0" * 64, 100),
            Pack("", "0" * 64, 0),
            Pack("zz", "0" * 64, 5),
            Pack("", "0", 5),
        ):
            self.refused(release(files=[msgspec.structs.replace(file, packs=(pack,))]))
        self.refused(release(files=[msgspec.structs.replace(file, packs=(good,) * 9)]))
        self.refused(release(files=[msgspec.structs.replace(file, size=1 << 40)]))
        self.refused(release(files=[msgspec.structs.replace(file, size=-1)]))
        huge = [msgspec.structs.replace(file, path=f"{n:02}", size=256 << 20) for n in range(33)]
        self.assertIn("more than", self.refused(release(files=huge)))

    def test_too_many_files_are_refused(self) -> None:
        many = [entry(f"{n:05}") for n in range(20_001)]
        self.assertIn("more than 20000 files", self.refused(release(files=many)))

    def test_a_root_whose_rules_cannot_be_met_is_refused(self) -> None:
        good = root()
        rule = good.rules["release"]
        for bad in (
            Rule(rule.keys, 2),
            Rule(rule.keys, 0),
            Rule((), 0),
            Rule(("0" * 64,), 1),
            Rule(rule.keys * 2, 2),
        ):
            rules = {**good.rules, "release": bad}
            self.assertRaises(
                Malformed, read_document, fields_of(msgspec.structs.replace(good, rules=rules)), "it"
            )
        lame = {role: rule for role, rule in good.rules.items() if role != "snapshot"}
        self.assertRaises(
            Malformed, read_document, fields_of(msgspec.structs.replace(good, rules=lame)), "it"
        )

    @given(st.data())
    def test_whatever_stands_in_a_field_is_a_document_or_refused(self, data: st.DataObject) -> None:
        fields: Any = fields_of(data.draw(st.sampled_from([release(files=[entry("a")]), root()])))
        place, holder = fields, None
        while isinstance(place, dict | list) and place:
            key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
            holder, place = place, place[key]
            if data.draw(st.booleans()):
                break
        assert holder is not None
        holder[key] = data.draw(VALUES)
        try:
            document = read_document(fields, "it")
        except Refused:
            return
        self.assertEqual(msgspec.json.encode(fields_of(document)), msgspec.json.encode(fields))

    def test_the_same_files_are_the_same_content_however_they_travel(self) -> None:
        file = entry("a", b"x" * 100)
        packed = msgspec.structs.replace(file, packs=(Pack("", "0" * 64, 50),))
        self.assertTrue(same_content(release(1, files=[file]), release(2, "1.1.0", files=[packed])))
        self.assertFalse(same_content(release(files=[file]), release(files=[entry("a", b"y")])))
        program = msgspec.structs.replace(file, executable=True)
        self.assertFalse(same_content(release(files=[file]), release(files=[program])))
