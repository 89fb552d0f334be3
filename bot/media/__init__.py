"""Pictures in, films out: what Pillow and PyAV do for the story.

Everything here is synchronous and heavy; the pipeline calls it in a thread, one call at a time.
Never touches the network, the database or Discord.
"""
