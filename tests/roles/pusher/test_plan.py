"""Which way a push goes."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.broker import Target
from pushnet.gen.pushnet.dbagent import Placement
from pushnet.gen.pushnet.push import Audience
from pushnet.roles.pusher.plan import in_pages, names_devices, names_ids_only, names_nobody, targets_by_broker

# audience, devices named one by one, by ids only, nobody
AUDIENCES: list[tuple[Audience, bool, bool, bool]] = [
    (Audience(all=True), False, False, False),
    (Audience(tag=["a"]), False, False, False),
    (Audience(tagAnd=["a"], tagNot=["b"]), False, False, False),
    (Audience(tagNot=["b"], platforms=["ios"]), False, False, False),
    (Audience(alias=["x"]), True, False, False),
    (Audience(alias=["x"], tag=["a"]), True, False, False),
    (Audience(registrationId=["r"]), True, True, False),
    (Audience(registrationId=["r"], platforms=["ios"]), True, True, False),
    (Audience(registrationId=["r"], tagNot=["b"]), True, False, False),
    (Audience(registrationId=["r"], alias=["x"]), True, False, False),
    (Audience(), False, False, True),
    (Audience(platforms=["ios"]), False, False, True),
]


class PlanTests(SynchronousTestCase):
    def test_the_audience_alone_decides(self) -> None:
        for audience, devices, ids_only, nobody in AUDIENCES:
            with self.subTest(audience=audience):
                found = (names_devices(audience), names_ids_only(audience), names_nobody(audience))
                self.assertEqual(found, (devices, ids_only, nobody))

    def test_pages_hold_everything_once_and_in_order(self) -> None:
        self.assertEqual(in_pages([1, 2, 3, 4, 5], 2), [[1, 2], [3, 4], [5]])
        self.assertEqual(in_pages([], 2), [])

    def test_targets_are_grouped_by_broker_and_the_offline_left_out(self) -> None:
        placements = [
            Placement(1, 0, 1, "b", 10),
            Placement(2, 4, 5, "", 0),
            Placement(3, 0, 1, "a", 11),
            Placement(4, 1, 2, "b", 12),
        ]
        self.assertEqual(
            list(targets_by_broker(placements).items()),
            [("a", [Target(3, 11, 0, 1)]), ("b", [Target(1, 10, 0, 1), Target(4, 12, 1, 2)])],
        )
