"""Who would deploy as with IceGrid is told what to use."""

from __future__ import annotations

from pushnet.gen.ice.icegrid_exceptions import DeploymentException
from pushnet.roles.registry.admin_applications import undeployable
from pushnet.wire.basic import write_string
from pushnet.wire.request import encapsulated
from tests.roles.registry.test_admin import AdminCase

NAMED = ("removeApplication", "instantiateServer", "patchApplication", "getApplicationInfo")


class AdminApplicationsTests(AdminCase):
    def test_nothing_is_deployed_and_no_application_is_there(self) -> None:
        name = bytearray()
        write_string(name, "app")
        for key, operation in undeployable().items():
            call = self.admin.ice_invoke(key.decode(), operation.mode, encapsulated(bytes(name)))
            ok, told = self.run_until(call)
            self.assertFalse(ok)
            named = key.decode() in NAMED
            error = b"::IceGrid::ApplicationNotExistException" if named else b"::IceGrid::DeploymentException"
            self.assertIn(error, told)
            self.assertIn(b"\x03app" if named else b"pushnet apply", told)

    def test_nothing_is_patched_this_way(self) -> None:
        with self.assertRaises(DeploymentException):
            self.run_until(self.admin.patchServer("tagalias-1", True))
        self.assertEqual(self.run_until(self.admin.getSliceChecksums()), {})
