"""The dashboard's page and its files, ready compressed. Everything on it comes by the calls of the REST API."""

import gzip
from hashlib import blake2b
from importlib.resources import files
from mimetypes import guess_type

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from imagechat.http.principal import AnyRequest
from imagechat.model.errors import NOT_FOUND, Refusal

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https: http:; "
    "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html"
)
"""Pictures are wherever tenants have them; all else is this server's own."""

PAGE = "index.html"


class DashboardFiles:
    """The built dashboard, as the wheel holds it."""

    def __init__(self) -> None:
        """Read and compress it once; a checkout that was not built has none."""
        directory = files("imagechat") / "static" / "dashboard"
        names = [each.name for each in directory.iterdir()] if directory.is_dir() else []
        self.plain = {name: (directory / name).read_bytes() for name in names}
        self.packed = {name: gzip.compress(content, 9, mtime=0) for name, content in self.plain.items()}
        self.tags = {name: f'"{blake2b(content, digest_size=12).hexdigest()}"' for name, content in self.plain.items()}

    def check(self, name: str) -> None:
        """Let the names of files pass that are there. Raises `Refusal`: `not-found`."""
        if not self.plain:
            raise Refusal(NOT_FOUND, "The dashboard was not built: run `make build`.")
        if name not in self.plain:
            raise Refusal(NOT_FOUND, "The dashboard has no such file.")

    def answer(self, request: AnyRequest, name: str, headers: dict[str, str]) -> Response[bytes]:
        """Return one of the files, or that the browser has it. Raises `Refusal` as `check` does."""
        self.check(name)
        headers = {**headers, "ETag": self.tags[name], "Vary": "Accept-Encoding"}
        known = request.headers.get("if-none-match", "").split(",")
        if self.tags[name] in {tag.strip().removeprefix("W/") for tag in known}:  # proxies that compress weaken it
            return Response(b"", status_code=304, headers=headers)
        packed = "gzip" in request.headers.get("accept-encoding", "")
        if packed:
            headers["Content-Encoding"] = "gzip"
        content = (self.packed if packed else self.plain)[name]
        return Response(content, headers=headers, media_type=guess_type(name)[0] or "application/octet-stream")


@get(["/dashboard", "/dashboard/{path:path}"], include_in_schema=False, sync_to_thread=False)
def dashboard(dashboard_files: NamedDependency[DashboardFiles], request: AnyRequest) -> Response[bytes]:
    """Return the page, whatever the path: which of its views that is, the page knows."""
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Cache-Control": "no-cache",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    return dashboard_files.answer(request, PAGE, headers)


@get("/dashboard-assets/{name:str}", include_in_schema=False, sync_to_thread=False)
def dashboard_asset(
    dashboard_files: NamedDependency[DashboardFiles], request: AnyRequest, name: FromPath[str]
) -> Response[bytes]:
    """Return a script, a style sheet or a picture of the page; its name changes with what is in it."""
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    return dashboard_files.answer(request, name, headers)
