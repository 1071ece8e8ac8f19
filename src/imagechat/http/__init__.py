"""REST: thin routes."""
