"""`Ice.LogFile`: what a communicator and its runtime log goes to the end of a file, in stock Ice's words.

A line begins with what it is: `--` a trace, `-!` a warning, `!!` an error; then when, and who says it. What
is printed stands as it is. With `Ice.LogFile.SizeMax` a file that would grow to so many bytes is renamed:
`server.log` to `server-20261121-150349.log`, and a second one in the same second to `…-1.log`. What cannot be
written goes to Twisted's log.
"""

from __future__ import annotations

from datetime import datetime

from twisted.logger import ILogObserver, LogEvent, LogLevel, eventAsText
from twisted.logger import Logger as TwistedLogger
from zope.interface import implementer

from pushnet.rpc.exceptions import InitializationException
from pushnet.rpc.logger import Logger, TwistedLog
from pushnet.world import World

LEVELS = {LogLevel.debug: "--", LogLevel.info: "--", LogLevel.warn: "-!"}
"""How lines of the runtime begin; others are errors."""


class LogFile:
    """The end of one file."""

    def __init__(self, world: World, path: str, bytes_max: int) -> None:
        """Raises `InitializationException` when the file cannot be written. `bytes_max` 0: any size."""
        self._world = world
        self._path = path
        self._bytes_max = bytes_max
        self._stamp = ""
        self._stamped = 0
        """How many files were renamed in the second of that stamp."""
        try:
            self._size = world.append_file(path, b"")
        except OSError as error:
            raise InitializationException(f"Ice.LogFile: cannot open {path}: {error.strerror}") from None

    def write(self, sign: str, prefix: str, message: str) -> None:
        """A line; of further lines of the message each stands under the first."""
        now = datetime.fromtimestamp(self._world.wall())
        when = f"{now:%m/%d/%y %H:%M:%S}.{now.microsecond // 1000:03}"
        said = f"{prefix}: {message}" if prefix else message
        self.append(f"{sign} {when} {said}", "\n   ")

    def append(self, text: str, newline: str = "\n") -> None:
        grown = self._size + len(text.encode(errors="backslashreplace"))
        data = text.replace("\n", newline) + "\n"
        try:
            if self._size and grown >= self._bytes_max > 0:
                self._world.rename_file(self._path, self._archived())
            self._size = self._world.append_file(self._path, data.encode(errors="backslashreplace"))
        except OSError as error:
            TwistedLog().error(f"{self._path}: {error.strerror}: {text}")

    def _archived(self) -> str:
        """The name under which the file is kept from now on."""
        stamp = f"{datetime.fromtimestamp(self._world.wall()):%Y%m%d-%H%M%S}"
        self._stamped = self._stamped + 1 if stamp == self._stamp else 0
        self._stamp = stamp
        again = f"-{self._stamped}" if self._stamped else ""
        folder, slash, name = self._path.rpartition("/")
        base, dot, extension = name.rpartition(".")
        kept = f"{base}-{stamp}{again}.{extension}" if dot else f"{name}-{stamp}{again}"
        return f"{folder}{slash}{kept}"


class FileLog:
    """A `Logger` that writes into a file."""

    def __init__(self, file: LogFile, prefix: str) -> None:
        self._file = file
        self._prefix = prefix

    def _print(self, message: str) -> None:
        self._file.append(message)

    def trace(self, category: str, message: str) -> None:
        self._file.write("--", self._prefix, f"{category}: {message}" if category else message)

    def warning(self, message: str) -> None:
        self._file.write("-!", self._prefix, f"warning: {message}")

    def error(self, message: str) -> None:
        self._file.write("!!", self._prefix, f"error: {message}")

    def getPrefix(self) -> str:
        return self._prefix

    def cloneWithPrefix(self, prefix: str) -> Logger:
        return FileLog(self._file, prefix)


def runtime_log(file: LogFile, prefix: str, namespace: str) -> TwistedLogger:
    """A log for the runtime itself, which goes into the file."""

    @implementer(ILogObserver)
    def observe(event: LogEvent) -> None:
        sign = LEVELS.get(event["log_level"], "!!")
        kind = {"-!": "warning: ", "!!": "error: "}.get(sign, "")
        told = eventAsText(event, includeTimestamp=False, includeSystem=False).rstrip()
        file.write(sign, prefix, kind + told)

    return TwistedLogger(namespace=namespace, observer=observe)
