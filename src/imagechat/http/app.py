"""Every route, put together."""

from collections.abc import Sequence

from litestar import HttpMethod, Litestar, route
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Tag
from litestar.types import ControllerRouterHandler, LifespanHook

from imagechat import __version__
from imagechat.http import (
    comments,
    dashboard_sessions,
    health,
    inbox,
    markers,
    mass_deletion,
    mentioning,
    moderation,
    opinions,
    overview,
    people,
    picture_list,
    pictures,
    reading,
    rooms,
    tenants,
    usage,
)
from imagechat.http.assets import WidgetFiles, widget, widget_module
from imagechat.http.dashboard_page import DashboardFiles, dashboard, dashboard_asset
from imagechat.http.docs_page import docs, docs_style, openapi
from imagechat.http.errors import answer_error
from imagechat.http.services import Services
from imagechat.http.wire_request import WireRequest, refuse_unreadable
from imagechat.model.errors import MISSING_TENANT_ID, Refusal
from imagechat.model.limits import BODY_BYTES


@route(
    ["/comment-image-chats", "/comments", "/event-log"],
    http_method=[HttpMethod.GET, HttpMethod.POST],
    include_in_schema=False,
    sync_to_thread=False,
)
def without_tenant() -> None:
    """Refuse an address that ends before the tenant."""
    raise Refusal(MISSING_TENANT_ID, "The address names no tenant: put its id after this path.")


def build_app(
    services: Services,
    *,
    more_routes: Sequence[ControllerRouterHandler],
    on_startup: Sequence[LifespanHook],
    on_shutdown: Sequence[LifespanHook],
) -> Litestar:
    """Return the ASGI application of a node."""
    widget_files = WidgetFiles()
    dashboard_files = DashboardFiles()
    return Litestar(
        route_handlers=[
            markers.snapshot,
            markers.create_marker,
            markers.update_marker,
            markers.delete_marker,
            markers.restore_marker,
            reading.keep_read,
            comments.list_comments,
            comments.create_comment,
            comments.edit_comment,
            comments.comment_text,
            comments.delete_comment,
            comments.restore_comment,
            opinions.vote,
            opinions.take_vote_back,
            opinions.react,
            opinions.take_reaction_back,
            rooms.event_log,
            rooms.users_online,
            mentioning.mentionable_users,
            pictures.update_picture,
            pictures.end_own_session,
            moderation.held,
            moderation.approve,
            moderation.reject,
            moderation.bans,
            moderation.create_ban,
            moderation.delete_ban,
            mass_deletion.mass_deletion,
            mass_deletion.mass_deletions,
            mass_deletion.undo_mass_deletion,
            mass_deletion.spam,
            moderation.audit,
            inbox.inbox,
            inbox.reviews,
            inbox.inbox_live,
            picture_list.pictures_of_tenant,
            people.people,
            people.person_data,
            people.erase,
            tenants.tenants,
            tenants.create,
            tenants.tenant,
            tenants.change,
            tenants.create_key,
            dashboard_sessions.sign_in,
            dashboard_sessions.sign_out,
            dashboard_sessions.me,
            usage.tenant_daily_usage,
            usage.usage,
            overview.overview,
            health.healthz,
            health.readyz,
            health.health,
            without_tenant,
            widget,
            widget_module,
            dashboard,
            dashboard_asset,
            docs,
            docs_style,
            openapi,
            *more_routes,
        ],
        dependencies={
            "services": Provide(lambda: services, sync_to_thread=False),
            "widget_files": Provide(lambda: widget_files, sync_to_thread=False),
            "dashboard_files": Provide(lambda: dashboard_files, sync_to_thread=False),
        },
        exception_handlers={Refusal: answer_error, HTTPException: answer_error, Exception: answer_error},
        openapi_config=OpenAPIConfig(
            title="Image Chat",
            version=__version__,
            description="Live conversations pinned on pictures. SPEC.md has the rules and the live channel.",
            path="/schema",
            render_plugins=[],
            tags=[
                Tag("markers"),
                Tag("comments"),
                Tag("rooms"),
                Tag("moderation"),
                Tag("usage"),
                Tag("callers"),
                Tag("dashboard"),
                Tag("health"),
            ],
        ),
        request_class=WireRequest,
        before_request=refuse_unreadable,
        request_max_body_size=BODY_BYTES,
        on_startup=list(on_startup),
        on_shutdown=list(on_shutdown),
        logging_config=None,
    )
