"""What Ice promises, held against pushnet and stock Ice calling each other: an area a class."""

from __future__ import annotations

from twisted.trial.unittest import TestCase

from tests.interop.cases import calling, slicing
from tests.interop.cases.side import Where
from tests.interop.matrix import ENDPOINTS, Matrix
from tests.interop.ours import OurSide, serve


class OperationsTest(Matrix, TestCase):
    area = "operations"


class FailuresTest(Matrix, TestCase):
    area = "failures"
    logged = (Exception,)


class ObjectsTest(Matrix, TestCase):
    area = "objects"


class OptionalsTest(Matrix, TestCase):
    area = "optionals"


class SlicingTest(Matrix, TestCase):
    area = "slicing"

    async def test_we_call_us(self) -> None:
        """Both ends know all types: nothing is cut."""
        adapter = await serve(self.ours(), ENDPOINTS, [slicing])
        side = OurSide(self.ours())
        where = Where(side, "1.1", str(adapter.getEndpoints()[0]))
        T, S = side.slice("strangers"), side.slice("slicing")
        look = where.proxy(S.LookPrx, "slicing/look")
        self.assertEqual(type(await look.make(S.What.far)), T.Far)
        self.assertEqual(type(await look.makeCompact(S.What.far)), T.Far)
        self.assertEqual(type(await look.makeValue(S.What.alone)), T.Alone)
        self.assertEqual(type(await where.failure(look.fail, S.What.stranger)), T.StrangeError)


class DispatchingTest(Matrix, TestCase):
    area = "dispatching"
    logged = (Exception,)


class CallingTest(Matrix, TestCase):
    area = "calling"
    properties = calling.PROPERTIES
