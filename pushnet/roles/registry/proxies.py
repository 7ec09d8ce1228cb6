"""Between proxies and the strings they are kept as."""

from __future__ import annotations

from typing import Final

from pushnet.rpc.communicator import Communicator
from pushnet.rpc.stubs import ObjectPrx

KEPT_MAX: Final = 4096
"""Proxies kept ready made; when there are more, all are dropped and made again as they are asked for."""


class Proxies:
    """Makes proxies of strings, each once, and strings of proxies."""

    def __init__(self, communicator: Communicator) -> None:
        self._communicator = communicator
        self._kept: dict[str, ObjectPrx] = {}

    def proxy(self, text: str) -> ObjectPrx | None:
        """The proxy that `text` describes; None for an empty text."""
        kept = self._kept.get(text)
        if kept is not None or not text:
            return kept
        made = self._communicator.stringToProxy(text)
        if made is not None:
            if len(self._kept) >= KEPT_MAX:
                self._kept.clear()
            self._kept[text] = made
        return made

    def fresh(self, text: str) -> ObjectPrx | None:
        """The same, not kept: for texts that will hardly come again."""
        return self._communicator.stringToProxy(text)

    def text(self, proxy: ObjectPrx) -> str:
        """The whole proxy as a string."""
        return self._communicator.proxyToString(proxy)

    def endpoints(self, proxy: ObjectPrx | None) -> str:
        """The endpoints only; empty for no proxy and for an indirect one."""
        if proxy is None:
            return ""
        return ":".join(str(endpoint) for endpoint in proxy.ice_getEndpoints())
