"""De-identification on corpora with gold spans: ours and Presidio's default in the same run."""
