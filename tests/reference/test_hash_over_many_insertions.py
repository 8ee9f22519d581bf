"""One hash over 100,000 insertions, reproduced by the textbook's tree and by the tiles."""

import hashlib

from ledgers import tiles_of

from dokaz.ledger import Frontier, TileStore, leaf_hash, node_hash

COUNT = 100_000
OVER_ROOTS = "6e1d49548c98f091268f3132e65f59faa29d9030b7284933676139c53fde12b8"
OVER_TILES = "417961f13721c8514f51a233251d1f16f0867b0945432b7b256bdeb590ec9e47"


def entry(index: int) -> bytes:
    """Give an invented entry."""
    return b"entry %d" % index


def textbook_roots(count: int):
    """Give the root after every insertion, by keeping every node of every level as a plain list."""
    levels: list[list[bytes]] = []
    for index in range(count):
        node, level = hashlib.sha256(b"\x00" + entry(index)).digest(), 0
        while True:
            if level == len(levels):
                levels.append([])
            levels[level].append(node)
            if len(levels[level]) % 2:
                break
            node = hashlib.sha256(b"\x01" + levels[level][-2] + levels[level][-1]).digest()
            level += 1
        root = None
        for nodes in levels:
            if len(nodes) % 2:
                root = nodes[-1] if root is None else hashlib.sha256(b"\x01" + nodes[-1] + root).digest()
        yield root


def test_one_hash_over_the_root_after_each_of_100_000_insertions():
    ours, textbook = hashlib.sha256(), hashlib.sha256()
    frontier = Frontier()
    for index, root in enumerate(textbook_roots(COUNT)):
        frontier = frontier.append(leaf_hash(entry(index)))
        ours.update(frontier.root)
        textbook.update(root)
    assert ours.hexdigest() == textbook.hexdigest() == OVER_ROOTS


def test_one_hash_over_all_tiles_of_100_000_entries(tmp_path):
    store = TileStore(tmp_path)
    store.append((entry(index) for index in range(60_001)), size=0)
    frontier = store.append((entry(index) for index in range(60_001, COUNT)), size=60_001)
    over = hashlib.sha256()
    for path in sorted(p for p in tmp_path.rglob("*") if p.is_file()):
        name = path.relative_to(tmp_path).as_posix()
        over.update(name.encode() + b"\0" + path.read_bytes())
    hashes = sum(width for _, _, width in tiles_of(COUNT))
    assert hashes == 100_000 + 390 + 1
    assert frontier.root == Frontier().extend(leaf_hash(entry(i)) for i in range(COUNT)).root
    assert node_hash(store.read_hash(15, 0), store.read_hash(15, 1)) == store.read_hash(16, 0)
    assert over.hexdigest() == OVER_TILES
