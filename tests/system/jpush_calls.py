"""An app server in a process of its own, written with JPush's official Python SDK and nothing else.

    python -m tests.system.jpush_calls ORDERS.json

The file names the REST API's base URL, the app's key and secret, and registration ids of four devices that
nobody else uses. Every push, device, tag and alias call of the SDK is made, through both of its path sets;
what came back is written to stdout as one JSON object, call by call.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jpush
from jpush import common

PATHS = {
    "default": ("devices/", "aliases/", "tags/", "schedules/", ""),
    "bj": ("device/", "device/aliases/", "device/tags/", "push/schedules/", "report/"),
}


def zone(base: str, paths: str) -> dict[str, str]:
    """The SDK's own table of one zone, on another host."""
    device, alias, tag, schedule, report = PATHS[paths]
    return {
        "PUSH": f"{base}/v3/",
        "REPORT": f"{base}/v3/{report}",
        "DEVICE": f"{base}/v3/{device}",
        "ALIAS": f"{base}/v3/{alias}",
        "TAG": f"{base}/v3/{tag}",
        "SCHEDULE": f"{base}/v3/{schedule}",
        "ADMIN": f"{base}/v1/",
    }


class Calls:
    """Makes calls and writes down what each came to."""

    def __init__(self, base: str, key: str, secret: str, paths: str) -> None:
        common.ZONES[paths.upper()] = zone(base, paths)
        self.client = jpush.JPush(key, secret, timeout=30, zone=paths)
        self.device = self.client.create_device()
        self.told: dict[str, Any] = {}

    def note(self, name: str, call: Callable[[], Any]) -> Any:
        """Make one call of the SDK; what it returns, or the error as the SDK raises it."""
        try:
            response = call()
        except common.JPushFailure as failure:
            self.told[name] = {"refused": failure.error_code, "details": failure.details}
        except common.Unauthorized:
            self.told[name] = {"refused": "Unauthorized"}
        else:
            self.told[name] = response.payload
        return self.told[name]

    def push(self, **parts: Any) -> Any:
        push = self.client.create_push()
        push.platform = jpush.all_
        push.audience = jpush.all_
        for name, value in parts.items():
            setattr(push, name, value)
        return push


def devices_calls(calls: Calls, ids: list[str], suffix: str) -> None:
    """Every call of the SDK's `Device`."""
    device, first, second = calls.device, ids[0], ids[1]
    tag, alias = f"sdk{suffix}", f"who{suffix}"
    both = jpush.device_tag(jpush.add(tag, "深圳"), jpush.remove("none"))
    calls.note("set tags", lambda: device.set_deviceinfo(first, both))
    calls.note("set alias", lambda: device.set_deviceinfo(first, jpush.device_alias(alias)))
    calls.note("set mobile", lambda: device.set_devicemobile(first, jpush.device_mobile("13800138000")))
    calls.note("get device", lambda: device.get_deviceinfo(first))
    calls.note("get tags", device.get_taglist)
    calls.note("is in tag", lambda: device.check_taguserexist(tag, first))
    calls.note("is not in tag", lambda: device.check_taguserexist(tag, second))
    members = jpush.device_regid(jpush.add(second), jpush.remove(first))
    calls.note("update tag", lambda: device.update_tagusers(tag, members))
    calls.note("is in tag after", lambda: device.check_taguserexist(tag, second))
    wrong = jpush.device_regid(jpush.add(second, "1" + "0" * 18))
    calls.note("update tag with a stranger", lambda: device.update_tagusers(tag, wrong))
    calls.note("get alias", lambda: device.get_aliasuser(alias))
    calls.note("get alias of platforms", lambda: device.get_aliasuser(alias, "android,ios"))
    calls.note("get alias of another platform", lambda: device.get_aliasuser(alias, "winphone"))
    calls.note("get status", lambda: device.get_device_status([first, "1" + "0" * 18]))
    calls.note("delete alias of another platform", lambda: device.delete_alias(alias, "winphone"))
    calls.note("get alias kept", lambda: device.get_aliasuser(alias))
    calls.note("delete alias", lambda: device.delete_alias(alias))
    calls.note("get alias deleted", lambda: device.get_aliasuser(alias))
    calls.note("delete tag", lambda: device.delete_tag(tag))
    calls.note("delete tag of platforms", lambda: device.delete_tag("深圳", "android,ios"))
    calls.note("get device after", lambda: device.get_deviceinfo(first))
    calls.note("clear device", lambda: device.set_deviceinfo(first, jpush.device_tag("")))
    calls.note("clear mobile", lambda: device.set_devicemobile(first, jpush.device_mobile("")))
    calls.note("get device cleared", lambda: device.get_deviceinfo(first))
    calls.note("get stranger", lambda: device.get_deviceinfo("1" + "0" * 18))


