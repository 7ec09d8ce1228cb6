"""A stock Ice program that administers a grid and watches it. Run with system Python.

    stock_grid_admin.py --Ice.Default.Locator=...

Opens an administrator's session for ann, watches nodes, adapters, objects and registries through the
session's own connection, and prints `ready`. Reads a line, does what it says, prints the answer; `events`
prints what was heard since the last time. Ends with its input.
"""

from __future__ import annotations

import sys
import threading

import Ice
import IceGrid

HEARD: list[str] = []
LOCK = threading.Lock()


def hear(what: str) -> None:
    with LOCK:
        HEARD.append(what)


class Nodes(IceGrid.NodeObserver):
    def nodeInit(self, nodes, current=None):
        hear("nodes " + ",".join(f"{node.info.name}={len(node.adapters)}" for node in nodes))

    def nodeUp(self, node, current=None):
        hear(f"up {node.info.name} {node.servers[0].state}")

    def nodeDown(self, name, current=None):
        hear(f"down {name}")

    def updateServer(self, node, updatedInfo, current=None):
        hear(f"server {node}")

    def updateAdapter(self, node, updatedInfo, current=None):
        hear(f"adapter of {node}")


class Registries(IceGrid.RegistryObserver):
    def registryInit(self, registries, current=None):
        hear("registries " + ",".join(each.name for each in registries))

    def registryUp(self, node, current=None):
        hear(f"registry up {node.name}")

    def registryDown(self, name, current=None):
        hear(f"registry down {name}")


class Adapters(IceGrid.AdapterObserver):
    def adapterInit(self, adpts, current=None):
        hear("adapters " + ",".join(each.id for each in adpts))

    def adapterAdded(self, info, current=None):
        hear(f"added {info.id} {info.replicaGroupId}")

    def adapterUpdated(self, info, current=None):
        hear(f"updated {info.id}")

    def adapterRemoved(self, id, current=None):
        hear(f"removed {id}")


class Objects(IceGrid.ObjectObserver):
    def objectInit(self, objects, current=None):
        hear(f"objects {len(objects)}")

    def objectAdded(self, info, current=None):
        hear(f"object added {Ice.identityToString(info.proxy.ice_getIdentity())} {info.type}")

    def objectUpdated(self, info, current=None):
        hear("object updated")

    def objectRemoved(self, id, current=None):
        hear(f"object removed {Ice.identityToString(id)}")


class Applications(IceGrid.ApplicationObserver):
    def applicationInit(self, serial, applications, current=None):
        hear(f"applications {len(applications)}")


def events() -> str:
    with LOCK:
        heard = "; ".join(HEARD)
        HEARD.clear()
    return heard


def answer(communicator, registry, session, admin, word: str, rest: str) -> str:
    if word == "events":
        return events()
    if word == "wrong":
        try:
            registry.createAdminSession("ann", "guess")
        except IceGrid.PermissionDeniedException as error:
            return error.reason
    if word == "client":
        return "session" if registry.createSession("bob", "secret") else "none"
    if word == "add":
        admin.addObjectWithType(communicator.stringToProxy(rest), "::Bench")
        return "added"
    if word == "remove":
        admin.removeObject(Ice.stringToIdentity(rest))
        return "removed"
    if word == "servers":
        return ",".join(admin.getAllServerIds())
    if word == "property":
        server, name = rest.split()
        facet = admin.getServerAdmin(server).ice_facet("Properties")
        return Ice.PropertiesAdminPrx.checkedCast(facet).getProperty(name)
    if word == "stop":
        admin.stopServer(rest)
        return "stopped"
    if word == "lock":
        session.startUpdate()
        session.finishUpdate()
        return "locked"
    if word == "watch":
        try:
            session.setObserversByIdentity(*IDENTITIES)
        except IceGrid.ObserverAlreadyRegisteredException as error:
            return f"already {error.id.name}"
    return "?"


IDENTITIES = [
    Ice.Identity(name, "") for name in ("registries", "nodes", "applications", "adapters", "objects")
]


def main() -> None:
    with Ice.initialize(sys.argv) as communicator:
        locator = IceGrid.LocatorPrx.checkedCast(communicator.getDefaultLocator())
        registry = locator.getLocalRegistry()
        session = registry.createAdminSession("ann", "secret")
        adapter = communicator.createObjectAdapter("")
        servants = (Registries(), Nodes(), Applications(), Adapters(), Objects())
        for identity, servant in zip(IDENTITIES, servants, strict=True):
            adapter.add(servant, identity)
        session.ice_getConnection().setAdapter(adapter)
        session.setObserversByIdentity(*IDENTITIES)
        admin = session.getAdmin()
        print("ready", flush=True)
        for line in sys.stdin:
            word, _, rest = line.strip().partition(" ")
            print(answer(communicator, registry, session, admin, word, rest), flush=True)
        session.destroy()


main()
