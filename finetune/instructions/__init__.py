"""The stage `instructions`: supervised examples and preference pairs, from documents through the assistant's tasks, and from data sets."""
