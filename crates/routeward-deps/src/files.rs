//! Reads manifests, lockfiles and inventories into listings. A format is one file here; what they share is how a
//! document is walked ([`tree`]) and how it is told who asks for what ([`graph`]).
//!
//! Nothing recurses and nothing is resolved that the file does not say. Cost: linear in the text, but for a factor of at
//! most [`npm::LEVELS`] where packages are nested in folders.

mod action;
mod cargo;
mod composer;
mod go;
mod gradle;
mod graph;
mod hex;
mod image;
mod inventory;
pub(crate) mod join;
mod maven;
mod mix;
mod npm;
mod nuget;
mod properties;
mod python;
mod ruby;
mod runtime;
mod settings;
mod sources;
pub(crate) mod tree;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use routeward_base::Span;
use routeward_formats::{Document, Fault, Format, Node};

use crate::{Dependency, DependencyId, Ecosystem, FileKind, Listing, Project, Reference, Runtime};

/// What a file is, by its name: whether [`read`] reads it.
pub fn kind_of(path: &str) -> Option<FileKind> {
    file_of(path).map(|file| file.kind)
}

/// Whose packages a file lists, by its name; none for files that list those of any ecosystem.
pub fn ecosystem_of(path: &str) -> Option<Ecosystem> {
    file_of(path).and_then(|file| file.ecosystem)
}

/// The ecosystems of which some file is read, in order.
pub fn ecosystems() -> BTreeSet<Ecosystem> {
    NAMES.iter().chain(ENDINGS).map(|(_, ecosystem, ..)| *ecosystem).collect()
}

/// Reads a file that lists dependencies; none where its name is not that of such a file.
pub fn read(path: &str, text: &str) -> Option<Listing> {
    let file = file_of(path)?;
    let listing = Listing {
        kind: file.kind,
        dependencies: Vec::new(),
        runtimes: Vec::new(),
        owner: None,
        references: Vec::new(),
        sources: Vec::new(),
        project: Project::default(),
        tells_scopes: true,
        faults: Vec::new(),
    };
    let ecosystem = file.ecosystem.unwrap_or(Ecosystem::Npm);
    let mut cx = Cx { path, text, ecosystem, listing };
    (file.read)(&mut cx);
    name_all(&mut cx);
    narrow(&mut cx);
    cx.listing.faults.sort_by_key(|fault| fault.span.start);
    Some(cx.listing)
}

/// Takes out what has no name, which is told.
fn name_all(cx: &mut Cx<'_>) {
    let mut kept: Vec<Option<DependencyId>> = Vec::with_capacity(cx.listing.dependencies.len());
    let mut count = 0;
    for dependency in &cx.listing.dependencies {
        let is_kept = !dependency.name.trim().is_empty();
        kept.push(is_kept.then_some(count));
        count += DependencyId::from(is_kept);
    }
    if count as usize == kept.len() {
        return;
    }
    for dependency in std::mem::take(&mut cx.listing.dependencies) {
        if dependency.name.trim().is_empty() {
            cx.fault(dependency.place, "a package without a name", "name it");
            continue;
        }
        let parents = dependency.parents.iter().filter_map(|id| kept[*id as usize]).collect();
        cx.listing.dependencies.push(Dependency { parents, ..dependency });
    }
}

/// Where a version stands with marks around it (`==1.0`, `[1.0]`), its place is that of the version alone.
fn narrow(cx: &mut Cx<'_>) {
    for dependency in &mut cx.listing.dependencies {
        let Some(version) = &dependency.version else { continue };
        let place = dependency.version_place;
        let at = place.of(cx.text).find(version.as_str()).filter(|_| !version.is_empty());
        if let Some(at) = at {
            let start = place.start + at as u32;
            dependency.version_place = Span::new(start, start + version.len() as u32);
        }
    }
}

