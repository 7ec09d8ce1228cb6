"""The node roles. Each has three doors: nouns (pure modules), servant (the generated contract onto them), service (parts to an IService)."""
