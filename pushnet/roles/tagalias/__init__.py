"""TagAlias: which devices an audience means. An index of tags and aliases without any truth of its own.

It follows every shard's change log, keeps roaring bitmaps, and answers with sets; replicas are equal. A
snapshot spares it reading the logs from their beginning when it starts again.
"""
