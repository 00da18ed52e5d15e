"""The built-in augmenters, one file each."""
