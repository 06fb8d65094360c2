"""Write moons.csv and breast_cancer.csv again: `python sample_data/make_samples.py`. Same scikit-learn, same bytes."""

from pathlib import Path

import pandas as pd
from sklearn.datasets import load_breast_cancer, make_moons

FOLDER = Path(__file__).resolve().parent


def moons() -> pd.DataFrame:
    """Two interleaved half-moons, 800 points with noise: what a line cannot separate and one hidden layer can."""
    points, labels = make_moons(n_samples=800, noise=0.22, random_state=7)
    frame = pd.DataFrame(points.round(4), columns=["x", "y"])
    return frame.assign(moon=pd.Series(labels).map({0: "upper", 1: "lower"}))


def breast_cancer() -> pd.DataFrame:
    """The Wisconsin diagnostic table that scikit-learn carries, with its own names and the diagnosis in words."""
    bunch = load_breast_cancer(as_frame=True)
    frame = bunch.data.rename(columns=lambda name: name.replace(" ", "_"))
    return frame.assign(diagnosis=bunch.target.map(dict(enumerate(bunch.target_names))))


if __name__ == "__main__":
    moons().to_csv(FOLDER / "moons.csv", index=False)
    breast_cancer().to_csv(FOLDER / "breast_cancer.csv", index=False)
