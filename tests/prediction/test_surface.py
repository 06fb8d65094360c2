"""The prediction over two columns, against one prediction after the other."""

from __future__ import annotations

import numpy as np
import pytest

from pages.state.recorded import recorded_bytes
from tuning_core.errors import DatasetError
from tuning_core.prediction import Model, surface


@pytest.fixture(scope="module")
def model():
    return Model.from_bytes(recorded_bytes("model.zip"))


@pytest.mark.parametrize(("across", "up"), [("age", "bmi"), ("smoker", "age"), ("region", "children")])
def test_each_place_is_the_mean_of_rows_that_were_given_these_values(model, across, up):
    found = surface(model, across, up, points=5, rows=12)
    assert found.mean.shape == (len(found.values[1]), len(found.values[0]), 1) and found.outputs == ("charges",)
    base = model.background.iloc[:12]
    for r, y in enumerate(found.values[1]):
        for c, x in enumerate(found.values[0]):
            single = [model.predict(base.iloc[[i]].assign(**{across: x, up: y}))[0] for i in range(12)]
            np.testing.assert_allclose(found.mean[r, c, 0], np.mean(single), rtol=1e-5)
    assert found.seen == (tuple(base[across].tolist()), tuple(base[up].tolist()))


def test_unknown_and_equal_columns_are_refused_by_name(model):
    with pytest.raises(DatasetError, match="'wages'"):
        surface(model, "age", "wages")
    with pytest.raises(DatasetError, match="'age' is named twice"):
        surface(model, "age", "age")
