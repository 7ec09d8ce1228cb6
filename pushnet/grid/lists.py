"""White and black lists: who may call, connect or be pushed to, by app, device, alias and address.

    app-deny       the app may do nothing: its calls are answered 2003, its devices are refused
    device-deny    a device of an app, by registration id, is refused
    alias-deny     an alias of an app is left out of pushes
    address-deny   devices and callers from there are refused
    address-allow  once there is one, devices from elsewhere are refused
    api-allow      once an app has one, its calls from elsewhere are answered 2004

A white list that holds `none` alone lets nobody in. Addresses are single ones or networks, of IPv4 and IPv6.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, TypeAlias

import attrs
import msgspec

from pushnet.grid.placement import ordinal_in

APP, DEVICE, ALIAS = "app-deny", "device-deny", "alias-deny"
ADDRESS, ONLY_ADDRESS, API = "address-deny", "address-allow", "api-allow"
KINDS: Final = (APP, DEVICE, ALIAS, ADDRESS, ONLY_ADDRESS, API)
OF_AN_APP: Final = (DEVICE, ALIAS, API)
WHITE: Final = (ONLY_ADDRESS, API)
NOBODY: Final = "none"
VALUE_CHARACTERS_MAX: Final = 100
WORDS_CHARACTERS_MAX: Final = 200

Key: TypeAlias = tuple[str, str, str]


@attrs.frozen
class Rule:
    """One entry. `value` of an address is in its shortest form; times are seconds since 1970, 0 is never."""

    list: str
    app: str
    value: str
    expires_s: int = 0
    who: str = ""
    why: str = ""
    made_s: int = 0

    @property
    def key(self) -> Key:
        return self.list, self.app, self.value


def fault(rule: Rule) -> str:
    """What is wrong with a rule; empty when nothing is."""
    if rule.list not in KINDS:
        return f"there is no list {rule.list!r}; there are: {', '.join(KINDS)}"
    if bool(rule.app) != (rule.list in OF_AN_APP):
        return f"{rule.list} is {'of one app: name it' if not rule.app else 'not of one app: name none'}"
    if not rule.value or len(rule.value) > VALUE_CHARACTERS_MAX or not rule.value.isprintable():
        return f"a value has 1 to {VALUE_CHARACTERS_MAX} characters"
    if len(rule.app) > VALUE_CHARACTERS_MAX:
        return f"an app has at most {VALUE_CHARACTERS_MAX} characters"
    if rule.list == DEVICE and ordinal_in(rule.value) is None:
        return f"{rule.value!r} is no registration id"
    if rule.list in (ADDRESS, ONLY_ADDRESS, API):
        return _address_fault(rule)
    return ""


def settled(rule: Rule) -> Rule:
    """The rule with its address in the one form by which it is found."""
    if rule.list in (ADDRESS, ONLY_ADDRESS, API) and rule.value != NOBODY:
        return attrs.evolve(rule, value=_network_text(rule.value))
    return rule


def to_text(rules: Iterable[Rule]) -> str:
    """As the registry keeps them."""
    return msgspec.json.encode([attrs.astuple(rule) for rule in rules]).decode()


def from_text(text: str) -> list[Rule]:
    return [Rule(*each) for each in msgspec.json.decode(text or "[]")]


class Lists:
    """All rules that hold, ready to be asked."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._keys: set[Key] = set()
        self._devices: set[tuple[str, int]] = set()
        self._denied = _Networks()
        self._allowed: _Networks | None = None
        self._callers: dict[str, _Networks] = {}
        for rule in rules:
            self._take(rule)

    def app_denied(self, app: str) -> bool:
        return (APP, "", app) in self._keys

    def device_denied(self, app: str, ordinal: int) -> bool:
        """Whether a device may not be here, for its app or for itself."""
        return self.app_denied(app) or (app, ordinal) in self._devices

    def aliases_allowed(self, app: str, aliases: list[str]) -> list[str]:
        """Those that may be pushed to."""
        return [alias for alias in aliases if (ALIAS, app, alias) not in self._keys]

    def device_address_denied(self, host: str) -> bool:
        """Whether devices from there are refused."""
        if not self._denied and self._allowed is None:
            return False
        address = _address(host)
        if address is None:
            return False
        return address in self._denied or (self._allowed is not None and address not in self._allowed)

    def caller_denied(self, app: str, host: str) -> bool:
        """Whether an app may not call from there."""
        allowed = self._callers.get(app)
        if not self._denied and allowed is None:
            return False
        address = _address(host)
        if address is None:
            return allowed is not None
        return address in self._denied or (allowed is not None and address not in allowed)

    def _take(self, rule: Rule) -> None:
        if rule.list == DEVICE:
            ordinal = ordinal_in(rule.value)
            if ordinal is not None:
                self._devices.add((rule.app, ordinal))
        elif rule.list == ADDRESS:
            self._denied.add(rule.value)
        elif rule.list == ONLY_ADDRESS:
            self._allowed = self._allowed if self._allowed is not None else _Networks()
            self._allowed.add(rule.value)
        elif rule.list == API:
            self._callers.setdefault(rule.app, _Networks()).add(rule.value)
        else:
            self._keys.add(rule.key)


class _Networks:
    """Many networks; asked in as many steps as they have different lengths."""

    def __init__(self) -> None:
        self._by_shift: dict[tuple[int, int], set[int]] = {}

    def __bool__(self) -> bool:
        return bool(self._by_shift)

    def add(self, text: str) -> None:
        if text != NOBODY:
            network = ip_network(text)
            shift = network.max_prefixlen - network.prefixlen
            known = self._by_shift.setdefault((network.version, shift), set())
            known.add(int(network.network_address) >> shift)

    def __contains__(self, address: IPv4Address | IPv6Address) -> bool:
        number = int(address)
        return any(
            number >> shift in known
            for (version, shift), known in self._by_shift.items()
            if version == address.version
        )


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """An IPv4 address that came over IPv6 is one of IPv4; None for what has no address."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return mapped if mapped is not None else address


def _network_text(text: str) -> str:
    network = ip_network(text)
    single = network.prefixlen == network.max_prefixlen
    return str(network.network_address) if single else str(network)


def _address_fault(rule: Rule) -> str:
    if rule.value == NOBODY and rule.list in WHITE:
        return ""
    try:
        ip_network(rule.value)
    except ValueError as error:
        return f"{rule.value!r} is no address or network: {error}"
    return ""
