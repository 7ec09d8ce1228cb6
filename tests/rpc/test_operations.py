"""What generated code says of an operation decides how it may be called."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.operations import Operation, ServantOperation
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
