"""The notebook gathers and writes in one go."""

from __future__ import annotations

from tests.roles.dbagent.scene import APP, ShardCase


class NotebookTests(ShardCase):
    def test_notes_are_written_by_a_flush(self) -> None:
        made = self.register()
        for id in (1, 2):
            self.run_until(self.shard.store(APP, self.message(id), [made.ordinal]))
        self.notebook.note_online(APP, made.ordinal, 5000)
        self.notebook.note_online(APP, made.ordinal, 6000)
        self.notebook.note_seen(APP, made.ordinal, 2)
        self.notebook.note_seen(APP, made.ordinal, 1)
        self.assertEqual(len(self.notebook), 2)
        self.run_until(self.notebook.flush())
        self.assertEqual(len(self.notebook), 0)
        self.assertEqual(self.run_until(self.shard.device(APP, made.registrationId)).lastOnlineMs, 6000)
        self.assertEqual(self.run_until(self.shard.fetch(APP, made.ordinal, 0, 10)), [])

    def test_an_empty_notebook_writes_nothing(self) -> None:
        self.close()
        self.run_until(self.notebook.flush())
