"""A proof of the log as it was is found while somebody else publishes: nothing that it rests on goes away meanwhile."""

import pytest

from dokaz.ledger import Frontier, TileStore, leaf_hash, tiles


def entries(first, last):
    return [b"entry %d" % n for n in range(first, last)]


def test_a_partial_tile_that_is_filled_between_two_looks_is_read_from_the_full_one(tmp_path, monkeypatch):
    """The full tile was not there yet, and the partial one that was seen instead is gone when it is opened."""
    writer, reader = TileStore(tmp_path), TileStore(tmp_path)
    writer.append(entries(0, 255), size=0)
    name_of, grown = tiles.tile_path, []

    def growing(level, index, width=tiles.TILE_WIDTH):
        if (level, width) == (0, 255) and not grown:
            grown.append(True)
            writer.append(entries(255, 256), size=255)
        return name_of(level, index, width)

    monkeypatch.setattr(tiles, "tile_path", growing)
    assert reader.read_hash(0, 254) == leaf_hash(b"entry 254")
    assert grown
    assert not (tmp_path / "tile/0/000.p").exists()


@pytest.mark.parametrize("size", [1, 200, 255, 256, 300])
def test_the_root_of_an_older_size_is_read_from_a_log_that_grew(tmp_path, size):
    store = TileStore(tmp_path)
    root = store.append(entries(0, size), size=0).root
    store.append(entries(size, 700), size=size)
    assert Frontier.read(size, store.read_hash).root == root
