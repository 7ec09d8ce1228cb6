"""What generated code says of an operation decides how it may be called."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.operations import Operation, ServantOperation
from pushnet.wire.call10 import Call10
from tests.golden import failures


class OperationTest(SynchronousTestCase):
    def test_an_operation_with_results_or_exceptions_wants_an_answer(self) -> None:
        self.assertTrue(Operation("op", 0, lambda buf, pos, source: 1).twoway_only)
        self.assertTrue(Operation("op", 0, None, (failures.Failure,)).twoway_only)
        self.assertFalse(Operation("op", 0, None).twoway_only)

    def test_a_servants_operation_keeps_what_it_was_given(self) -> None:
        operation = ServantOperation("op", 2, lambda servant, buf, pos, current: 7, None, sliced=True)
        self.assertEqual((operation.name, operation.mode, operation.sliced), ("op", 2, True))
        self.assertFalse(operation.any_mode)
        self.assertEqual(operation.serve(None, b"", 0, None), 7)

    def test_a_checked_operation_looks_at_the_caller_first_in_every_encoding_and_format(self) -> None:
        def check(current: object) -> None:
            if current != "ann":
                raise PermissionError(current)

        for old in (None, Call10("op")):
            operation = ServantOperation("op", 2, lambda servant, buf, pos, current: 7, None, old=old)
            operation.in_sliced_format()
            checked = operation.checked(check)
            for way in (checked, checked.old, checked.in_sliced_format(), checked.in_sliced_format().old):
                self.assertRaises(PermissionError, way.serve, None, b"", 0, "bob")
            self.assertEqual(checked.serve(None, b"", 0, "ann"), 7)
            self.assertEqual(operation.serve(None, b"", 0, "bob"), 7)
