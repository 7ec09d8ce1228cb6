"""The roof: options, configuration, the real world, assembly of nodes, the pushnet command."""
