"""Making a data set: plan, draw, render, check, write."""

from sdp.synthesis.memory import questions

__all__ = ["questions"]
