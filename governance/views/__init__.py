"""Pages of the stages Approve and Package."""
