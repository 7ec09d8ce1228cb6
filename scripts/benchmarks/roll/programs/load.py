"""What a client's load is: which request comes when, and what became of it. For both clients in Python.

A request's number is never used again by its client. A line of what is written at the end is
`KIND NUMBER ok|failed BEGUN_US TOOK_US LANE WHAT_WAS_WRONG`, with the machine's monotonic time; the first
line is `made COUNT`.
"""

import time

KINDS = ("look", "write", "note", "gather")
"""Two-way idempotent, two-way not idempotent, one-way, in batches: equally many of each."""
BATCH = 5
TICK_S = 0.01
UNDER_WAY_MAX = 2000
"""Requests nobody has answered; beyond that the load waits instead of growing without limit."""


class Lane:
    """One way to a server: proxies for each kind of request."""

    def __init__(self, name, proxy):
        self.name = name
        self.twoway = proxy
        self.oneway = proxy.ice_oneway()
        self.batch = proxy.ice_batchOneway()
        self.gathered = []


class Load:
    """`call` and `flush` make requests without waiting; their outcome comes by `told` and `told_all`."""

    def __init__(self, rate, lanes, out, call, flush):
        self._rate = rate
        self._lanes = lanes
        self._out = out
        self._call = call
        self._flush = flush
        self._made = 0
        self._told = []
        self._begun_s = time.monotonic()

    def tick(self):
        """Make the requests that are due."""
        due = int((time.monotonic() - self._begun_s) * self._rate)
        while self._made < due and self.under_way < UNDER_WAY_MAX:
            self._make(self._made)

    def end(self):
        """Send what is still gathered; no more ticks after this."""
        for lane in self._lanes:
            self._send_gathered(lane)

    @property
    def under_way(self):
        return self._made - len(self._told) - sum(len(lane.gathered) for lane in self._lanes)

    def told(self, request, wrong=""):
        """What became of a request; `wrong` is the name of an exception."""
        now = time.monotonic()
        self._told.append((*request, now, wrong))

    def told_all(self, requests, wrong=""):
        for request in requests:
            self.told(request, wrong)

    def write(self):
        with open(self._out, "w", encoding="ascii") as file:
            file.write(f"made {self._made}\n")
            for kind, number, begun_s, lane, ended_s, wrong in self._told:
                how = "failed" if wrong else "ok"
                took_us = int((ended_s - begun_s) * 1e6)
                file.write(f"{kind} {number} {how} {int(begun_s * 1e6)} {took_us} {lane} {wrong or '-'}\n")

    def _make(self, number):
        self._made += 1
        kind, lane = KINDS[number % 4], self._lanes[number // 4 % len(self._lanes)]
        request = (kind, number, time.monotonic(), lane.name)
        if kind == "gather":
            lane.gathered.append(request)
        self._call(kind, lane, request)
        if len(lane.gathered) >= BATCH:
            self._send_gathered(lane)

    def _send_gathered(self, lane):
        requests, lane.gathered = lane.gathered, []
        if requests:
            self._flush(lane, requests)


def lanes_of(text, proxy_of):
    """`NAME PROXY;NAME PROXY;...` as lanes; `proxy_of` is told name and proxy."""
    found = []
    for each in text.split(";"):
        name, _, proxy = each.strip().partition(" ")
        found.append(Lane(name, proxy_of(name, proxy)))
    return found
