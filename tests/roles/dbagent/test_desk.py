"""The device API of a shard."""

from __future__ import annotations

from typing import Any

from pushnet.gen.pushnet.dbagent import (
    DeviceRuleException,
    DeviceUpdate,
    NoSuchDeviceException,
    TagReply,
)
from pushnet.gen.pushnet.types import UnavailableException
from tests.roles.dbagent.scene import APP, OTHER_APP, ShardCase


class DeskTests(ShardCase):
    def _raises(self, error: type[Exception], flow: Any) -> None:
        with self.assertRaises(error):
            self.run_until(flow)

    def test_an_update_is_shown(self) -> None:
        made = self.register()
        rid = made.registrationId
        wanted = DeviceUpdate(
            addTags=["b", "a"], setAlias=True, alias="x", setMobile=True, mobile="13800138000"
        )
        position = self.run_until(self.shard.update(APP, rid, wanted))
        self.assertEqual(position, self.run_until(self.shard.position()))
        view = self.run_until(self.shard.device(APP, rid))
        self.assertEqual(
            (view.tags, view.alias, view.mobile, view.online), (["a", "b"], "x", "13800138000", False)
        )
        self.assertEqual(self.run_until(self.shard.describe(APP, [made.ordinal, 1 << 30])), [view])

    def test_what_is_no_device_is_told(self) -> None:
        made = self.register()
        forged = made.registrationId[:-10] + "0123456789"
        for rid in ("garbage", forged):
            self._raises(NoSuchDeviceException, self.shard.device(APP, rid))
            self._raises(NoSuchDeviceException, self.shard.update(APP, rid, DeviceUpdate()))
        self._raises(NoSuchDeviceException, self.shard.device(OTHER_APP, made.registrationId))
        self.assertEqual(self.run_until(self.shard.status(APP, ["garbage", forged])), [])

    def test_rules_are_kept_before_the_store_is_asked(self) -> None:
        rid = self.register().registrationId
        self._raises(DeviceRuleException, self.shard.update(APP, rid, DeviceUpdate(addTags=["not legal"])))
        self._raises(DeviceRuleException, self.shard.updateTag(APP, "not legal", [rid], []))
        self._raises(DeviceRuleException, self.shard.updateTag(APP, "a", [rid] * 1001, []))

    def test_status_tells_who_is_online_without_tags(self) -> None:
        one, two = self.register(0), self.register(1, "ios")
        self.run_until(self.shard.update(APP, one.registrationId, DeviceUpdate(addTags=["a"])))
        self.login(one)
        views = self.run_until(self.shard.status(APP, [two.registrationId, one.registrationId]))
        told = {view.registrationId: (view.online, view.platform, view.tags) for view in views}
        self.assertEqual(
            told, {one.registrationId: (True, "android", []), two.registrationId: (False, "ios", [])}
        )

    def test_tags_are_given_and_taken(self) -> None:
        one, two = self.register(0), self.register(1)
        reply = self.run_until(
            self.shard.updateTag(APP, "a", [one.registrationId, "garbage"], [two.registrationId, "waste"])
        )
        self.assertEqual(reply, TagReply(3, ["garbage", "waste"]))
        self.assertEqual(self.run_until(self.shard.deleteTag(APP, "a", ["ios"])), 3)
        self.assertEqual(self.run_until(self.shard.deleteTag(APP, "a", [])), 4)

    def test_aliases_are_taken(self) -> None:
        rids = [self.register(place).registrationId for place in (0, 1)]
        for rid in rids:
            self.run_until(self.shard.update(APP, rid, DeviceUpdate(setAlias=True, alias="x")))
        reply = self.run_until(self.shard.removeAlias(APP, "x", [rids[0], "garbage"]))
        self.assertEqual(reply, TagReply(5, ["garbage"]))
        self.assertEqual(self.run_until(self.shard.deleteAlias(APP, "x", [])), 6)

    def test_a_closed_store_is_unavailable(self) -> None:
        rid = self.register().registrationId
        self.close()
        self._raises(UnavailableException, self.shard.device(APP, rid))
        self._raises(UnavailableException, self.shard.update(APP, rid, DeviceUpdate()))
