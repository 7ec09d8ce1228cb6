"""A small client of the REST API: what an app server does, for `pushnet push` and the demonstration."""

from __future__ import annotations

import base64
import json
from typing import Any

import attrs
import treq
from twisted.internet.error import ConnectError
from twisted.web.client import (  # type: ignore[attr-defined]
    Agent,
    HTTPConnectionPool,
    RequestNotSent,
    RequestTransmissionFailed,
    ResponseFailed,
)

ANSWER_LIMIT_S = 35
"""The gateway itself gives up after 30 s."""
CONNECTIONS = 16


class RestFailed(Exception):
    """The gateway refused, or could not be reached; the text is what it said."""


@attrs.frozen
class Answer:
    """What the gateway said."""

    status: int
    body: Any


class RestClient:
    """Calls one gateway as one application. `close` it in the end."""

    def __init__(self, reactor: Any, url: str, key: str, secret: str) -> None:
        self._url = url.rstrip("/")
        self._pool = HTTPConnectionPool(reactor)  # type: ignore[no-untyped-call]
        self._pool.maxPersistentPerHost = CONNECTIONS
        self._agent = Agent(reactor, connectTimeout=ANSWER_LIMIT_S, pool=self._pool)  # type: ignore[no-untyped-call]
        credentials = base64.b64encode(f"{key}:{secret}".encode()).decode()
        self._headers: dict[bytes | str, bytes | str] = {
            "authorization": f"Basic {credentials}",
            "content-type": "application/json",
        }

    async def call(self, method: str, path: str, body: object = None) -> Answer:
        """One request; any answer in JSON is returned. Raises `RestFailed` when there is none."""
        data = None if body is None else json.dumps(body).encode()
        try:
            response = await treq.request(
                method,
                self._url + path,
                headers=self._headers,
                data=data,
                agent=self._agent,
                timeout=ANSWER_LIMIT_S,
            )
            content = await treq.content(response)
        except (ConnectError, RequestNotSent, RequestTransmissionFailed, ResponseFailed) as error:
            raise RestFailed(f"{self._url} cannot be reached: {error}") from error
        try:
            return Answer(response.code, json.loads(content or b"null"))
        except ValueError as error:
            raise RestFailed(f"{self._url}{path} answered {response.code} without JSON") from error

    async def ask(self, method: str, path: str, body: object = None) -> Any:
        """One request that is to succeed; returns its JSON. Raises `RestFailed`."""
        answer = await self.call(method, path, body)
        if answer.status != 200:
            raise RestFailed(f"{method} {path} was refused with {answer.status}: {_message(answer.body)}")
        return answer.body

    async def push(self, audience: object, text: str, cid: str = "", ttl_s: int = 86400) -> str:
        """Push a custom message; returns the message id. Raises `RestFailed`."""
        push: dict[str, object] = {
            "platform": "all",
            "audience": audience,
            "message": {"msg_content": text},
            "options": {"time_to_live": ttl_s},
        }
        if cid:
            push["cid"] = cid
        answer = await self.ask("POST", "/v3/push", push)
        return str(answer["msg_id"])

    async def close(self) -> None:
        await self._pool.closeCachedConnections()  # type: ignore[no-untyped-call]


def _message(body: Any) -> str:
    """JPush's error text, where there is one."""
    try:
        return f"{body['error']['message']} (code {body['error']['code']})"
    except (TypeError, KeyError):
        return json.dumps(body)
