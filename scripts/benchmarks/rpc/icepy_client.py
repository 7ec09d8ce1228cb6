"""The stock Ice for Python client: icepy_client.py PORT WINDOW SECONDS (run by the system's Python)."""

import json
import os
import sys
import threading
import time

import Ice

HERE = os.path.dirname(os.path.abspath(__file__))
Ice.loadSlice("", ["-I" + HERE, os.path.join(HERE, "bench.ice")])
import Bench  # noqa: E402


def sequential(adder, seconds, times):
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < seconds:
        sent = time.perf_counter()
        if adder.add(done, 1) != done + 1:
            sys.exit(1)
        times.append(time.perf_counter() - sent)
        done += 1
    return done


def pipelined(adder, seconds, window):
    """`window` calls are always under way: each answer sends the next."""
    end = time.perf_counter() + seconds
    lock, idle, state = threading.Lock(), threading.Event(), {"done": 0, "running": window}

    def answered(future):
        if future.result() != 42:
            os._exit(1)
        more = time.perf_counter() < end
        with lock:
            state["done"] += 1
            if not more:
                state["running"] -= 1
                if state["running"] == 0:
                    idle.set()
        if more:
            adder.addAsync(20, 22).add_done_callback(answered)

    for _ in range(window):
        adder.addAsync(20, 22).add_done_callback(answered)
    idle.wait()
    return state["done"]


with Ice.initialize() as communicator:
    port, window, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    adder = Bench.AdderPrx.checkedCast(communicator.stringToProxy("adder:tcp -h 127.0.0.1 -p " + port))
    sequential(adder, 0.2, [])
    times, cpu, start = [], time.process_time(), time.perf_counter()
    done = sequential(adder, seconds, times) if window == 1 else pipelined(adder, seconds, window)
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
        )
    )
