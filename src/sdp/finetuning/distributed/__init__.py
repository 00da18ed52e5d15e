"""Training in several processes, started by accelerate."""
