"""The picture of power: drawn from the simulated persons, whatever they are."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from test_power import family

from dokaz.cli.kinship_power_picture import Limits, power_picture
from dokaz.kinship.power import lr_distribution
from dokaz.kinship.simulated_lrs import Drawn, LRDistribution, threshold_for


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_calibrated_points_lie_where_the_lr_says() -> None:
    found = lr_distribution(family("father"), "child", simulations=100_000, rng=np.random.default_rng(1))
    svg = power_picture([found], Limits(4.0, 1.0, 0.05), 100, "none")
    points = re.findall(r"log10 LR (-?[\d.]+): [\d,]+ missing and [\d,]+ unrelated persons, .* ratio (-?[\d.]+)<", svg)
    assert len(points) >= 3
    for lr, ratio in points:
        assert float(ratio) == pytest.approx(float(lr), abs=0.5)


def test_thresholds_and_the_size_of_the_search_are_named() -> None:
    found = lr_distribution(family("father"), "child", simulations=1000, rng=np.random.default_rng(1))
    said = texts(power_picture([found, found], Limits(3.25, -1.5, 0.05), 17_509, "equal <0.1>"))
    assert said.count("3.25") == 3
    assert "0.05 from −1.5" in said
    assert "Mutation model: equal <0.1>." in said
    assert any("17,509 profiles" in text for text in said)


def test_persons_of_whom_all_are_impossible_or_beyond_the_scale_are_drawn_at_its_end() -> None:
    true, unrelated = np.full(50, 80.0), np.full(50, -np.inf)
    svg = power_picture(
        [LRDistribution(("M",), (Drawn(0.0, 0.0, unrelated), Drawn(1.0, 0.0, true)), np.array([80.0]))],
        Limits(4.0, 2.0, 0.05),
        1,
        "none",
    )
    assert "nan" not in svg and "inf" not in svg
    assert any("No LR is frequent among both" in text for text in texts(svg))
    bars = [
        node for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("rect") and node.get("fill") != "#fff"
    ]
    assert len(bars) == 2


def test_the_mark_of_allowed_false_matches_lies_on_the_curve() -> None:
    found = lr_distribution(family("father", "mother"), "child", simulations=5000, rng=np.random.default_rng(1))
    kept = threshold_for([found], 100, at_most=0.05)
    svg = power_picture([found], Limits(4.0, kept, 0.05), 100, "none")
    curve = re.findall(r'points="([^"]+)"', svg)[1]
    points = np.array([pair.split(",") for pair in curve.split()], float)
    [(x, y)] = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)" r="3.5" fill="#9a3412"', svg)
    assert np.interp(float(x), points[:, 0], points[:, 1]) == pytest.approx(float(y), abs=3)
    assert svg.count('stroke="#8a8a8a"') > 10, "Monte-Carlo errors"
