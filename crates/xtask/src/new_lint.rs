//! `new-lint`: the folder of a lint, ready to be filled in.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::root;

/// Writes `lints/FAMILY/ID/lint.md` with everything that the catalogue asks for.
pub(crate) fn run(name: &str) -> Result<()> {
    let (family, id) = name.split_once('/').context("a lint is named FAMILY/ID")?;
    if let Some(part) = [family, id].into_iter().find(|part| !is_kebab(part)) {
        bail!("`{part}` is not in kebab-case");
    }
    let folder = root().join("lints").join(family).join(id);
    if folder.exists() {
        bail!("`lints/{name}` is there already");
    }
    fs::create_dir_all(folder.join("cases"))?;
    fs::write(folder.join("lint.md"), template(id))?;
    println!("lints/{name}/lint.md is begun: replace every TODO.");
    println!("Further cases go into lints/{name}/cases/*.md, a file for each theme or framework.");
    println!("If data does not suffice: crates/routeward-lints/src/{}.rs and its line in lib.rs.", snake(id));
    println!("Run it: SUITE={id} cargo test --package routeward-test");
    Ok(())
}

fn is_kebab(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.ends_with('-')
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn snake(id: &str) -> String {
    id.replace('-', "_")
}

/// A lint begins in the nursery: off unless asked for, until its findings are trusted.
fn template(id: &str) -> String {
    format!(
        r#"+++
name       = "{id}"
severity   = "medium"
confidence = "medium"
nursery    = true
since      = "{version}"
cwe        = [1059]
owasp-api  = ["API8:2023"]
category   = "other"
+++

Reports TODO.

## Why it matters
TODO: what a caller can do because of it.

## Bad
```js
todo(); // error
```

## Good
```js
done();
```

## How to fix
TODO: what to write instead.
"#,
        version = env!("CARGO_PKG_VERSION")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_begun_is_a_lint() {
        let path = "lints/auth/weak-thing/lint.md";
        let lint = routeward_catalog::LintMeta::parse(path, &template("weak-thing"));
        lint.unwrap_or_else(|error| panic!("{error}"));
    }
}
