"""Recipes: everything that decides what a training run learns."""
