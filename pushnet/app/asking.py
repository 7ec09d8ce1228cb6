"""How commands ask a registry: where it is, and what is said when nobody answers."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import click

from pushnet.app.config import read_settings
from pushnet.app.running import CommandError, Session
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.settings import Settings, SettingsError, load_settings
from pushnet.grid.tokens import CONTEXT, NOT_ALLOWED, VARIABLE
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import LocalException, UnknownException
from pushnet.rpc.stubs import ObjectPrx

P = TypeVar("P", bound=ObjectPrx)
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
ANSWER_LIMIT_MS = 10_000
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


async def ask(
    session: Session,
    registries: Sequence[str],
    kind: type[P],
    call: Callable[[P], Awaitable[T]],
    limit_ms: int = ANSWER_LIMIT_MS,
) -> T:
    """Have `call` ask the object of that type which registries have under its name.

    Raises `CommandError` when none of them answers.
    """
    communicator = Communicator(session.world, properties={})
    address = ":".join(registries)
    identity = kind.ice_type.removeprefix("::").replace("::", "/")
    try:
        proxy = kind.uncheckedCast(communicator.stringToProxy(f"{identity}:{address}"))
        assert proxy is not None
        token = os.environ.get(VARIABLE)
        introduced = proxy.ice_context({CONTEXT: token}) if token else proxy
        return await call(introduced.ice_invocationTimeout(limit_ms))
    except UnavailableException as unable:
        raise CommandError(f"the registry cannot do it now: {unable.reason}") from unable
    except LocalException as error:
        if isinstance(error, UnknownException) and error.reason.startswith(NOT_ALLOWED):
            told = error.reason.removeprefix(NOT_ALLOWED)
            raise CommandError(f"the registry does not allow that: {told}; see {VARIABLE}") from error
        told = f"{type(error).__name__}: {error}"
        raise CommandError(f"the registry at {address} does not answer ({told}); is it up?") from error
    finally:
        await communicator.destroy()
