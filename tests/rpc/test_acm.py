"""Which properties decide how a connection is kept alive and closed."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.acm import (
    ACM,
    DISPATCHES_MAX,
    ACMClose,
    ACMHeartbeat,
    ConnectionSettings,
    client_settings,
    server_settings,
)
from pushnet.rpc.exceptions import InitializationException
from pushnet.rpc.properties import Properties

OFF, ON_IDLE, ON_INVOCATION, BOTH, FORCEFUL = ACMClose
NEVER, ON_DISPATCH, WHEN_IDLE, ALWAYS = ACMHeartbeat


class SettingsTest(SynchronousTestCase):
    def test_without_properties_peers_of_3_7_and_3_8_are_served(self) -> None:
        for settings in (client_settings(Properties()), server_settings(Properties(), "A")):
            self.assertEqual(settings, ConnectionSettings())
            self.assertEqual(settings.acm, ACM(60, ON_INVOCATION, WHEN_IDLE))
            self.assertFalse(settings.managed)

    def test_one_property_of_3_7_brings_the_rest_of_its_defaults(self) -> None:
        properties = Properties({"Ice.ACM.Timeout": "5"})
        self.assertEqual(client_settings(properties).acm, ACM(5, BOTH, ON_DISPATCH))
        self.assertEqual(server_settings(properties, "A").acm, ACM(5, ON_INVOCATION, ON_DISPATCH))
        self.assertEqual(
            [client_settings(properties).managed, client_settings(properties).idle_check], [True, False]
        )

    def test_a_side_and_an_adapter_have_their_own(self) -> None:
        properties = Properties(
            {
                "Ice.ACM.Timeout": "5",
                "Ice.ACM.Close": "0",
                "Ice.ACM.Client.Heartbeat": "3",
                "Ice.ACM.Server.Close": "1",
                "A.ACM.Timeout": "2",
                "A.ACM.Close": "4",
            }
        )
        self.assertEqual(client_settings(properties).acm, ACM(5, OFF, ALWAYS))
        self.assertEqual(server_settings(properties, "A").acm, ACM(2, FORCEFUL, ON_DISPATCH))
        self.assertEqual(server_settings(properties, "B").acm, ACM(5, ON_IDLE, ON_DISPATCH))

    def test_the_other_sides_properties_change_nothing(self) -> None:
        properties = Properties({"Ice.ACM.Server.Timeout": "5", "B.ACM.Timeout": "5"})
        self.assertEqual(client_settings(properties), ConnectionSettings())
        self.assertTrue(server_settings(properties, "A").managed)

    def test_those_of_3_8(self) -> None:
        properties = Properties(
            {
                "Ice.Connection.Client.ConnectTimeout": "3",
                "Ice.Connection.Client.CloseTimeout": "4",
                "Ice.Connection.Server.IdleTimeout": "20",
                "Ice.Connection.Server.InactivityTimeout": "300",
                "Ice.Connection.Server.EnableIdleCheck": "0",
                "Ice.Connection.Server.MaxDispatches": "100",
                "A.Connection.IdleTimeout": "30",
                "A.Connection.EnableIdleCheck": "1",
                "B.Connection.MaxDispatches": "0",
            }
        )
        client = client_settings(properties)
        self.assertEqual(
            (client.connect_s, client.close_s, client.dispatches_max), (3.0, 4.0, DISPATCHES_MAX)
        )
        one, two = server_settings(properties, "A"), server_settings(properties, "B")
        self.assertEqual((one.idle_s, one.idle_check, one.inactive_s), (30.0, True, 300.0))
        self.assertEqual((two.idle_s, two.idle_check, two.inactive_s), (20.0, False, 300.0))
        self.assertEqual((one.dispatches_max, two.dispatches_max), (100, 2**31))

    def test_what_is_no_mode_is_an_error_that_names_the_property(self) -> None:
        with self.assertRaises(InitializationException) as raised:
            client_settings(Properties({"Ice.ACM.Client.Close": "5"}))
        self.assertIn("Ice.ACM.Client", str(raised.exception))

    def test_a_connection_may_be_given_others_and_what_is_unset_is_as_configured(self) -> None:
        configured = client_settings(Properties({"Ice.ACM.Timeout": "5"}))
        self.assertEqual(configured.changed(1, 4, None).acm, ACM(1, FORCEFUL, ON_DISPATCH))
        self.assertEqual(configured.changed(1, 4, 3).changed(None, 0, None).acm, ACM(5, OFF, ON_DISPATCH))
        self.assertIs(configured.changed(1, 4, 3).changed(None, None, None), configured)
        usual = ConnectionSettings()
        self.assertIs(usual.changed(None, None, None), usual)
        self.assertEqual([usual.changed(1, None, None).managed, usual.managed], [True, False])
        with self.assertRaises(ValueError):
            usual.changed(None, 7, None)

    def test_a_sides_own_name_is_its_timeout(self) -> None:
        properties = Properties({"Ice.ACM.Client": "5", "A.ACM": "7", "Ice.ACM.Server.Timeout": "6"})
        self.assertEqual(client_settings(properties).acm.timeout, 5)
        self.assertEqual(server_settings(properties, "A").acm.timeout, 7)
        self.assertEqual(server_settings(properties, "B").acm.timeout, 6)
