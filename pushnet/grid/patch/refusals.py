"""Why a release, or a word about one, is refused. The text says what, where, and what to do about it."""

from __future__ import annotations


class Refused(Exception):
    """What came may not be used."""


class Malformed(Refused):
    """It is not in the form that a signer writes: damaged, or not ours."""


class NotSigned(Refused):
    """It lacks valid signatures of enough keys that may sign it."""


class Expired(Refused):
    """It is out of date (or dated after today): somebody holds back what is new, or a clock is wrong."""


class RolledBack(Refused):
    """It is older than what was seen before, or differs from it under the same number."""


class NotListed(Refused):
    """It does not belong to what was signed as today's: another release or file, or more than asked."""


class NotAPath(Refused):
    """The name of a file could not be kept safely on every system."""
