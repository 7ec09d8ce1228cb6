"""Releases of programs: published by an operator, served by any node, fetched and staged by node agents.

What a node agent needs is `Library` (in `library`), all of it coroutines:

    library = Library(world)                            # in the folder `releases/` of the node's storage
    await library.open()                                # tidies up after a crash
    await library.anchor(root_bytes)                    # once in a node's life: whom to believe
    release = await library.stage("broker", "1.4.0", sources)   # fetch, check, put beside what runs
    folder = await library.activate("broker", "1.4.0")  # checked again, then one rename
    library.current("broker"), library.previous("broker")       # `Staged`: name, version, counter, folder
    await library.rollback("broker")                    # activates `previous`
    await library.tidy()                                # keeps the current, the previous, and the newest
    adapter.add(library.servant(), IDENTITY)            # `servant.IDENTITY`: others may fetch from here
    await library.close()

`sources` are `RpcSource`s: proxies of `PushNet::Releases`, at registries or other nodes. A release that is
older than the newest that was activated here is refused, except by `rollback`. Staging what is staged costs
nothing. Refusals are `pushnet.grid.patch.refusals.Refused`; sources that cannot help, `SourcesFailed`.
"""
