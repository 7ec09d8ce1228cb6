"""Calls of `Graphs::Graph` that both stock Ice and we make, and what came of them as text.

Runs under the system's Python, too, and uses nothing of ours. `m` is the module with the classes: theirs or
ours. What is not given is left out where it is optional.
"""


def cases(m):
    """Operation and arguments of each call."""
    shared = m.Leaf(size=7)
    loop = m.Node(number=1)
    loop.left = loop
    loop.right = m.Node(number=2, left=loop, leaves=[shared, None, shared], byName={"a": shared})
    loop.anything = m.Circle(name="c\u20ac\U0001f600", radius=-0.5, color=m.Color.blue)
    loop.text = "optional"
    loop.shape = m.Empty(name="e", at=m.Point(1, -1))
    loop.more = [shared, m.Leaf(size=8)]
    loop.point = m.Point(3, 4)
    chain = None
    for number in range(100):
        chain = m.Node(number=number, right=chain)
    circle = m.Circle(radius=2.0)
    found = [
        ("echo", (loop,)),
        ("echo", (None,)),
        ("echo", (chain,)),
        ("several", (circle, 4, circle)),
        ("several", (circle, 4, m.Shape(name="x"))),
        ("several", (circle, -1, None)),
        ("sliced", (loop, [shared, None, shared])),
        ("sliced", (m.Leaf(size=1), [])),
        ("sliced", (None, [])),
        ("maybe", (circle, 5, [shared, shared])),
        ("byValue", (loop, loop.right)),
        ("paint", (m.Color.green, None)),
        ("plain", (1, m.Point(2, 3))),
    ]
    if hasattr(m, "Kept"):
        kept = m.Kept(number=3, left=loop, spot=m.Spot(name="s"), leaf=m.Leaf(size=9))
        kept.friend = kept
        found += [("sliced", (kept, [])), ("echo", (kept,))]
    return found


def answer(m, operation, arguments):
    """What a servant returns for the call, or raises."""
    if operation == "echo":
        return arguments[0]
    if operation == "several":
        a, n, b = arguments
        if n < 0:
            raise m.MoreBroken(what=a, why="negative", leaf=m.Leaf(size=n), color=m.Color.blue, n=n)
        return a, m.Node(number=n), m.Box(before=n, shape=b, rest=[a, b])
    if operation == "sliced":
        if arguments[0] is None:
            raise m.Broken(what=m.Empty(name="e"), why="nothing")
        return arguments[0]
    if operation == "maybe":
        return arguments[0], {m.Color.blue: m.Box(before=len(arguments[2] or ()), shape=arguments[0])}
    if operation == "paint":
        return m.Color.blue
    return None


class Told:
    """Values as text: members by name, instances by number. The same on both sides."""

    def __init__(self):
        self._seen = {}

    def of(self, value):
        if value is None or type(value).__name__ == "UnsetType":
            return "-"
        if isinstance(value, (bool, str, float)):
            return repr(value)
        if hasattr(value, "_enumerators") or type(value).__mro__[1].__name__ == "SliceEnum":
            return str(value).rpartition(".")[2] if not hasattr(value, "name") else value.name
        if isinstance(value, int):
            return repr(value)
        if isinstance(value, (list, tuple)):
            return "[" + " ".join([self.of(item) for item in value]) + "]"
        if isinstance(value, dict):
            return "{" + " ".join(sorted([self.of(k) + ":" + self.of(v) for k, v in value.items()])) + "}"
        return self._object(value)

    def _object(self, value):
        if id(value) in self._seen:
            return f"#{self._seen[id(value)][0]}"
        self._seen[id(value)] = (len(self._seen), value)
        described = getattr(type(value), "__attrs_attrs__", None)
        names = [item.name for item in described] if described is not None else list(vars(value))
        names = sorted(name for name in names if not name.startswith(("_", "ice_", "unknown")))
        members = [f"{name}={self.of(getattr(value, name))}" for name in names]
        return f"{type(value).__name__}({' '.join(members)})"
