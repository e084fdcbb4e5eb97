"""Measures of a model's answers: ROUGE-L, classification, coding, calibration. Pure."""
