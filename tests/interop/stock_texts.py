"""Tells the table of `cases/texts.py` with stock Ice: stock_texts.py --Ice.Property=Value ..."""

from __future__ import annotations

import sys

import Ice
from cases.texts import told
from stock_side import StockSide

with Ice.initialize(sys.argv) as communicator:
    for line in told(StockSide(communicator)):
        print(line)
