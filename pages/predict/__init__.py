"""The Predict page: new rows, by sliders or from a file."""
