"""Properties come from code, files and command lines, and are asked for with their type."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.exceptions import FileException, InitializationException, PropertyException
from pushnet.rpc.properties import Properties, createProperties


class Files(dict[str, bytes]):
    """Named files."""

    def read_file(self, path: str) -> bytes:
        if path not in self:
            raise FileNotFoundError(2, "No such file or directory", path)
        return self[path]


class PropertiesTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.told: list[str] = []
        values = {"A.Text": "x", "A.Int": " 7 ", "B": "1.5", "L": "a 'b c',d"}
        self.properties = Properties(values, None, self.told.append)

    def test_what_is_not_set_is_empty_or_the_default(self) -> None:
        self.assertEqual(self.properties.getProperty("C"), "")
        self.assertEqual(self.properties.getPropertyWithDefault("C", "d"), "d")
        self.assertEqual(self.properties.getPropertyAsInt("C"), 0)
        self.assertEqual(self.properties.getPropertyAsIntWithDefault("C", 5), 5)
        self.assertEqual(self.properties.getPropertyAsListWithDefault("C", ["x"]), ["x"])
        self.assertEqual(self.properties.seconds("C", 2.5), 2.5)

    def test_values_come_as_what_they_are_asked_for(self) -> None:
        self.assertEqual(self.properties.getPropertyAsInt("A.Int"), 7)
        self.assertEqual(self.properties.getPropertyAsList("L"), ["a", "b c", "d"])
        self.assertEqual(self.properties.seconds("B", 0.0), 1.5)

    def test_a_number_that_is_none_is_told(self) -> None:
        error = self.assertRaises(PropertyException, self.properties.getPropertyAsInt, "A.Text")
        self.assertEqual(str(error), "property A.Text is no whole number: 'x'")
        self.assertRaises(InitializationException, self.properties.seconds, "A.Text", 1.0)

    def test_a_list_with_an_open_quote_is_told_and_is_the_default(self) -> None:
        self.properties.setProperty("L", "'a")
        self.assertEqual(self.properties.getPropertyAsListWithDefault("L", ["d"]), ["d"])
        self.assertIn("mismatched quotes in property L", self.told[0])

    def test_all_properties_of_a_prefix_are_found(self) -> None:
        self.assertEqual(self.properties.getPropertiesForPrefix("A."), {"A.Text": "x", "A.Int": " 7 "})

    def test_setting_to_nothing_unsets_and_keys_have_no_blanks_outside(self) -> None:
        self.properties.setProperty(" sp ace ", "v")
        self.assertEqual(self.properties.getProperty("sp ace"), "v")
        self.properties.setProperty("sp ace", "")
        self.assertEqual(self.properties.getPropertyWithDefault("sp ace", "d"), "d")
        self.assertRaises(InitializationException, self.properties.setProperty, " ", "v")

    def test_misspelt_names_of_ice_are_told_unless_that_is_not_wanted(self) -> None:
        self.properties.setProperty("Ice.Foo", "1")
        self.assertEqual(self.told, ["unknown property: `Ice.Foo'"])
        Properties({"Ice.Foo": "1", "Ice.Warn.UnknownProperties": "0"}, None, self.told.append)
        self.assertEqual(len(self.told), 1)

    def test_a_property_of_ice_has_ices_default(self) -> None:
        self.assertEqual(self.properties.getIceProperty("Ice.Default.Protocol"), "tcp")
        self.assertEqual(self.properties.getIcePropertyAsInt("Ice.MessageSizeMax"), 1024)
        self.assertEqual(self.properties.getIcePropertyAsList("Ice.RetryIntervals"), ["0"])
        self.assertRaises(PropertyException, self.properties.getIceProperty, "Ice.Foo")

    def test_a_clone_goes_its_own_way(self) -> None:
        other = self.properties.clone()
        other.setProperty("A.Text", "y")
        self.assertEqual(self.properties.getProperty("A.Text"), "x")
        self.assertEqual(other.getPropertyAsInt("A.Int"), 7)

    def test_what_nobody_has_asked_for_is_known(self) -> None:
        self.properties.getPropertiesForPrefix("A.")
        self.properties.getProperty("B")
        self.assertEqual(self.properties.getUnusedProperties(), ["L"])

    def test_as_text_it_is_a_line_for_each(self) -> None:
        self.assertEqual(str(Properties({"b": "2", "a": "1"})), "a=1\nb=2")


class CommandLineTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.told: list[str] = []
        self.properties = Properties(None, None, self.told.append)

    def test_options_with_the_prefix_are_taken_and_the_others_left(self) -> None:
        args = [
            "--Foo.a=1",
            "--Foo.b",
            "--Foo",
            "--Foox=1",
            "-Foo.c=2",
            "--Foo.d=a\\#b #c",
            "x",
            "--Foo.e= y ",
        ]
        left = self.properties.parseCommandLineOptions("Foo", args)
        self.assertEqual(left, ["--Foo", "--Foox=1", "-Foo.c=2", "x"])
        expected = {"Foo.a": "1", "Foo.b": "1", "Foo.d": "a#b", "Foo.e": "y"}
        self.assertEqual(self.properties.getPropertiesForPrefix(""), expected)

    def test_without_a_prefix_every_option_is_taken(self) -> None:
        self.assertEqual(self.properties.parseCommandLineOptions("", ["--a=1", "b", "--c"]), ["b"])
        self.assertEqual(self.properties.getCommandLineOptions(), ["--a=1", "--c=1"])

    def test_the_prefixes_of_ice_and_its_services_are_known(self) -> None:
        args = ["--Ice.MessageSizeMax=3", "--Glacier2.InstanceName=G", "x", "--IceX.Y=1", "--Ice=1"]
        self.assertEqual(self.properties.parseIceCommandLineOptions(args), ["x", "--IceX.Y=1", "--Ice=1"])
        self.assertEqual(self.told, [])


class LoadTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.told: list[str] = []
        self.files = Files(
            {
                "a.cfg": "\ufeff# Ä comment\r\nA = 1 \r\nB=\\ 2\r\nnonsense\r\n".encode(),
                "b.cfg": b"A=3\nC=4",
                "latin.cfg": b"A=\xe9",
            }
        )

    def create(self, args: list[str], defaults: Properties | None = None, **environ: str) -> Properties:
        return createProperties(args, defaults, world=self.files, environ=environ, warn=self.told.append)

    def test_a_file_is_read_line_by_line_and_nonsense_is_told(self) -> None:
        properties = Properties(None, self.files, self.told.append)
        properties.load("a.cfg")
        self.assertEqual(properties.getPropertiesForPrefix(""), {"A": "1", "B": " 2"})
        self.assertEqual(self.told, ['invalid config file entry: "nonsense"'])

    def test_a_file_that_cannot_be_read_is_named(self) -> None:
        properties = Properties(None, self.files)
        error = self.assertRaises(FileException, properties.load, "none.cfg")
        self.assertEqual((error.error, error.path), (2, "none.cfg"))
        self.assertRaises(FileException, properties.load, "latin.cfg")
        self.assertRaises(FileException, Properties().load, "a.cfg")

    def test_the_command_line_names_files_and_overrides_them(self) -> None:
        args = ["prog", "--Ice.Config=a.cfg,b.cfg", "--A.B=2", "--Ice.Trace.Network", "rest"]
        properties = self.create(args)
        self.assertEqual(args, ["prog", "--A.B=2", "rest"])
        self.assertEqual(properties.getProperty("Ice.ProgramName"), "prog")
        self.assertEqual([properties.getProperty(key) for key in "ABC"], ["3", " 2", "4"])
        self.assertEqual(properties.getProperty("Ice.Trace.Network"), "1")

    def test_the_environment_names_a_file_when_nothing_else_does(self) -> None:
        self.assertEqual(self.create(["p"], ICE_CONFIG="b.cfg").getProperty("C"), "4")
        self.assertEqual(self.create(["p", "--Ice.Config"], ICE_CONFIG="b.cfg").getProperty("C"), "4")
        self.assertEqual(self.create(["p", "--Ice.Config=a.cfg"], ICE_CONFIG="b.cfg").getProperty("C"), "")
        self.assertEqual(self.create(["p"], Properties(), ICE_CONFIG="b.cfg").getProperty("C"), "")

    def test_defaults_are_kept_where_nothing_replaces_them(self) -> None:
        defaults = Properties({"Z": "1", "A": "0"})
        properties = self.create(["p", "--Ice.Config=a.cfg"], defaults)
        self.assertEqual((properties.getProperty("Z"), properties.getProperty("A")), ("1", "1"))
        self.assertEqual(defaults.getProperty("A"), "0")
