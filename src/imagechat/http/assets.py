"""The widget's files, ready compressed: entries that browsers ask for again, and modules named by what is in them."""

import gzip
import re
from hashlib import blake2b
from importlib.resources import files

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from imagechat.http.principal import AnyRequest
from imagechat.model.errors import NOT_FOUND, Refusal

WIDGET = "embed-image-chat.min.js"
MODULES = "image-chat"
"""The folder of the modules, and the stem of their entry."""

NAMED_BY_CONTENT = re.compile(r".+-[\w-]{8}\.js")
FOR_A_WHILE = "public, max-age=300, stale-while-revalidate=86400"
FOR_EVER = "public, max-age=31536000, immutable"


class WidgetFiles:
    """The built widget, as the wheel holds it, by the paths at which it is served."""

    def __init__(self) -> None:
        """Read and compress it once; a checkout that was not built has none."""
        built = files("imagechat") / "static"
        folder = built / MODULES
        found = {f"{MODULES}/{each.name}": each for each in folder.iterdir()} if folder.is_dir() else {}
        found[WIDGET] = built / WIDGET
        self.plain = {
            path: file.read_bytes() for path, file in found.items() if path.endswith(".js") and file.is_file()
        }
        self.packed = {path: gzip.compress(content, 9, mtime=0) for path, content in self.plain.items()}
        self.tags = {path: f'"{blake2b(content, digest_size=12).hexdigest()}"' for path, content in self.plain.items()}

    def answer(self, request: AnyRequest, path: str) -> Response[bytes]:
        """Return one of the files, or that the browser has it. Raises `Refusal`: `not-found`."""
        if not self.plain:
            raise Refusal(NOT_FOUND, "The widget was not built: run `make build`.")
        if path not in self.plain:
            raise Refusal(NOT_FOUND, "The widget has no such file.")
        headers = {
            "ETag": self.tags[path],
            "Cache-Control": FOR_EVER if NAMED_BY_CONTENT.fullmatch(path) else FOR_A_WHILE,
            "Vary": "Accept-Encoding",
            "Cross-Origin-Resource-Policy": "cross-origin",
            "Access-Control-Allow-Origin": "*",
        }
        known = request.headers.get("if-none-match", "").split(",")
        if self.tags[path] in {tag.strip().removeprefix("W/") for tag in known}:  # proxies that compress weaken it
            return Response(b"", status_code=304, headers=headers)
        packed = "gzip" in request.headers.get("accept-encoding", "")
        if packed:
            headers["Content-Encoding"] = "gzip"
        content = (self.packed if packed else self.plain)[path]
        return Response(content, headers=headers, media_type="text/javascript")


@get(f"/{WIDGET}", include_in_schema=False, sync_to_thread=False)
def widget(widget_files: NamedDependency[WidgetFiles], request: AnyRequest) -> Response[bytes]:
    """Return the classic script."""
    return widget_files.answer(request, WIDGET)


@get(f"/{MODULES}/{{name:str}}", include_in_schema=False, sync_to_thread=False)
def widget_module(
    widget_files: NamedDependency[WidgetFiles], request: AnyRequest, name: FromPath[str]
) -> Response[bytes]:
    """Return a module: the entry, or one that comes later."""
    return widget_files.answer(request, f"{MODULES}/{name}")
