"""Tasks that travel through files: kombu's filesystem transport, with every message put in place whole."""

import os
import uuid
from pathlib import Path
from time import monotonic
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Writes a message under another name first.

    kombu opens the file and then writes it: a worker that looked in between read nothing, lost the
    message and stopped. A sign-in code that is lost so is not sent again by any sweep.
    """

    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:  # type: ignore[override]
        name = f"{round(monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"
        folder = Path(self.data_folder_out)
        unfinished = folder / f"{name}.part"  # no worker looks for a name that ends so
        try:
            unfinished.write_text(dumps(message), encoding="utf-8")
            os.replace(unfinished, folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot put a message into {folder}: {error}") from error


class Transport(filesystem.Transport):
    """The filesystem transport with such channels."""

    Channel = Channel
