"""A communicator is made of a command line, a file, properties, or what there is of them."""

import os
from contextlib import redirect_stdout
from io import StringIO

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import FileException, InitializationException
from pushnet.rpc.initialization import InitializationData, createProperties, initialize
from pushnet.rpc.logger import TwistedLog
from tests.rpc.given import Grid


class Listener(TwistedLog):
    """Keeps the warnings."""

    def __init__(self) -> None:
        super().__init__("listener")
        self.warnings: list[str] = []

    def warning(self, message: str) -> None:
        self.warnings.append(message)


class InitializationTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.grid = Grid(self)
        self.world = self.grid.simulation.host("node").boot()
        self.world.storage.append("client.cfg", b"App.Name=file\nIce.Default.Host=fromfile\n")

    def test_a_command_line_keeps_what_is_not_ices(self) -> None:
        args = ["prog", "--Ice.Default.Host=h", "rest", "--App.X=1"]
        communicator = initialize(self.world, args)
        self.assertEqual(args, ["prog", "rest", "--App.X=1"])
        self.assertEqual(str(communicator.stringToProxy("x:tcp -p 1")), "x -t -e 1.1:tcp -h h -p 1 -t 60000")
        self.assertEqual(communicator.getProperties().getProperty("Ice.ProgramName"), "prog")
        self.assertEqual(communicator.getLogger().getPrefix(), "prog")

    def test_a_file_is_overridden_by_the_command_line(self) -> None:
        communicator = initialize(self.world, ["p", "--Ice.Default.Host=h"], "client.cfg")
        read = communicator.getProperties().getProperty
        self.assertEqual((read("App.Name"), read("Ice.Default.Host")), ("file", "h"))
        named = initialize(self.world, ["p", "--Ice.Config=client.cfg"]).getProperties()
        self.assertEqual(named.getProperty("Ice.Default.Host"), "fromfile")
        self.assertRaises(FileException, initialize, self.world, "missing.cfg")

    def test_the_environment_counts_when_it_is_given(self) -> None:
        data = InitializationData(environ={"ICE_CONFIG": "client.cfg"})
        self.assertEqual(initialize(self.world, data).getProperties().getProperty("App.Name"), "file")

    def test_properties_are_given_as_a_mapping_or_in_the_data(self) -> None:
        self.assertEqual(initialize(self.world, {"A": "1"}).getProperties().getProperty("A"), "1")
        properties = createProperties(["p"], world=self.world)
        properties.setProperty("A", "2")
        communicator = initialize(self.world, InitializationData(properties=properties))
        self.assertEqual(communicator.getProperties().getProperty("A"), "2")

    def test_the_datas_own_properties_are_the_communicators_unless_there_is_a_command_line(self) -> None:
        listener = Listener()
        properties = createProperties()
        data = InitializationData(properties=properties, logger=listener)
        self.assertIs(initialize(self.world, data).getProperties(), properties)
        properties.load("client.cfg")
        self.assertEqual(properties.getProperty("App.Name"), "file")
        properties.setProperty("Ice.NoSuch", "1")
        self.assertEqual(len(listener.warnings), 1)
        self.assertIsNot(initialize(self.world, ["prog"], data).getProperties(), properties)

    def test_the_applications_log_is_told_what_is_wrong(self) -> None:
        listener = Listener()
        args = ["p", "--Ice.Foo=1", "--Ice.Warn.UnusedProperties=1", "--Ice.Default.Package=x"]
        communicator = initialize(self.world, args, InitializationData(logger=listener))
        self.assertIs(communicator.getLogger(), listener)
        self.assertEqual(listener.warnings, ["unknown property: `Ice.Foo'"])
        self.grid.wait(communicator.destroy())
        self.assertIn("never read: Ice.Default.Package, Ice.Foo", listener.warnings[-1])

    def test_a_property_that_cannot_be_is_named_at_once(self) -> None:
        for properties in (
            {"Ice.ToStringMode": "Gothic"},
            {"Ice.IPv4": "0", "Ice.IPv6": "0"},
            {"Ice.Default.SourceAddress": "no address"},
        ):
            with self.assertRaises(InitializationException):
                initialize(self.world, properties)

    def test_the_process_id_is_printed_where_a_property_asks_for_it(self) -> None:
        for value, printed in (("1", f"{os.getpid()}\n"), ("0", "")):
            with redirect_stdout(StringIO()) as out:
                initialize(self.world, {"Ice.PrintProcessId": value})
            self.assertEqual(out.getvalue(), printed)
