"""`pushnet join NAME`: this machine gets a certificate for a node, by a token or by the one it has.

A newcomer knows nobody yet. It asks a registry for the authority's certificate over a connection that it does
not trust, and believes it only when its fingerprint is the one in the token. Then it connects again, over TLS
that has to lead to that authority, to somebody whose certificate is for the role `registry`: only there is
the token shown. The key is made here and stays here.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, cast

import click

from pushnet.app.asking import file_settings, unanswered
from pushnet.app.authority import CERTIFICATE, keep, request
from pushnet.app.running import CommandError, Session, run
from pushnet.gen.pushnet.join import AuthorityPrx, CertificateRefusedException
from pushnet.gen.pushnet.types import UnavailableException
from pushnet.grid.certificates import fingerprint
from pushnet.grid.ice_properties import tls_properties
from pushnet.grid.settings import Settings
from pushnet.grid.tokens import CONTEXT, VARIABLE, pinned
from pushnet.roles.certificates import REGISTRY, certificate_fault
from pushnet.rpc.communicator import Communicator
from pushnet.rpc.exceptions import InitializationException, LocalException

ANSWER_LIMIT_MS = 10_000


@click.command()
@click.argument("name")
@click.option("--config", type=click.Path(dir_okay=False), required=True, help="The cluster file.")
@click.option("--token", default="", envvar=VARIABLE, help=f"By which it may; default: {VARIABLE}.")
@click.option("--renew", is_flag=True, help="Show the certificate it has, and get a new one.")
def join(name: str, config: str, token: str, renew: bool) -> None:
    """Get NAME.pem and NAME.key, and ca.pem, for the node or operator NAME on this machine."""
    settings = file_settings(config)
    if not settings.cluster.tls:
        raise click.ClickException(f"{config}: there are no certificates without cluster.tls")
    if not (renew or token):
        raise click.UsageError(f"a token is wanted: --token or {VARIABLE}; an operator makes one")
    sys.exit(run(lambda session: _join(session, settings, name, "" if renew else token)))


async def _join(session: Session, settings: Settings, name: str, token: str) -> int:
    folder = Path(settings.cluster.tls)
    if token and (folder / f"{name}.pem").exists():
        raise CommandError(f"{folder / name}.pem is there already; --renew gets a new one")
    doors = _doors(settings)
    try:
        if token:
            await _learn(session, doors, folder, pinned(token))
        key, asked = request(name)
        properties = _trust(folder) if token else tls_properties(settings, name)
        async with _Authority(session, doors, properties) as authority:
            await authority.ice_ping()
            con = await authority.ice_getConnection()
            wrong = certificate_fault(cast(Any, _Server(con)), "", REGISTRY)
            if wrong:
                raise CommandError(f"whoever answers at {':'.join(doors)} is no registry: {wrong}")
            shown = authority.ice_context({CONTEXT: token}) if token else authority
            certificate = await shown.issue(name, asked)
    except CertificateRefusedException as refused:
        raise CommandError(f"no certificate for {name}: {refused.reason}") from refused
    except UnavailableException as unable:
        raise CommandError(unable.reason) from unable
    except InitializationException as error:
        raise CommandError(error.reason) from error
    except LocalException as error:
        raise CommandError(unanswered(":".join(doors), error)) from error
    keep(folder, name, certificate.encode(), key)
    print(f"{folder / name}.pem and {folder / name}.key are here")
    return 0


async def _learn(session: Session, doors: list[str], folder: Path, pin: str) -> None:
    """Have `ca.pem` here, and be sure that it is the one that the token means."""
    path = folder / CERTIFICATE
    if not pin:
        raise CommandError("the token has no fingerprint: make it where cluster.tls has ca.pem")
    if not path.exists():
        async with _Authority(session, doors, {"IceSSL.VerifyPeer": "0"}) as authority:
            told = (await authority.certificate()).encode()
        _same(told, pin, "what answers there")
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(told)
    _same(path.read_bytes(), pin, str(path))


def _same(certificate: bytes, pin: str, whose: str) -> None:
    try:
        same = fingerprint(certificate) == pin
    except ValueError:
        same = False
    if not same:
        raise CommandError(
            f"{whose} is not the authority that the token names: the token was shown to nobody"
        )


def _doors(settings: Settings) -> list[str]:
    """Where registries listen over TLS."""
    found = [known.split() for known in settings.registries]
    return [f"ssl -h {host} -p {int(port) + 1}" for _, _, host, _, port in found]


def _trust(folder: Path) -> dict[str, str]:
    return {"IceSSL.DefaultDir": str(folder.resolve()), "IceSSL.CAs": CERTIFICATE}


class _Server:
    """Who was connected to, as one who calls."""

    def __init__(self, con: Any) -> None:
        self.con = con


class _Authority:
    """A proxy for as long as the block."""

    def __init__(self, session: Session, doors: list[str], properties: dict[str, str]) -> None:
        self._communicator = Communicator(session.world, properties)
        self._address = ":".join(["PushNet/Authority", *doors])

    async def __aenter__(self) -> AuthorityPrx:
        proxy = AuthorityPrx.uncheckedCast(self._communicator.stringToProxy(self._address))
        assert proxy is not None
        return proxy.ice_invocationTimeout(ANSWER_LIMIT_MS)

    async def __aexit__(self, *_: object) -> None:
        await self._communicator.destroy()
