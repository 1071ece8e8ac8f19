"""Pure values and decisions: no I/O, no clock, no randomness; every other package imports this one."""
