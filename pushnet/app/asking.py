"""How commands ask a registry: where it is, and what is said when nobody answers."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import click

from pushnet.app.config import read_settings
from pushnet.app.running import CommandError, Session
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.ice_properties import tls_properties
from pushnet.grid.settings import Settings, SettingsError, load_settings
from pushnet.grid.tables import BY_TLS
from pushnet.grid.tokens import CONTEXT, NOT_ALLOWED, OPERATOR, VARIABLE, plain_fault
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import (
    InitializationException,
    LocalException,
    ObjectNotExistException,
    UnknownException,
)
from pushnet.rpc.stubs import ObjectPrx

P = TypeVar("P", bound=ObjectPrx)
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
ANSWER_LIMIT_MS = 10_000
AS = "PUSHNET_AS"
"""Names an operator's certificate in the environment."""
NO_FILE = '[cluster]\nsecret = "not needed to ask"\n'


def registry_options(command: F) -> F:
    """`--config FILE` and `--registry HOST:PORT`: where to ask; see `settings_of`."""
    command = click.option("--registry", metavar="HOST:PORT", help="Where to ask, without a file.")(command)
    told = "Ask the registries of this cluster file; default: the one at 127.0.0.1:4061."
    return click.option("--config", type=click.Path(dir_okay=False), help=told)(command)


def settings_of(config: str | None, registry: str | None) -> Settings:
    """The settings of a file; without one, settings that name nothing but a registry."""
    if config:
        return file_settings(config)
    text = NO_FILE
    if registry:
        host, _, port = registry.rpartition(":")
        if not host or not port.isdigit():
            raise click.UsageError("--registry wants HOST:PORT")
        text += f'host = "{host}"\nregistry_port = {port}\n'
    return load_settings(text, "--registry")


def file_settings(config: str) -> Settings:
    """The settings of a file; what is wrong with it is for whoever typed its name."""
    try:
        return read_settings(config)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


def open_communicator(
    session: Session, settings: Settings, properties: Mapping[str, str] | None = None
) -> Communicator:
    """What a command calls nodes with: where nodes show certificates, so do operators.

    Theirs is `operator`, or what `PUSHNET_AS` names, in the same folder. Raises `CommandError` when it is not
    there.
    """
    name = os.environ.get(AS) or OPERATOR
    shown = tls_properties(settings, name) if settings.cluster.join == BY_TLS else {}
    try:
        return Communicator(session.world, properties={**_lively(settings), **shown, **(properties or {})})
    except InitializationException as error:
        raise CommandError(
            f"there is no certificate to show: {error.reason}; make one where ca.key is, with "
            f"`pushnet ca issue {name} --role {OPERATOR}`, or name yours in {AS}"
        ) from error


def _lively(settings: Settings) -> dict[str, str]:
    """Heartbeats as nodes send them: whoever says nothing for some leases is given up by nodes, and a call
    that waits for a server to start may take minutes."""
    return {"Ice.Connection.Client.IdleTimeout": f"{settings.cluster.lease_s:g}"}


def unanswered(address: str, error: LocalException) -> str:
    """What is said when a registry could not be asked."""
    if isinstance(error, ObjectNotExistException):
        return (
            f"the registry at {address} does not answer that in the clear: nodes show certificates there; "
            f"name the cluster file"
        )
    return f"the registry at {address} does not answer ({type(error).__name__}: {error}); is it up?"


async def ask(
    session: Session,
    settings: Settings,
    kind: type[P],
    call: Callable[[P], Awaitable[T]],
    limit_ms: int = ANSWER_LIMIT_MS,
) -> T:
    """Have `call` ask the object of that type which registries have under its name.

    Raises `CommandError` when none of them answers.
    """
    communicator = open_communicator(session, settings)
    registries = settings.doors
    address = ":".join(registries)
    identity = kind.ice_type.removeprefix("::").replace("::", "/")
    try:
        proxy = kind.uncheckedCast(communicator.stringToProxy(f"{identity}:{address}"))
        assert proxy is not None
        token = os.environ.get(VARIABLE) if settings.cluster.join != BY_TLS else ""
        if token and (wrong := plain_fault(settings.doors)):
            raise CommandError(wrong)
        introduced = proxy.ice_context({CONTEXT: token}) if token else proxy
        return await call(introduced.ice_invocationTimeout(limit_ms))
    except UnavailableException as unable:
        raise CommandError(f"the registry cannot do it now: {unable.reason}") from unable
    except LocalException as error:
        if isinstance(error, UnknownException) and error.reason.startswith(NOT_ALLOWED):
            told = error.reason.removeprefix(NOT_ALLOWED)
            see = AS if settings.cluster.join == BY_TLS else VARIABLE
            raise CommandError(f"the registry does not allow that: {told}; see {see}") from error
        raise CommandError(unanswered(address, error)) from error
    finally:
        await communicator.destroy()
