//! Reads `lints/advisories/` and makes it the embedded index; a mistake in it fails the build with its file and line.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

/// The modules of the crate that read and write advisories.
#[path = "src"]
#[expect(dead_code, unreachable_pub, unused_imports, reason = "the crate uses more of it")]
mod source {
    pub mod advisory;
    pub mod ecosystem;
    pub mod index;
    pub mod list;
    pub mod set;
    pub mod version;

    /// What the index asks for stands in the crate only.
    pub mod embedded {
        pub(crate) fn index() -> crate::Index {
            unreachable!("this is what writes it")
        }
    }
}

use source::advisory;
use source::ecosystem::Ecosystem;
use source::embedded;
use source::index::{self, Coverage, Index};
use source::list;
use source::set;
use source::version::Version;

/// Who keeps these records.
const SOURCE: &str = "routeward";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src");
    println!("cargo::rerun-if-changed=advisories");
    let folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("advisories");
    let (mut advisories, mut coverage) = (Vec::new(), Vec::new());
    for ecosystem in Ecosystem::ALL {
        let name = format!("{}.toml", ecosystem.name().to_ascii_lowercase());
        let path = folder.join(&name);
        // The folder may be a link: what it leads to is watched file by file.
        println!("cargo::rerun-if-changed={}", path.display());
        if !path.exists() {
            continue;
        }
        match list::read(ecosystem, &fs::read_to_string(&path)?) {
            Ok((newest, read)) => {
                let records = u32::try_from(read.len())?;
                coverage.push(Coverage {
                    ecosystem,
                    source: SOURCE.to_owned(),
                    records,
                    newest,
                    is_whole: false,
                });
                advisories.extend(read);
            }
            Err(mistakes) => {
                for mistake in mistakes.iter().flat_map(|mistake| mistake.lines()) {
                    println!("cargo::error=lints/advisories/{name}:{mistake}");
                }
            }
        }
    }
    let index = index::write(&advisories, &coverage);
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("advisories.idx"), index)?;
    Ok(())
}
