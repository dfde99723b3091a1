"""Continued pre-training, instruction tuning and preference tuning."""
