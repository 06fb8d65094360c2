"""Still charts: plain data in, Plotly figures or SVG text out. One family a file; `style` is the common language.

Nothing is imported here: Plotly costs 0.3 s, and a page that shows a sparkline does not need it.
"""
