"""pushnet: a telecom-style RPC platform for Twisted, and the mobile push network that runs on it."""
