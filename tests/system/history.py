"""All that was ever written to an etcd that has not been compacted, commit by commit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
from twisted.internet.defer import Deferred

from pushnet.stores.registry.etcd_gateway import Gateway, coded, text_of
from pushnet.world import World

LIMIT_S = 10.0
END = "/test/end"
"""Written to see that all before it was told."""


@attrs.define
class Written:
    """One commit: entries by their keys without what all of them begin with."""

    revision: int
    put: dict[str, str] = attrs.Factory(dict)
    gone: list[str] = attrs.Factory(list)

    def epoch_of(self, key: str, before: int) -> int:
        """The revision that an entry has after it; 0: there is none."""
        return self.revision if key in self.put else 0 if key in self.gone else before


async def history(world: World, url: str) -> list[Written]:
    """Of the registries' state, in order."""
    gateway = Gateway(world, [url], LIMIT_S)
    commits: dict[int, Written] = {}
    told: Deferred[None] = Deferred()

    def received(message: Mapping[str, Any]) -> None:
        for event in message.get("events", ()):
            kv = event["kv"]
            key, revision = text_of(kv["key"]), int(kv["mod_revision"])
            _, _, name = key.partition("/r/")
            commit = commits.setdefault(revision, Written(revision))
            if event.get("type") == "DELETE":
                commit.gone.append(name)
            elif name:
                commit.put[name] = text_of(kv["value"])
            elif key == END and revision == end:
                told.callback(None)

    (answer,) = await gateway.call("/v3/kv/put", {"key": coded(END), "value": ""})
    end = int(answer["header"]["revision"])
    whole = {"key": coded("/"), "range_end": coded("0"), "start_revision": "1"}
    watch = await gateway.watch(whole, received, lambda why: told.errback(AssertionError(why)))
    await told.addTimeout(LIMIT_S, world.clock)
    watch.stop()
    await gateway.close()
    return [commits[revision] for revision in sorted(commits)]
