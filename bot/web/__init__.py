"""Pages, API and webhooks."""
