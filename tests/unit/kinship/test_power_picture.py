"""The picture of power: drawn from the simulated persons, whatever they are."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from test_power import family

from dokaz.cli.kinship_power_picture import power_picture
from dokaz.kinship.power import LRDistribution, lr_distribution


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_calibrated_points_lie_where_the_lr_says() -> None:
    found = lr_distribution(family("father"), "child", simulations=100_000, rng=np.random.default_rng(1))
    svg = power_picture([found], 4.0, 100)
    points = re.findall(r"log10 LR (-?[\d.]+): [\d,]+ missing and [\d,]+ unrelated persons, .* ratio (-?[\d.]+)<", svg)
    assert len(points) >= 3
    for lr, ratio in points:
        assert float(ratio) == pytest.approx(float(lr), abs=0.5)


def test_thresholds_and_the_size_of_the_search_are_named() -> None:
    found = lr_distribution(family("father"), "child", simulations=1000, rng=np.random.default_rng(1))
    said = texts(power_picture([found, found], 3.25, 17_509))
    assert said.count("3.25") == 3
    assert any("17,509 profiles" in text for text in said)


def test_persons_of_whom_all_are_impossible_or_beyond_the_scale_are_drawn_at_its_end() -> None:
    true, unrelated = np.full(50, 80.0), np.full(50, -np.inf)
    svg = power_picture([LRDistribution(("M",), true, unrelated, np.array([80.0]))], 4.0, 1)
    assert "nan" not in svg and "inf" not in svg
    assert any("No LR is frequent among both" in text for text in texts(svg))
    bars = [
        node for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("rect") and node.get("fill") != "#fff"
    ]
    assert len(bars) == 2
