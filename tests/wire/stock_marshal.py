"""Stock Ice as a machine that turns calls into bytes and bytes into calls; driven by lines of JSON.

Arguments: the folder with the modules that slice2py has made. Each line that comes in is one of

* `{"do": "params", "case": 3, "encoding": "1.0"}`: the parameters that stock Ice sends for a call,
* `{"do": "serve", "operation": ..., "params": hex}`: what a servant of stock Ice understands and answers,
* `{"do": "result", "case": 3, "encoding": ..., "ok": true, "result": hex}`: what a caller understands.
"""

import json
import sys
from contextlib import suppress

sys.path.insert(0, sys.argv[1])

import Graphs
import Ice
from graph_cases import Told, answer, cases


class Blob(Ice.Blobject):
    """Keeps the parameters; answers as it was told."""

    params = b""
    reply = (True, b"\6\0\0\0\1\1")

    def ice_invoke(self, params, current):
        self.params = bytes(params)
        return self.reply


class GraphI(Graphs.Graph):
    """Answers as `graph_cases` says."""

    told = ""

    def _answer(self, operation, *arguments):
        self.told = Told().of(list(arguments))
        return answer(Graphs, operation, arguments)

    def echo(self, node, current=None):
        return self._answer("echo", node)

    def several(self, a, n, b, current=None):
        return self._answer("several", a, n, b)

    def sliced(self, value, leaves, current=None):
        return self._answer("sliced", value, leaves)

    def maybe(self, a, values, leaves, current=None):
        if a is Ice.Unset:
            self.told = Told().of([a, values, leaves])
            return Ice.Unset, Ice.Unset
        return self._answer("maybe", a, values, leaves)

    def byValue(self, o, v, current=None):
        return self._answer("byValue", o, v)

    def paint(self, color, where, current=None):
        return self._answer("paint", color, where)

    def plain(self, a, p, current=None):
        return self._answer("plain", a, p)


def main():
    data = Ice.InitializationData()
    data.properties = Ice.createProperties(["--Ice.ClassGraphDepthMax=200"])
    communicator = Ice.initialize([], data)
    adapter = communicator.createObjectAdapterWithEndpoints("A", "tcp -h 127.0.0.1")
    blob, typed = Blob(), GraphI()
    blob_prx = adapter.add(blob, Ice.stringToIdentity("blob")).ice_collocationOptimized(False)
    typed_prx = adapter.add(typed, Ice.stringToIdentity("typed")).ice_collocationOptimized(False)
    adapter.activate()

    def call(case, encoding):
        major, minor = encoding.split(".")
        prx = blob_prx.ice_encodingVersion(Ice.EncodingVersion(int(major), int(minor)))
        operation, arguments = cases(Graphs)[case]
        return getattr(Graphs.GraphPrx.uncheckedCast(prx), operation)(*arguments)

    def params(case, encoding):
        with suppress(Ice.Exception):  # the answer is empty; the parameters are what is wanted
            call(case, encoding)
        return {"params": blob.params.hex()}

    def serve(operation, params):
        ok, result = typed_prx.ice_invoke(operation, Ice.OperationMode.Normal, bytes.fromhex(params))
        return {"told": typed.told, "ok": ok, "result": bytes(result).hex()}

    def result(case, encoding, ok, result):
        blob.reply = (ok, bytes.fromhex(result))
        try:
            return {"told": Told().of(call(case, encoding))}
        except Ice.UserException as error:
            return {"told": Told().of(error)}
        finally:
            blob.reply = Blob.reply

    work = {"params": params, "serve": serve, "result": result}
    for line in sys.stdin:
        command = json.loads(line)
        try:
            told = work[command.pop("do")](**command)
        except Exception as error:
            told = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(told), flush=True)
    communicator.destroy()


main()
