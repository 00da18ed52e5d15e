"""The shapes that question–answer data comes in, one file per kind."""
