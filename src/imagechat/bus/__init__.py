"""Node-to-node fan-out."""
