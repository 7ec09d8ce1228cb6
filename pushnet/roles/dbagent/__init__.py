"""The DBAgent: the truth about devices, their labels and their messages, by shard; and where devices are.

A node serves one shard or several, each with a file, an object adapter and routes of its own. Brokers come
in with logins and acknowledgements, Pushers with messages, gateways with changes; TagAlias nodes follow the
change log. What must survive is in `pushnet.stores.shard`; routes are in memory, rebuilt from the Brokers.
"""
