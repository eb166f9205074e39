"""A real Rasa 3.6 server in place of the embedded engine: the project it is trained on, and the bridge to it."""
