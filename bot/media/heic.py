"""HEIC, the photos of phones: read where the operator has taken the decoder in, the extra ``heic``.

Serves step 1 through ``images.py``. Never loads the decoder before a file needs it: that is in the
``darkroom``, so that the bot's own process never has it. Never decodes what comes along with a
photo: thumbnails, depth maps, gain maps. The decoder's own limits stay as they are.
"""

HEIF = "HEIF"
"""What Pillow calls it."""


def admit() -> bool:
    """Let Pillow open HEIC; tell whether it can, which it cannot without the extra."""
    try:
        from pillow_heif import register_heif_opener  # noqa: PLC0415 - not before it is needed
    except ImportError:
        return False
    # One thread: the other cores are the bot's.
    register_heif_opener(decode_threads=1, thumbnails=False, depth_images=False, aux_images=False)
    return True
