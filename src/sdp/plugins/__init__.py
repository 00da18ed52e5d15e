"""What a plugin can add, and how it is found and loaded."""
