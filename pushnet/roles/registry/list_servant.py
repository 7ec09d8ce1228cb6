"""`PushNet/Lists`: white and black lists. Whoever goes by them waits here for their next change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import attrs

from pushnet.gen.pushnet.lists import BadRuleException, ListsServant, Rule, RuleBook
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid import lists
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.papers import LIST
from pushnet.roles.registry.waiters import Waiters
from pushnet.roles.registry.writing import NotSaved
from pushnet.rpc.stubs import Current
from pushnet.stores.registry.state import Change, Put, StateUnavailable
from pushnet.world import World

RULES: Final = f"{LIST}rules"
RULES_MAX: Final = 5000
"""Of all lists: they are one entry, and etcd takes 1.5 MiB in a commit."""


@attrs.frozen
class _Read:
    """The entry of a revision, parsed: as it is written to, and as it is told."""

    number: int
    rules: Sequence[lists.Rule] = ()
    told: Sequence[Rule] = ()


class ListsI(ListsServant):
    """Reads from the mirror; writes through the ledger."""

    def __init__(self, world: World, ledger: Ledger, rules_max: int = RULES_MAX) -> None:
        self._rules_max = rules_max
        self._world = world
        self._ledger = ledger
        self._papers = ledger.books.papers
        self._waiters = Waiters(world, "the lists")
        self._read = _Read(0)
        self._papers.followers.append(self._told)

    async def put(self, rule: Rule, current: Current | None = None) -> None:
        wanted = lists.Rule(
            rule.list,
            rule.app,
            rule.value,
            rule.expiresS,
            rule.who[: lists.WORDS_CHARACTERS_MAX],
            rule.why[: lists.WORDS_CHARACTERS_MAX],
            int(self._world.wall()),
        )
        wrong = lists.fault(wanted)
        if not wrong and 0 < wanted.expires_s <= wanted.made_s:
            wrong = "it is over already"
        if wrong:
            raise BadRuleException(wrong)
        wanted = lists.settled(wanted)

        def changed(known: dict[lists.Key, lists.Rule]) -> None:
            known[wanted.key] = wanted
            if len(known) > self._rules_max:
                raise BadRuleException(f"there are {self._rules_max} rules; remove some")

        await self._write(changed)
        self._ledger.events.record("list.changed", wanted.list, f"{wanted.value} added: {wanted.why}")

    async def remove(self, list: str, app: str, value: str, current: Current | None = None) -> None:
        asked = lists.Rule(list, app, value)
        wrong = lists.fault(asked)
        if wrong:
            raise BadRuleException(wrong)
        key = lists.settled(asked).key

        def changed(known: dict[lists.Key, lists.Rule]) -> None:
            if known.pop(key, None) is None:
                raise BadRuleException(f"{value} is not in {list}{f' of {app}' if app else ''}")

        await self._write(changed)
        self._ledger.events.record("list.changed", list, f"{value} removed")

    async def rules(self, known: int, waitMs: int, current: Current | None = None) -> RuleBook:
        if known > self._number():
            try:
                await self._ledger.catch_up()  # the caller knows of a change that has not been told here
            except StateUnavailable as unable:
                raise UnavailableException(str(unable)) from unable
        if known == self._number() and waitMs > 0:
            await self._waiters.wait(waitMs)
        now_s = self._world.wall()
        told = [rule for rule in self._known().told if not rule.expiresS or rule.expiresS > now_s]
        return RuleBook(self._number(), told)

    def close(self) -> None:
        """Answer all who wait with what there is."""
        self._waiters.answer()

    def _number(self) -> int:
        entry = self._papers.entry(RULES)
        return entry.revision if entry is not None else 0

    def _holding(self) -> dict[lists.Key, lists.Rule]:
        """By list, app and value; what is over is left out."""
        now_s = self._world.wall()
        return {
            rule.key: rule for rule in self._known().rules if not rule.expires_s or rule.expires_s > now_s
        }

    def _known(self) -> _Read:
        """What is kept, parsed once a change: after one every node asks."""
        number = self._number()
        if self._read.number != number:
            rules = lists.from_text(self._papers.value(RULES))
            self._read = _Read(number, rules, [_told(rule) for rule in rules])
        return self._read

    async def _write(self, change: Callable[[dict[lists.Key, lists.Rule]], None]) -> None:
        def decide() -> Sequence[Change]:
            known = self._holding()
            change(known)
            return [Put(RULES, lists.to_text(sorted(known.values(), key=attrs.astuple)))]

        try:
            await self._ledger.submit(decide, [RULES])
        except NotSaved as unable:
            raise UnavailableException(str(unable)) from unable

    def _told(self, key: str) -> None:
        if key == RULES:
            self.close()


def _told(rule: lists.Rule) -> Rule:
    return Rule(rule.list, rule.app, rule.value, rule.expires_s, rule.who, rule.why, rule.made_s)
