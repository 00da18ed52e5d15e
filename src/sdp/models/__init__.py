"""Models: finding, loading, putting questions into their format, and the tiny one that ships."""
