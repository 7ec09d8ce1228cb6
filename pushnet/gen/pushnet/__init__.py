"""Written by slice2tx: one module for each Slice file of idl/pushnet/."""
