"""slice2tx, the Slice compiler: source text to checked model to Python. Nothing that runs imports it."""
