"""What Clapboard knows without asking anybody: orders, tasks, quotas, and what is on sale.

Pure values and arithmetic for all steps of the story. Never awaits, never reads or writes.
"""
