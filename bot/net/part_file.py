"""A file that appears under its name only once it is whole.

Serves downloads: a crash or a cancelled worker leaves no half film behind that looks like one.
Never blocks the event loop: the disk is touched in threads.
"""

import asyncio
import os
import secrets
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

SUFFIX = ".part"
"""What an unfinished file ends with; one that outlived its process may be deleted."""


class PartFile:
    """Collects bytes beside ``into`` and takes its name when told to."""

    def __init__(self, into: Path) -> None:
        self._into = into
        self._path = into.with_name(f".{into.name}.{secrets.token_hex(4)}{SUFFIX}")
        self._file: BinaryIO | None = None

    async def __aenter__(self) -> Self:
        self._file = await asyncio.to_thread(self._path.open, "xb")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self._discard)

    async def write(self, data: bytes) -> None:
        """Append ``data``."""
        await asyncio.to_thread(self._opened.write, data)

    async def keep(self) -> None:
        """Put everything on the disk, then give the file its name, replacing an older one."""
        await asyncio.to_thread(self._finish)

    @property
    def _opened(self) -> BinaryIO:
        if self._file is None:
            raise ValueError("the file is not open")
        return self._file

    def _finish(self) -> None:
        self._opened.flush()
        os.fsync(self._opened.fileno())
        self._opened.close()
        self._path.replace(self._into)

    def _discard(self) -> None:
        try:
            self._opened.close()
        finally:
            self._path.unlink(missing_ok=True)
