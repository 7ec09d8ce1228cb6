"""The options of a push."""

from __future__ import annotations

from twisted.trial.unittest import SynchronousTestCase

from pushnet.roles.gateway.errors import ApiError
from pushnet.roles.gateway.options import Options, parse_options

RIGHT: list[tuple[object, Options]] = [
    (None, Options()),
    ({}, Options(sendno=0, ttl_s=86_400)),
    ({"sendno": 2_309_696_607}, Options(sendno=2_309_696_607)),
    ({"time_to_live": 0}, Options(ttl_s=0)),
    ({"time_to_live": 864_000, "sendno": None}, Options(ttl_s=864_000)),
    ({"override_msg_id": 5}, Options(override=5)),
    ({"apns_production": "true", "apns_collapse_id": "x" * 64}, Options()),
    ({"apns_production": False, "classification": 1, "target_event": ["jg_app_show"]}, Options()),
    ({"active_push": True, "need_backup": True}, Options(active_push=True)),
    ({"big_push_duration": 1400}, Options(big_push_minutes=1400)),
    ({"third_party_channel": {"xiaomi": {"distribution": "secondary_push", "channel_id": "*"}}}, Options()),
    ({"third_party_channel": {"fcm": {"distribution_fcm": "secondary_pns_push"}}}, Options()),
    ({"test_model": False, "business_operation_code": "", "notification_3rd_ver": "v2"}, Options()),
    ({"auto_truncation": True, "alternate_set": True, "geofence": {}, "portal_extra": {}}, Options()),
]
WRONG: list[tuple[object, int]] = [
    ([], 1003),
    ({"colour": 1}, 1009),
    ({"sendno": 0}, 1003),
    ({"sendno": "7"}, 1003),
    ({"sendno": True}, 1003),
    ({"time_to_live": -1}, 1003),
    ({"time_to_live": 864_001}, 1003),
    ({"override_msg_id": "x"}, 1003),
    ({"apns_production": "yes"}, 1003),
    ({"apns_collapse_id": "x" * 65}, 1003),
    ({"big_push_duration": 1401}, 1003),
    ({"third_party_channel": {"nokia": {}}}, 1009),
    ({"third_party_channel": {"vivo": {"distribution": "pigeon"}}}, 1003),
    ({"third_party_channel": {"vivo": "x"}}, 1003),
    ({"notification_3rd_ver": "v3"}, 1003),
    ({"need_backup": True}, 1035),
    ({"active_push": True, "big_push_duration": 5}, 1035),
]


class OptionsTests(SynchronousTestCase):
    def test_each_option_is_read_as_documented(self) -> None:
        for value, wanted in RIGHT:
            with self.subTest(value=value):
                self.assertEqual(parse_options(value), wanted)

    def test_each_wrong_option_is_refused_with_its_code(self) -> None:
        for value, code in WRONG:
            with self.subTest(value=value):
                self.assertEqual(self.assertRaises(ApiError, parse_options, value).code, code)
