"""What the performance claims are measured with; each module is a command of its own."""
