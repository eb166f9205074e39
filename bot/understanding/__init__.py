"""From a text to what the customer means."""
