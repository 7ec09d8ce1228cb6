"""A communicator's properties: names, values, files and command lines as Ice has them.

    properties = createProperties(args, world=world)    # takes --Ice.X=Y and --Ice.Config=FILE from args
    properties.load("app.cfg")
    args = properties.parseCommandLineOptions("App", args)

What a later line, file or command line says replaces what was said before; a property set to nothing is not
set. Other than Ice 3.7, and like 3.8, a number that is none is an error and not the default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from twisted.logger import Logger

from pushnet.rpc.exceptions import FileException, InitializationException, PropertyException
from pushnet.rpc.property_names import DEFAULTS, SECTIONS, doubt, is_known_of_ice
from pushnet.rpc.property_text import InvalidLine, parse_line, split_list

CONFIG = "Ice.Config"
_WARN_UNKNOWN = "Ice.Warn.UnknownProperties"
_log = Logger(namespace="pushnet.rpc")


class FileReader(Protocol):
    """The part of a world that reads configuration files."""

    def read_file(self, path: str) -> bytes: ...


class _NoFiles:
    """For properties that were made without a world."""

    def read_file(self, path: str) -> bytes:
        raise FileNotFoundError(2, "these properties were made without a world to read files from", path)


def _warn(message: str) -> None:
    _log.warn("{message}", message=message)


class Properties:
    """A property that is not set is the empty string."""

    def __init__(
        self,
        values: Mapping[str, str] | None = None,
        files: FileReader | None = None,
        warn: Callable[[str], object] = _warn,
    ) -> None:
        """`warn(text)` is told what looks wrong but does not hinder: it defaults to the log."""
        self.warn = warn
        self._values: dict[str, str] = {}
        self._used: set[str] = set()
        self._files: FileReader = files or _NoFiles()
        for key, value in sorted((values or {}).items(), key=lambda item: item[0] != _WARN_UNKNOWN):
            self.setProperty(key, value)

    def __str__(self) -> str:
        return "\n".join(f"{key}={value}" for key, value in sorted(self._values.items()))

    # Asking.

    def getProperty(self, key: str) -> str:
        self._used.add(key)
        return self._values.get(key, "")

    def getPropertyWithDefault(self, key: str, default: str) -> str:
        return self.getProperty(key) or default

    def getPropertyAsInt(self, key: str) -> int:
        return self.getPropertyAsIntWithDefault(key, 0)

    def getPropertyAsIntWithDefault(self, key: str, default: int) -> int:
        """Raises `PropertyException` when the value is no whole number."""
        value = self.getProperty(key).strip()
        if not value:
            return default
        try:
            return int(value)
        except ValueError:
            raise PropertyException(f"property {key} is no whole number: {value!r}") from None

    def getPropertyAsList(self, key: str) -> list[str]:
        return self.getPropertyAsListWithDefault(key, [])

    def getPropertyAsListWithDefault(self, key: str, default: list[str]) -> list[str]:
        """The elements of a value, separated by blanks or commas, in quotes where they have such."""
        found = split_list(self.getProperty(key))
        if found is None:
            self.warn(f"mismatched quotes in property {key}'s value, returning default value")
        return found or list(default)

    def getIceProperty(self, key: str) -> str:
        """A property of Ice, with Ice's own default. Raises `PropertyException` for a name Ice has not."""
        if not is_known_of_ice(key):
            raise PropertyException(f"Ice has no property {key}")
        return self.getPropertyWithDefault(key, DEFAULTS.get(key, ""))

    def getIcePropertyAsInt(self, key: str) -> int:
        self.getIceProperty(key)
        return self.getPropertyAsIntWithDefault(key, int(DEFAULTS.get(key) or 0))

    def getIcePropertyAsList(self, key: str) -> list[str]:
        self.getIceProperty(key)
        return self.getPropertyAsListWithDefault(key, split_list(DEFAULTS.get(key, "")) or [])

    def getPropertiesForPrefix(self, prefix: str) -> dict[str, str]:
        found = {key: value for key, value in sorted(self._values.items()) if key.startswith(prefix)}
        self._used.update(found)
        return found

    def getCommandLineOptions(self) -> list[str]:
        """The options that would set these properties: `--key=value`."""
        return [f"--{key}={value}" for key, value in sorted(self._values.items())]

    def getUnusedProperties(self) -> list[str]:
        """Those that nobody has asked for."""
        return sorted(key for key in self._values if key not in self._used)

    def seconds(self, key: str, default_s: float) -> float:
        """A time given in seconds, fractions allowed."""
        value = self.getProperty(key).strip()
        if not value:
            return default_s
        try:
            return float(value)
        except ValueError:
            raise PropertyException(f"property {key} is no number of seconds: {value!r}") from None

    # Setting.

    def setProperty(self, key: str, value: str) -> None:
        """Raises `InitializationException` when there is no key."""
        key = key.strip()
        if not key:
            raise InitializationException("Attempt to set property with empty key")
        doubted = doubt(key)
        if doubted is not None and self._values.get(_WARN_UNKNOWN, "1").strip() != "0":
            self.warn(doubted)
        if value:
            self._values[key] = value
        else:
            self._values.pop(key, None)

    def load(self, path: str) -> None:
        """Take over what a file says. Raises `FileException` when it cannot be read."""
        try:
            text = self._files.read_file(path).decode("utf-8-sig")
        except OSError as error:
            raise FileException(error.strerror or "cannot be read", error.errno or 0, path) from None
        except UnicodeDecodeError:
            raise FileException("is not UTF-8", 0, path) from None
        for line in text.split("\n"):
            self._set_from(line)

    def parseCommandLineOptions(self, prefix: str, options: list[str]) -> list[str]:
        """Take over every `--prefix.name=value` (without a value: 1); returns the other options."""
        start = f"--{prefix}" if not prefix or prefix.endswith(".") else f"--{prefix}."
        others: list[str] = []
        for option in options:
            if not option.startswith(start):
                others.append(option)
                continue
            self._set_from(option[2:] if "=" in option else f"{option[2:]}=1")
        return others

    def parseIceCommandLineOptions(self, options: list[str]) -> list[str]:
        """The same for the prefixes of Ice and its services."""
        for section in SECTIONS:
            options = self.parseCommandLineOptions(section, options)
        return options

    def clone(self) -> Properties:
        """Another set of the same properties."""
        other = Properties(None, self._files, self.warn)
        other._values.update(self._values)
        return other

    def belong_to(self, world: FileReader, warn: Callable[[str], object] | None = None) -> None:
        """Read files through that world, and tell `warn`, from now on."""
        self._files = world
        self.warn = warn or self.warn

    def _set_from(self, line: str) -> None:
        try:
            found = parse_line(line)
        except InvalidLine:
            self.warn(f'invalid config file entry: "{line.strip()}"')
            return
        if found is not None:
            self.setProperty(*found)


