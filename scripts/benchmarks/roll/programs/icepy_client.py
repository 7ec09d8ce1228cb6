"""The load in stock Ice for Python: icepy_client.py --Roll.Client=N --Roll.Rate=N ... ."""

import sys
import threading
import time

import Glacier2
import Ice
import Roll
from load import TICK_S, Load, lanes_of

LAST_S = 30.0
"""For what is under way when the load ends."""


def main():
    properties = Ice.createProperties(sys.argv)
    properties.parseCommandLineOptions("Roll", sys.argv[1:])
    data = Ice.InitializationData()
    data.properties = properties
    with Ice.initialize(sys.argv, data) as communicator:
        run(communicator, properties)


def run(communicator, properties):
    client = int(properties.getProperty("Roll.Client"))
    routed = properties.getProperty("Ice.Default.Router") != ""
    if routed:
        router = Glacier2.RouterPrx.checkedCast(communicator.getDefaultRouter())
        router.createSession("bench", "bench")

    def proxy_of(name, text):
        proxy = Roll.LedgerPrx.uncheckedCast(communicator.stringToProxy(text))
        return proxy if routed else proxy.ice_connectionId(name).ice_locatorCacheTimeout(0)

    def call(kind, lane, request):
        try:
            if kind == "gather":
                lane.batch.gather(client, request[1])
            elif kind == "note":
                answered = lane.oneway.noteAsync(client, request[1])
                answered.add_done_callback(lambda future: load.told(request, wrong(future)))
            else:
                answered = getattr(lane.twoway, f"{kind}Async")(client, request[1])
                answered.add_done_callback(lambda future: load.told(request, wrong(future, request[1])))
        except Ice.LocalException as error:
            load.told(request, type(error).__name__)

    def flush(lane, requests):
        flushed = lane.batch.ice_flushBatchRequestsAsync()
        flushed.add_done_callback(lambda future: load.told_all(requests, wrong(future)))

    lanes = lanes_of(properties.getProperty("Roll.Lanes"), proxy_of)
    print("ready", flush=True)
    sys.stdin.readline()
    load = Load(
        float(properties.getProperty("Roll.Rate")), lanes, properties.getProperty("Roll.Out"), call, flush
    )
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.readline(), ended.set()), daemon=True).start()
    while not ended.wait(TICK_S):
        load.tick()
    load.end()
    until = time.monotonic() + LAST_S
    while load.under_way and time.monotonic() < until:
        time.sleep(TICK_S)
    load.write()


def wrong(future, number=None):
    """The name of what went wrong; empty when nothing did."""
    error = future.exception()
    if error is not None:
        return type(error).__name__
    return "WrongAnswer" if number is not None and future.result() != number else ""


main()
