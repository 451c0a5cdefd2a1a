"""The Board page: the saved charts and tables of an experiment, computed again after each run."""

from __future__ import annotations

from app.components.board.cells import show_board
from app.components.shared.experiment_picker import choose_experiment
from app.components.shared.header import page_header

page_header("Board", "Saved charts and tables, computed from the loaded data.")
show_board(choose_experiment().name)
