"""How large anything about a release may be. What exceeds a limit is refused before it is read or stored."""

from __future__ import annotations

FILES_MAX = 20_000
"""Files and folders of one release: ten times Python with its site-packages of this project."""
FILE_BYTES_MAX = 256 << 20
"""One file is packed and unpacked in memory, so it must fit there twice."""
RELEASE_BYTES_MAX = 8 << 30
"""All files of one release."""
PACKS_MAX = 8
"""Ways one file may travel: whole, and as differences to earlier versions."""

DEPTH_MAX = 32
"""Parts of a path."""
PART_BYTES_MAX = 200
"""One part of a path; file systems take 255, and a neighbour's suffix needs room."""
PATH_BYTES_MAX = 1024
"""A quarter of what Linux takes, so that it fits below any folder."""

ROOT_BYTES_MAX = 64 << 10
"""A root or timestamp document: 100 keys take 20 kB. It is asked for before its size is known."""
DOCUMENT_BYTES_MAX = 16 << 20
"""A release or snapshot document: 20,000 files take 8 MB."""
ROOTS_MAX = 1024
"""Roots that are followed in one go; a change of keys a day for three years."""
KEYS_MAX = 64
"""Keys of one root, and signatures of one document."""
LISTED_MAX = 10_000
"""Releases in one snapshot."""

SKEW_S = 300
"""How far a machine's wall clock may be off: documents live that much longer, may be that much younger."""

CHUNK_BYTES_MAX = 256 << 10
"""One answer of a source; a quarter of Ice's usual message limit."""
HAVE_MAX = 1000
"""Digests in one question for what a source has."""
