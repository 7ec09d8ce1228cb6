"""Bugs planted in a cluster, to see that its checker finds them: each by a subclass in a role's place."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
from twisted.internet.defer import Deferred, succeed

from pushnet.client.store import MemoryStore
from pushnet.device.device_session import Memory
from pushnet.gen.pushnet.push import Audience, Message
from pushnet.gen.pushnet.tagalias import Selection
from pushnet.roles.base import Parts, RoleService
from pushnet.roles.broker.servant import BrokerI
from pushnet.roles.broker.service import BrokerService
from pushnet.roles.queue.service import QueueService, limits_of
from pushnet.roles.tagalias.servant import TagAliasI
from pushnet.roles.tagalias.service import TagAliasService
from pushnet.rpc.stubs import Current
from pushnet.stores.queue import Published
from pushnet.stores.queue_log import EmbeddedQueue
from pushnet.wire.identity import Identity


class ForgetfulStore(MemoryStore):
    """A device that does not keep how far it has shown its streams."""

    def load(self) -> Memory:
        return attrs.evolve(self.memory, own=0, group=0)


class EagerQueue(EmbeddedQueue):
    """Says "accepted" before the message is on disk."""

    def publish(self, topic: str, body: bytes, key: str = "", answer: bytes = b"") -> Deferred[Published]:
        super().publish(topic, body, key, answer).addErrback(lambda failure: None)
        return succeed(Published(0, False, answer))


def eager_queue(parts: Parts) -> RoleService:
    return QueueService(parts, EagerQueue(parts.world, limits_of(parts)))


class ForgetfulQueue(EmbeddedQueue):
    """Does not remember keys: a repeated publish adds the message again."""

    def publish(self, topic: str, body: bytes, key: str = "", answer: bytes = b"") -> Deferred[Published]:
        return super().publish(topic, body, "", answer)


def forgetful_queue(parts: Parts) -> RoleService:
    return QueueService(parts, ForgetfulQueue(parts.world, limits_of(parts)))


class CarelessBroker(BrokerI):
    """Takes a row of a group log for the next one, whatever lies between."""

    async def deliverGroup(
        self, app: str, seq: int, item: Message, audience: bytes, current: Current | None = None
    ) -> None:
        log = self._switchboard.logs.find(app)
        if log is not None:
            log.skip_to(seq - 1)
        await super().deliverGroup(app, seq, item, audience, current)


class CarelessBrokerService(BrokerService):
    async def open(self) -> None:
        await super().open()
        assert self._adapter is not None
        identity = Identity(self.parts.node.name, "broker")
        self._adapter.remove(identity)
        self._adapter.add(CarelessBroker(self._switchboard, self._tally, self._rebalance), identity)


class HastyTagAlias(TagAliasI):
    """Answers with what it knows, however far behind that is."""

    async def resolve(
        self,
        app: str,
        wanted: Audience,
        needed: Mapping[int, int],
        waitMs: int,
        current: Current | None = None,
    ) -> Selection:
        return await super().resolve(app, wanted, {}, waitMs, current)


class HastyTagAliasService(TagAliasService):
    async def _serve(self, servant: TagAliasI) -> None:
        hasty = HastyTagAlias(self.parts.world, self._index, self._progress, self._metrics)
        await super()._serve(hasty)
