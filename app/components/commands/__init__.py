"""The commands of the palette: pages, experiments, the tables and saved queries of the chosen one, and actions."""
