"""Where our client and server spend their time at one workload: `scripts/bench rpc --profile WORKLOAD`.

With py-spy both are sampled while they run as they are measured. Without it both run under cProfile, which
counts calls but makes small functions look larger than they are.
"""

from __future__ import annotations

import collections
import pstats
import re
import shutil
import subprocess
import sys
from pathlib import Path

from plan import Block
from running import START_S, Program, Server
from systems import System

RATE_HZ = 250
LINES = 28
START_SPY_S = 1.5
"""What py-spy takes to attach, for which the client runs longer."""


def profile(
    block: Block,
    system: System,
    properties: tuple[list[str], list[str]],
    seconds: float,
    room: Path,
) -> str:
    """Run one client and one server of ours; what each of them did, as text."""
    spy = shutil.which("py-spy", path=str(Path(sys.executable).parent)) or shutil.which("py-spy")
    outs = {name: room / f"{name}.profile" for name in ("client", "server")}
    commands = {"client": list(system.client), "server": list(system.server)}
    if spy is None:
        for name, command in commands.items():
            commands[name] = [command[0], "-m", "cProfile", "-o", str(outs[name]), *command[1:]]
    server = Server(commands["server"], block.tls, properties[1], system.env)
    server.wake()
    length = seconds + (START_SPY_S if spy else 0)
    transport = "tls" if block.tls else "tcp"
    given = [str(server.port), block.workload, str(block.window), str(length), transport]
    client = Program([*commands["client"], *given, *properties[0]], system.env)
    try:
        client.line(START_S)
        client.say()
        watched = (("client", client.pid), ("server", server.pid)) if spy else ()
        spies = [_spy(spy or "", pid, seconds, outs[name]) for name, pid in watched]
        figures = client.line(length + START_S)
        for each in spies:
            each.wait(START_S)
        client.say()
        client.process.wait(START_S)
        server.process.terminate()
        server.process.wait(START_S)
    finally:
        client.stop()
        server.stop()
    shown = _sampled if spy else _counted
    parts = [f"{block.name}: {block.what}\nthe client's figures: {figures}"]
    parts += [f"=== {name}\n{shown(outs[name], room)}" for name in ("client", "server")]
    return "\n\n".join(parts)


def _spy(spy: str, pid: int, seconds: float, out: Path) -> subprocess.Popen[bytes]:
    command = [spy, "record", "--pid", str(pid), "--duration", str(max(1, round(seconds))),
               "--rate", str(RATE_HZ), "--format", "raw", "-o", str(out)]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _sampled(out: Path, room: Path) -> str:
    """Shares of samples: of functions by themselves and with what they call, and of lines."""
    alone: collections.Counter[str] = collections.Counter()
    within: collections.Counter[str] = collections.Counter()
    lines: collections.Counter[str] = collections.Counter()
    for stack in out.read_text().splitlines():
        frames, _, count = stack.rpartition(" ")
        named = [_short(frame, room) for frame in frames.split(";")]
        functions = [re.sub(r":\d+\)$", ")", frame) for frame in named]
        alone[functions[-1]] += int(count)
        lines[named[-1]] += int(count)
        for function in dict.fromkeys(functions):
            within[function] += int(count)
    total = sum(alone.values()) or 1
    head = f"{total} samples. Of 100: alone, with callees"
    told = [
        f"{count / total:6.1%} {within[name] / total:6.1%}  {name}"
        for name, count in alone.most_common(LINES)
    ]
    where = [f"{count / total:6.1%}  {name}" for name, count in lines.most_common(LINES // 2)]
    return "\n".join([head, *told, "By line:", *where])


def _short(frame: str, room: Path) -> str:
    frame = frame.replace(f"{room}/ours/", "")
    return re.sub(r"\(/\S*/(site-packages|benchmarks/rpc|lib/python[\d.]+)/", "(", frame)


def _counted(out: Path, room: Path) -> str:
    stats = pstats.Stats(str(out))
    rows = sorted(stats.stats.items(), key=lambda row: -row[1][2])  # type: ignore[attr-defined]
    total = sum(row[1][2] for row in rows) or 1
    told = [
        f"{own / total:6.1%} {deep / total:6.1%} {calls:9,d}  {_short(f'{name} ({file}:{line})', room)}"
        for (file, line, name), (_, calls, own, deep, _) in rows[:LINES]
    ]
    return "\n".join(["Of 100: alone, with callees; calls", *told])
