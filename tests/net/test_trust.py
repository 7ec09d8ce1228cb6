"""Filters of names: all attributes of an entry must fit, one entry is enough, a `!` entry turns away."""

from twisted.trial.unittest import SynchronousTestCase

from pushnet.net.trust import attributes_of, split_outside_quotes, trust_filter
from tests.certificates import authority

SUBJECT = authority("Node 1").chain[0].subject


class TrustTest(SynchronousTestCase):
    def test_who_is_trusted(self) -> None:
        for text, trusted in (
            ("", True),
            ("CN=Node 1", True),
            ("cn = Node 1", True),
            ('CN=Node 1,O="Pushnet, Tests"', True),
            (r"O=Pushnet\, Tests", True),
            ("CN=Node 1,O=Others", False),
            ("CN=Node 2", False),
            ("CN=Node 2; CN=Node 1 ;", True),
            ("!CN=Node 1", False),
            ("!CN=Node 2", True),
            ("CN=Node 1;!O=Pushnet\\, Tests", False),
        ):
            self.assertIs(trust_filter(text).trusts(SUBJECT), trusted, text)

    def test_what_is_no_filter(self) -> None:
        for text in ("Node 1", "CN=a,b", "=x", 'CN="open'):
            self.assertRaises(ValueError, trust_filter, text)

    def test_the_attributes_of_a_subject(self) -> None:
        self.assertEqual(attributes_of(SUBJECT), {("CN", "Node 1"), ("O", "Pushnet, Tests")})

    def test_separators_count_outside_of_quotes_only(self) -> None:
        self.assertEqual(split_outside_quotes(r'a;"b;c";d\;e', ";"), ["a", '"b;c"', r"d\;e"])
