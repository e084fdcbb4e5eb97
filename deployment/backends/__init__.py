"""Back-ends that run models, one module each behind one small interface. Pure: no Django."""
