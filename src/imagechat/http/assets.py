"""The widget's file, ready compressed."""

import gzip
from hashlib import blake2b
from importlib.resources import files

from litestar import Response, get
from litestar.di import NamedDependency

from imagechat.http.principal import AnyRequest
from imagechat.model.errors import NOT_FOUND, Refusal

WIDGET = "embed-image-chat.min.js"


class WidgetFile:
    """The built widget, as the wheel holds it."""

    def __init__(self) -> None:
        """Read and compress it once; a checkout that was not built has none."""
        source = files("imagechat") / "static" / WIDGET
        self.plain = source.read_bytes() if source.is_file() else b""
        self.packed = gzip.compress(self.plain, 9, mtime=0)
        self.tag = f'"{blake2b(self.plain, digest_size=12).hexdigest()}"'


@get(f"/{WIDGET}", include_in_schema=False, sync_to_thread=False)
def widget(widget_file: NamedDependency[WidgetFile], request: AnyRequest) -> Response[bytes]:
    """Return the widget; browsers ask again whether it changed."""
    if not widget_file.plain:
        raise Refusal(NOT_FOUND, "The widget was not built: run `make build`.")
    headers = {
        "ETag": widget_file.tag,
        "Cache-Control": "public, max-age=300, stale-while-revalidate=86400",
        "Vary": "Accept-Encoding",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Access-Control-Allow-Origin": "*",
    }
    known = request.headers.get("if-none-match", "").split(",")
    if widget_file.tag in {tag.strip().removeprefix("W/") for tag in known}:  # proxies that compress weaken it
        return Response(b"", status_code=304, headers=headers)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(
        widget_file.packed if packed else widget_file.plain,
        headers=headers,
        media_type="text/javascript",
    )
