"""A whole set of nodes on one machine, without containers: `python -m deploy.local`, or piece by piece for tests."""
