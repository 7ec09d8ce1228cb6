"""What an application or a device embeds: the SDK. Imports floors 0 to 2 only."""
