"""Files that went through the server, to be downloaded again by the path getFile gives."""

from typing import Any


class Files:
    """Files by id, in memory."""

    def __init__(self) -> None:
        self._files: list[tuple[str, bytes]] = []

    def keep(self, name: str, content: bytes) -> dict[str, Any]:
        """Stores a file and returns its Document facts."""
        self._files.append((name, content))
        number = len(self._files)
        return {"file_id": f"file{number}", "file_unique_id": f"u{number}", "file_size": len(content)}

    def facts(self, file_id: str) -> dict[str, Any] | None:
        """The File object of an id."""
        for number, (name, content) in enumerate(self._files, start=1):
            if file_id == f"file{number}":
                facts = {"file_id": file_id, "file_unique_id": f"u{number}", "file_size": len(content)}
                return {**facts, "file_path": f"documents/{number}/{name}"}
        return None

    def content(self, path: str) -> bytes | None:
        """The bytes at a file_path."""
        for number, (name, content) in enumerate(self._files, start=1):
            if path == f"documents/{number}/{name}":
                return content
        return None
