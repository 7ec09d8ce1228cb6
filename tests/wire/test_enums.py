"""Enums are numbers with names."""

from twisted.trial.unittest import TestCase

from pushnet.wire.enums import SliceEnum


class Colour(SliceEnum):
    """With a gap."""

    red = 0
    green = 5


class EnumTest(TestCase):
    """`SliceEnum`."""

    def test_an_enumerator_is_found_by_its_value(self) -> None:
        self.assertIs(Colour.valueOf(5), Colour.green)

    def test_a_value_that_nothing_has_gives_none(self) -> None:
        self.assertIsNone(Colour.valueOf(1))
        self.assertIsNone(Colour.valueOf(-1))

    def test_enumerators_print_as_their_names(self) -> None:
        self.assertEqual(str(Colour.green), "green")
        self.assertEqual(f"{Colour.green}", "green")

    def test_they_are_sorted_by_value(self) -> None:
        self.assertEqual(sorted([Colour.green, Colour.red]), [Colour.red, Colour.green])
        self.assertLess(Colour.red, Colour.green)
