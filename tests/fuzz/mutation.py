"""Makes wrong input out of right input: the same for the same seed, on every machine.

Mutations know what formats are made of: lengths of one and four bytes, counts, texts. They change bytes,
set numbers to their limits, cut, repeat and exchange pieces, insert the language's own words, and put parts
of one input into another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from tests.fuzz.verdict import INPUT_BYTES_MAX

ODD_BYTES = (0, 1, 2, 4, 7, 8, 0x0A, 0x20, 0x22, 0x5C, 0x7F, 0x80, 0xC0, 0xE0, 0xED, 0xF0, 0xFE, 0xFF)
ODD_NUMBERS = (0, 1, -1, 2, 5, 6, 7, 13, 14, 254, 255, 256, 65_535, 2**16, 2**24, 2**31 - 1, -(2**31))
STEPS_MAX = 4
PIECE_BYTES_MAX = 64
REPEATS_MAX = 600
"""A piece repeated so often nests as deeply as anything could that goes by recursion."""


class Mutation:
    """Endless wrong inputs from a corpus."""

    def __init__(self, seed: str, corpus: Sequence[bytes], tokens: Sequence[bytes] = ()) -> None:
        self._random = Random(seed)
        self._corpus = list(corpus) or [b""]
        self._tokens = tokens
        self._ways: list[Callable[[bytearray], None]] = [
            self._set_byte,
            self._flip_bit,
            self._odd_byte,
            self._set_number,
            self._shift_number,
            self._claim,
            self._insert,
            self._cut_out,
            self._cut_off,
            self._double,
            self._splice,
        ]
        if tokens:
            self._ways += [self._word, self._word, self._nest]
        else:
            self._ways.append(self._nest)

    def next(self) -> bytes:
        """One more input."""
        random = self._random
        data = bytearray(random.choice(self._corpus))
        for _ in range(random.randint(1, STEPS_MAX)):
            random.choice(self._ways)(data)
        del data[INPUT_BYTES_MAX:]
        return bytes(data)

    def _at(self, data: bytearray, room: int = 1) -> int:
        """A place with so much room behind it; data too short grow."""
        if len(data) < room:
            data += bytes(room - len(data))
        return self._random.randint(0, len(data) - room)

    def _piece(self, data: bytearray) -> bytes:
        start = self._at(data)
        return bytes(data[start : start + self._random.randint(1, PIECE_BYTES_MAX)])

    def _set_byte(self, data: bytearray) -> None:
        data[self._at(data)] = self._random.getrandbits(8)

    def _flip_bit(self, data: bytearray) -> None:
        data[self._at(data)] ^= 1 << self._random.randint(0, 7)

    def _odd_byte(self, data: bytearray) -> None:
        data[self._at(data)] = self._random.choice(ODD_BYTES)

    def _set_number(self, data: bytearray) -> None:
        """An int32 at its limits, or the length of the input or of what is left, give or take one."""
        at = self._at(data, 4)
        near = self._random.choice((len(data), len(data) - at)) + self._random.randint(-1, 1)
        number = self._random.choice((*ODD_NUMBERS, near))
        data[at : at + 4] = (number & 0xFFFF_FFFF).to_bytes(4, "little")

    def _shift_number(self, data: bytearray) -> None:
        """A byte that may be a length, a little more or less."""
        at = self._at(data)
        data[at] = (data[at] + self._random.choice((-2, -1, 1, 2))) & 0xFF

    def _claim(self, data: bytearray) -> None:
        """A length of five bytes where one of one byte may be."""
        at = self._at(data)
        number = self._random.choice((*ODD_NUMBERS, len(data) - at))
        data[at : at + 1] = b"\xff" + (number & 0xFFFF_FFFF).to_bytes(4, "little")

    def _insert(self, data: bytearray) -> None:
        at = self._random.randint(0, len(data))
        data[at:at] = self._random.randbytes(self._random.randint(1, 8))

    def _cut_out(self, data: bytearray) -> None:
        at = self._at(data)
        del data[at : at + self._random.randint(1, PIECE_BYTES_MAX)]

    def _cut_off(self, data: bytearray) -> None:
        del data[self._at(data) :]

    def _double(self, data: bytearray) -> None:
        piece = self._piece(data)
        at = self._random.randint(0, len(data))
        data[at:at] = piece

    def _splice(self, data: bytearray) -> None:
        """The beginning of this input, the end of another."""
        other = bytearray(self._random.choice(self._corpus))
        data[self._at(data) :] = other[self._at(other) :]

    def _word(self, data: bytearray) -> None:
        at = self._random.randint(0, len(data))
        data[at:at] = self._random.choice(self._tokens)

    def _nest(self, data: bytearray) -> None:
        """A short piece or a word, very often."""
        if self._tokens and self._random.random() < 0.5:
            piece = self._random.choice(self._tokens)
        else:
            piece = self._piece(data)[: self._random.randint(1, 8)]
        at = self._random.randint(0, len(data))
        data[at:at] = piece * self._random.randint(2, REPEATS_MAX)
