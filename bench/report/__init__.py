"""What was measured, on a page: claims, a chart, tables."""
