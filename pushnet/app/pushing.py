"""`pushnet push`: one push over the REST API, from the command line."""

from __future__ import annotations

import attrs

from pushnet.app.rest import RestClient, RestFailed
from pushnet.app.running import CommandError, Session
from pushnet.grid.settings import Settings


@attrs.frozen
class Target:
    """A gateway, and the application one speaks for."""

    url: str
    key: str
    secret: str = attrs.field(repr=False)


def where(settings: Settings | None, url: str | None, credentials: str | None) -> Target | str:
    """Whom to ask as whom, from the file and the options; or what is missing, in words."""
    if settings is not None:
        gateways = [node for node in settings.node if node.role == "gateway" and node.gateway.port]
        if not url and gateways:
            host = gateways[0].gateway.host or settings.cluster.host
            url = f"http://{host}:{gateways[0].gateway.port}"
        if not credentials and settings.app:
            credentials = f"{settings.app[0].key}:{settings.app[0].secret}"
    if not url:
        return "say where with --url, or name a --config with a gateway whose port is fixed"
    key, colon, secret = (credentials or "").partition(":")
    if not colon:
        return "say who with --app KEY:SECRET, or name a --config with an [[app]]"
    return Target(url, key, secret)


async def push(session: Session, target: Target, audience: object, text: str, ttl_s: int) -> int:
    """Push; prints the message id."""
    client = RestClient(session.reactor, target.url, target.key, target.secret)
    try:
        print(await client.push(audience, text, ttl_s=ttl_s))
    except RestFailed as error:
        raise CommandError(str(error)) from error
    finally:
        await client.close()
    return 0
