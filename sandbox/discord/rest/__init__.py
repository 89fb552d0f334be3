"""The REST interface, version 10: a module for each resource, and what surrounds them."""
