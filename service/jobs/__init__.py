"""Durable jobs: accepted once, run to one recorded answer, watched, stopped, kept for a time."""