/// Reads one kind of file.
type Reader = fn(&mut Cx<'_>);

/// A kind of file.
#[derive(Clone, Copy)]
struct File {
    kind: FileKind,
    ecosystem: Option<Ecosystem>,
    read: Reader,
}

/// Whole names, in lower case.
const NAMES: &[(&str, Ecosystem, FileKind, Reader)] = &[
    ("package.json", Ecosystem::Npm, FileKind::Manifest, npm::manifest::read),
    ("pnpm-workspace.yaml", Ecosystem::Npm, FileKind::Manifest, npm::manifest::workspace),
    ("package-lock.json", Ecosystem::Npm, FileKind::Lock, npm::lock::read),
    ("npm-shrinkwrap.json", Ecosystem::Npm, FileKind::Lock, npm::lock::read),
    ("yarn.lock", Ecosystem::Npm, FileKind::Lock, npm::yarn::read),
    ("pnpm-lock.yaml", Ecosystem::Npm, FileKind::Lock, npm::pnpm::read),
    ("bun.lock", Ecosystem::Npm, FileKind::Lock, npm::bun::read),
    ("pyproject.toml", Ecosystem::PyPi, FileKind::Manifest, python::project::read),
    ("poetry.lock", Ecosystem::PyPi, FileKind::Lock, python::lock::poetry),
    ("uv.lock", Ecosystem::PyPi, FileKind::Lock, python::lock::uv),
    ("pdm.lock", Ecosystem::PyPi, FileKind::Lock, python::lock::pdm),
    ("pylock.toml", Ecosystem::PyPi, FileKind::Lock, python::lock::pylock),
    ("pipfile", Ecosystem::PyPi, FileKind::Manifest, python::pipfile::manifest),
    ("pipfile.lock", Ecosystem::PyPi, FileKind::Lock, python::pipfile::lock),
    ("go.mod", Ecosystem::Go, FileKind::Lock, go::module),
    ("go.sum", Ecosystem::Go, FileKind::Lock, go::sums),
    ("cargo.toml", Ecosystem::Cargo, FileKind::Manifest, cargo::manifest),
    ("cargo.lock", Ecosystem::Cargo, FileKind::Lock, cargo::lock),
    ("pom.xml", Ecosystem::Maven, FileKind::Manifest, maven::read),
    ("gradle.lockfile", Ecosystem::Maven, FileKind::Lock, gradle::lock),
    ("buildscript-gradle.lockfile", Ecosystem::Maven, FileKind::Lock, gradle::lock),
    ("build.gradle", Ecosystem::Maven, FileKind::Manifest, gradle::script),
    ("build.gradle.kts", Ecosystem::Maven, FileKind::Manifest, gradle::script),
    ("packages.lock.json", Ecosystem::NuGet, FileKind::Lock, nuget::lock),
    ("directory.packages.props", Ecosystem::NuGet, FileKind::Manifest, nuget::project),
    ("directory.build.props", Ecosystem::NuGet, FileKind::Manifest, nuget::project),
    ("packages.config", Ecosystem::NuGet, FileKind::Lock, nuget::config),
    ("composer.json", Ecosystem::Packagist, FileKind::Manifest, composer::manifest),
    ("composer.lock", Ecosystem::Packagist, FileKind::Lock, composer::lock),
    ("gemfile", Ecosystem::RubyGems, FileKind::Manifest, ruby::manifest),
    ("gems.rb", Ecosystem::RubyGems, FileKind::Manifest, ruby::manifest),
    ("gemfile.lock", Ecosystem::RubyGems, FileKind::Lock, ruby::lock),
    ("gems.locked", Ecosystem::RubyGems, FileKind::Lock, ruby::lock),
    ("mix.exs", Ecosystem::Hex, FileKind::Manifest, mix::manifest),
    ("mix.lock", Ecosystem::Hex, FileKind::Lock, hex::lock),
    (".npmrc", Ecosystem::Npm, FileKind::Settings, settings::npm),
    (".yarnrc", Ecosystem::Npm, FileKind::Settings, settings::npm),
    (".yarnrc.yml", Ecosystem::Npm, FileKind::Settings, settings::yarn),
    ("pip.conf", Ecosystem::PyPi, FileKind::Settings, settings::pip),
    ("pip.ini", Ecosystem::PyPi, FileKind::Settings, settings::pip),
    ("uv.toml", Ecosystem::PyPi, FileKind::Settings, settings::uv),
    ("nuget.config", Ecosystem::NuGet, FileKind::Settings, settings::nuget),
    ("settings.gradle", Ecosystem::Maven, FileKind::Settings, settings::gradle),
    ("settings.gradle.kts", Ecosystem::Maven, FileKind::Settings, settings::gradle),
    ("action.yml", Ecosystem::Action, FileKind::Platform, action::read),
    ("action.yaml", Ecosystem::Action, FileKind::Platform, action::read),
    (".gitlab-ci.yml", Ecosystem::Image, FileKind::Platform, image::pipeline),
    (".gitlab-ci.yaml", Ecosystem::Image, FileKind::Platform, image::pipeline),
];

/// How names end.
const ENDINGS: &[(&str, Ecosystem, FileKind, Reader)] = &[
    (".versions.toml", Ecosystem::Maven, FileKind::Manifest, gradle::catalog),
    (".csproj", Ecosystem::NuGet, FileKind::Manifest, nuget::project),
    (".fsproj", Ecosystem::NuGet, FileKind::Manifest, nuget::project),
    (".vbproj", Ecosystem::NuGet, FileKind::Manifest, nuget::project),
];

fn file_of(path: &str) -> Option<File> {
    let path = path.to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or(&path);
    let whole = NAMES.iter().find(|(known, ..)| *known == name);
    let ending = || ENDINGS.iter().find(|(ending, ..)| name.len() > ending.len() && name.ends_with(ending));
    if let Some((_, ecosystem, kind, read)) = whole.or_else(ending) {
        return Some(File { kind: *kind, ecosystem: Some(*ecosystem), read: *read });
    }
    if path.ends_with(".cargo/config.toml") || path.ends_with(".cargo/config") {
        return Some(File {
            kind: FileKind::Settings,
            ecosystem: Some(Ecosystem::Cargo),
            read: settings::cargo,
        });
    }
    let python = |kind, read| Some(File { kind, ecosystem: Some(Ecosystem::PyPi), read });
    let inventory = |read| Some(File { kind: FileKind::Inventory, ecosystem: None, read });
    let platform =
        |ecosystem, read: Reader| Some(File { kind: FileKind::Platform, ecosystem: Some(ecosystem), read });
    let is = |ending: &str| name.ends_with(ending);
    let is_yaml = is(".yml") || is(".yaml");
    match () {
        () if python::requirements::is_name(&path) => {
            python(FileKind::Manifest, python::requirements::read as _)
        }
        () if name.starts_with("pylock.") && is(".toml") => python(FileKind::Lock, python::lock::pylock as _),
        () if is(".cdx.json") || is(".spdx.json") => inventory(inventory::json as _),
        () if matches!(name, "bom.json" | "sbom.json") => inventory(inventory::json as _),
        () if is(".cdx.xml") || matches!(name, "bom.xml" | "sbom.xml") => inventory(inventory::xml as _),
        () if Format::of(name) == Some(Format::Dockerfile) => platform(Ecosystem::Image, image::instructions),
        () if name.contains("compose") && is_yaml => platform(Ecosystem::Image, image::compose),
        () if action::is_workflow(&path) => platform(Ecosystem::Action, action::read),
        () if runtime::is_name(name) => platform(Ecosystem::Image, runtime::read),
        () => None,
    }
}

/// What a reader is given, and where it puts what it finds.
struct Cx<'t> {
    path: &'t str,
    text: &'t str,
    ecosystem: Ecosystem,
    listing: Listing,
}

