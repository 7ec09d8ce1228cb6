"""A stock Ice program administers us through the facets of our admin object."""

from __future__ import annotations

from pushnet.rpc.current import Current
from pushnet.rpc.exceptions import ObjectNotExistException
from tests.interop.stock import Program
from tests.interop.transports import EchoI, TransportCase

SETTINGS = {
    "Ice_Admin_Endpoints": "tcp -h 127.0.0.1 -p 0",
    "Ice_Admin_InstanceName": "inst",
    "Ice_ProgramName": "the program",
    "IceMX_Metrics_Debug_GroupBy": "id",
    "Told_One": "first",
    "Told_Two": "2",
}


class WarningI(EchoI):
    """Writes a warning when it is asked to, and knows no object that is called `gone`."""

    def ice_invoke(self, params: bytes, current: Current) -> tuple[bool, bytes]:
        if current.operation == "warn":
            current.adapter.getCommunicator().getLogger().warning("as you wish")
        if current.operation == "gone":
            raise ObjectNotExistException()
        return super().ice_invoke(params, current)


class AdminWithStockTest(TransportCase):
    def setUp(self) -> None:
        super().setUp()
        self.echo = WarningI()

    async def test_a_stock_program_asks_all_and_ends_us(self) -> None:
        ours = self.ours(**SETTINGS)
        _, echo = await self.serve(ours, "tcp -h 127.0.0.1 -p 0")
        ours.getLogger().warning("before")
        program = Program("stock_admin.py", str(ours.getAdmin()), echo)
        self.addCleanup(program.kill)
        for wanted in (
            "Process ::Ice::Process",
            "Properties ::Ice::PropertiesAdmin",
            "Metrics ::IceMX::MetricsAdmin",
            "Logger ::Ice::LoggerAdmin",
            "property first ''",
            "prefix [('Told.One', 'first'), ('Told.Two', '2')]",
            "changed [('Told.Three', 'third'), ('Told.Two', 'second')]",
            "views ['Debug'] []",
        ):
            self.assertEqual(await program.line(), wanted)
        maps = await program.line()
        for name in ("Connection", "Dispatch"):
            self.assertIn(f"'{name}'", maps)
        for wanted in (
            "dispatched DispatchMetrics 3 0 0 True",
            "failures []",
            "connections ['ConnectionMetrics']",
            "disabled ([], ['Debug'])",
            "no such view",
            "log the program ['before']",
            "attached the program ['before']",
            "already attached",
            "remote ['WarningMessage: as you wish']",
            "detached True False",
        ):
            self.assertEqual(await program.line(), wanted)
        self.assertEqual(await program.line(), "shut down")
        await ours.waitForShutdown()
        await program.ended
        self.assertEqual(program.exit_code, 0)
