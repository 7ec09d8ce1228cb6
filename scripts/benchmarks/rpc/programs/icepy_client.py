"""The stock Ice for Python client of the benchmark (see `measuring`; run by the system's Python)."""

import os
import sys
import threading
import time

import Ice
from measuring import (
    CHUNK,
    CONNECTIONS,
    ITEMS,
    NODES,
    WARM_S,
    Job,
    Watch,
    arguments,
    counts,
    item_fields,
    node_fields,
    node_links,
    payload,
    started,
    tell,
)

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


def graph():
    nodes = [Bench.Node(*node_fields(number)) for number in range(NODES)]
    for number, node in enumerate(nodes):
        links = (None if link is None else nodes[link] for link in node_links(number))
        node.left, node.right, node.other = links
    return nodes


def walk(root):
    found, waiting = {}, [root]
    while waiting:
        node = waiting.pop()
        if node is not None and node.id not in found:
            found[node.id] = node
            waiting += (node.left, node.right, node.other)
    return [found[number] for number in sorted(found)]


def told(nodes):
    def number(node):
        return None if node is None else node.id

    return [(n.id, n.name, number(n.left), number(n.right), number(n.other)) for n in nodes]


def both(name, *args):
    """The call that waits and the one that does not."""

    def of(proxy):
        wait, start = getattr(proxy, name), getattr(proxy, name + "Async")
        return (lambda: wait(*args)), (lambda: start(*args))

    return of


def job(proxies, workload):
    if workload in ("bytes1k", "bytes1m"):
        data = payload(1000 if workload == "bytes1k" else 1_000_000)
        of, right, same = both("echoBytes", data), lambda back: len(back) == len(data), data.__eq__
    elif workload == "structs":
        items = [Bench.Item(*item_fields(number)) for number in range(ITEMS)]
        last = items[-1].name
        of, right, same = both("echoItems", items), lambda back: back[ITEMS - 1].name == last, items.__eq__
    elif workload == "classes":
        nodes = graph()
        wanted = told(nodes)
        of = both("echoGraph", nodes[0])
        right, same = lambda back: back.left.right.id == 4, lambda back: told(walk(back)) == wanted
    elif workload == "dict":
        given = counts()
        of, right, same = both("echoCounts", given), lambda back: len(back) == len(given), given.__eq__
    else:
        of, right, same = both("add", 20, 22), (42).__eq__, (42).__eq__
    return Job([of(proxy) for proxy in proxies], right, same)


def run(communicator):
    given = arguments()
    protocol = "ssl" if given.tls else "tcp"
    base = communicator.stringToProxy(f"echo:{protocol} -h 127.0.0.1 -p {given.port}")
    echo = Bench.EchoPrx.checkedCast(base)
    proxies = [echo]
    if given.workload == "connections":
        proxies = [echo.ice_connectionId(str(number)) for number in range(CONNECTIONS)]
    work = job(proxies, given.workload)

    def go(seconds, times):
        if given.workload in ("oneway", "batch"):
            return flood(echo, given.workload == "batch", seconds)
        if given.window == 1:
            return sequential(work, seconds, times)
        return Window(work, given.window, seconds, times).finished()

    for call, _ in work.calls:
        if not work.same(call()):
            os._exit(1)
    go(WARM_S, [])
    started()
    times = []
    watch = Watch()
    done = go(given.seconds, times)
    tell(done, *watch.read(), times)


with Ice.initialize(sys.argv) as communicator:
    run(communicator)
