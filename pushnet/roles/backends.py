"""What stands behind the gateway and the pusher: the queue, the tag index and the shards, found by name.

Typed by their contracts, so that the same role runs on proxies and on servants in memory.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from pushnet.gen.pushnet.dbagent import Shard, ShardPrx
from pushnet.gen.pushnet.queue import Queue, QueuePrx
from pushnet.gen.pushnet.tagalias import TagAlias, TagAliasPrx
from pushnet.rpc.communicator import Communicator


@attrs.frozen
class Backends:
    queue: Queue
    tag_alias: TagAlias
    shards: Sequence[Shard]
    """By number."""


def find_backends(communicator: Communicator, shards: int) -> Backends:
    """Proxies by well-known names; nothing is called yet."""
    queue = QueuePrx.uncheckedCast(communicator.stringToProxy("Queue"))
    tag_alias = TagAliasPrx.uncheckedCast(communicator.stringToProxy("TagAlias"))
    found = [
        ShardPrx.uncheckedCast(communicator.stringToProxy(f"shard/{number}")) for number in range(shards)
    ]
    assert queue is not None and tag_alias is not None
    return Backends(queue, tag_alias, [shard for shard in found if shard is not None])
