"""`dokaz serve`: the pages, on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from dokaz.cli.frame import DEFAULT_STORE, StoreOption, open_store

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    port: Annotated[int, typer.Option(envvar="PORT", help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on; put a TLS proxy before any other.")] = "127.0.0.1",
    workers: Annotated[int, typer.Option(help="Worker processes.")] = 2,
    store: StoreOption = DEFAULT_STORE,
) -> None:
    """Serve the pages until interrupted."""
    open_store(store)
    run_server(port=port, host=host, workers=workers)


def run_server(*, port: int, host: str = "127.0.0.1", workers: int = 2) -> None:
    """Serve until interrupted; Django was started on the store before."""
    from granian import Granian
    from granian.constants import Interfaces

    typer.echo(f"http://{host}:{port}/  (Ctrl-C ends it)")
    Granian(
        "dokaz.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        log_access=False,
    ).serve()
