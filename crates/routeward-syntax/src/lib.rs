//! A thin wrapper over tree-sitter: parsing under limits, and named children.
