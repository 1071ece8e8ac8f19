"""Durable truth: tables, group commit, reads."""
