"""Files that are broken or want to hurt, made byte by byte: no decoder's own writer makes such."""

import io
import struct
import zipfile
import zlib
from random import Random
from typing import Any

from PIL import Image

MEBIBYTE = 1024 * 1024


def drawn(size: tuple[int, int] = (64, 48), mode: str = "RGB") -> Image.Image:
    """Return a picture with enough in it to be cut short."""
    dots = Random(size[0]).randbytes(size[0] * size[1])  # noqa: S311 - the same ones each time
    return Image.frombytes("L", size, dots).convert(mode)


def saved(kind: str, image: Image.Image | None = None, **options: Any) -> bytes:
    """Return a picture as a file."""
    file = io.BytesIO()
    (image or drawn()).save(file, kind, **options)
    return file.getvalue()


def half(kind: str) -> bytes:
    """Return a file that breaks off in the middle."""
    whole = saved(kind, drawn((200, 200)))
    return whole[: len(whole) // 2]


def scrambled(kind: str) -> bytes:
    """Return a file that is noise but for its beginning."""
    whole = saved(kind, drawn((200, 200)))
    noise = bytes((number * 167 + 13) % 256 for number in range(len(whole)))
    return whole[:64] + noise[64:]


def faded_jpeg() -> bytes:
    """Return a JPEG with a hole in the middle, which decoders fill with grey."""
    whole = saved("JPEG", drawn((200, 200)))
    third = len(whole) // 3
    return whole[:third] + bytes(third) + whole[2 * third :]


def chunk(kind: bytes, data: bytes) -> bytes:
    """Return a chunk of a PNG."""
    seal = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + seal


def png(header: tuple[int, int, int, int], pixels: bytes, *between: bytes) -> bytes:
    """Return a PNG: width, height, depth and colour type, packed pixels, chunks before them."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", *header, 0, 0, 0))
    tail = chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(between) + tail


def rows(width: int, height: int) -> bytes:
    """Return packed black RGB pixels."""
    return zlib.compress(bytes((width * 3 + 1) * height), 9)


def white_desert() -> bytes:
    """Return a PNG of 20,000 by 20,000 pixels in less than 200 kB."""
    pack = zlib.compressobj(4)
    line = bytes(20_000 // 8 + 1)
    pixels = b"".join(pack.compress(line * 100) for _ in range(200)) + pack.flush()
    return png((20_000, 20_000, 1, 0), pixels)


def with_chunk(kind: bytes, data: bytes) -> bytes:
    """Return a small PNG with one more chunk in it."""
    return png((8, 8, 8, 2), rows(8, 8), chunk(kind, data))


def packed_zeros(megabytes: int) -> bytes:
    """Return many zeros, packed a thousand times."""
    pack = zlib.compressobj(9)
    return b"".join(pack.compress(bytes(MEBIBYTE)) for _ in range(megabytes)) + pack.flush()


def jpeg_claiming(width: int, height: int) -> bytes:
    """Return a small JPEG whose header claims another size."""
    data = bytearray(saved("JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def jpeg_of_many_scans(*, progressive: bool) -> bytes:
    """Return a JPEG whose last scan comes a thousand times."""
    data = saved("JPEG", progressive=progressive)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 1000 + data[-2:]


def gif(screen: tuple[int, int], frame: tuple[int, int], frames: int = 1) -> bytes:
    """Return a black GIF with frames of their own size."""
    head = b"GIF89a" + struct.pack("<HHBBB", *screen, 0x80, 0, 0) + bytes(6)
    whole = saved("GIF", Image.new("P", (8, 8)))
    pixels = whole[whole.index(b",") + 10 : -1]
    image = b"," + struct.pack("<HHHHB", 0, 0, *frame, 0) + pixels
    return head + image * frames + b";"


def webp_claiming(width: int, height: int) -> bytes:
    """Return a WebP whose canvas is larger than its picture."""
    inner = saved("WEBP", lossless=True)[12:]
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + canvas + inner
    return b"RIFF" + struct.pack("<I", len(body)) + body


def avif_claiming(width: int, height: int) -> bytes:
    """Return an AVIF whose container claims another size than its stream."""
    data = bytearray(saved("AVIF"))
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", width, height)
    return bytes(data)


def zipped() -> bytes:
    """Return an archive."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "hello")
    return file.getvalue()
