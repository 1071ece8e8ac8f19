"""What an operator sees of a node: metrics, log lines, traces."""
