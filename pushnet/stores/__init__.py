"""The seams to state: embedded and real back ends behind one contract each."""
