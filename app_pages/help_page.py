"""Help without script: the plain page /help, and the same lines in every page's <noscript>."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from html import escape

from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp

from prompts.fill import all_help
from prompts.types import Prompts

_STYLE = (
    "body{font:1.05rem/1.5 system-ui,sans-serif;max-width:40rem;margin:0 auto;padding:1rem;"
    "color-scheme:light dark}li{margin:.4rem 0}"
)


def help_html(prompts: Prompts) -> str:
    """Every country's lines as plain HTML (no document around it)."""
    parts = ["<h1>Help now</h1><p>You do not need to explain much. A person will answer.</p>"]
    for country, lines in sorted(
        all_help(prompts.countries), key=lambda row: row[0].code == "international"
    ):
        rows = "".join(
            f"<li><strong>{escape(line.name)}</strong>: {escape(line.reach)} "
            f"({escape(line.purpose)})</li>"
            for line in lines
        )
        parts.append(
            f"<h2>{escape(country.name)}</h2>"
            f"<ul><li><strong>Emergency</strong>: {escape(country.emergency)}</li>{rows}</ul>"
        )
    return "".join(parts)


def help_document(prompts: Prompts) -> str:
    """The whole page for /help: no script, nothing loaded."""
    head = (
        "<meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width,initial-scale=1'>"
        f"<title>Help now</title><style>{_STYLE}</style>"
    )
    body = f"<main>{help_html(prompts)}</main>"
    return f"<!doctype html><html lang='en'><head>{head}</head><body>{body}</body></html>"


def help_endpoint(prompts: Prompts) -> Callable[[Request], Awaitable[Response]]:
    """A Starlette endpoint that answers with the help page."""
    document = help_document(prompts)

    async def answer(_: Request) -> Response:
        return HTMLResponse(document)

    return answer


class NoScriptHelp(BaseHTTPMiddleware):
    """Puts the help lines into the <noscript> of every HTML page."""

    def __init__(self, app: ASGIApp, prompts: Prompts) -> None:
        super().__init__(app)
        self._block = f"<noscript><main>{help_html(prompts)}</main></noscript></body>".encode()

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        """Pass everything on; change HTML pages only."""
        if "text/html" in request.headers.get("accept", ""):
            # A compressed page could not be read here; pages are small, so they travel as they are.
            request.scope["headers"] = [
                (key, value) for key, value in request.scope["headers"] if key != b"accept-encoding"
            ]
        response = await call_next(request)
        if not response.headers.get("content-type", "").startswith(
            "text/html"
        ) or request.url.path.endswith("/help"):
            return response
        chunks = [chunk async for chunk in response.body_iterator]  # type: ignore[attr-defined]
        body = b"".join(chunk if isinstance(chunk, bytes) else chunk.encode() for chunk in chunks)
        headers = {
            key: value
            for key, value in response.headers.items()
            if key.lower() not in ("content-length", "etag")
        }
        return Response(body.replace(b"</body>", self._block), response.status_code, headers)
