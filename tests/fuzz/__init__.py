"""Bytes from anyone: decoders get mutations of valid input, and may only refuse them in its own words."""
