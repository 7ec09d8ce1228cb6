"""Contents made small: zstd of the whole, or of the difference to another content (a raw dictionary).

Unpacking is for bytes whose digest was signed, and still trusts nothing: the result must have the size that
was told, and the memory it may take is bounded by the largest file (`max_window_size`).
"""

from __future__ import annotations

import zstandard

LEVEL = 10
"""Of zstd: small, and still 15 MB/s of program text on one core; any level unpacks as fast."""
WINDOW_LOG_MAX = 29
"""A window of 512 MiB: two of the largest files, so that a difference may reach back anywhere."""
_WINDOW_LOG_MIN = 10
_TABLE_LOG_MAX = 26
"""Of zstd's tables for a difference, which must find every place of the base: 256 MiB each at most."""


class PackDamaged(Exception):
    """A pack does not unpack to what it should."""


def pack(content: bytes, base: bytes = b"") -> bytes:
    """The content, or its difference to `base`, as one zstd frame."""
    reach = max(len(content) + len(base), 1)
    window = min(max(reach.bit_length(), _WINDOW_LOG_MIN), WINDOW_LOG_MAX)
    wide = {"hash_log": min(window, _TABLE_LOG_MAX), "chain_log": min(window, _TABLE_LOG_MAX)} if base else {}
    parameters = zstandard.ZstdCompressionParameters.from_level(
        LEVEL, source_size=reach, window_log=window, **wide
    )
    packer = zstandard.ZstdCompressor(dict_data=_dictionary(base), compression_params=parameters)
    return packer.compress(content)


def unpack(packed: bytes, size: int, base: bytes = b"") -> bytes:
    """What was packed: `size` bytes, never one more. Raises `PackDamaged`."""
    try:
        frame = zstandard.get_frame_parameters(packed)
        if frame.content_size != size:
            raise PackDamaged(f"a pack says that it holds {frame.content_size} bytes and should hold {size}")
        unpacker = zstandard.ZstdDecompressor(
            dict_data=_dictionary(base), max_window_size=1 << WINDOW_LOG_MAX
        )
        content = unpacker.decompress(packed, max_output_size=size, allow_extra_data=False)
    except (zstandard.ZstdError, MemoryError) as error:
        raise PackDamaged(f"a pack cannot be unpacked: {error}") from error
    if len(content) != size:
        raise PackDamaged(f"a pack held {len(content)} bytes and should hold {size}")
    return content


def _dictionary(base: bytes) -> zstandard.ZstdCompressionDict | None:
    return zstandard.ZstdCompressionDict(base, dict_type=zstandard.DICT_TYPE_RAWCONTENT) if base else None
