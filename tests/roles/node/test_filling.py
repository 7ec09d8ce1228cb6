"""What a plan leaves open is filled in, or told."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.gen.pushnet.server import ServerPlan
from pushnet.roles.node.filling import FillingError, command_of, environment_of, filled

KNOWN = {"release": "/r/1", "port": "7000"}


class FillingTest(SynchronousTestCase):
    def test_every_name_is_replaced_wherever_it_stands(self) -> None:
        self.assertEqual(filled("--at=${port},${port} $HOME ${", KNOWN), "--at=7000,7000 $HOME ${")

    def test_what_is_not_known_is_told_with_what_is(self) -> None:
        with self.assertRaisesRegex(FillingError, r"there is no \$\{relase\}; there are: port, release"):
            filled("${relase}/bin", KNOWN)

    def test_a_plan_has_its_command_and_environment(self) -> None:
        plan = ServerPlan(
            command=["${release}/bin/x", "-p", "${port}"], environment={"PATH": "${release}/bin"}
        )
        self.assertEqual(command_of(plan, KNOWN), ["/r/1/bin/x", "-p", "7000"])
        inherited = {"PATH": "/bin", "HOME": "/root"}
        self.assertEqual(environment_of(plan, inherited, KNOWN), {"PATH": "/r/1/bin", "HOME": "/root"})
