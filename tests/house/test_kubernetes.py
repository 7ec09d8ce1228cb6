"""The manifests in etc/k8s fit Kubernetes' schemas, the cluster file they carry, and the nodes' own ports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import kubernetes_validate
import yaml
from twisted.internet import reactor
from twisted.internet.protocol import Factory
from twisted.trial.unittest import SynchronousTestCase, TestCase

from pushnet.app.realworld import RealWorld
from pushnet.grid.places import sockets
from pushnet.grid.settings import ROLES, NodeSettings, Settings, load_settings
from tests.house.tree import TOP

FOLDER = TOP / "etc/k8s"
SCHEMAS = ("1.28", "1.31", "1.33")


def manifests() -> Iterator[tuple[str, Any]]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for manifest in yaml.safe_load_all(path.read_text()):
            yield path.name, manifest


class KubernetesTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.manifests = list(manifests())
        (secret,) = self.of_kind("Secret").values()
        self.settings: Settings = load_settings(secret["stringData"]["cluster.toml"], "cluster.yaml")
        self.sets = self.of_kind("StatefulSet")

    def of_kind(self, kind: str) -> dict[str, Any]:
        found = [manifest for _, manifest in self.manifests if manifest["kind"] == kind]
        return {manifest["metadata"]["name"]: manifest for manifest in found}

    def nodes_of(self, role: str) -> list[NodeSettings]:
        return [node for node in self.settings.node if node.role == role]

    def test_they_fit_the_schemas(self) -> None:
        for version in SCHEMAS:
            for _, manifest in self.manifests:
                kubernetes_validate.validate(manifest, version, strict=True)

    def test_each_role_but_the_agent_has_pods_named_like_its_nodes(self) -> None:
        self.assertEqual(sorted(self.sets), sorted(role for role in ROLES if role != "node"))
        scalers = self.of_kind("HorizontalPodAutoscaler")
        for role, manifest in self.sets.items():
            most = scalers[role]["spec"]["maxReplicas"] if role in scalers else manifest["spec"]["replicas"]
            self.assertEqual(
                [node.name for node in self.nodes_of(role)], [f"{role}-{n}" for n in range(most)]
            )

    def test_ports_are_those_of_the_cluster_file(self) -> None:
        for role, manifest in self.sets.items():
            (container,) = manifest["spec"]["template"]["spec"]["containers"]
            named = {port["containerPort"] for port in container["ports"]}
            for node in self.nodes_of(role):
                listens = {int(address.rpartition(":")[2]) for address in sockets(self.settings, node)}
                self.assertEqual(listens, named, node.name)
                self.assertEqual(node.http_host, f"{node.name}.{role}", "where probes and peers reach it")

    def test_probes_ask_what_there_is_and_a_pod_has_time_to_drain(self) -> None:
        for role, manifest in self.sets.items():
            pod = manifest["spec"]["template"]["spec"]
            (container,) = pod["containers"]
            waiting = (
                container.get("lifecycle", {})
                .get("preStop", {})
                .get("exec", {})
                .get("command", ["sleep", "0"])
            )
            needed_s = max(node.stop_limit_s for node in self.nodes_of(role)) + int(waiting[1])
            self.assertGreater(pod["terminationGracePeriodSeconds"], needed_s, role)
            self.assertEqual(waiting[1] != "0", f"{role}-public" in self.of_kind("Service"), role)
            for probe, path in (
                ("startupProbe", "/ready"),
                ("readinessProbe", "/ready"),
                ("livenessProbe", "/live"),
            ):
                self.assertEqual(container[probe]["httpGet"], {"path": path, "port": "http"}, role)
            self.assertIn(f"pushnet-{role}", container["args"])

    def test_every_service_leads_to_pods_and_ports_that_are_there(self) -> None:
        for name, service in self.of_kind("Service").items():
            role = service["spec"]["selector"]["app.kubernetes.io/component"]
            (container,) = self.sets[role]["spec"]["template"]["spec"]["containers"]
            known = {port["name"]: port["containerPort"] for port in container["ports"]}
            for port in service["spec"]["ports"]:
                self.assertEqual(known[port["name"]], port["port"], name)

    def test_no_more_than_one_of_a_role_is_taken_away_at_a_time(self) -> None:
        budgets = self.of_kind("PodDisruptionBudget")
        self.assertEqual(sorted(budgets), sorted(self.sets))
        self.assertEqual({budget["spec"]["maxUnavailable"] for budget in budgets.values()}, {1})


class NamedHostTest(TestCase):
    async def test_a_node_listens_at_the_name_of_its_pod(self) -> None:
        world = RealWorld(reactor, self.mktemp())
        port = await world.server_endpoint("localhost", 0).listen(Factory())
        await port.stopListening()
