"""One target under atheris: coverage tells which inputs lead somewhere new.

    python -m tests.fuzz.guided TARGET SECONDS FOLDER

Atheris (from PyPI, for some versions of Python only) ends the process by itself.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.fuzz.corpus import keep, read_corpus
from tests.fuzz.verdict import INPUT_BYTES_MAX

KEPT_MAX = 10
"""New inputs of one run that go to the corpus: the shortest ones."""
KEPT_BYTES_MAX = 400
_KEPT, _FOUND = "kept-", "finding-"
"""How the names of files begin that hold what is known, and what is wrong."""


def guided(name: str, seconds: float, keeps: bool) -> bool:
    """Run a target in a process of its own, which libFuzzer ends without ado; whether all was well.

    Args:
        name: of the target.
        seconds: how long.
        keeps: the shortest new inputs go into the corpus.
    """
    with TemporaryDirectory() as made:
        folder = Path(made)
        for number, data in enumerate(read_corpus(name)):
            (folder / f"{_KEPT}{number}").write_bytes(data)
        command = [sys.executable, "-m", "tests.fuzz.guided", name, str(seconds), str(folder)]
        well = subprocess.run(command).returncode == 0
        if keeps:
            keep_new(name, folder)
    return well


def keep_new(name: str, folder: Path) -> None:
    """The shortest of the inputs that atheris has added."""
    known = set(read_corpus(name))
    added = [path for path in folder.iterdir() if not path.name.startswith((_KEPT, _FOUND))]
    short = {data for path in added if len(data := path.read_bytes()) <= KEPT_BYTES_MAX} - known
    for data in sorted(short, key=lambda data: (len(data), data))[:KEPT_MAX]:
        keep(name, data, "reaches something new")


def main(name: str, seconds: float, folder: Path) -> None:
    """What the process of its own does."""
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

    limits = [f"-max_total_time={int(seconds) or 1}", f"-max_len={INPUT_BYTES_MAX}", "-print_final_stats=1"]
    atheris.Setup(
        [sys.argv[0], str(folder), f"-artifact_prefix={folder}/{_FOUND}", "-verbosity=0", *limits], one
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]), Path(sys.argv[3]))
