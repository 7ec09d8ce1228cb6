"""Wrong input for every decoder: refused in its own words, soon, and without much memory."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from tests.fuzz.campaign import fuzz, shares
from tests.fuzz.corpus import FOLDER, read_corpus
from tests.fuzz.targets import TARGETS

INPUTS = 200_000
SEED = "1"
"""Always the same inputs. Others: `scripts/fuzz --seed`."""


class TargetsTest(SynchronousTestCase):
    def test_every_target_has_its_corpus_and_no_corpus_is_left_over(self) -> None:
        kept = {path.stem for path in FOLDER.glob("*.txt")}
        self.assertEqual(kept, set(TARGETS))
        for name in TARGETS:
            self.assertNotEqual(read_corpus(name), [], name)


def _test_of(name: str, inputs: int) -> object:
    def test(self: SynchronousTestCase) -> None:
        tally = fuzz(TARGETS[name], SEED, lambda done: done < inputs)
        self.assertEqual(tally.findings, [], "\n" + "\n".join(map(str, tally.findings)))
        self.assertEqual(tally.inputs, inputs)

    return test


for _name, _inputs in shares(TARGETS.values(), INPUTS).items():
    setattr(TargetsTest, f"test_{_name}_refuses_what_is_wrong_in_its_own_words", _test_of(_name, _inputs))