def createProperties(
    args: list[str] | None = None,
    defaults: Properties | None = None,
    *,
    world: FileReader | None = None,
    environ: Mapping[str, str] | None = None,
    warn: Callable[[str], object] = _warn,
) -> Properties:
    """Properties from a command line and the files it or the environment names.

    Args:
        args: the command line with the program's name; options that are taken over are removed from it.
        defaults: what is set to begin with.
        world: reads the files that `--Ice.Config=FILE,FILE` or `ICE_CONFIG` names.
        environ: the environment, of which `ICE_CONFIG` is looked at when nothing else names a file.
    """
    properties = Properties(None, world, warn) if defaults is None else defaults.clone()
    if defaults is not None and world is not None:
        properties._files = world
    if args:
        properties.setProperty("Ice.ProgramName", properties.getProperty("Ice.ProgramName") or args[0])
    named = [option for option in args or () if option == f"--{CONFIG}" or option.startswith(f"--{CONFIG}=")]
    properties.parseCommandLineOptions("Ice", named)
    files = properties.getProperty(CONFIG)
    if (named and files == "1") or (defaults is None and not files):
        files = (environ or {}).get("ICE_CONFIG", "")
        properties.setProperty(CONFIG, files)
    for path in files.split(",") if named or defaults is None else ():
        if path.strip():
            properties.load(path.strip())
    if args:
        args[:] = properties.parseIceCommandLineOptions(args)
    return properties
