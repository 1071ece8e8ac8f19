"""Looks at an installation, and says what is good, what is to be known and what is to be mended."""