impl Cx<'_> {
    /// The text as a tree; what is wrong with it is told.
    fn document(&mut self, format: Format) -> Document {
        let read = routeward_formats::read(format, self.text);
        self.listing.faults.extend(read.faults);
        read.document
    }

    fn add(&mut self, dependency: Dependency) -> DependencyId {
        self.listing.dependencies.push(dependency);
        self.listing.dependencies.len() as DependencyId - 1
    }

    /// What the program runs on, as a scalar says it, or a part of that scalar.
    fn run_on(&mut self, name: &str, said: &str, place: Span) {
        let said = said.trim();
        if !said.is_empty() {
            let (name, said) = (name.to_owned(), said.to_owned());
            self.listing.runtimes.push(Runtime { name, said, place });
        }
    }

    /// What a key says that the program runs on.
    fn run_on_key(&mut self, name: &str, node: Option<Node<'_>>) {
        if let Some((node, said)) = node.and_then(|node| Some((node, node.scalar()?))) {
            self.run_on(name, said, self.inner(node, said));
        }
    }

    /// An address of the repository: `https://github.com/acme/shop.git`, `github:acme/shop`.
    fn home(&mut self, address: &str) {
        let behind =
            ["github.com/", "github.com:", "github:"].iter().find_map(|mark| address.split_once(mark));
        let owner = behind.and_then(|(_, path)| path.split('/').next()).filter(|owner| !owner.is_empty());
        if self.listing.owner.is_none() {
            self.listing.owner = owner.map(str::to_ascii_lowercase);
        }
    }

    fn refer(&mut self, path: &str, is_constraint: bool, place: Span) {
        self.listing.references.push(Reference { path: path.to_owned(), is_constraint, place });
    }

    fn fault(&mut self, span: Span, message: impl Into<String>, remedy: &'static str) {
        self.listing.faults.push(Fault { span, message: message.into(), remedy });
    }

    /// The file is not what its name says.
    fn foreign(&mut self) {
        self.fault(
            Span::new(0, 0),
            "it holds no list of packages",
            "write it again with the tool that made it",
        );
    }

    /// A package that a scalar names, or a part of that scalar.
    fn named(&self, name: &str, node: Node<'_>) -> Dependency {
        Dependency::new(self.ecosystem, name, self.inner(node, name))
    }

    /// Where a part of what a scalar says is written; the whole scalar if it is written otherwise.
    fn inner(&self, node: Node<'_>, part: &str) -> Span {
        let span = node.span();
        match span.of(self.text).find(part) {
            Some(at) if !part.is_empty() => {
                let start = span.start + at as u32;
                Span::new(start, start + part.len() as u32)
            }
            _ => span,
        }
    }

    /// Where a piece of the text stands.
    fn place(&self, piece: &str) -> Span {
        let start = (piece.as_ptr() as usize).wrapping_sub(self.text.as_ptr() as usize);
        if start > self.text.len() {
            return Span::default();
        }
        Span::new(start as u32, (start + piece.len()) as u32)
    }
}
