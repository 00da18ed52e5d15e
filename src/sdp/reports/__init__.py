"""What a bench found, for people: tables in the terminal, one HTML file."""
