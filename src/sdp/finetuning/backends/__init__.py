"""What trains: our lean trainer, TRL's, or Unsloth's in a process of its own."""
