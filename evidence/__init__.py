"""The pure ground floor: evidence that anyone can check again. Imports no Django."""
