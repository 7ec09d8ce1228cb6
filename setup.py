"""What setup.cfg cannot say: with PUSHNET_COMPILE=1 the codec of class graphs becomes machine code.

    PUSHNET_COMPILE=1 pip wheel --no-build-isolation --no-deps .

mypyc compiles the same source; without it, pure Python is installed. Only modules are compiled that gain by
it: code that mostly calls Twisted or Python's own C code gets slower (see docs/benchmarks.md).
"""

import os

from setuptools import setup

COMPILED = ("basic", "leftovers", "optional", "value_reader", "value_writer")

extensions = []
if os.environ.get("PUSHNET_COMPILE") == "1":
    from mypyc.build import mypycify

    extensions = mypycify(["--config-file=setup.cfg", *(f"pushnet/wire/{name}.py" for name in COMPILED)])

setup(ext_modules=extensions)
