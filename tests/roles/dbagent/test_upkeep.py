"""What a shard does on its own."""

from __future__ import annotations

from pushnet.gen.pushnet.push import Message
from pushnet.roles.dbagent.upkeep import AUDIT_EVERY_S
from tests.roles.dbagent.scene import APP, ShardCase


class UpkeepTests(ShardCase):
    def test_silent_brokers_are_dropped_and_notes_are_written(self) -> None:
        made = self.register()
        self.login(made)
        self.upkeep.start()
        self.simulation.run_for(2)
        view = self.run_until(self.shard.device(APP, made.registrationId))
        self.assertTrue(view.online)
        self.assertGreater(view.lastOnlineMs, 0)
        self.simulation.run_for(2.5)
        self.assertFalse(self.run_until(self.shard.device(APP, made.registrationId)).online)
        self.run_until(self.upkeep.stop())

    def test_what_has_expired_goes_and_the_account_comes_out_even(self) -> None:
        made = self.register()
        for id in range(1, 120):
            self.run_until(self.shard.store(APP, Message(id, 1, b"old"), [made.ordinal]))
        self.upkeep.start()
        self.simulation.run_for(AUDIT_EVERY_S + 2)
        census = self.run_until(self.shard.census(APP))
        self.assertEqual((census["expired"], census["pending"]), (119, 0))
        self.assertEqual(self.counted("out_of_balance_total"), 0)
        self.run_until(self.upkeep.stop())

    def test_an_account_that_does_not_come_out_even_is_an_alarm(self) -> None:
        self.register()
        connection = self.world.storage.connect_sqlite("shard.db")
        connection.execute("UPDATE apps SET stored = 5")
        self.run_until(self.upkeep.audit())
        self.assertEqual(self.counted("out_of_balance_total"), 1)

    def test_trouble_is_told_and_the_end_comes_all_the_same(self) -> None:
        made = self.register()
        self.login(made)
        self.upkeep.start()
        self.close()
        self.simulation.run_for(2)
        self.assertIn("closed", self.upkeep.trouble)
        self.run_until(self.upkeep.stop())
        self.assertEqual(self.simulation.failures, [])

    def test_nothing_is_left_when_it_has_stopped(self) -> None:
        self.upkeep.start()
        self.simulation.run_for(3)
        self.run_until(self.upkeep.stop())
        self.close()
        self.assertEqual(self.simulation.leftovers(), [])
