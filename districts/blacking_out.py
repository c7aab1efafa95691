"""Private words in what somebody asked are blacked out, and seen to be; the rest stays as it is. Pure."""

from collections.abc import Sequence

#: Stands for whatever was blacked out. Of one length, so that it tells nothing of the words.
BAR = "█████"


class NotInTheText(Exception):
    """A passage that was to be blacked out does not stand in the text; `args[0]` is the passage."""


def without_bars(text: str) -> str:
    """Return a text without characters that look like our own bars: only the district blacks out."""
    return text.replace("█", "")


def black_out(passages: Sequence[str], *texts: str) -> tuple[str, ...]:
    """Return texts in which each passage is a BAR wherever it stands. Raises NotInTheText.

    The longest first: a name inside a longer passage leaves no rest of it.
    """
    for passage in passages:
        if not any(passage in text for text in texts):
            raise NotInTheText(passage)
    for passage in sorted(passages, key=len, reverse=True):
        texts = tuple(text.replace(passage, BAR) for text in texts)
    return texts


def pieces(text: str) -> list[str]:
    """Return what stands between the bars: one piece more than there are bars."""
    return text.split(BAR)
