"""Text with alternatives as data (`nodes`), and its way into Polars expressions (`layout`, `expression`)."""
