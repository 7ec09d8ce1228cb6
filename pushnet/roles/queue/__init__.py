"""The queue: durable topics with consumer groups, over RPC. Publishes come in and are answered when they are
on disk; deliveries go out to whoever takes, under a lease."""
