"""The stock Ice for Python client of the benchmark (see `measuring`; run by the system's Python)."""

import os
import sys
import threading
import time
from functools import partial

import Ice
from measuring import CHUNK, CONNECTIONS, WARM_S, Watch, arguments, job, started, tell

HERE = os.path.dirname(os.path.abspath(__file__))
Ice.loadSlice("", ["-I" + HERE, os.path.join(HERE, "bench.ice")])
import Bench  # noqa: E402

now = time.perf_counter


def sequential(job, seconds, times):
    (call, _), right = job.calls[0], job.right
    done, end = 0, now() + seconds
    sent = now()
    while sent < end:
        if not right(call()):
            os._exit(1)
        answered = now()
        times.append(answered - sent)
        sent = answered
        done += 1
    return done


class Window:
    """`window` calls are always under way, by turns from `job.calls`: each answer sends the next."""

    def __init__(self, job, window, seconds, times):
        self.end = now() + seconds
        self.running = window
        self.times = times
        self.right = job.right
        self.lock = threading.Lock()
        self.idle = threading.Event()
        for number in range(window):
            Slot(self, job.calls[number % len(job.calls)][1]).send()

    def finished(self):
        self.idle.wait()
        return len(self.times)


class Slot:
    __slots__ = ("call", "sent", "window")

    def __init__(self, window, call):
        self.window = window
        self.call = call
        self.sent = 0.0

    def send(self):
        self.sent = now()
        self.call().add_done_callback(self.answered)

    def answered(self, future):
        window, answered = self.window, now()
        if not window.right(future.result()):
            os._exit(1)
        more = answered < window.end
        with window.lock:
            window.times.append(answered - self.sent)
            if not more:
                window.running -= 1
                if not window.running:
                    window.idle.set()
        if more:
            self.sent = answered
            self.call().add_done_callback(self.answered)


def flood(echo, batched, seconds):
    proxy = echo.ice_batchOneway() if batched else echo.ice_oneway()
    send, sent, before = proxy.note, 0, echo.noted()
    end = now() + seconds
    while now() < end:
        for number in range(CHUNK):
            send(number)
        sent += CHUNK
        if batched:
            proxy.ice_flushBatchRequests()
    while echo.noted() < before + sent:
        continue
    if echo.noted() != before + sent:
        os._exit(1)
    return sent


def run(communicator):
    given = arguments()
    protocol = "ssl" if given.tls else "tcp"
    base = communicator.stringToProxy(f"echo:{protocol} -h 127.0.0.1 -p {given.port}")
    echo = Bench.EchoPrx.checkedCast(base)
    proxies = [echo]
    if given.workload == "connections":
        proxies = [echo.ice_connectionId(str(number)) for number in range(CONNECTIONS)]

    def both(name, *args):
        """The call that waits and the one that does not, for each connection."""
        return [
            (partial(getattr(p, name), *args), partial(getattr(p, name + "Async"), *args)) for p in proxies
        ]

    work = job(given.workload, both, Bench.Item, Bench.Node)

    def go(seconds, times):
        if given.workload in ("oneway", "batch"):
            return flood(echo, given.workload == "batch", seconds)
        if given.window == 1:
            return sequential(work, seconds, times)
        return Window(work, given.window, seconds, times).finished()

    for call, _ in work.calls:
        if not work.same(call()):
            os._exit(1)
    go(min(WARM_S, given.seconds), [])
    started()
    times = []
    watch = Watch()
    done = go(given.seconds, times)
    tell(done, *watch.read(), times)


with Ice.initialize(sys.argv) as communicator:
    run(communicator)
