"""Builds what browsers get into the package when a wheel is made, unless it is there; that takes Node 20."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

STATIC = Path("src/imagechat/static")
BUILT = (
    STATIC / "embed-image-chat.min.js",
    STATIC / "image-chat" / "image-chat.js",
    STATIC / "dashboard" / "index.html",
)


class BuildWidget(BuildHookInterface[Any]):
    """Hatchling's hook."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Run the web build; an editable install is built by `make build` instead."""
        del build_data
        if version == "editable" or all((Path(self.root) / each).is_file() for each in BUILT):
            return
        npm = shutil.which("npm")
        if npm is None:
            msg = "building Image Chat from source needs Node 20 with npm; a wheel does not"
            raise RuntimeError(msg)
        for arguments in (["ci"], ["run", "build"]):
            subprocess.run([npm, *arguments], cwd=Path(self.root) / "web", check=True)  # noqa: S603 -- fixed words
