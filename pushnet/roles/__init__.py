"""The node roles. Each has three doors: nouns (pure modules: what it knows and decides), servant (the
generated contract onto them), service (parts to an IService).
"""
