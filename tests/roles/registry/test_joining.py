"""Who joins a simulated registry that wants tokens, who does not, and what either may do."""

from __future__ import annotations

from typing import Any

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.ice.locator import AdapterNotFoundException, LocatorRegistryPrx, ServerNotFoundException
from pushnet.gen.pushnet.cluster import ClusterPrx
from pushnet.gen.pushnet.join import TokenInfo, TokensPrx
from pushnet.gen.pushnet.registry import (
    AdapterEntry,
    LeaseLostException,
    NodeInfo,
    RegistrationRefusedException,
    RegistryPrx,
)
from pushnet.grid.settings import ClusterSettings, ServerSettings
from pushnet.grid.tokens import CONTEXT, NOT_ALLOWED, asked_to_keep, digest_of, proof, token_id, token_text
from pushnet.roles.certificates import certificate_fault
from pushnet.roles.registry.joining import JOINS_AT_ONCE, Joining, NotAdmitted, leads_to
from pushnet.roles.registry.papers import Papers
from pushnet.rpc.exceptions import UnknownException
from pushnet.rpc.stubs import ObjectPrx
from pushnet.sim.simulation import Simulation
from pushnet.sim.world import STARTED_AT_S
from tests.roles.simgrid import SimGrid

SECRET = "x" * 16
PLANNED = ServerSettings(name="prices-1", agent="m1", command=["prices"], adapters=["Prices"])


class JoiningCase(SynchronousTestCase):
    """A registry, and somebody at another host who shows what is asked."""

    def setUp(self) -> None:
        self.grid = SimGrid(self)
        cluster = attrs_of(self.grid.settings.cluster, join="token")
        self.grid.settings = attrs_of(self.grid.settings, cluster=cluster, server=[PLANNED])
        self.run_until = self.grid.simulation.run_until
        self.grid.start_registry()
        self.now = int(STARTED_AT_S)

    def token(self, *roles: str, number: int = 1, lasts_s: int = 0) -> str:
        """A token that the registry keeps."""
        text = token_text(bytes([number]) * 6, bytes([number]) * 32)
        expires = self.now + lasts_s if lasts_s else 0
        info = TokenInfo(token_id(text), list(roles), self.now, expires, "ann")
        signed = proof(SECRET, self.now, *asked_to_keep(info.id, digest_of(text), roles, self.now, expires))
        self.run_until(self.at(TokensPrx, "PushNet/Tokens").keep(info, digest_of(text), self.now, signed))
        return text

    def at(self, kind: Any, identity: str, token: str = "") -> Any:
        address = f"tcp -h registry-1 -p {self.grid.settings.cluster.registry_port}"
        proxy = kind.uncheckedCast(self.grid.observer().stringToProxy(f"{identity}:{address}"))
        return proxy.ice_context({CONTEXT: token}) if token else proxy

    def join(self, name: str, role: str, token: str = "") -> Any:
        registry = self.at(RegistryPrx, "PushNet/Registry", token)
        somewhere = self.grid.observer().stringToProxy("dummy:tcp -h elsewhere -p 9")
        entries = [AdapterEntry(name, "", somewhere)]
        return self.run_until(registry.join(NodeInfo(name, role, "1", "", 1, "", ""), entries, []))


def attrs_of(value: Any, **changes: Any) -> Any:
    """A settings value with other fields."""
    fields = {name: getattr(value, name) for name in value.__struct_fields__}
    return type(value)(**{**fields, **changes})


