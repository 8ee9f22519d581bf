"""`dokaz serve`: the pages, on this machine."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Annotated

import typer

from dokaz.cli.exits import ExitCode
from dokaz.cli.frame import DEFAULT_STORE, StoreOption, open_store, start_django

app = typer.Typer(add_completion=False)

#: Connections that one worker holds, whatever they send or do not send; more wait for one of these to end.
CONNECTIONS = 4096
#: Within how many seconds the head of a request must have come, counted from the connection or from the request before.
HEADERS_SECONDS = 10


@app.command()
def serve(
    port: Annotated[int, typer.Option(envvar="PORT", min=1, max=65535, help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on; put a TLS proxy before any other.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(min=1, help="Worker processes.")] = 2,
    check: Annotated[
        bool,
        typer.Option("--check", help="Say whether names, TLS, cookies and files are safe for serving; serve nothing."),
    ] = False,
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Serve the pages until interrupted. With --check, exits 1 if something is wrong."""
    if check:
        raise typer.Exit(say_whether_safe(store, host))
    open_store(store)
    refuse_lost_sign_ins()
    run_server(port=port, host=host, workers=workers)


def say_whether_safe(store: Path, host: str) -> ExitCode:
    """Say of everything on which safe serving rests whether it holds. Changes nothing."""
    start_django(store)
    from dokaz.site.deployment import look_at_deployment

    asked = look_at_deployment(host)
    wrong = [one for one in asked if not one.holds]
    typer.echo("\n".join(map(str, asked)))
    typer.echo(f"{len(wrong)} wrong of {len(asked)}. What the proxy does cannot be seen from here: docs/operating.md.")
    return ExitCode.FOUND_WRONG if wrong else ExitCode.OK


def run_server(*, port: int, host: str = "127.0.0.1", workers: int = 2) -> None:
    """Serve until interrupted; Django was started on the store before.

    Raises:
        MachineFault: nothing can listen there.
    """
    refuse_taken(host, port)
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    _allow_connections()

    typer.echo(f"http://{host}:{port}/  (Ctrl-C ends it)")
    Granian(
        "dokaz.site.server:application",
        address=host,
        port=port,
        interface=Interfaces.RSGI,
        websockets=False,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_SECONDS * 1000),
        workers=workers,
        log_access=False,
        log_level=LogLevels.error,
    ).serve()


def refuse_lost_sign_ins() -> None:
    """Find out before any worker starts whether anybody could sign in.

    Raises:
        MachineFault: the database of sign-ins is not there.
    """
    from dokaz.errors import MachineFault
    from dokaz.site.database import SIGN_INS, lost_database

    if lost_database() == SIGN_INS:
        raise MachineFault(
            "the database of sign-ins is not there", next_step="restore it, or begin it anew with `dokaz user sign-in`"
        )


def _allow_connections() -> None:
    """Let this process and its workers open as many files as the machine lets them: a connection is one."""
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def refuse_taken(host: str, port: int) -> None:
    """Find out before any worker starts whether one can listen at an address.

    Raises:
        MachineFault: the port is taken or reserved, or the address is not this machine's.
    """
    from dokaz.errors import MachineFault

    try:
        # A name such as localhost may stand for several addresses; the server takes the first.
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family) as listening:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
    except OSError as error:
        raise MachineFault(
            f"{host}:{port}: {(error.strerror or str(error)).lower()}",
            next_step="choose another port with --port, or end what listens there; --host takes an address of this machine",
        ) from error
