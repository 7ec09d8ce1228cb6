"""What a server has executed: in memory, and on disk at the latest a tenth of a second later.

A line is `KIND CLIENT NUMBER`. `Roll.Forget` and `Roll.Twice` are for trying whether the benchmark sees what
it is to see: `note` leaves the so many-th call of that kind out of the file, or in it twice.
Several have commas between them.
"""

import threading

WRITE_EVERY_S = 0.1


class Executed:
    def __init__(self, path, forget="", twice=""):
        self._file = open(path, "a", encoding="ascii")  # noqa: SIM115 - as long as the process
        self._lines = []
        self._planted = _planted(forget, 0) | _planted(twice, 2)
        self._seen = {}
        self._ended = threading.Event()
        self._writer = threading.Thread(target=self._write_on, daemon=True)
        self._writer.start()

    def add(self, kind, client, number):
        line = f"{kind} {client} {number}\n"
        if self._planted:
            line *= self._times(kind)
        self._lines.append(line)

    def close(self):
        """When nothing more will be executed."""
        self._ended.set()
        self._writer.join()
        self._write()
        self._file.close()

    def _times(self, kind):
        self._seen[kind] = self._seen.get(kind, 0) + 1
        return self._planted.get((kind, self._seen[kind]), 1)

    def _write_on(self):
        while not self._ended.wait(WRITE_EVERY_S):
            self._write()

    def _write(self):
        lines, self._lines = self._lines, []
        self._file.write("".join(lines))
        self._file.flush()


def _planted(told, times):
    """Of `note:50,write:9`: the fiftieth `note` and the ninth `write` count so many times."""
    found = {}
    for each in filter(None, told.split(",")):
        kind, which = each.split(":")
        found[kind, int(which)] = times
    return found
