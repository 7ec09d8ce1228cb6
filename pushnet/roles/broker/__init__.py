"""The Broker: holds device connections and brings messages to them. Nothing here must survive.

A connection is a `Line`; `Lines` says which device is on which. `Entrance` leads a line from its first frame
to the login. `OwnMail` and `GroupMail` bring the two streams, inline or by pages. `AckBook` and `Beats` tell
the shards what was received and who is here. `servant` and `service` are the doors.
"""
