"""Formats that rows can be written in, one file each."""
