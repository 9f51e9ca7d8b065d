//! Renders findings and the endpoint table.
