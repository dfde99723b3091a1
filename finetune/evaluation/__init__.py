"""What a tuned model can do that its base could not: every task's own metric on held-out examples, with intervals, side by side."""