class JoiningTest(JoiningCase):
    def test_an_unknown_node_cannot_register(self) -> None:
        for token in ("", "010101010101.guessed", "nonsense", "x" * 5000):
            with self.assertRaises(RegistrationRefusedException) as refused:
                self.join("stranger", "broker", token)
            self.assertIn("token", refused.exception.reason)

    def test_a_burst_node_can_serve_edge_roles_only(self) -> None:
        token = self.token("broker", "relay")
        self.assertGreater(self.join("burst-1", "broker", token).epoch, 0)
        for role in ("dbagent", "queue", "registry", "node"):
            with self.assertRaises(RegistrationRefusedException) as refused:
                self.join("burst-2", role, token)
            self.assertIn(f"not for {role}", refused.exception.reason)

    def test_a_node_stays_by_its_token_and_goes_when_it_is_revoked(self) -> None:
        token = self.token("broker")
        lease = self.join("burst-1", "broker", token)
        registry = self.at(RegistryPrx, "PushNet/Registry", token)
        self.run_until(registry.renew("burst-1", lease.epoch, {}))
        with self.assertRaises(LeaseLostException):
            self.run_until(self.at(RegistryPrx, "PushNet/Registry").renew("burst-1", lease.epoch, {}))
        self.run_until(self.at(RegistryPrx, "PushNet/Registry").leave("burst-1", lease.epoch))
        self.run_until(registry.renew("burst-1", lease.epoch, {}))
        id = token_id(token)
        tokens = self.at(TokensPrx, "PushNet/Tokens")
        self.run_until(tokens.revoke(id, self.now, proof(SECRET, self.now, "revoke", id)))
        with self.assertRaises(LeaseLostException):
            self.run_until(registry.renew("burst-1", lease.epoch, {}))
        self.grid.simulation.run_for(7)
        nodes = self.run_until(self.at(RegistryPrx, "PushNet/Registry").nodes())
        self.assertEqual([status.info.name for status in nodes], ["registry-1"])

    def test_a_token_lasts_as_long_as_it_says(self) -> None:
        token = self.token("broker", lasts_s=3)
        self.join("burst-1", "broker", token)
        self.grid.simulation.run_for(4)
        with self.assertRaises(RegistrationRefusedException) as refused:
            self.join("burst-2", "broker", token)
        self.assertIn("expired", refused.exception.reason)

    def test_nobody_joins_as_the_registry(self) -> None:
        token = self.token("broker")
        with self.assertRaises(RegistrationRefusedException):
            self.join("registry-1", "registry", token)

    def test_settings_and_plans_are_for_those_they_concern(self) -> None:
        broker = self.token("broker", number=1)
        agent = self.token("node", number=2)
        operator = self.token("operator", number=3)
        for token, may_plan, may_read in (
            ("", False, False),
            (broker, False, False),
            (agent, True, False),
            (operator, False, True),
        ):
            cluster = self.at(ClusterPrx, "PushNet/Cluster", token)
            for call, may in ((cluster.plan("m1", 0, 0), may_plan), (cluster.settings(0), may_read)):
                if may:
                    self.run_until(call)
                else:
                    with self.assertRaises(UnknownException) as refused:
                        self.run_until(call)
                    self.assertTrue(refused.exception.reason.startswith(NOT_ALLOWED))

    def test_stock_servers_register_what_an_agent_is_to_run_and_nothing_else(self) -> None:
        registry = self.at(LocatorRegistryPrx, "IceGrid/LocatorRegistry")
        somewhere: ObjectPrx | None = self.grid.observer().stringToProxy("dummy:tcp -h elsewhere -p 9")
        with self.assertRaises(AdapterNotFoundException):
            self.run_until(registry.setAdapterDirectProxy("Prices", somewhere))
        self.join("m1", "node", self.token("node"))
        self.run_until(registry.setAdapterDirectProxy("Prices", somewhere))
        with self.assertRaises(AdapterNotFoundException):
            self.run_until(registry.setAdapterDirectProxy("Hijack", somewhere))
        with self.assertRaises(ServerNotFoundException):
            self.run_until(registry.setServerProcessProxy("hijacker", None))

    def test_whoever_is_refused_again_and_again_hears_no_more_reasons(self) -> None:
        reasons = []
        for _ in range(12):
            with self.assertRaises(RegistrationRefusedException) as refused:
                self.join("stranger", "broker")
            reasons.append(refused.exception.reason)
        self.assertEqual([("too often" in reason) for reason in reasons], [False] * 10 + [True] * 2)
        self.grid.simulation.run_for(11)
        with self.assertRaises(RegistrationRefusedException) as refused:
            self.join("stranger", "broker")
        self.assertNotIn("too often", refused.exception.reason)


class LimitTest(SynchronousTestCase):
    def joining(self, how: str) -> Joining:
        simulation = Simulation(1)
        self.addCleanup(simulation.close)
        self.simulation = simulation
        self.refusals: list[tuple[str, str]] = []
        return Joining(
            simulation.host("registry").boot(),
            ClusterSettings(secret=SECRET, join=how, tls="tls"),
            Papers(),
            lambda adapter, address: False,
            lambda server, address: False,
            lambda who, why: self.refusals.append((who, why)),
        )

    def test_one_address_joins_only_so_often(self) -> None:
        joining = self.joining("open")
        for _ in range(JOINS_AT_ONCE):
            joining.admit(None, "node", "broker")
        self.assertRaises(NotAdmitted, joining.admit, None, "node", "broker")
        self.simulation.run_for(1)
        joining.admit(None, "node", "broker")

    def test_a_server_of_an_agents_comes_from_where_that_is(self) -> None:
        for endpoints, address, may in (
            ("tcp -h 10.0.0.1 -p 4502 -t 60000", "10.0.0.1", True),
            ("tcp -h 10.0.0.1 -p 4502 -t 60000", "10.0.0.2", False),
            ("tcp -h 10.0.0.1 -p 1:tcp -h 10.0.0.2 -p 1", "10.0.0.2", True),
            ("tcp -h m1.example.com -p 4502", "10.0.0.2", True),
            ("", "10.0.0.2", False),
        ):
            self.assertEqual(leads_to(endpoints, address), may, (endpoints, address))

    def test_without_tls_there_is_no_certificate(self) -> None:
        joining = self.joining("tls")
        self.assertRaises(NotAdmitted, joining.admit, None, "node", "broker")
        self.assertEqual([who for who, _ in self.refusals], ["node"])
        self.assertIn("certificate", certificate_fault(None, "node", "broker"))
