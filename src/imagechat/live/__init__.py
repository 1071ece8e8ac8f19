"""The live channel: connections, rooms, resume."""
