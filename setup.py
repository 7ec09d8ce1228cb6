"""What setup.cfg cannot say: with PUSHNET_COMPILE=1 the codec of class graphs becomes machine code.

    PUSHNET_COMPILE=1 pip wheel --no-deps .

mypyc compiles the same source; without it, pure Python is installed. Only modules are compiled that gain by
it: code that mostly calls Twisted or Python's own C code gets slower (see docs/benchmarks.md).
"""

import os

from setuptools import setup

COMPILED = ("basic", "leftovers", "optional", "value_reader", "value_writer")

NEEDED = ("mypy[mypyc] < 2.5", "mypy-zope", "wheel")  # what the build fetches, and only this build

compiling = os.environ.get("PUSHNET_COMPILE") == "1"
extensions = []
if compiling:
    try:
        from mypyc.build import mypycify
    except ImportError:  # the builder is only asking what it has to fetch
        pass
    else:
        extensions = mypycify(["--config-file=setup.cfg", *(f"pushnet/wire/{name}.py" for name in COMPILED)])

setup(ext_modules=extensions, setup_requires=NEEDED if compiling else ())
