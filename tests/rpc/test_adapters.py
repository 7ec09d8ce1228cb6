"""A communicator keeps its adapters by name."""

from __future__ import annotations

import contextlib
import io

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import AlreadyRegisteredException, InitializationException
from tests.rpc.given import EverythingI, Grid


class AdaptersTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.communicator = self.grid.communicator("server", A_Endpoints="tcp -h server -p 0")

    def test_a_name_is_given_once_until_its_adapter_has_ended(self) -> None:
        adapter = self.communicator.createObjectAdapter("A")
        with self.assertRaises(AlreadyRegisteredException) as raised:
            self.communicator.createObjectAdapter("A")
        self.assertEqual((raised.exception.kindOfObject, raised.exception.id), ("object adapter", "A"))
        self.grid.wait(adapter.destroy())
        self.communicator.createObjectAdapter("A")

    def test_a_name_of_which_no_property_speaks_is_refused(self) -> None:
        with self.assertRaises(InitializationException) as raised:
            self.communicator.createObjectAdapter("B")
        self.assertIn("requires configuration", str(raised.exception))

    def test_without_a_name_there_may_be_many_and_none_listens(self) -> None:
        first, second = (self.communicator.createObjectAdapter("") for _ in range(2))
        self.assertIsNot(first, second)
        self.assertEqual((first.getName(), second.getName()), ("", ""))
        self.assertEqual(first.getEndpoints(), ())

    def test_one_that_is_ready_says_so_once_where_it_is_asked_to(self) -> None:
        communicator = self.grid.communicator("other", Ice_PrintAdapterReady="1", A_AdapterId="")
        adapter = communicator.createObjectAdapterWithEndpoints("Ready", "tcp -h other -p 0")
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            self.grid.wait(adapter.activate())
            adapter.hold()
            self.grid.wait(adapter.activate())
        self.assertEqual(out.getvalue(), "Ready ready\n")

    def test_all_end_with_the_communicator(self) -> None:
        adapter = self.grid.serve("server", EverythingI())
        held = self.communicator.createObjectAdapter("A")
        self.grid.wait(self.communicator.destroy())
        self.assertEqual((adapter.isDeactivated(), held.isDeactivated()), (True, True))
