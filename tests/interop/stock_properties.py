"""What stock Ice makes of the lines of a configuration file, and of lists in values. Run with system Python.

    stock_properties.py FILE

FILE holds JSON: a list of lines and a list of values. Prints JSON: for each line what a file with that line
alone sets, and for each value its elements.
"""

import json
import sys
import tempfile

import Ice


class Quiet(Ice.Logger):
    """Stock Ice warns of every odd line."""

    def warning(self, message: str) -> None: ...


def main() -> None:
    Ice.setProcessLogger(Quiet())
    with open(sys.argv[1]) as source:
        lines, values = json.load(source)
    told = []
    for line in lines:
        with tempfile.NamedTemporaryFile("w", newline="") as file:
            file.write(line)
            file.flush()
            properties = Ice.createProperties()
            properties.load(file.name)
            told.append(properties.getPropertiesForPrefix(""))
    elements = []
    for value in values:
        properties = Ice.createProperties()
        properties.setProperty("L", value)
        elements.append(properties.getPropertyAsListWithDefault("L", []))
    print(json.dumps([told, elements]))


main()
