"""Runs a program on the reactor of pushnet's nodes: on_our_reactor.py PROGRAM ARGUMENT... ."""

from __future__ import annotations

import runpy
import sys

from pushnet.app.reactor import install

install()
del sys.argv[0]
runpy.run_path(sys.argv[0], run_name="__main__")
