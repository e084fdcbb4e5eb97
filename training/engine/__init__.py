"""The training engine: base models, LoRA fine-tuning, checkpoints and evaluation.

Pure (no Django). Runs as a child process, `python -m training.engine ...`, and reports progress
as JSON lines on standard output; example text never appears there.
"""
