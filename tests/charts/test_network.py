"""A network as a drawing: which units, which lines, how thick."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np

from tuning_core.charts.network import MOST, THICKEST, network_svg, strongest
from tuning_core.charts.surface_chart import surface_chart

SVG = "{http://www.w3.org/2000/svg}"


def drawn(weights, inputs, outputs):
    root = ElementTree.fromstring(network_svg(weights, inputs, outputs))
    return root, list(root.iter(f"{SVG}line")), [text.text for text in root.iter(f"{SVG}text")]


def test_every_weight_of_a_small_network_is_a_line_as_thick_as_it_is_large():
    kernels = [np.array([[1.0, -0.5], [0.0, 0.25]]), np.array([[2.0], [-2.0]])]
    root, lines, words = drawn(kernels, ["a<b>", "b"], ["y"])
    assert sorted(float(line.get("stroke-width")) for line in lines) == sorted(THICKEST * w for w in (1, 0.5, 0.25, 1, 1))
    assert sum(line.get("stroke-dasharray") is not None for line in lines) == 2  # those that push down
    assert len(list(root.iter(f"{SVG}circle"))) == 5
    assert {"a<b>", "b", "y", "inputs: 2", "layer 1: 2", "output"} <= set(words)


def test_of_a_large_layer_the_strongest_units_are_drawn_and_it_says_so():
    kernels = [np.full((30, 40), 0.01), np.full((40, 1), 0.01)]
    kernels[0][7], kernels[1][11] = 1.0, 1.0
    places = strongest(kernels)
    assert 7 in places[0] and 11 in places[1] and [len(p) for p in places] == [MOST, MOST, 1]
    _, _, words = drawn(kernels, [f"x{i}" for i in range(30)], ["y"])
    assert f"inputs: {MOST} of 30" in words and f"layer 1: {MOST} of 40" in words and "x7" in words


def test_a_linear_model_has_no_hidden_layer_and_zeros_no_lines():
    _, lines, words = drawn([np.zeros((2, 3))], ["a", "b"], ["p", "q", "r"])
    assert lines == [] and "output: 3" in words


def test_a_surface_says_values_and_puts_rows_on_their_levels():
    mean = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    seen = (("no", "yes", "no"), (20.0, 30.0, 40.0))
    figure = surface_chart(("smoker", "age"), (("no", "yes"), (20.0, 30.0, 40.0)), mean, seen, (True, False), title="<charges>")
    heat, dots = figure.data
    assert (
        np.array_equal(np.array(heat.z), mean)
        and "<b>4.00</b>" in heat.customdata[1][1]
        and "smoker yes" in heat.customdata[1][1]
    )
    assert [round(x) for x in dots.x] == [0, 1, 0] and list(dots.y) == [20.0, 30.0, 40.0]
    assert "<charges>" not in figure.layout.title.text
