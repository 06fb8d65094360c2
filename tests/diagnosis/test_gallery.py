"""The gallery on the insurance table, really trained: every pathology has an example that its own remedy fits."""

import numpy as np
import pytest

import tuning_core as tc
from tests.support.paths import INSURANCE
from tuning_core.diagnosis import VERDICTS, clearest, gallery_settings


def test_settings_need_few_programs():
    programs = {(hp.hidden_units, hp.optimizer, hp.batch_size, hp.l2 > 0, hp.dropout > 0) for hp in gallery_settings()}
    assert len(gallery_settings()) == 45
    assert len(programs) == 8


def test_nothing_trained_shows_nothing():
    assert clearest([]) == {}
    assert clearest([tc.History.from_arrays()]) == {}


@pytest.mark.slow
def test_every_pathology_is_found_on_a_real_table():

    from tuning_core.training.fold import make_fold
    from tuning_core.training.planning import plan
    from tuning_core.training.specs import TrialSpec
    from tuning_core.training.stack import train_stack

    table = tc.read_table(INSURANCE)
    dataset = tc.Dataset(table, target="charges")
    settings = gallery_settings()
    fold = make_fold(dataset, settings[0], dataset.prepare(), dataset.rows.train, dataset.rows.validation)
    stacks = plan([TrialSpec(i, hp, 0) for i, hp in enumerate(settings)], {0: fold})
    trials = {trial.number: trial for stack in stacks for trial in train_stack(stack, {0: fold})}
    found = clearest([trials[i].history for i in range(len(settings))])
    assert set(found) == set(VERDICTS)
    for kind, (position, finding) in found.items():
        assert finding.kind == kind
        assert tc.diagnose(trials[position].history)[0].kind == kind
    slow, healthy = (trials[found[kind][0]].history.train_loss for kind in ("too_slow", "healthy"))
    assert slow[-1] > 1.1 * healthy[-1] and slow[-1] < 0.99 * slow[-10]  # still on its way when it ends
    assert settings[found["healthy"][0]].learning_rate < settings[found["diverged"][0]].learning_rate
    assert max(settings[found["underfitting"][0]].hidden_units, default=0) <= 2
    assert np.isfinite(trials[found["diverged"][0]].history.train_loss).sum() > 10, "the explosion can be watched"
