"""slice2tx, the Slice compiler: source text to checked model to Python. Nothing that runs imports it.

`load("hello.ice")` compiles a file in memory and imports it.
"""

from pushnet.slice.loading import SliceLoadException, load

__all__ = ["SliceLoadException", "load"]
