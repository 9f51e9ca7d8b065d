//! `routeward lints`: the catalogue as a list.

use anyhow::Result;
use routeward_catalog::Catalog;
use routeward_report as render;

use crate::CLEAN;
use crate::args::{LintsArgs, LintsFormat};
use crate::output::{Terminal, write_stdout};

pub(crate) fn run(args: &LintsArgs) -> Result<u8> {
    let lints = &Catalog::embedded().lints;
    let look = Terminal::new(args.show.color).out;
    write_stdout(|out| match args.output_format {
        LintsFormat::Table => render::lints_table(lints, look, out),
        LintsFormat::Json => render::lints_json(lints, out),
    })?;
    Ok(CLEAN)
}
