"""Versions as texts."""

from twisted.trial.unittest import TestCase

from pushnet.wire.version_text import (
    VersionParseException,
    currentEncoding,
    currentProtocol,
    currentProtocolEncoding,
    encodingVersionToString,
    protocolVersionToString,
    stringToEncodingVersion,
    stringToProtocolVersion,
)
from pushnet.wire.versions import EncodingVersion, ProtocolVersion

WRONG = {
    "2": "malformed version value `2'",
    "": "malformed version value `'",
    "2.x": "invalid minor version value `2.x'",
    "x.2": "invalid major version value `x.2'",
    "-1.2": "range error in version `-1.2'",
    "1.٣": "invalid minor version value `1.٣'",
    "256.3": "range error in version `256.3'",
    "1." + "9" * 5000: "invalid minor version value `1." + "9" * 5000 + "'",
}


class VersionTextTest(TestCase):
    """The texts, tried with stock Ice 3.7.8."""

    def test_texts_become_versions(self) -> None:
        self.assertEqual(stringToEncodingVersion("2.255"), EncodingVersion(2, 255))
        self.assertEqual(stringToProtocolVersion("1.0"), ProtocolVersion(1, 0))

    def test_versions_become_texts(self) -> None:
        self.assertEqual(encodingVersionToString(EncodingVersion(1, 1)), "1.1")
        self.assertEqual(protocolVersionToString((1, 0)), "1.0")

    def test_what_is_none_is_refused_in_ices_words(self) -> None:
        for text, told in WRONG.items():
            error = self.assertRaises(VersionParseException, stringToEncodingVersion, text)
            self.assertEqual(error.str, told)

    def test_what_is_spoken_here(self) -> None:
        self.assertEqual(
            (currentEncoding(), currentProtocol(), currentProtocolEncoding()), ((1, 1), (1, 0), (1, 0))
        )
