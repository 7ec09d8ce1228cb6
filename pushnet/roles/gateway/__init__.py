"""The gateway: app servers come in over HTTP with JPush's REST API, pushes go to the queue, and the
device, tag and alias calls go to the shards. It keeps nothing that must survive."""
