"""The demo's pages and pictures."""

from importlib.resources import as_file, files

from litestar import Response, get
from litestar.static_files import create_static_files_router
from litestar.types import ControllerRouterHandler

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@get("/", include_in_schema=False, sync_to_thread=False)
def gallery() -> Response[bytes]:
    """Return the gallery."""
    return _page("gallery.html")


@get("/themes", include_in_schema=False, sync_to_thread=False)
def themes() -> Response[bytes]:
    """Return one picture in several looks."""
    return _page("themes.html")


@get("/features", include_in_schema=False, sync_to_thread=False)
def features() -> Response[bytes]:
    """Return a picture for each thing that the widget does, with the lines that embed it."""
    return _page("features.html")


def _page(name: str) -> Response[bytes]:
    page = (files("imagechat.demo") / "page" / name).read_bytes()
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})


def gallery_routes() -> list[ControllerRouterHandler]:
    """Return the routes that `imagechat demo` has more than `imagechat serve`."""
    with as_file(files("imagechat.demo") / "page") as directory:
        return [
            gallery,
            themes,
            features,
            create_static_files_router(path="/demo", directories=[directory], include_in_schema=False),
        ]
