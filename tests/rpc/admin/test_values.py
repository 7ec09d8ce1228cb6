"""Metrics travel as stock Ice's: these bytes were given by stock Ice 3.7 for the same values."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.admin.values import (
    ConnectionMetrics,
    DispatchMetrics,
    InvocationMetrics,
    RemoteMetrics,
    write_view,
)

DISPATCH = (
    "6300000000000000" "01" "0144" "01" "01" "11183a3a4963654d583a3a44697370617463684d657472696373"
    "18000000" "01000000" "0200000000000000" "0300000000000000"
    "31103a3a4963654d583a3a4d657472696373" "1e000000" "0164" + "00" * 24
)  # fmt: skip
INVOCATION = (
    "6300000000000000" "01" "0149" "01" "01" "191a3a3a4963654d583a3a496e766f636174696f6e4d657472696373"
    "0f000000" "05000000" "06000000" "0101" "00"
    "01" "01" "11163a3a4963654d583a3a52656d6f74654d657472696373" "04000000"
    "111f3a3a4963654d583a3a4368696c64496e766f636174696f6e4d657472696373" "14000000"
    "0700000000000000" "0800000000000000"
    "31103a3a4963654d583a3a4d657472696373" "1e000000" "0172" + "00" * 24
    + "3204" "1e000000" "0169" "0100000000000000" "02000000" "0300000000000000" "04000000"
)  # fmt: skip


class ValuesTest(SynchronousTestCase):
    def test_what_is_dispatched(self) -> None:
        value = DispatchMetrics("d")
        value.userException, value.size, value.replySize = 1, 2, 3  # type: ignore[attr-defined]
        self.assertEqual(write_view(({"D": [value]}, 99)).hex(), DISPATCH)

    def test_what_is_called_with_what_is_below_it(self) -> None:
        below = RemoteMetrics("r")
        below.size, below.replySize = 7, 8  # type: ignore[attr-defined]
        value = InvocationMetrics("i")
        value.total, value.current, value.totalLifetime, value.failures = 1, 2, 3, 4
        value.retry, value.userException, value.remotes = 5, 6, [below]  # type: ignore[attr-defined]
        self.assertEqual(write_view(({"I": [value]}, 99)).hex(), INVOCATION)

    def test_a_copy_stays_as_it_was(self) -> None:
        value = ConnectionMetrics("c")
        copy = value.copy()
        value.total += 1
        self.assertEqual((copy.total, copy.own_members()), (0, ("receivedBytes", "sentBytes")))
