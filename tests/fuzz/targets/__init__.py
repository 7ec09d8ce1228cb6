"""Every target. A new decoder is added to the module of its kind; `corpus/` gets a file of its name."""

from __future__ import annotations

from tests.fuzz.target import Target
from tests.fuzz.targets import calls, compiler, device, gateway, graphs, releases, stored, wire

TARGETS: dict[str, Target] = {
    target.name: target
    for module in (wire, calls, graphs, device, compiler, gateway, stored, releases)
    for target in module.TARGETS
}
