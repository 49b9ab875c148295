"""A small English dictionary in Hunspell's format, so that no test depends on what a machine has installed."""

from __future__ import annotations

from pathlib import Path

_WORDS = "hello the and please receive your printer is on fire we come today water use it with for this that you are will not have"


def write_dictionary(folder: Path, name: str = "en_US", words: str = _WORDS) -> None:
    """Write ``name`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    rules = "SET UTF-8\nTRY esianrtolcdugmphbyfvkwz\nREP 1\nREP ie ei\nSFX S Y 1\nSFX S 0 s .\n"
    (folder / f"{name}.aff").write_text(rules)
    listed = words.split()
    (folder / f"{name}.dic").write_text(
        "\n".join([str(len(listed)), *(f"{word}/S" for word in listed)]) + "\n"
    )
