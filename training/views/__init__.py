"""Pages of the stages Train and Evaluate."""
