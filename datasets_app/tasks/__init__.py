"""Training tasks, one module each: schema, prompt and validation. Pure: no Django."""
