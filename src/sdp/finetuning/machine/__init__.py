"""What this machine can do for training, by looking and by measuring."""
