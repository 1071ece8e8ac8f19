"""For answers that are true at one moment and hold the caller's tokens."""

from litestar.datastructures import CacheControlHeader

FRESH = CacheControlHeader(no_store=True)
"""No proxy and no browser may give such an answer again, least of all to somebody else."""
