"""What one DBAgent shard keeps on disk, in one SQLite file: devices, their tags and streams, group logs.

`ShardStore` is the door: app keys, ordinals and messages go in, Deferreds come out that fire when a change is
on disk. The modules beside it are functions on a connection, each about one table or two.
"""
