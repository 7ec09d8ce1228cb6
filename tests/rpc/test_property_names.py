"""Misspelt and deprecated names of properties are noticed; names of others are not judged."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.property_names import DEFAULTS, doubt, is_known_of_ice, unknown_of_proxy


class PropertyNamesTest(SynchronousTestCase):
    def test_known_names_are_beyond_doubt(self) -> None:
        for key in (
            "Ice.Default.Locator",
            "Ice.Default.Locator.InvocationTimeout",
            "Ice.ThreadPool.Server.SizeMax",
            "Ice.Plugin.IceSSL",
            "Ice.Admin.Endpoints",
            "Ice.Connection.Client.IdleTimeout",
            "Ice.CollectObjects",
            "Ice.PrintStackTraces",
            "IceSSL.Keystore",
            "IceSSL.TrustOnly.Server.Adapter",
            "IceMX.Metrics.View.GroupBy",
        ):
            self.assertIsNone(doubt(key), key)

    def test_unknown_names_are_told_and_so_is_a_difference_in_case(self) -> None:
        self.assertIn("unknown property: `Ice.Foo'", doubt("Ice.Foo") or "")
        self.assertIn("differ in case", doubt("Ice.messagesizemax") or "")
        self.assertIn("unknown", doubt("IceSSL.X") or "")

    def test_deprecated_names_are_told_with_what_to_use(self) -> None:
        self.assertIn("Ice.BatchAutoFlushSize", doubt("Ice.BatchAutoFlush") or "")
        self.assertIn("Ice.ACM.Client.Timeout", doubt("Ice.ACM.Client") or "")

    def test_names_of_applications_and_other_programs_are_their_own_business(self) -> None:
        for key in ("App.Name", "IceGrid.Node.Name", "Icecream"):
            self.assertIsNone(doubt(key))

    def test_each_default_is_of_a_known_name(self) -> None:
        self.assertEqual([key for key in DEFAULTS if not is_known_of_ice(key)], [])

    def test_what_a_proxy_does_not_know_is_found(self) -> None:
        keys = ["P.Context.a", "P.Locator.EndpointSelection", "P.Endpoints", "P.Context."]
        self.assertEqual(unknown_of_proxy(keys, "P"), ["P.Endpoints", "P.Context."])
