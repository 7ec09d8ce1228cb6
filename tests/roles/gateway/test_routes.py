"""Every spelling of every call."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.gateway.errors import ApiError
from pushnet.roles.gateway.routes import Route, find_route

RID = "1" + "0" * 18
ROUTES = {
    "HEAD /": Route("root", "HEAD"),
    "HEAD /v3/": Route("root", "HEAD"),
    "GET /": Route("root", "GET"),
    "POST /v3/push": Route("push", "POST"),
    "POST /v3/push/": Route("push", "POST"),
    "POST //v3//push": Route("push", "POST"),
    "POST http://api.jpush.cn/v3/push": Route("push", "POST"),
    "POST /v3//push/validate": Route("validate", "POST"),
    "GET /v3/push/cid": Route("cid", "GET"),
    "GET /v3/push/cid?count=3&type=push": Route("cid", "GET", query={"count": "3", "type": "push"}),
    "GET /v3/push/cid/?count=3": Route("cid", "GET", query={"count": "3"}),
    "POST /v3/push/batch/regid/single": Route("batch_registration_id", "POST"),
    "POST /v3/push/batch/alias/single": Route("batch_alias", "POST"),
    f"GET /v3/devices/{RID}": Route("device", "GET", True, RID),
    f"POST /v3/device/{RID}/": Route("device", "POST", True, RID),
    "POST /v3/devices/status": Route("status", "POST", True),
    "POST /v3/devices/status/": Route("status", "POST", True),
    "POST /v3/device/status": Route("status", "POST", True),
    "GET /v3/aliases/foo": Route("alias", "GET", True, "foo"),
    "DELETE /v3/device/aliases/foo": Route("alias", "DELETE", True, "foo"),
    "POST /v3/aliases/foo/": Route("alias", "POST", True, "foo"),
    "GET /v3/aliases/foo?platform=android%2Cios": Route(
        "alias", "GET", True, "foo", query={"platform": "android,ios"}
    ),
    "GET /v3/aliases/foo&new_format=true": Route("alias", "GET", True, "foo", query={"new_format": "true"}),
    "GET /v3/aliases/a&b": Route("alias", "GET", True, "a&b"),
    "GET /v3/aliases/%E6%B7%B1%E5%9C%B3": Route("alias", "GET", True, "深圳"),
    "GET /v3/aliases/a%2Fb": Route("alias", "GET", True, "a/b"),
    "GET /v3/tags": Route("tags", "GET", True),
    "GET /v3/tags/": Route("tags", "GET", True),
    "GET /v3/device/tags/": Route("tags", "GET", True),
    "POST /v3/tags/x/": Route("tag", "POST", True, "x"),
    "DELETE /v3/device/tags/x?platform=ios": Route("tag", "DELETE", True, "x", query={"platform": "ios"}),
    f"GET /v3/tags/x/registration_ids/{RID}": Route("membership", "GET", True, "x", RID),
    f"GET /v3/device/tags/x/registration_ids/{RID}/": Route("membership", "GET", True, "x", RID),
}
REFUSED = {
    "GET /v3/push": (405, 1001, "POST"),
    "PUT /v3/push/validate": (405, 1001, "POST"),
    "POST /v3/push/cid": (405, 1001, "GET"),
    "DELETE /": (405, 1001, "GET, HEAD"),
    f"DELETE /v3/devices/{RID}": (405, 7002, "GET, POST"),
    "GET /v3/devices/status": (405, 7002, "POST"),
    "PUT /v3/aliases/a": (405, 7002, "GET, POST, DELETE"),
    "POST /v3/tags": (405, 7002, "GET"),
    "GET /v3/tags/a": (405, 7002, "POST, DELETE"),
    "POST /v3/tags/a/registration_ids/b": (405, 7002, "GET"),
    "GET /v4/push": (404, 1001, ""),
    "POST /v3/pushes": (404, 1001, ""),
    "POST /v3/schedules": (404, 1001, ""),
    "GET /favicon.ico": (404, 1001, ""),
    "GET /v3/devices": (404, 7002, ""),
    "GET /v3/devices/a/b": (404, 7002, ""),
    "GET /v3/aliases": (404, 7002, ""),
    "GET /v3/tags/a/b/c": (404, 7002, ""),
    "GET /v3/tags/%FF": (400, 1003, ""),
    "GET /v3/push/cid?count=%FF": (400, 1003, ""),
    "GET /v3/push/cid?" + "&".join(f"a{n}=1" for n in range(21)): (400, 1003, ""),
}


class RoutesTests(SynchronousTestCase):
    def test_every_spelling_is_found(self) -> None:
        for line, wanted in ROUTES.items():
            with self.subTest(line=line):
                method, target = line.encode().split(b" ")
                self.assertEqual(find_route(method, target), wanted)

    def test_everything_else_is_refused_as_json_can_tell_it(self) -> None:
        for line, (status, code, allow) in REFUSED.items():
            with self.subTest(line=line[:60]):
                error = self.assertRaises(ApiError, find_route, *line.encode().split(b" "))
                self.assertEqual((error.http_status, error.code, error.allow), (status, code, allow))

    def test_the_first_of_two_equal_fields_counts(self) -> None:
        self.assertEqual(find_route(b"GET", b"/v3/push/cid?count=1&count=2").query, {"count": "1"})

    @given(st.binary(max_size=40), st.binary(max_size=40))
    def test_garbage_raises_nothing_but_api_errors(self, method: bytes, target: bytes) -> None:
        try:
            find_route(method, target)
        except ApiError as error:
            self.assertIn(error.http_status, (400, 404, 405))
