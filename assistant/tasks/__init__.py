"""What the language model is asked to do: one module a task, with its prompts and how the reply is read."""
