"""Training adapters: examples, batches, loss, checkpoints, and a thin `transformers.Trainer`."""
