"""How the tiny model is made. Start with ``scripts/make_tiny_model.py``."""
