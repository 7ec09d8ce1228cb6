"""A replica group at work: its policy, who of it is fit, and what an answer holds.

The policy may be changed while callers ask; turns begin anew then, and who was found unfit stays out.
"""

from __future__ import annotations

from collections.abc import Sequence

from pushnet.grid.balance import Asker, Choice, Draw, Policy, Replica
from pushnet.grid.choices import choice
from pushnet.grid.outliers import Outliers


class Group:
    """Answers for one replica group. Times are monotonic seconds."""

    def __init__(self, policy: Policy, rng: Draw) -> None:
        self.outliers = Outliers()
        self._rng = rng
        self.policy = policy
        self._choice: Choice = choice(policy, rng)

    def change(self, policy: Policy) -> None:
        """Balance by another policy from now on."""
        if policy != self.policy:
            self.policy = policy
            self._choice = choice(policy, self._rng)

    def answer(self, replicas: Sequence[Replica], asker: Asker, now: float) -> list[Replica]:
        """The replicas to answer, best first.

        Args:
            replicas: those that are alive, sorted by name; none makes no answer.
        """
        if not replicas:
            return []
        allowed = set(self.outliers.allowed([replica.name for replica in replicas], now))
        fit = [replica for replica in replicas if replica.name in allowed]
        ordered = self._choice.order(fit, asker)
        return ordered[: self.policy.answered or None]

    def repeats_after(self, replicas: Sequence[Replica], now: float) -> int:
        """After how many answers, all else unchanged, they may be given again; 0: each is made anew."""
        if self.outliers.troubled([replica.name for replica in replicas], now):
            return 0
        return self._choice.turn(len(replicas))

    @property
    def by_load(self) -> bool:
        """Whether new readings of a replica may change the answers."""
        return self._choice.by_load

    @property
    def by_asker(self) -> bool:
        """Whether answers differ by who asks."""
        return self._choice.by_asker