def pushes(calls: Calls, ids: list[str], suffix: str) -> None:
    """Every way to push; what is to arrive has the name of the call as its content."""

    def content(name: str) -> dict[str, Any]:
        return jpush.message(f"{name}{suffix}", title="t", content_type="text", extras={"k": "v"})

    calls.note(
        "tag a device", lambda: calls.device.set_deviceinfo(ids[2], jpush.device_tag(jpush.add("vip")))
    )
    calls.note("name a device", lambda: calls.device.set_deviceinfo(ids[3], jpush.device_alias("boss")))
    calls.note("to all", calls.push(message=content("to all")).send)
    tagged = jpush.audience(jpush.tag("vip", "none"), jpush.tag_and("vip"), jpush.tag_not("gone"))
    calls.note("to tags", calls.push(audience=tagged, message=content("to tags")).send)
    named = jpush.audience(jpush.alias("boss"))
    calls.note("to alias", calls.push(audience=named, message=content("to alias")).send)
    single = jpush.audience(jpush.registration_id(ids[0]))
    calls.note("to id", calls.push(audience=single, message=content("to id")).send)
    calls.note("everything", calls.push(audience=single, **everything(content("everything"))).send)
    notification = jpush.notification(alert=f"to android{suffix}")
    platform = calls.push(audience=single, platform=jpush.platform("android"), notification=notification)
    calls.note("to android", platform.send)
    elsewhere = calls.push(audience=single, platform=jpush.platform("winphone"), message=content("never"))
    calls.note("to another platform", elsewhere.send)
    calls.note("validate", calls.push(message=content("never")).send_validate)
    cids = calls.note("get cid", lambda: calls.push().get_cid(2, "push"))
    twice = calls.push(audience=single, message=content("twice"), cid=cids["cidlist"][0])
    calls.note("twice", twice.send)
    calls.note("twice again", twice.send)
    entry = {"platform": "all", "target": ids[1], "message": content("batch by id")}
    calls.note(
        "batch by id", lambda: calls.push().batch_push_by_regid([entry, {**entry, "target": "nobody"}])
    )
    entry = {"platform": "all", "target": "boss", "message": content("batch by alias")}
    calls.note("batch by alias", lambda: calls.push().batch_push_by_alias([entry]))


def everything(message: dict[str, Any]) -> dict[str, Any]:
    """A push that uses whatever the SDK has a function for."""
    android = jpush.android(
        alert="android",
        title="t",
        builder_id=1,
        extras={"k": {"nested": [1, 2]}},
        priority=1,
        category="c",
        style=1,
        alert_type=1,
        big_text="big",
        large_icon="icon",
        intent={"url": "intent:#Intent;end"},
        badge_add_num=1,
        display_foreground="1",
    )
    ios = jpush.ios(
        alert={"title": "t", "body": "b"},
        badge="+1",
        sound="s.caf",
        content_available=True,
        mutable_content=True,
        category="c",
        thread_id="t",
        interruption_level="active",
        extras={"k": "v"},
    )
    winphone = jpush.winphone(alert="winphone", extras={"k": "v"})
    hmos = jpush.hmos(alert="hmos", title="t", category="IM", push_type=0, test_message=False, style=0)
    quickapp = jpush.quickapp(alert="quickapp", title="t", page="/p", extras={"k": "v"})
    notification = jpush.notification(
        "all", ios, android, winphone, hmos=hmos, quickapp=quickapp, voip=jpush.voip({"k": "v"})
    )
    return {
        "notification": notification,
        "message": message,
        "smsmessage": jpush.smsmessage(3600, 1250, {"code": "1"}),
        "options": {
            "sendno": 2309696607,
            "time_to_live": 86400,
            "apns_production": False,
            "third_party_channel": {"xiaomi": {"distribution": "secondary_push"}},
        },
    }


def refusals(calls: Calls, key: str) -> None:
    """What an app server does wrong, as the SDK tells it."""
    calls.note("unknown option", calls.push(message=jpush.message("x"), options={"colour": 1}).send)
    calls.note("nobody", calls.push(audience={}, message=jpush.message("x")).send)
    calls.note(
        "bad tag", calls.push(audience=jpush.audience(jpush.tag("a b")), message=jpush.message("x")).send
    )
    calls.note("segment", calls.push(audience={"segment": ["s"]}, message=jpush.message("x")).send)
    calls.note("too big", calls.push(message=jpush.message("x" * 4001)).send)
    calls.note("too many cids", lambda: calls.push().get_cid(1001, "push"))
    calls.note("schedule", calls.client.create_schedule().get_schedule_list)
    stranger = jpush.JPush(key, "x" * 24, zone=calls.client.zone)
    calls.note("wrong secret", lambda: stranger.create_device().get_taglist())
    push = stranger.create_push()
    push.platform = push.audience = jpush.all_
    push.message = jpush.message("x")
    calls.note("wrong secret to push", push.send)


def main(arguments: list[str]) -> int:
    orders = json.loads(Path(arguments[0]).read_text())
    base, key, secret, ids = orders["base"], orders["key"], orders["secret"], orders["ids"]
    told: dict[str, Any] = {}
    for number, paths in enumerate(PATHS):
        calls = Calls(base, key, secret, paths)
        devices_calls(calls, ids, str(number))
        pushes(calls, ids, f" {number}")
        refusals(calls, key)
        told[paths] = calls.told
    json.dump(told, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
