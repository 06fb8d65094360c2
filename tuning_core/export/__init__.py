"""A trial to take home: script, notebook, bundle, report, curves, run file. Knows neither keras nor the store.

Reading order: `formats` (what there is), `script` (the steps) on `code.reading`, `code.preparing` and `code.model`;
then one file each.
"""

from tuning_core.export.bundle import export_bundle
from tuning_core.export.curves import curves_frame, export_curves
from tuning_core.export.hand_out import export_page
from tuning_core.export.html_report import export_report
from tuning_core.export.notebook import export_notebook
from tuning_core.export.run_file import RunFile, read_run_file, write_run_file
from tuning_core.export.script import export_script
from tuning_core.export.search_dashboards import to_optuna, to_tensorboard
from tuning_core.export.search_script import export_search

__all__ = [
    "RunFile",
    "curves_frame",
    "export_bundle",
    "export_curves",
    "export_notebook",
    "export_page",
    "export_report",
    "export_script",
    "export_search",
    "read_run_file",
    "to_optuna",
    "to_tensorboard",
    "write_run_file",
]
