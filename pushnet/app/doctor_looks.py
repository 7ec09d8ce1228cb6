"""`pushnet doctor`: looks at this machine, the file and the registries; says what is wrong, and what helps.

What the kernel says is read from `/proc` through the world; a system without it is judged by the rest.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs
import click
from cryptography import x509
from rich.console import Console
from twisted.internet.defer import Deferred, ensureDeferred, gatherResults
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import Factory, Protocol

from pushnet.app.agent_calls import Grid, with_grid
from pushnet.app.asking import registry_options, settings_of
from pushnet.app.doctor import STOCK_TOOLS, Certificate, Facts, How, Port, examine, row, table
from pushnet.app.running import CommandError, Session, run
from pushnet.app.vitals import UNWELL
from pushnet.gen.pushnet.event import EventFilter, EventsPrx
from pushnet.gen.pushnet.registry import NodeStatus, RegistryPrx
from pushnet.gen.pushnet.release import NotHereException, ReleasesPrx
from pushnet.gen.pushnet.server import ServerState
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.patch.documents import Timestamp
from pushnet.grid.patch.refusals import Refused
from pushnet.grid.patch.signing import read_as, take_apart
from pushnet.grid.settings import NodeSettings, Settings
from pushnet.roles.renewing import DAYS_LEFT, FAILED
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World

ANSWER_LIMIT_MS: Final = 3000
PLAIN_WIDTH: Final = 200
SYNCS: Final = 5
SYNCED: Final = "doctor.sync"
LIMITS: Final = "/proc/self/limits"
OPEN_FILES: Final = "Max open files"
NOTHING: Final = EventFilter(["nothing"])


@click.command()
@click.argument("config_file", metavar="[CONFIG]", type=click.Path(dir_okay=False), required=False)
@click.option("--json", "machine", is_flag=True, help="One JSON object, for programs.")
@registry_options
def doctor(config_file: str | None, machine: bool, config: str | None, registry: str | None) -> None:
    """Look for what is wrong with this machine and CONFIG: limits, disk, clocks, certificates, ports."""
    where = settings_of(config_file or config, registry)
    folder = where.cluster.data if config_file or config else "."
    named = bool(config_file or config)
    sys.exit(run(lambda session: judge(session, where, folder, named=named, machine=machine), folder))


async def judge(session: Session, settings: Settings, folder: str, *, named: bool, machine: bool) -> int:
    """Print the findings. The status is 1 when something is wrong."""
    facts = await look(session, settings, folder, named=named)
    findings = examine(facts, settings)
    wrong = sum(1 for finding in findings if finding.how is How.wrong)
    warnings = sum(1 for finding in findings if finding.how is How.warning)
    if machine:
        rows = [row(finding) for finding in findings]
        print(json.dumps({"wrong": wrong, "warnings": warnings, "findings": rows}))
    else:
        console = Console()
        console = Console(width=None if console.is_terminal else PLAIN_WIDTH)
        console.print(table(findings))
        console.print(f"{wrong} wrong, {warnings} warnings")
    return 1 if wrong else 0


async def look(session: Session, settings: Settings, folder: str, *, named: bool) -> Facts:
    """See everything that is judged. `named`: a file was, so its ports and certificates are looked at."""
    world = session.world
    others = await _others(session, settings)
    releases_end = await _releases(session, settings) if others.clocks else {}
    trouble, sync_ms = await world.run_blocking(synced, world)
    return Facts(
        world.wall(),
        open_files(_text(world, LIMITS)),
        _number(world, "net/core/somaxconn"),
        _number(world, "net/ipv4/tcp_max_syn_backlog"),
        _pair(_text(world, "/proc/sys/net/ipv4/ip_local_port_range")),
        _number(world, "vm/overcommit_memory"),
        world.processes.machine(),
        sync_ms,
        trouble,
        folder,
        others.clocks,
        releases_end,
        others.silent,
        others.servers,
        others.unwell,
        others.unrenewed,
        [certificate(world, path) for path in _certificates(settings)] if named else (),
        await _ports(world, settings, others.here) if named else (),
        {name: shutil.which(name) or "" for name in STOCK_TOOLS},
    )


# This machine.


def open_files(limits: str) -> tuple[int, int] | None:
    """Soft and hard limit, of `/proc/self/limits`."""
    for line in limits.splitlines():
        if line.startswith(OPEN_FILES):
            return _pair(line.removeprefix(OPEN_FILES).replace("unlimited", str(2**30)))
    return None


def _text(world: World, path: str) -> str:
    try:
        return world.read_file(path).decode("ascii", "replace")
    except OSError:
        return ""


def _number(world: World, key: str) -> int | None:
    told = _text(world, f"/proc/sys/{key}").strip()
    return int(told) if told.isdigit() else None


def _pair(text: str) -> tuple[int, int] | None:
    words = text.split()
    if len(words) < 2 or not (words[0].isdigit() and words[1].isdigit()):
        return None
    return int(words[0]), int(words[1])


def synced(world: World) -> tuple[str, float | None]:
    """Write and sync a little, several times: why it cannot be done, and the milliseconds in the middle."""
    storage = world.storage
    took: list[float] = []
    try:
        for _ in range(SYNCS):
            began = world.monotonic()
            storage.append(SYNCED, b"x" * 512)
            storage.fdatasync(SYNCED)
            took.append((world.monotonic() - began) * 1000)
        storage.delete(SYNCED)
    except OSError as error:
        return str(error), None
    return "", sorted(took)[SYNCS // 2]


def certificate(world: World, path: str) -> Certificate:
    """What a file of certificates says of its first."""
    try:
        first = x509.load_pem_x509_certificates(world.read_file(path))[0]
    except OSError as error:
        return Certificate(path, trouble=error.strerror or str(error))
    except (ValueError, IndexError) as error:
        return Certificate(path, trouble=f"it has no certificate in PEM: {error}")
    begins, ends = first.not_valid_before_utc.timestamp(), first.not_valid_after_utc.timestamp()
    return Certificate(path, first.subject.rfc4514_string(), begins, ends)


def _certificates(settings: Settings) -> list[str]:
    """Of gateways and fronts, and every one in the cluster's folder: the authority's, nodes', operators'."""
    found = [node.gateway.certificate for node in settings.node if node.gateway.certificate]
    for node in settings.agents:
        found += [path for path in node.node.fronts.get("IceSSL.CertFile", "").split(":") if path]
    if settings.cluster.tls:
        folder = Path(settings.cluster.tls)
        found += [str(folder / "ca.pem"), *(str(path) for path in sorted(folder.glob("*.pem")))]
    return list(dict.fromkeys(found))


async def _ports(world: World, settings: Settings, here: Sequence[str]) -> list[Port]:
    found: list[Port] = []
    for node in settings.node:
        for host, port in ports_of(node, settings):
            found.append(Port(node.name, host, port, await _port(world, host, port, node.name in here)))
    return found


def ports_of(node: NodeSettings, settings: Settings) -> list[tuple[str, int]]:
    """The fixed addresses at which a node listens."""
    host = node.host or settings.cluster.host
    inner = node.port or (settings.cluster.registry_port if node.role == "registry" else 0)
    outer = {
        "broker": (node.broker.host, node.broker.port),
        "relay": (node.relay.host, node.relay.port),
        "gateway": (node.gateway.host, node.gateway.port),
    }.get(node.role)
    found = [(host, inner), (node.http_host or "127.0.0.1", node.http_port)]
    if outer is not None:
        found.append((outer[0] or host, outer[1]))
    if node.role == "gateway" and node.gateway.https_port:
        found.append((node.gateway.host or host, node.gateway.https_port))
    return [(where, port) for where, port in found if port]


async def _port(world: World, host: str, port: int, alive: bool) -> str:
    factory: Factory = Factory.forProtocol(Protocol)
    try:
        listening = await world.server_endpoint(host, port).listen(factory)
    except CannotListenError as error:
        cause = error.socketError
        if isinstance(cause, OSError) and cause.errno is not None and "assign" in str(cause).lower():
            return "elsewhere"
        return "ours" if alive else "taken"
    await _ended(listening.stopListening())
    return "free"


async def _ended(stopping: Deferred[None] | None) -> None:
    if stopping is not None:
        await stopping


# The others.


@attrs.frozen
class _Others:
    """What the rest of the cluster tells."""

    clocks: Mapping[str, float] = attrs.Factory(dict)
    """Whose clock is how far ahead of ours."""
    silent: Sequence[str] = ()
    """Registries that do not answer."""
    here: Sequence[str] = ()
    """The nodes that live."""
    servers: Sequence[ServerState] = ()
    unwell: Mapping[str, str] = attrs.Factory(dict)
    unrenewed: Mapping[str, float] = attrs.Factory(dict)
    """Nodes that cannot renew their certificates: days that are left."""


async def _others(session: Session, settings: Settings) -> _Others:
    async def work(grid: Grid) -> _Others:
        offsets = await gatherResults(
            [ensureDeferred(_registry_ahead(session, grid, place)) for place in grid.registries]
        )
        told = dict(zip(grid.registries, offsets, strict=True))
        clocks = {f"registry at {place}": ahead for place, ahead in told.items() if ahead is not None}
        silent = [place for place, ahead in told.items() if ahead is None]
        if not clocks:
            return _Others(clocks, silent)
        clocks |= await _agents_ahead(session, grid)
        registry = RegistryPrx.uncheckedCast(
            grid.communicator.stringToProxy(":".join(["PushNet/Registry", *grid.registries]))
        )
        assert registry is not None
        nodes = await registry.ice_invocationTimeout(ANSWER_LIMIT_MS).nodes()
        servers = await grid.cluster().servers()
        here = [node.info.name for node in nodes]
        unwell = {node.info.name: node.info.http for node in nodes if UNWELL in node.load}
        return _Others(clocks, silent, here, servers, unwell, unrenewed(nodes))

    try:
        return await with_grid(session, settings, work)
    except CommandError:
        return _Others(silent=list(settings.doors))


def unrenewed(nodes: Sequence[NodeStatus]) -> dict[str, float]:
    """Of the nodes that cannot renew their certificates, how many days are left, as they tell."""
    return {node.info.name: node.load.get(DAYS_LEFT, 0.0) for node in nodes if node.load.get(FAILED, 0.0) > 0}


async def _registry_ahead(session: Session, grid: Grid, place: str) -> float | None:
    """By so many seconds a registry's clock is ahead of ours; None: it does not answer."""
    log = EventsPrx.uncheckedCast(grid.communicator.stringToProxy(f"PushNet/Events:{place}"))
    assert log is not None
    try:
        await log.ice_invocationTimeout(ANSWER_LIMIT_MS).ice_ping()
        asked_s = session.world.wall()
        page = await log.ice_invocationTimeout(ANSWER_LIMIT_MS).read(NOTHING, 0, 1, 0)
    except (LocalException, UnavailableException):
        return None
    return page.nowMs / 1000 - (asked_s + session.world.wall()) / 2


async def _releases(session: Session, settings: Settings) -> dict[str, float]:
    """Until when the registries' lists of releases are good, where there are any."""

    async def work(grid: Grid) -> dict[str, float]:
        found: dict[str, float] = {}
        for place in grid.registries:
            releases = ReleasesPrx.uncheckedCast(grid.communicator.stringToProxy(f"PushNet/Releases:{place}"))
            assert releases is not None
            try:
                told = await releases.ice_invocationTimeout(ANSWER_LIMIT_MS).timestamp()
                found[place] = read_as(take_apart(told, "timestamp"), Timestamp, "timestamp").expires
            except (LocalException, UnavailableException, NotHereException, Refused):
                continue
        return found

    return await with_grid(session, settings, work)


async def _agents_ahead(session: Session, grid: Grid) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in await grid.agents():
        try:
            asked_s = session.world.wall()
            facts = await grid.agent(name, ANSWER_LIMIT_MS).facts()
        except LocalException:
            continue
        if "clock_s" in facts.resources:
            found[f"agent {name}"] = facts.resources["clock_s"] - (asked_s + session.world.wall()) / 2
    return found
