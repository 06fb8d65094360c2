"""The Tune page: sliders, the live curve, sweeps, the history of runs."""
