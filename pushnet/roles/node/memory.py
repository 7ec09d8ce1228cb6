"""What an agent keeps on disk: its last plan, what people wanted, and which processes it has started.

With it the next agent goes on where the last one ended, without a registry, and starts nothing twice.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs

from pushnet.gen.pushnet.server import ServerPlan, read_ServerPlan, write_ServerPlan
from pushnet.roles.node.run import Kept
from pushnet.roles.node.server import Wish
from pushnet.wire.errors import MarshalException

FILE: Final = "agent.json"


@attrs.frozen
class Memory:
    """All of it."""

    generation: int = 0
    settings: str = ""
    plans: Sequence[ServerPlan] = ()
    wishes: Mapping[str, Wish] = {}
    done: Sequence[str] = ()
    """Servers that run once, and have, by their plans."""
    runs: Sequence[Kept] = ()

    def to_bytes(self) -> bytes:
        tree = {
            "generation": self.generation,
            "settings": self.settings,
            "plans": [_plan_text(plan) for plan in self.plans],
            "wishes": {id: wish.value for id, wish in self.wishes.items() if wish is not Wish.as_planned},
            "done": list(self.done),
            "runs": [{**attrs.asdict(run, recurse=False), "plan": _plan_text(run.plan)} for run in self.runs],
        }
        return json.dumps(tree, indent=1).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Memory:
        """Raises `ValueError` when it cannot be understood."""
        try:
            tree: dict[str, Any] = json.loads(data)
            return cls(
                int(tree["generation"]),
                str(tree["settings"]),
                [_plan(text) for text in tree["plans"]],
                {id: Wish(wish) for id, wish in tree["wishes"].items()},
                [str(id) for id in tree["done"]],
                [Kept(**{**run, "plan": _plan(run["plan"])}) for run in tree["runs"]],
            )
        except (KeyError, TypeError, AttributeError, MarshalException) as error:
            raise ValueError(f"{FILE} is not understood: {error!r}") from error


def _plan_text(plan: ServerPlan) -> str:
    out = bytearray()
    write_ServerPlan(out, plan)
    return base64.b64encode(out).decode()


def _plan(text: str) -> ServerPlan:
    return read_ServerPlan(base64.b64decode(text), 0)[0]
