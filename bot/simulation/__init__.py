"""A synthetic book played in virtual time against the real engine, and an auditor who does not trust it."""
