"""What a reader of pages notices while the doors are attacked: SQLite, `dokaz serve` with two workers.

Usage: python bench/doors.py [--units 2000]

All at once: 1,000 half-open connections (a third of them silent, a third with half a head, a third with half a body, each
opened again when the server ends it); a table of 150 MB, and after it one that is just small enough to be read whole; and
small copies of four photographs of 13,300² pixels, each of another kind. Meanwhile one reader asks for three pages in turn,
and somebody gives their password every five seconds. Prints the median and the slowest of each, beside those of an idle
server, and the memory of all processes of the server at its highest. Fails if a page takes more than 300 ms, if anybody is
answered 500, or if the server holds more than 4 GB.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import zlib
from functools import partial
from pathlib import Path
from typing import Any

from pages import LOGIN, WORDS, Reader, seed
from while_busy import Times, timed

DOKAZ = Path(sys.executable).parent / "dokaz"
SIDE = 13_300
CONNECTIONS = 1000
PAGE_MS, MEMORY_MB = 300.0, 4000
HEAD = b"POST /account/login/ HTTP/1.1\r\nHost: localhost\r\nCookie: csrftoken=" + b"a" * 32 + b"\r\n"
HALVES = (b"", HEAD, HEAD + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na=1")
#: Colour type, depth and bytes a pixel of the four photographs.
KINDS = ((2, 8, 3), (6, 8, 4), (6, 16, 8), (0, 16, 2))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        store = Path(temporary) / "store"
        seed(store, given.units)
        photographs = file_photographs()
        return measure(store, photographs)


def file_photographs() -> list[str]:
    """Four large photographs in the store; returns their numbers."""
    from dokaz.casework.filing import filing
    from dokaz.casework.queries import actor, key_of, person_named
    from dokaz.casework.store import current_store
    from dokaz.cli.frame import now
    from dokaz.graves.acts import Upload, photograph
    from dokaz.graves.models import Grave

    person = person_named("The scene")
    assert key_of(person.id) is not None
    grave = Grave.objects.order_by("number").first()
    assert grave is not None
    with filing(by=actor(person, "scene", None), at=now(), store=current_store()) as f:
        made = [
            photograph(
                f,
                upload=Upload(f"{nth}.png", io.BytesIO(flat_png(*kind)), "image/png", SIDE, SIDE),
                grave=grave,
            )
            for nth, kind in enumerate(KINDS)
        ]
    return [one.number for one in made]


def flat_png(colour: int, depth: int, pixel_bytes: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    packing, row = zlib.compressobj(9), bytes(1 + pixel_bytes * SIDE)
    pixels = b"".join(packing.compress(row) for _ in range(SIDE)) + packing.flush()
    head = SIDE.to_bytes(4, "big") * 2 + bytes([depth, colour, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def measure(store: Path, photographs: list[str]) -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"DOKAZ_STORE": str(store), "DOKAZ_PASSPHRASE": WORDS}
    server = subprocess.Popen(
        [str(DOKAZ), "serve", "--port", str(port), "--workers", "2"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        reader = Reader(f"http://127.0.0.1:{port}")
        reader.wait()
        code = subprocess.run(
            [str(DOKAZ), "user", "code", LOGIN], env=environment, capture_output=True, text=True, check=True
        ).stdout.strip()
        reader.sign_in(code)
        unit = reader.first("/units/", r"/units/([A-Z0-9.-]+)/")
        pages = ["/", f"/units/{unit}/", "/units/"]
        idle, attacked = {path: Times() for path in pages}, {path: Times() for path in pages}
        passwords, held = Times(), [0]
        for path in pages * 2:
            reader.read(path)
        reads(reader, idle, lambda: len(idle[pages[0]].waited) >= 60)
        over = threading.Event()
        beside = [
            threading.Thread(target=knocks, args=(port, over)),
            threading.Thread(target=signs_in, args=(reader.address, passwords, over)),
            threading.Thread(target=weighs, args=(server.pid, held, over)),
        ]
        heavy = [threading.Thread(target=looks, args=(reader, number)) for number in photographs]
        heavy += [threading.Thread(target=sends, args=(reader,))]
        begun = time.perf_counter()
        for thread in beside + heavy:
            thread.start()
        reads(reader, attacked, lambda: not any(thread.is_alive() for thread in heavy))
        took = time.perf_counter() - begun
        over.set()
        for thread in beside:
            thread.join()
        return told(idle, attacked, passwords, held[0], took)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


def reads(reader: Reader, times: dict[str, Times], is_over: Any) -> None:
    while not is_over():
        for path, each in times.items():
            timed(each, partial(reader.read, path))
            time.sleep(0.05)


def knocks(port: int, over: threading.Event) -> None:
    """Keep so many connections half open."""
    half: list[socket.socket] = []
    while not over.is_set():
        while len(half) < CONNECTIONS:
            one = socket.create_connection(("127.0.0.1", port), 10)
            one.sendall(HALVES[len(half) % 3])
            one.setblocking(False)
            half.append(one)
        half = [one for one in half if not ended(one)]
        time.sleep(0.2)
    for one in half:
        one.close()


def ended(one: socket.socket) -> bool:
    try:
        one.recv(4096)
    except BlockingIOError:
        return False
    except OSError:
        pass
    one.close()
    return True


def signs_in(address: str, times: Times, over: threading.Event) -> None:
    while not over.is_set():
        timed(times, partial(Reader(address).submit, "/account/login/", login=LOGIN, password=WORDS))
        over.wait(5)


def looks(reader: Reader, number: str) -> None:
    """Ask for a small copy until it is there."""
    begun = time.perf_counter()
    while True:
        try:
            with reader.opener.open(f"{reader.address}/photographs/{number}/thumbnail/", timeout=300) as answer:
                print(f"small copy of {number}: {len(answer.read()):,} bytes after {time.perf_counter() - begun:.0f} s")
                return
        except urllib.error.HTTPError as busy:
            print(f"small copy of {number}: {busy.code}: {busy.read(200).decode()}")
            if busy.code != 503:
                return


def sends(reader: Reader) -> None:
    """Deliver a table of 150 MB, and one that is just small enough to be read."""
    from dokaz.numbers import number

    row = ",forest,mortuary," + "Вигаданий Іван " * 8 + ",The mortuary,2026-05-04T10:00:00Z\n"
    header = "number,from_place,to_place,giver,receiver,at\n"
    for what, size in (("150 MB", 150_000_000), ("62 MiB", 62 * 1024**2)):
        count = size // (len(row.encode()) + 18)
        table = header + "".join(f"{number('S00', 'G000', nth, 'B')}{row}" for nth in range(1, 9999)) * (count // 9998)
        begun = time.perf_counter()
        page = deliver(reader, table.encode())
        print(f"a table of {what}, {count:,} rows: after {time.perf_counter() - begun:.0f} s: {page}")


def deliver(reader: Reader, table: bytes) -> str:
    address = f"{reader.address}/deliveries/new/custody/"
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', reader.read("/deliveries/new/custody/"))
    assert token
    edge = b"----half"
    body = b"".join(
        [b"--", edge, b'\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n', token[1].encode(),
         b"\r\n--", edge, b'\r\nContent-Disposition: form-data; name="passphrase"\r\n\r\n', WORDS.encode(),
         b"\r\n--", edge, b'\r\nContent-Disposition: form-data; name="file"; filename="m.csv"\r\n',
         b"Content-Type: text/csv\r\n\r\n", table, b"\r\n--", edge, b"--\r\n"]
    )  # fmt: skip
    sent = {"Content-Type": f"multipart/form-data; boundary={edge.decode()}", "Referer": address}
    with reader.opener.open(urllib.request.Request(address, body, sent), timeout=1200) as answer:
        page = answer.read().decode()
    said = re.search(r'<(\w+) class="wrong[^>]*>(.*?)</\1>', page, re.DOTALL)
    return " ".join(re.sub("<[^>]+>", " ", said[2]).split()) if said else "no refusal is shown"


def weighs(pid: int, held: list[int], over: threading.Event) -> None:
    """The most memory that all processes of the server held at once, in MB."""
    while not over.wait(0.2):
        mine = subprocess.run(
            ["ps", "-o", "pid=,rss=", "--sid", str(pid)], capture_output=True, text=True
        ).stdout.split()
        held[0] = max(held[0], sum(map(int, mine[1::2])) // 1024)


def told(idle: dict[str, Times], attacked: dict[str, Times], passwords: Times, held: int, took: float) -> int:
    wrong = []
    print(f"attacked for {took:.0f} s; the server held at most {held:,} MB")
    print(f"{'':<28} {'idle: median':>13} {'slowest':>9}   {'attacked: median':>17} {'slowest':>9}")
    for path, times in attacked.items():
        before, now = idle[path].waited, times.waited
        medians = statistics.median(before), statistics.median(now)
        print(f"{path:<28} {medians[0]:>10.0f} ms {max(before):>6.0f} ms   {medians[1]:>14.0f} ms"
              f" {max(now):>6.0f} ms  ({len(now)} times)")  # fmt: skip
        if max(now) > PAGE_MS:
            wrong.append(f"{path}: {max(now):.0f} ms")
        wrong += [f"{path}: {refused}" for refused in dict.fromkeys(times.refused)]
    print(f"a password: median {statistics.median(passwords.waited):.0f} ms, slowest {max(passwords.waited):.0f} ms")
    wrong += [f"a password: {refused}" for refused in dict.fromkeys(passwords.refused)]
    if held > MEMORY_MB:
        wrong.append(f"{held:,} MB")
    print("nobody noticed" if not wrong else "\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
