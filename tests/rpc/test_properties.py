"""Properties are asked for with their type, and say which one is wrong."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import InitializationException
from pushnet.rpc.properties import Properties


class PropertiesTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.properties = Properties({"A.Int": " 7 ", "A.Text": "x", "B": "1.5"})

    def test_what_is_not_set_is_empty_or_the_default(self) -> None:
        self.assertEqual(self.properties.getProperty("C"), "")
        self.assertEqual(self.properties.getPropertyWithDefault("C", "d"), "d")
        self.assertEqual(self.properties.getPropertyAsInt("C"), 0)
        self.assertEqual(self.properties.getPropertyAsIntWithDefault("C", 5), 5)
        self.assertEqual(self.properties.seconds("C", 2.5), 2.5)

    def test_what_is_set_comes_with_its_type(self) -> None:
        self.assertEqual(self.properties.getPropertyAsInt("A.Int"), 7)
        self.assertEqual(self.properties.seconds("B", 0.0), 1.5)

    def test_a_text_where_a_number_must_be_is_an_error_that_names_the_property(self) -> None:
        error = self.assertRaises(InitializationException, self.properties.getPropertyAsInt, "A.Text")
        self.assertIn("A.Text", str(error))
        self.assertRaises(InitializationException, self.properties.seconds, "A.Text", 0.0)

    def test_a_prefix_selects_in_order(self) -> None:
        self.assertEqual(self.properties.getPropertiesForPrefix("A."), {"A.Int": " 7 ", "A.Text": "x"})
        self.assertEqual(list(self.properties.getPropertiesForPrefix("A.")), ["A.Int", "A.Text"])
