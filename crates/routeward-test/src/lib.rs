//! Runs literate Markdown suites.
