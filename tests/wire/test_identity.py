"""Identities as text and bytes, compared with what stock Ice 3.7 answered."""

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.wire.errors import IdentityParseException, MarshalException
from pushnet.wire.identity import (
    Identity,
    identityToString,
    read_Identity,
    stringToIdentity,
    write_Identity,
)


class IdentityTests(SynchronousTestCase):
    def test_the_category_comes_first(self) -> None:
        self.assertEqual(identityToString(Identity("a", "b")), "b/a")
        self.assertEqual(str(Identity("a")), "a")

    def test_slashes_inside_are_escaped(self) -> None:
        self.assertEqual(identityToString(Identity("a/b", "c/d")), r"c\/d/a\/b")
        self.assertEqual(stringToIdentity(r"c\/d/a\/b"), Identity("a/b", "c/d"))

    def test_texts_are_read_as_ice_reads_them(self) -> None:
        for text, expected in (
            ("", Identity()),
            ("/", Identity()),
            ("a/", Identity("", "a")),
            ("/a", Identity("a")),
            (r"a\\/b", Identity("b", "a\\")),
            (r"a\/", Identity("a/")),
            ("\\", Identity("\\")),
            ("caté/né", Identity("né", "caté")),
        ):
            self.assertEqual(stringToIdentity(text), expected, text)

    def test_three_parts_are_refused(self) -> None:
        error = self.assertRaises(IdentityParseException, stringToIdentity, "a/b/c")
        self.assertEqual(str(error), "unescaped '/' in identity `a/b/c'")

    def test_a_bad_escape_says_in_which_part(self) -> None:
        error = self.assertRaises(IdentityParseException, stringToIdentity, r"\400")
        told = r"invalid identity name `\400': octal value \400 (256) is out of range"
        self.assertEqual(str(error), told)

    def test_a_category_without_a_name_is_refused_on_the_wire(self) -> None:
        self.assertRaises(MarshalException, read_Identity, b"\0\x01c", 0)

    @given(st.text(min_size=1), st.text())
    def test_every_identity_comes_back(self, name: str, category: str) -> None:
        identity = Identity(name, category)
        self.assertEqual(stringToIdentity(identityToString(identity)), identity)
        out = bytearray()
        write_Identity(out, identity)
        self.assertEqual(read_Identity(bytes(out), 0), (identity, len(out)))
