"""The files that can be taken home. `engine.questions.export` makes each of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Format:
    """A file to take home: its name, what it is good for, and whether it holds the one model or the whole run."""

    title: str
    purpose: str
    of_model: bool = True


EXPORT_FORMATS = {
    "script": Format("Keras script", "A page of pandas, scikit-learn and Keras that trains this model without Tunescope."),
    "notebook": Format("Notebook", "The same steps with their reasons and plots, for Jupyter or Colab."),
    "bundle": Format("Model bundle", "The trained model as .keras, its preparation as JSON, a predict.py. Nothing is pickled."),
    "report": Format("HTML report", "One page that stands alone: settings, data, curves, verdict, exam."),
    "page": Format("Page to hand out", "All settings with sliders and verdicts in one HTML file: no server, no network.", False),
    "curves_csv": Format("Curves, CSV", "Every epoch of every trial of this run as one long table, for a spreadsheet.", False),
    "curves_parquet": Format("Curves, Parquet", "The same table with its types, for pandas, polars or DuckDB.", False),
    "search_script": Format("scikit-learn search", "The settings of this run as GridSearchCV over a Keras network.", False),
    "optuna": Format("Optuna study", "A SQLite file with a study and its values by epoch: optuna-dashboard opens it.", False),
    "tensorboard": Format("TensorBoard", "Event files with curves and settings, zipped: tensorboard --logdir opens them.", False),
    "run_file": Format("Run file", "Settings, split and curves as JSON, for another server to open. It has no data.", False),
}
