"""Lines broken as the formatter breaks them."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.slice.emit.layout import WIDTH, bracketed, collection, expression, listed, quoted


class LayoutTest(SynchronousTestCase):
    def test_what_fits_stays_on_one_line(self) -> None:
        self.assertEqual(bracketed("f(", ["a", "b"], ")"), ["f(a, b)"])
        self.assertEqual(collection("[", ["a", "b"], "]"), ["[a, b]"])
        self.assertEqual(listed("return ", ["a", "b"], ""), ["return a, b"])

    def test_arguments_share_a_line_if_they_can(self) -> None:
        name = "f" * 60
        self.assertEqual(
            bracketed(f"{name}(", ["a" * 30, "b" * 30], ")"), [f"{name}(", f"    {'a' * 30}, {'b' * 30}", ")"]
        )

    def test_else_each_has_its_own(self) -> None:
        items = ["a" * 60, "b" * 60]
        self.assertEqual(bracketed("f(", items, ")"), ["f(", f"    {items[0]},", f"    {items[1]},", ")"])
        self.assertEqual(collection("[", items, "]"), ["[", f"    {items[0]},", f"    {items[1]},", "]"])
        self.assertEqual(
            listed("return ", items, ""), ["return (", f"    {items[0]},", f"    {items[1]},", ")"]
        )

    def test_depth_takes_room_away(self) -> None:
        item = "a" * (WIDTH - 3)
        self.assertEqual(len(bracketed("f(", [item], ")")), 1)
        self.assertEqual(len(bracketed("f(", [item], ")", depth=1)), 3)

    def test_calls_of_calls_are_broken_from_the_outside(self) -> None:
        inner = f"G({'a' * 50}, {'b' * 50})"
        self.assertEqual(
            expression("x = ", f"F({inner}, c)", ""),
            ["x = F(", f"    {inner},", "    c,", ")"],
        )
        self.assertEqual(expression("", f"append({inner})", ""), ["append(", f"    {inner}", ")"])

    def test_strings_are_quoted_as_ruff_would(self) -> None:
        for text, literal in (
            ("a", '"a"'),
            ('say "x"', "'say \"x\"'"),
            ('it\'s "x"', '"it\'s \\"x\\""'),
            ("\n\t\\", '"\\n\\t\\\\"'),
            ("\x00\u2028", '"\\x00\\u2028"'),
            ("é", '"é"'),
        ):
            self.assertEqual(quoted(text), literal)
            self.assertEqual(eval(literal), text)


class LoneParameterTest(SynchronousTestCase):
    def test_a_lone_parameter_on_a_line_of_its_own_has_a_comma_and_a_lone_argument_has_none(self) -> None:
        long = "value: " + "x" * 80
        head = "def " + "f" * 30 + "("
        self.assertEqual(bracketed(head, [long], "):"), [head, f"    {long},", "):"])
        self.assertEqual(bracketed(head[4:], [long], ")"), [head[4:], f"    {long}", ")"])
        self.assertEqual(bracketed(head, ["self", long], "):"), [head, f"    self, {long}", "):"])
