"""What Ice promises, held against pushnet and stock Ice calling each other: an area a class."""

from __future__ import annotations

from twisted.trial.unittest import TestCase

from tests.interop.matrix import Matrix


class OperationsTest(Matrix, TestCase):
    area = "operations"


class FailuresTest(Matrix, TestCase):
    area = "failures"
    logged = (Exception,)


class ObjectsTest(Matrix, TestCase):
    area = "objects"


class OptionalsTest(Matrix, TestCase):
    area = "optionals"
