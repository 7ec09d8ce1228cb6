"""The last messages of a log, traces apart from the others."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.rpc.admin.logbook import Filter, LogBook, LogMessageType

PRINT, TRACE = LogMessageType.PrintMessage, LogMessageType.TraceMessage
WARNING, ERROR = LogMessageType.WarningMessage, LogMessageType.ErrorMessage


class LogBookTest(SynchronousTestCase):
    def setUp(self) -> None:
        self.book = LogBook(lambda: 1.5, 3, 2)

    def texts(self, wanted: Filter, count: int = -1) -> list[str]:
        return [message.message for message in self.book.last(wanted, count)]

    def test_the_last_ones_are_kept_in_their_order_and_traces_do_not_push_out_others(self) -> None:
        for number in range(4):
            self.book.write(WARNING, f"w{number}")
            self.book.write(TRACE, f"t{number}", "net")
        self.assertEqual(self.texts(Filter()), ["w1", "w2", "t2", "w3", "t3"])
        self.assertEqual(self.texts(Filter(), 2), ["w3", "t3"])
        self.assertEqual(self.texts(Filter(), 0), [])

    def test_a_filter_takes_kinds_and_of_traces_categories(self) -> None:
        self.book.write(PRINT, "p")
        self.book.write(TRACE, "a", "net")
        self.book.write(TRACE, "b", "retry")
        self.book.write(ERROR, "e")
        self.assertEqual(self.texts(Filter([TRACE])), ["a", "b"])
        self.assertEqual(self.texts(Filter([TRACE], ["retry"])), ["b"])
        self.assertEqual(self.texts(Filter((), ["retry"])), ["p", "b", "e"])

    def test_a_message_says_when_it_was_in_microseconds(self) -> None:
        self.book.write(PRINT, "p")
        self.assertEqual(self.book.last(Filter(), 1)[0].timestamp, 1_500_000)
