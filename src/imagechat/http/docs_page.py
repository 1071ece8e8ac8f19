"""The OpenAPI description as a page to read: plain HTML, no script, nothing from elsewhere."""

from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from typing import Any

from litestar import Response, get

from imagechat.http.principal import AnyRequest

CONTENT_SECURITY_POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"


@get("/docs", include_in_schema=False, sync_to_thread=False)
def docs(request: AnyRequest) -> Response[str]:
    """Return the page."""
    page = render(request.app.openapi_schema.to_schema())
    return Response(page, media_type="text/html", headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})


@get("/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi(request: AnyRequest) -> dict[str, Any]:
    """Return the description itself."""
    return request.app.openapi_schema.to_schema()


@get("/docs.css", include_in_schema=False, sync_to_thread=False)
def docs_style() -> Response[bytes]:
    """Return the page's style sheet."""
    return Response((files("imagechat.http") / "docs.css").read_bytes(), media_type="text/css")


def render(schema: Mapping[str, Any]) -> str:
    """Return an OpenAPI schema as HTML. Pure."""
    info = schema["info"]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(info["title"])}: API</title><link rel="icon" href="data:,">'
        '<link rel="stylesheet" href="/docs.css"></head><body><main>'
        f"<h1>{escape(info['title'])}</h1><p>{escape(info['description'])} "
        '<a href="/openapi.json">The same for machines</a>.</p>'
        f"{''.join(_operations(schema))}"
        f"<h2>Shapes</h2>{''.join(_shapes(schema))}</main></body></html>"
    )


def _operations(schema: Mapping[str, Any]) -> Iterator[str]:
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            yield (
                f'<section><h2><b class="{method}">{method.upper()}</b> <code>{escape(path)}</code></h2>'
                f"<p>{escape(operation.get('summary', ''))}.</p>"
                f"{_parameters(operation.get('parameters', []))}{_body(operation.get('requestBody'))}"
                f"{_answers(operation.get('responses', {}))}</section>"
            )


def _parameters(parameters: list[Mapping[str, Any]]) -> str:
    if not parameters:
        return ""
    rows = "".join(
        f"<tr><td><code>{escape(parameter['name'])}</code></td><td>{escape(parameter['in'])}</td>"
        f"<td>{_type(parameter.get('schema', {}))}</td><td>{'required' if parameter.get('required') else ''}</td></tr>"
        for parameter in parameters
    )
    return f"<table><tr><th>parameter</th><th>in</th><th>type</th><th></th></tr>{rows}</table>"


def _body(body: Mapping[str, Any] | None) -> str:
    return "" if body is None else f"<p>Body: {_content(body)}</p>"


def _answers(responses: Mapping[str, Mapping[str, Any]]) -> str:
    items = "".join(
        f"<li><b>{escape(status)}</b> {escape(response.get('description', ''))} {_content(response)}</li>"
        for status, response in responses.items()
    )
    return f"<ul>{items}</ul>"


def _content(holder: Mapping[str, Any]) -> str:
    return ", ".join(_type(content.get("schema", {})) for content in holder.get("content", {}).values())


def _shapes(schema: Mapping[str, Any]) -> Iterator[str]:
    for name, shape in schema.get("components", {}).get("schemas", {}).items():
        required = set(shape.get("required", []))
        rows = "".join(
            f"<tr><td><code>{escape(field)}</code></td><td>{_type(kind)}</td>"
            f"<td>{'always' if field in required else ''}</td></tr>"
            for field, kind in shape.get("properties", {}).items()
        )
        yield f'<section id="{escape(name)}"><h3>{escape(name)}</h3><table>{rows}</table></section>'


def _type(schema: Mapping[str, Any]) -> str:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    for union in ("oneOf", "anyOf"):
        if union in schema:
            return " or ".join(dict.fromkeys(_type(part) for part in schema[union]))
    if "enum" in schema:
        return ", ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    kind = schema.get("type", "anything")
    return escape(" or ".join(kind) if isinstance(kind, list) else str(kind))
