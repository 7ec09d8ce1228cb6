"""What `python:` metadata makes of sequences."""

from __future__ import annotations

from tests.slice.sources import SliceTestCase


class BufferTest(SliceTestCase):
    def test_numbers_become_arrays(self) -> None:
        self.assertEmits(
            '["python:array.array"] sequence<short> A; struct S { A a; }',
            "from array import array\n",
            'a: array[int] = attrs.field(factory=lambda: array("h"))',
            'return read_array(buf, pos, "h", 2)',
        )

    def test_numbers_become_arrays_of_numpy(self) -> None:
        self.assertEmits(
            '["python:numpy.ndarray"] sequence<float> A; struct S { A a; }',
            "import numpy\n",
            'a: numpy.ndarray[Any, Any] = attrs.field(factory=lambda: numpy.zeros(0, "f4"))',
            "    _numbers, pos = read_buffer(buf, pos, 4)\n"
            '    return numpy.frombuffer(_numbers, "f4"), pos\n',
        )

    def test_a_factory_and_a_message_class_are_imported(self) -> None:
        self.assertEmits(
            '["python:memoryview:my.views.made"] sequence<double> A;'
            '["python:protobuf:my.messages_pb2.Note"] sequence<byte> B;',
            "from my.messages_pb2 import Note\nfrom my.views import made\n",
            "return read_viewed(buf, pos, made, 6, 8)",
            "return read_message(buf, pos, Note)",
        )

    def test_a_key_cannot_be_one(self) -> None:
        (_, said) = self.body('["python:array.array"] sequence<int> A; dictionary<A, int> D;')
        self.assertIn("Python cannot have keys of dictionary `D`", said)
