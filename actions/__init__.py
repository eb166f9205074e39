"""What the assistant can do, one verb a file: ordinary rasa-sdk actions."""
