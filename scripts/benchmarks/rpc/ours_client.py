"""Pushnet's client of the benchmark: ours_client.py PORT WINDOW SECONDS -> one JSON object."""

import gc
import json
import sys
import tempfile
import time

from generated.bench import AdderPrx
from twisted.internet import reactor
from twisted.internet.defer import Deferred, ensureDeferred

from pushnet.app.realworld import RealWorld
from pushnet.rpc.communicator import Communicator


async def sequential(adder, seconds, times):
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        sent = time.perf_counter()
        if await adder.add(done, 1) != done + 1:
            raise AssertionError("a wrong sum")
        times.append(time.perf_counter() - sent)
        done += 1
    return done


def pipelined(adder, seconds, window):
    """`window` calls are always under way: each answer sends the next."""
    end = time.perf_counter() + seconds
    finished = Deferred()
    state = [0, window]

    def answered(total):
        if total != 42:
            raise AssertionError("a wrong sum")
        state[0] += 1
        if time.perf_counter() < end:
            adder.add(20, 22).addCallbacks(answered, failed)
        else:
            state[1] -= 1
            if state[1] == 0:
                finished.callback(state[0])

    def failed(failure):
        if not finished.called:
            finished.errback(failure)

    for _ in range(window):
        adder.add(20, 22).addCallbacks(answered, failed).addErrback(failed)
    return finished


async def run(port, window, seconds):
    communicator = Communicator(RealWorld(reactor, tempfile.mkdtemp()), {})
    adder = await AdderPrx.checkedCast(communicator.stringToProxy(f"adder:tcp -h 127.0.0.1 -p {port}"))
    await sequential(adder, 0.2, [])
    gc.freeze()
    times, cpu, start = [], time.process_time(), time.perf_counter()
    done = await (sequential(adder, seconds, times) if window == 1 else pipelined(adder, seconds, window))
    took, used = time.perf_counter() - start, time.process_time() - cpu
    times.sort()
    print(
        json.dumps(
            {
                "requests": done,
                "seconds": took,
                "cpu_s": used,
                "p50_us": times[len(times) // 2] * 1e6 if times else 0,
                "p99_us": times[len(times) * 99 // 100] * 1e6 if times else 0,
            }
        ),
        flush=True,
    )
    await communicator.destroy()


def main():
    status = []

    def start():
        work = ensureDeferred(run(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
        work.addErrback(lambda failure: (failure.printTraceback(), status.append(1)))
        work.addBoth(lambda _: reactor.stop())

    reactor.callWhenRunning(start)
    reactor.run()
    sys.exit(bool(status))


main()
