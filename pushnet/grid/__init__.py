"""Who is alive, who gets the call, who takes over, who runs which version. Pure decisions, no I/O."""
