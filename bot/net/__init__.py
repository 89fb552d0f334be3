"""Guarded ways to the outside: the HTTP client, checked addresses, downloads to disk.

Serves the door that fetches a member's picture (step 1) and the Courier's fetch (step 5). Never
knows what a provider, a task or Discord is.
"""
