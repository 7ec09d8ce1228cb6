"""One target under atheris: coverage tells which inputs lead somewhere new.

    python -m tests.fuzz.guided TARGET SECONDS [keep]

Atheris (from PyPI, for some versions of Python only) ends the process by itself.
"""

from __future__ import annotations

import atexit
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.corpus import keep, read_corpus
from tests.fuzz.verdict import INPUT_BYTES_MAX

KEPT_MAX = 10
"""New inputs of one run that go to the corpus: the shortest ones."""
KEPT_BYTES_MAX = 400


def keep_new(name: str, folder: Path) -> None:
    """The shortest of the inputs that atheris has added."""
    known = set(read_corpus(name))
    found = {path.read_bytes() for path in folder.iterdir()} - known
    short = sorted(
        (data for data in found if len(data) <= KEPT_BYTES_MAX), key=lambda data: (len(data), data)
    )
    for data in short[:KEPT_MAX]:
        keep(name, data, "reaches something new")


def main(name: str, seconds: float, keeps: bool) -> None:
    try:
        import atheris
    except ImportError:
        print("atheris is missing: .venv/bin/pip install -e '.[fuzz]'", file=sys.stderr)
        sys.exit(2)
    with atheris.instrument_imports(include=["pushnet"]):
        from tests.fuzz.targets import TARGETS
    from tests.fuzz.verdict import judge

    target = TARGETS[name]

    def one(data: bytes) -> None:
        finding = judge(target, data[:INPUT_BYTES_MAX])
        if finding is not None:
            print(finding, flush=True)
            raise AssertionError(finding.what)

    made = TemporaryDirectory()
    folder = Path(made.name)
    for number, data in enumerate(read_corpus(name)):
        (folder / str(number)).write_bytes(data)
    if keeps:
        atexit.register(keep_new, name, folder)
    limits = [f"-max_total_time={int(seconds) or 1}", f"-max_len={INPUT_BYTES_MAX}", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], str(folder), f"-artifact_prefix={folder}/", "-verbosity=0", *limits], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), sys.argv[3:] == ["keep"])
