"""What the registry must not forget, behind one contract: entries under leases, written by compare, and told.

`EmbeddedState` keeps it in one SQLite file for the one registry of a machine; `EtcdState` in etcd, for
several registries that must agree. What travels in: puts, deletes, renewals; out: every change, in order.
"""
