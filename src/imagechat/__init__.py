"""Image Chat: live conversations pinned on pictures."""

__version__ = "0.1.0"
