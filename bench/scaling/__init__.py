"""How many nodes, which NATS and how large a database: `python -m bench.scaling --viewers N --events M`."""
