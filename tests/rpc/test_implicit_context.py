"""What goes along with every call: by itself, beside a proxy's context, and never with an explicit one."""

import contextvars
from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import InitializationException
from pushnet.rpc.implicit_context import ImplicitContext, PerContext, SharedContext, implicit_context
from tests.rpc.given import Grid


class ImplicitContextTest(SynchronousTestCase):
    def both(self) -> list[ImplicitContext]:
        return [SharedContext(), PerContext()]

    def test_it_is_read_and_changed_by_key_and_as_a_whole(self) -> None:
        for context in self.both():
            self.assertEqual(
                (context.get("a"), context.remove("a"), context.containsKey("a")), ("", "", False)
            )
            self.assertEqual(context.put("a", "1"), "")
            self.assertEqual(context.put("a", "2"), "1")
            self.assertTrue(context.containsKey("a"))
            context.getContext()["b"] = "x"
            self.assertEqual(context.getContext(), {"a": "2"})
            self.assertEqual(context.remove("a"), "2")
            context.setContext({"c": "3"})
            self.assertEqual(context.getContext(), {"c": "3"})
            context.setContext(None)
            self.assertEqual(context.getContext(), {})

    def test_one_of_each_line_of_work_is_not_seen_by_others(self) -> None:
        context = PerContext()
        context.put("a", "1")
        elsewhere = contextvars.copy_context()
        elsewhere.run(context.put, "b", "2")
        self.assertEqual(context.getContext(), {"a": "1"})
        self.assertEqual(elsewhere.run(context.getContext), {"a": "1", "b": "2"})
        self.assertEqual(contextvars.Context().run(context.getContext), {})

    def test_the_property_says_which_kind(self) -> None:
        self.assertIsNone(implicit_context(""))
        self.assertIsNone(implicit_context("None"))
        self.assertIsInstance(implicit_context("Shared"), SharedContext)
        self.assertIsInstance(implicit_context("PerThread"), PerContext)
        self.assertRaises(InitializationException, implicit_context, "Foo")


class CallsTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)

    def begin(self, kind: str) -> ImplicitContext:
        self.servant, self.proxy = self.grid.pair(Ice_ImplicitContext=kind)
        context = self.grid.communicators["client"].getImplicitContext()
        assert context is not None
        return context

    def arrived(self, proxy: Any, *context: Any) -> dict[str, str]:
        self.grid.wait(proxy.add(1, 2, *context))
        return self.servant.contexts[-1]

    def test_every_call_says_what_it_says_at_that_time(self) -> None:
        context = self.begin("Shared")
        self.assertEqual(self.arrived(self.proxy), {})
        context.setContext({"one": "1"})
        self.assertEqual(self.arrived(self.proxy), {"one": "1"})
        context.put("two", "2")
        self.assertEqual(self.arrived(self.proxy), {"one": "1", "two": "2"})

    def test_the_context_of_a_proxy_is_added_and_comes_first(self) -> None:
        self.begin("Shared").setContext({"one": "1", "two": "2"})
        proxy = self.proxy.ice_context({"one": "proxy", "three": "3"})
        self.assertEqual(self.arrived(proxy), {"one": "proxy", "two": "2", "three": "3"})

    def test_an_explicit_context_stands_alone(self) -> None:
        self.begin("PerThread").setContext({"one": "1"})
        proxy = self.proxy.ice_context({"two": "2"})
        self.assertEqual(self.arrived(proxy, {"three": "3"}), {"three": "3"})
        self.assertEqual(self.arrived(proxy, {}), {})

    def test_one_way_and_batched_calls_have_it_too(self) -> None:
        context = self.begin("Shared")
        context.setContext({"one": "1"})
        batch = self.proxy.ice_batchOneway()
        batch.nothing()
        self.grid.wait(self.proxy.ice_oneway().nothing())
        context.setContext({"one": "2"})
        batch.nothing()
        self.grid.wait(batch.ice_flushBatchRequests())
        self.grid.simulation.run_for(1)
        self.assertEqual(sorted(each["one"] for each in self.servant.contexts), ["1", "1", "2"])

    def test_without_the_property_there_is_none(self) -> None:
        self.assertIsNone(self.grid.communicator("other").getImplicitContext())
