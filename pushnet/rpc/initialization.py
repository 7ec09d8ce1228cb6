"""How a communicator is made: of a command line, of properties, or of both.

    communicator = initialize(world, sys.argv)                        # takes --Ice.X=Y out of sys.argv
    communicator = initialize(world, sys.argv, "config.client")       # and reads a file first
    communicator = initialize(world, sys.argv, InitializationData(properties=...))
    communicator = initialize(world, {"Ice.Default.Locator": "..."})  # properties alone

The order of arguments behind the world does not matter, as in Ice for Python.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from pushnet.rpc.batch import Interceptor
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import FileException
from pushnet.rpc.logger import Logger
from pushnet.rpc.properties import Properties, createProperties
from pushnet.rpc.value_factories import ValueFactories
from pushnet.world import World


@attrs.define
class InitializationData:
    """What a communicator is to be made with. Those of Ice's fields that are about threads have no effect."""

    properties: Properties | None = None
    logger: Logger | None = None
    """Told what `Communicator.getLogger()` is told, and what is wrong with properties."""
    batchRequestInterceptor: Interceptor | None = None
    """Called with each request for a batch: see `pushnet.rpc.batch`."""
    compactIdResolver: Callable[[int], str] | None = None
    """Says the type id of a compact id that no generated class has; empty when it does not know it."""
    environ: Mapping[str, str] = attrs.field(factory=dict)
    """The environment, for `ICE_CONFIG`. Not Ice's: here a program says whether its environment counts."""
    dispatcher: Any = None
    threadHook: Any = None
    threadStart: Any = None
    threadStop: Any = None
    valueFactoryManager: ValueFactories | None = None
    """Where factories are registered before there is a communicator, which uses them from then on."""


def initialize(
    world: World, *given: list[str] | str | InitializationData | Mapping[str, str] | None
) -> Communicator:
    """A communicator.

    Args:
        given: a command line, from which what is Ice's is taken; the name of a configuration file;
            properties, as a mapping or in an `InitializationData`, whose properties the communicator has as
            its own when there is no command line. Each at most once.

    Raises:
        InitializationException: a property has no usable value.
        FileException: a configuration file cannot be read.
    """
    args: list[str] | None = None
    data = InitializationData()
    defaults: Properties | None = None
    for each in given:
        if isinstance(each, list):
            args = each
        elif isinstance(each, InitializationData):
            data, defaults = each, each.properties
        elif isinstance(each, str):
            defaults = Properties(None, world)
            defaults.load(each)
        elif each is not None:
            defaults = Properties(each, world)
    warn = {} if data.logger is None else {"warn": data.logger.warning}
    if args is None and defaults is not None and defaults is data.properties:
        properties = defaults
        properties.belong_to(world, **warn)
    else:
        properties = createProperties(args, defaults, world=world, environ=data.environ, **warn)
    _redirect(world, properties)
    communicator = Communicator(world, properties, data.logger, data.batchRequestInterceptor)
    communicator.ice_values.resolve = data.compactIdResolver
    if properties.getPropertyAsInt("Ice.PrintProcessId") > 0:
        print(os.getpid(), flush=True)
    if data.valueFactoryManager is not None:
        data.valueFactoryManager.move_to(communicator.ice_values)
    return communicator


def _redirect(world: World, properties: Properties) -> None:
    """`Ice.StdOut` and `Ice.StdErr`: the process writes into those files from now on."""
    for stream, name in ((1, "Ice.StdOut"), (2, "Ice.StdErr")):
        path = properties.getProperty(name)
        if path:
            try:
                world.redirect_output(stream, path)
            except OSError as error:
                raise FileException(error.strerror or "cannot be opened", error.errno or 0, path) from None


__all__ = ["InitializationData", "createProperties", "initialize"]
