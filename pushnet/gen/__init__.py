"""Stubs and skeletons written by slice2tx from idl/. Read by people, edited by nobody."""
