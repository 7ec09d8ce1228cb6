"""Freed memory is kept for the next large message."""

import subprocess
import sys

from twisted.trial.unittest import SynchronousTestCase

_FAULTS = """
import resource
from pushnet.app.memory import keep_freed_memory
if {kept}: assert keep_freed_memory()
def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt
held = bytearray(3_000_000)
before = faults()
for _ in range(100):
    one, other = bytearray(b"x") * 1_000_000, bytearray(b"y") * 1_000_000
    del one, other
print(faults() - before)
"""


class MemoryTest(SynchronousTestCase):
    def faults(self, kept: bool) -> int:
        """Page faults of a process that needs and frees a hundred times two megabytes."""
        run = subprocess.run(
            [sys.executable, "-c", _FAULTS.format(kept=kept)], capture_output=True, text=True, timeout=60
        )
        self.assertEqual(run.returncode, 0, run.stderr)
        return int(run.stdout)

    def test_what_was_freed_is_used_again_without_asking_the_system(self) -> None:
        self.assertLess(self.faults(True) * 10, self.faults(False))
