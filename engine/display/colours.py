"""The colours of charts on white, in pictures and exported pages; the app's light theme has the same."""

from __future__ import annotations

CHART_COLOURS = ("#0F766E", "#E08A1E", "#3E63B5", "#C2456B", "#7A9A2E", "#7E57B5", "#2B9BC4", "#8A7360")
GRID_COLOUR = "#E3E8ED"
