"""The zope interface of a generated contract, for those parts of Twisted and of an application that want one.

    ICalc = interface_of(Calc)
    verifyObject(ICalc, CalcI())        # a servant
    verifyObject(ICalc, calc_proxy)     # a proxy: `context` stands where a servant has `current`

Generated contracts are `typing.Protocol`s, which type checkers understand; this derives the other kind from
them, with the same methods, arguments and docs.
"""

from __future__ import annotations

import inspect
from typing import Any

from zope.interface import declarations
from zope.interface.interface import InterfaceClass, fromFunction

from pushnet.rpc.proxy import ObjectPrx
from pushnet.rpc.servant import Servant

_declare: Any = declarations.classImplements
"""Untyped: mypy's plugin for zope.interface wants classes it can see, and these come as arguments."""


def interface_of(contract: type, *implementers: type) -> InterfaceClass:
    """Derive the interface of `contract`, once for each call, and let `implementers` declare it.

    Args:
        contract: a generated `typing.Protocol`; the methods of its bases are included.
        implementers: classes of servants or proxies that shall provide the interface.

    Raises:
        TypeError: `contract` is no protocol, or an implementer is neither a servant nor a proxy.
    """
    if not getattr(contract, "_is_protocol", False):
        raise TypeError(f"{contract.__name__} is not a contract: give the class generated for the interface")
    methods: dict[str, Any] = {}
    for base in reversed(contract.__mro__):
        for name, member in vars(base).items():
            if not name.startswith("_") and inspect.isfunction(member):
                methods[name] = fromFunction(member, imlevel=1)
    interface = InterfaceClass(
        f"I{contract.__name__}", attrs=methods, __doc__=contract.__doc__, __module__=contract.__module__
    )
    for party in implementers:
        if not issubclass(party, Servant | ObjectPrx):
            raise TypeError(f"{party.__name__} is neither a servant nor a proxy")
        _declare(party, interface)
    return interface
