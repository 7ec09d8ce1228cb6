"""The emitter of Python: a checked unit goes in, the text of one module comes out."""
