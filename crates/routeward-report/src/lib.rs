//! Renders findings, the endpoint table, and lists of parts.
//!
//! Nothing here opens a file or asks the terminal: everything is written to a given writer in a given [`Look`].
//! Text of the repository never reaches a terminal as it is: what a terminal would obey is made visible.

mod catalog;
mod clean;
mod endpoints;
mod endpoints_advisories;
mod endpoints_json;
mod frame;
mod json;
mod sarif;
mod sbom;
mod style;
mod text;

pub use catalog::{explain, lints_json, lints_table};
pub use endpoints::{html as endpoints_html, markdown as endpoints_markdown, table as endpoints_table};
pub use endpoints_advisories::{markdown as advisories_markdown, table as advisories_table};
pub use endpoints_json::json as endpoints_json;
pub use json::{VERSION as JSON_VERSION, findings as json};
pub use sarif::sarif;
pub use sbom::{Assessment, Sbom, State, cyclonedx, spdx};
pub use style::Look;
pub use text::{concise, finding, full, problems, statistics, summary};

#[cfg(test)]
mod tests;
