"""Views: which things count, by what they are grouped, and what is kept of them."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.admin.values import InvocationMetrics
from pushnet.rpc.admin.views import MAPS, Attributes, Map, Views
from pushnet.rpc.properties import Properties


def thing(**attributes: str) -> Attributes:
    return {name.replace("_", "."): value for name, value in attributes.items()}.get


def a_map(**properties: str) -> Map:
    given = {f"M.{key.replace('_', '.')}": value for key, value in properties.items()}
    return Map("Dispatch", MAPS["Dispatch"], Properties(given), ("M.",))


class MapTest(SynchronousTestCase):
    def ids(self, made: Map) -> list[str]:
        return [metrics.id for metrics in made.snapshot()]

    def test_things_are_grouped_by_their_id_unless_said_otherwise(self) -> None:
        made = a_map()
        for _ in range(2):
            made.begin(thing(id="a"))
        made.begin(thing(id="b"))
        self.assertEqual([(m.id, m.total, m.current) for m in made.snapshot()], [("a", 2, 2), ("b", 1, 1)])

    def test_a_group_may_be_of_several_attributes_with_text_between(self) -> None:
        made = a_map(GroupBy="identity [operation]/context.who")
        made.begin(thing(identity="i", operation="op", context_who="me"))
        self.assertEqual(self.ids(made), ["i [op]/me"])
        self.assertIsNone(made.begin(thing(identity="i", operation="op")))

    def test_all_things_may_be_one_group(self) -> None:
        made = a_map(GroupBy="none")
        made.begin(thing(id="a"))
        made.begin(thing())
        self.assertEqual([(m.id, m.total) for m in made.snapshot()], [("", 2)])

    def test_only_accepted_things_count_and_rejected_ones_do_not(self) -> None:
        made = a_map(Accept_operation="ice_.*", Reject_identity="a|b")
        made.begin(thing(id="1", operation="ice_ping", identity="c"))
        made.begin(thing(id="2", operation="add", identity="c"))
        made.begin(thing(id="3", operation="ice_ping", identity="a"))
        made.begin(thing(id="4", identity="c"))
        self.assertEqual(self.ids(made), ["1"])

    def test_what_is_no_regular_expression_matches_itself(self) -> None:
        made = a_map(Accept_operation="(")
        made.begin(thing(id="1", operation="("))
        self.assertEqual(self.ids(made), ["1"])

    def test_what_has_ended_is_kept_as_far_as_asked_for(self) -> None:
        made = a_map(RetainDetached="2")
        entries = [made.begin(thing(id=name)) for name in "abcd"]
        for entry in entries[:3]:
            assert entry is not None
            made.end(entry, 5)
        self.assertEqual(self.ids(made), ["b", "c", "d"])
        again = made.begin(thing(id="b"))
        assert again is not None and entries[3] is not None
        made.end(entries[3], 5)
        self.assertEqual(self.ids(made), ["b", "c", "d"])
        made.end(again, 5)
        self.assertEqual([(m.id, m.totalLifetime) for m in made.snapshot()], [("b", 10), ("d", 5)])

    def test_failures_are_counted_by_their_kind(self) -> None:
        made = a_map()
        entry = made.begin(thing(id="a"))
        assert entry is not None
        for kind in ("x", "y", "x"):
            entry.failed(kind)
        self.assertEqual(made.failures(), [("a", {"x": 2, "y": 1})])
        self.assertEqual(made.failures_of("a"), ("a", {"x": 2, "y": 1}))
        self.assertEqual(made.failures_of("b"), ("", {}))
        self.assertEqual(made.snapshot()[0].failures, 3)


class ViewsTest(SynchronousTestCase):
    def views(self, **properties: str) -> Views:
        self.properties = Properties(
            {f"IceMX.Metrics.{key.replace('_', '.')}": value for key, value in properties.items()}
        )
        return Views(self.properties)

    def kinds(self, views: Views, name: str) -> list[str]:
        return sorted(views.view(name) or ())

    def test_a_view_has_all_maps_or_those_that_are_named(self) -> None:
        views = self.views(A_GroupBy="none", B_Map_Dispatch_GroupBy="operation")
        self.assertEqual(views.names(), (["A", "B"], []))
        self.assertEqual(self.kinds(views, "A"), sorted(MAPS))
        self.assertEqual(self.kinds(views, "B"), ["Dispatch"])
        self.assertEqual(len(views.maps("Dispatch")), 2)
        self.assertIsNone(views.view("C"))

    def test_a_view_is_switched_off_and_begins_anew_when_switched_on(self) -> None:
        views = self.views(A_GroupBy="none", B_Disabled="1")
        self.assertEqual(views.names(), (["A"], ["B"]))
        views.maps("Dispatch")[0].begin(thing())
        self.assertTrue(views.enable("A", False))
        self.assertEqual((self.kinds(views, "A"), views.maps("Dispatch")), ([], []))
        self.assertTrue(views.enable("A", True))
        self.assertEqual(views.maps("Dispatch")[0].snapshot(), [])
        self.assertFalse(views.enable("C", True))

    def test_properties_make_change_and_end_views(self) -> None:
        views = self.views()
        self.properties.setProperty("IceMX.Metrics.A.GroupBy", "operation")
        views.changed({"IceMX.Metrics.A.GroupBy": "operation", "Other": "x"})
        self.assertEqual(views.names(), (["A"], []))
        self.properties.setProperty("IceMX.Metrics.A.GroupBy", "")
        views.changed({"IceMX.Metrics.A.GroupBy": ""})
        self.assertEqual(views.names(), ([], []))

    def test_below_invocations_are_the_times_they_were_sent(self) -> None:
        views = self.views(
            A_Map_Invocation_GroupBy="operation", A_Map_Invocation_Map_Remote_GroupBy="localPort"
        )
        entry = views.maps("Invocation")[0].begin(thing(operation="op"))
        assert entry is not None
        self.assertEqual(list(entry.below), ["Remote"])
        entry.below["Remote"].begin(thing(localPort="99"))
        snapshot = entry.snapshot()
        assert isinstance(snapshot, InvocationMetrics)
        self.assertEqual([metrics.id for metrics in snapshot.remotes], ["99"])
