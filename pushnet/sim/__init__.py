"""The simulated world and the checkers. Nothing that runs imports it."""
