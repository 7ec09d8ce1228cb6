"""Says what stock Ice for Python makes of `values.ice`."""

from __future__ import annotations

import os
import sys

import Ice
from cases.values import told

SLICE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "values.ice")
Ice.loadSlice("", [SLICE])
values = sys.modules["Values"]
with open(SLICE, encoding="utf-8") as source:
    lines = told(source.read(), lambda name, inner: getattr(values.Inner if inner else values, name))
print("\n".join(lines))
