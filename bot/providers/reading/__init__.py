"""Reading the services' answers liberally, each kind of answer in one place.

Serves every query (steps 3 to 5). Never asks anything itself.
"""
