"""A stock Ice client outside, that goes through a Glacier2 router. Run with system Python.

    stock_relay_client.py FOLDER --Ice.Default.Router=...

FOLDER holds what slice2py made. Reads commands, one a line, prints one line for each; ends with its input.
Whatever a command raises is printed as `! Name details`.
"""

from __future__ import annotations

import shlex
import sys
import threading
from collections.abc import Callable

import Glacier2
import Ice

sys.path.append(sys.argv.pop(1))
import PushNet


class CallbackI(PushNet.Broker):
    """Called from inside, over the connection that the client has opened."""

    def __init__(self) -> None:
        self.evicted: list[str] = []

    def evict(self, app: str, ordinal: int, epoch: int, current: Ice.Current | None = None) -> None:
        self.evicted.append(f"{app} {ordinal} {epoch}")

    def stats(self, current: Ice.Current | None = None) -> dict[str, float]:
        return {"called back": float(len(self.evicted))}


class Client:
    def __init__(self, communicator: Ice.Communicator) -> None:
        self.communicator = communicator
        self.router = Glacier2.RouterPrx.checkedCast(communicator.getDefaultRouter())

    def broker(self, name: str) -> PushNet.BrokerPrx:
        return PushNet.BrokerPrx.uncheckedCast(self.communicator.stringToProxy(name))

    def login(self, user: str, password: str) -> str:
        return f"session {self.router.createSession(user, password)}"

    def secure(self) -> str:
        return f"session {self.router.createSessionFromSecureConnection()}"

    def stats(self, name: str) -> str:
        return str(self.broker(name).stats())

    def stats_in_context(self, name: str, *keys: str) -> str:
        return str(self.broker(name).stats(dict.fromkeys(keys, "forged")))

    def evict(self, name: str, epoch: str) -> str:
        self.broker(name).ice_oneway().evict("app", 7, int(epoch))
        return "sent"

    def limits(self) -> str:
        return f"{self.router.getSessionTimeout()} {self.router.getACMTimeout()}"

    def refresh(self) -> str:
        self.router.refreshSession()
        return "refreshed"

    def destroy(self) -> str:
        self.router.destroySession()
        return "destroyed"

    def wait_for_close(self) -> str:
        """Wait until the router closes the connection."""
        closed = threading.Event()
        self.router.ice_getCachedConnection().setCloseCallback(lambda connection: closed.set())
        return "closed" if closed.wait(20) else "still open"

    def category(self) -> str:
        return f"{len(self.router.getCategoryForClient())} characters"

    def callback(self) -> str:
        """Serve a callback object through the router; prints its proxy."""
        adapter = self.communicator.createObjectAdapterWithRouter("Callback", self.router)
        identity = Ice.Identity("callback", self.router.getCategoryForClient())
        proxy = adapter.add(CallbackI(), identity)
        adapter.activate()
        return self.communicator.proxyToString(proxy)


def obey(client: Client, line: str) -> str:
    name, *arguments = shlex.split(line)
    command: Callable[..., str] = getattr(client, name)
    try:
        return command(*arguments)
    except Ice.ObjectNotExistException as error:
        return f"! ObjectNotExistException {error.id.name} {error.operation}"
    except (Glacier2.PermissionDeniedException, Glacier2.CannotCreateSessionException) as error:
        return f"! {type(error).__name__} {error.reason}"
    except Ice.Exception as error:
        return f"! {type(error).__name__}"


def main() -> None:
    with Ice.initialize(sys.argv) as communicator:
        client = Client(communicator)
        print("ready", flush=True)
        for line in sys.stdin:
            print(obey(client, line), flush=True)


main()
