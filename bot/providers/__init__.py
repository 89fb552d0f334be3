"""The only room that knows the video services' HTTP: submit, look, find, cancel, fetch.

Serves steps 3 to 5 of the story. Never decides what a sighting means for a task or its credits.
"""
