"""Alerts: what is wrong with a training while it still runs, told by its events alone."""
