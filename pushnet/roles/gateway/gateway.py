"""The gateway without HTTP: a call comes in, an answer goes out, whatever happens.

In order: the route, who calls and from where, the rate, then the call itself under a deadline. Every failure
becomes a JSON error with JPush's code; a backend that does not answer becomes "busy" (1030 or 7030), never a
hang.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import attrs
from prometheus_client import CollectorRegistry, Counter, Histogram
from twisted.internet.defer import CancelledError, Deferred, TimeoutError
from twisted.logger import Logger

from pushnet.gen.pushnet.tagalias import LaggingException
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.lists import Lists
from pushnet.grid.settings import GatewaySettings
from pushnet.roles.backends import Backends
from pushnet.roles.gateway.answer import ACCEPTED_EMPTY, Answer, refusal
from pushnet.roles.gateway.auth import Apps, NotAuthentic
from pushnet.roles.gateway.devices import Devices
from pushnet.roles.gateway.errors import (
    ADDRESS_DENIED,
    APP_DENIED,
    BUSY,
    DEVICE_BUSY,
    DEVICE_FAILED,
    DEVICE_NO_AUTH,
    DEVICE_UNAUTHORIZED,
    FAILED,
    RATE_EXCEEDED,
    UNAUTHORIZED,
    ApiError,
)
from pushnet.roles.gateway.limits import Quota, RateLimit
from pushnet.roles.gateway.message_id import MessageIds
from pushnet.roles.gateway.pushes import Pushes
from pushnet.roles.gateway.routes import Route, find_route
from pushnet.rpc.exceptions import LocalException
from pushnet.world import World


@attrs.frozen
class Call:
    """One request, as bytes. `target` is what stands in the request line, with its query; `host` calls."""

    method: bytes
    target: bytes
    authorization: bytes | None = None
    body: bytes = b""
    host: str = ""


class Gateway:
    """Answers the REST API. A simulation calls it directly; `http.py` beside it binds it to sockets."""

    def __init__(
        self,
        world: World,
        apps: Apps,
        backends: Backends,
        ids: MessageIds,
        settings: GatewaySettings,
        metrics: CollectorRegistry,
        log: Logger,
    ) -> None:
        self._world = world
        self._apps = apps
        self._deadline_s = settings.request_deadline_s
        self._push_rate = RateLimit(settings.push_per_minute)
        self._device_rate = RateLimit(settings.device_per_minute)
        self._log = log
        self.lists = Lists()
        """The white and black lists that hold."""
        self.pushes = Pushes(world, backends.queue, ids, settings.broadcasts_per_day, lambda: self.lists)
        self.devices = Devices(world, backends)
        self.calls_running = 0
        self._answers = Counter(
            "pushnet_gateway_answers", "REST calls answered", ["call", "status"], registry=metrics
        )
        self._seconds = Histogram(
            "pushnet_gateway_seconds", "From the whole request to its answer", ["call"], registry=metrics
        )
        self._calls = self._table()

    async def answer(self, call: Call) -> Answer:
        """The answer to a call. Raises nothing but a cancel; an error of ours is logged and told as 1000."""
        began = self._world.monotonic()
        try:
            route = find_route(call.method, call.target)
        except ApiError as error:
            self._answers.labels("none", str(error.http_status)).inc()
            return refusal(error).with_headers(self._push_rate.untouched().headers())
        self.calls_running += 1
        try:
            answer = await self._admit(route, call)
        finally:
            self.calls_running -= 1
        self._answers.labels(route.call, str(answer.status)).inc()
        self._seconds.labels(route.call).observe(self._world.monotonic() - began)
        return answer

    async def push(self, app: str, body: bytes) -> Answer:
        """A push of an app that is known to call, outside of any rate limit. Never raises."""
        return await self._guard(Route("push", "POST"), self.pushes.push(app, body))

    async def _admit(self, route: Route, call: Call) -> Answer:
        """Who calls, and how often."""
        rate = self._device_rate if route.device_api else self._push_rate
        if route.call == "root":
            return Answer(200, ACCEPTED_EMPTY, rate.untouched().headers())
        try:
            app = self._apps.authenticate(call.authorization)
        except NotAuthentic as refused:
            return refusal(_unauthorized(route, refused)).with_headers(
                {"WWW-Authenticate": 'Basic realm="pushnet"', **rate.untouched().headers()}
            )
        denied = self._denied(app, call.host)
        if denied is not None:
            return refusal(denied).with_headers(rate.untouched().headers())
        quota = rate.take(app, self._world.monotonic())
        if not quota.allowed:
            return _too_many(quota)
        answer = await self._guard(route, self._calls[route.call](route, app, call.body))
        return answer.with_headers(quota.headers())

    def _denied(self, app: str, host: str) -> ApiError | None:
        """Why that app may not call, or not from there."""
        if self.lists.app_denied(app):
            return ApiError(APP_DENIED, "The appKey is in black list.")
        if self.lists.caller_denied(app, host):
            return ApiError(ADDRESS_DENIED, f"The IP {host} is not in white list, or is in black list")
        return None

    async def _guard(self, route: Route, work: Awaitable[Answer]) -> Answer:
        """Run one call under the deadline, and turn whatever it raises into an answer."""
        busy, failed = (DEVICE_BUSY, DEVICE_FAILED) if route.device_api else (BUSY, FAILED)
        running = Deferred.fromCoroutine(_awaited(work))
        try:
            return await running.addTimeout(self._deadline_s, self._world.clock)
        except ApiError as error:
            return refusal(error)
        except (UnavailableException, LaggingException, LocalException, TimeoutError) as error:
            self._log.warn("{call}: {error}", call=route.call, error=f"{type(error).__name__}: {error}")
            return refusal(ApiError(busy, "The server is busy: try again"))
        except CancelledError:
            raise
        except Exception:
            self._log.failure("{call} failed", call=route.call)
            return refusal(ApiError(failed, "Internal error of the server"))

    def _table(self) -> dict[str, Callable[[Route, str, bytes], Awaitable[Answer]]]:
        """Each call of `pushnet.roles.gateway.routes` with who answers it."""
        pushes, devices = self.pushes, self.devices
        return {
            "push": lambda route, app, body: pushes.push(app, body),
            "validate": lambda route, app, body: pushes.validate(app, body),
            "cid": lambda route, app, body: pushes.cids(app, route.query),
            "batch_registration_id": lambda route, app, body: pushes.batch(app, body, "registration_id"),
            "batch_alias": lambda route, app, body: pushes.batch(app, body, "alias"),
            "status": lambda route, app, body: devices.status(app, body),
            "device": lambda route, app, body: (
                devices.show(app, route.name)
                if route.method == "GET"
                else devices.update(app, route.name, body)
            ),
            "alias": self._alias,
            "tags": lambda route, app, body: devices.tags(app),
            "tag": lambda route, app, body: (
                devices.update_tag(app, route.name, body)
                if route.method == "POST"
                else devices.delete_tag(app, route.name, route.query)
            ),
            "membership": lambda route, app, body: devices.membership(app, route.name, route.registration_id),
        }

    def _alias(self, route: Route, app: str, body: bytes) -> Awaitable[Answer]:
        if route.method == "GET":
            return self.devices.alias(app, route.name, route.query)
        if route.method == "DELETE":
            return self.devices.delete_alias(app, route.name, route.query)
        return self.devices.remove_alias(app, route.name, body)


async def _awaited(work: Awaitable[Answer]) -> Answer:
    return await work


def _unauthorized(route: Route, refused: NotAuthentic) -> ApiError:
    if not route.device_api:
        return ApiError(UNAUTHORIZED, str(refused))
    return ApiError(DEVICE_NO_AUTH if refused.absent else DEVICE_UNAUTHORIZED, str(refused))


def _too_many(quota: Quota) -> Answer:
    headers = {"Retry-After": str(quota.reset_s), **quota.headers()}
    return refusal(ApiError(RATE_EXCEEDED, "Rate limit exceeded")).with_headers(headers)
