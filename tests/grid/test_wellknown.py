"""What may be a name."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.grid.wellknown import NAME_CHARACTERS_MAX, is_name


class NameTests(SynchronousTestCase):
    def test_names_are_short_and_printable(self) -> None:
        for text in ("a", "DBAgent.0", "broker-1", "Ünïcode name", "x" * NAME_CHARACTERS_MAX):
            self.assertTrue(is_name(text), text)
        for text in ("", "a\nb", "\x00", "x" * (NAME_CHARACTERS_MAX + 1)):
            self.assertFalse(is_name(text), text)
