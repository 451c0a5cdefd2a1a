"""Text with alternatives as data (`nodes`), compiled to Polars expressions (`layout`, `expression`)."""
