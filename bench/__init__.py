"""Measurements of the product as users run it."""
