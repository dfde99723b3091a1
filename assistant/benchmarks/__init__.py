"""Public benchmarks of intellectual property and law, read from their own files: MoZIP, IPBench, IPEval and C-Eval."""
