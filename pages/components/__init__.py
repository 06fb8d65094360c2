"""Streamlit components of our own: Python that hands in, JavaScript that draws."""
