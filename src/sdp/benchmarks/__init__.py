"""Answers, scores and comparisons of models on held-out questions."""
