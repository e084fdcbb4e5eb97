"""Word lists of the generator: names, places, staff and slips of the pen."""
