"""Pure functions on strings: no I/O, no models."""
