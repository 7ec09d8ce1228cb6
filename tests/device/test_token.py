"""Session tokens: every Broker of the cluster can check them, nobody else can make them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twisted.trial.unittest import SynchronousTestCase

from pushnet.device.token import TOKEN_BYTES, TOKEN_LIFE_S, Session, TokenSigner

APP = "7d431e42dfa6a6d693ac2d04"
OTHER_APP = "a1703c14b186a68a66ef86c1"
NOW_S = 1_700_000_000.5


def signer(secret: bytes = b"the cluster's secret", *apps: str) -> TokenSigner:
    return TokenSigner(secret, apps or (APP, OTHER_APP))


class TokenTests(SynchronousTestCase):
    def test_another_broker_of_the_cluster_knows_the_device(self) -> None:
        token = signer().sign(APP, 65_537, NOW_S)
        self.assertEqual(len(token), TOKEN_BYTES)
        self.assertEqual(signer().check(token, NOW_S), Session(APP, 65_537, 1_700_000_000 + TOKEN_LIFE_S))

    def test_the_order_of_apps_in_the_configuration_does_not_matter(self) -> None:
        token = signer(b"s", APP, OTHER_APP).sign(OTHER_APP, 1, NOW_S)
        session = signer(b"s", OTHER_APP, APP).check(token, NOW_S)
        self.assertEqual(session and session.app, OTHER_APP)

    def test_another_clusters_token_is_refused(self) -> None:
        self.assertIsNone(signer(b"another secret").check(signer().sign(APP, 1, NOW_S), NOW_S))

    def test_a_token_of_an_app_that_is_no_longer_served_is_refused(self) -> None:
        self.assertIsNone(signer(b"s", APP).check(signer(b"s", OTHER_APP).sign(OTHER_APP, 1, NOW_S), NOW_S))

    def test_a_token_ends(self) -> None:
        token = signer().sign(APP, 1, NOW_S)
        self.assertIsNotNone(signer().check(token, NOW_S + TOKEN_LIFE_S - 1))
        self.assertIsNone(signer().check(token, NOW_S + TOKEN_LIFE_S))

    @given(place=st.integers(0, TOKEN_BYTES - 1), bit=st.integers(0, 7))
    def test_no_bit_can_be_changed(self, place: int, bit: int) -> None:
        token = bytearray(signer().sign(APP, 65_537, NOW_S))
        token[place] ^= 1 << bit
        self.assertIsNone(signer().check(bytes(token), NOW_S))

    @given(garbage=st.binary(max_size=40))
    def test_garbage_is_refused(self, garbage: bytes) -> None:
        self.assertIsNone(signer().check(garbage, NOW_S))
