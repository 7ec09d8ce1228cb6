"""`PushNet/Tokens`: tokens made, told, and taken back by whoever knows the cluster's secret."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pushnet.gen.pushnet.join import TokenInfo, TokenRefusedException, TokensServant
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.tokens import Token, asked_to_keep, proof_fault, token_fault
from pushnet.roles.registry.ledger import Ledger
from pushnet.roles.registry.papers import TOKEN
from pushnet.roles.registry.writing import NotSaved
from pushnet.rpc.stubs import Current
from pushnet.stores.registry.state import Change, Delete, Put
from pushnet.world import World

TOKENS_MAX: Final = 1000
WHO_CHARACTERS_MAX: Final = 200


class TokensI(TokensServant):
    """Reads from the mirror; writes through the ledger."""

    def __init__(self, world: World, ledger: Ledger, secret: str) -> None:
        self._world = world
        self._ledger = ledger
        self._papers = ledger.books.papers
        self._secret = secret

    async def keep(
        self, token: TokenInfo, digest: str, atS: int, proof: str, current: Current | None = None
    ) -> None:
        asked = asked_to_keep(token.id, digest, token.roles, token.madeS, token.expiresS)
        self._prove(proof, atS, *asked)
        roles, who = tuple(token.roles), token.who[:WHO_CHARACTERS_MAX]
        kept = Token(token.id, digest, roles, token.madeS, token.expiresS, who)
        wrong = token_fault(kept)
        if not wrong and len(self._papers.under(TOKEN)) >= TOKENS_MAX:
            wrong = f"there are {TOKENS_MAX} tokens; revoke some"
        if wrong:
            raise TokenRefusedException(wrong)
        await self._write(f"{TOKEN}{token.id}", Put(f"{TOKEN}{token.id}", kept.to_text()))

    async def revoke(self, id: str, atS: int, proof: str, current: Current | None = None) -> None:
        self._prove(proof, atS, "revoke", id)
        key = f"{TOKEN}{id}"
        entry = self._papers.entry(key)
        if entry is None:
            raise TokenRefusedException(f"there is no token {id}")
        await self._write(key, Delete(key, entry.revision))

    async def all(self, atS: int, proof: str, current: Current | None = None) -> list[TokenInfo]:
        self._prove(proof, atS, "all")
        found = [Token.from_text(entry.value) for entry in self._papers.under(TOKEN).values()]
        return [
            TokenInfo(token.id, list(token.roles), token.made_s, token.expires_s, token.who)
            for token in found
        ]

    def _prove(self, proof: str, at_s: int, *asked: str) -> None:
        wrong = proof_fault(proof, self._secret, at_s, self._world.wall(), *asked)
        if wrong:
            raise TokenRefusedException(wrong)

    async def _write(self, key: str, change: Change) -> None:
        def decide() -> Sequence[Change]:
            return [change]

        try:
            await self._ledger.submit(decide, [key])
        except NotSaved as unable:
            raise UnavailableException(str(unable)) from unable
