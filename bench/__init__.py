"""Measurements, side by side on one machine: `make bench-deid` and `make bench-scale`."""
