//! Until when releases of products are maintained: runtimes, frameworks, and what images are made from.

mod span;

use std::sync::LazyLock;

use routeward_base::Date;
use routeward_formats::{Format, Node};

use crate::Ecosystem;
use crate::files::tree::{Pieces, tables};

/// The table of `lints/lifetimes`.
static TEXT: &str = include_str!("../lifetimes/products.toml");

/// When security updates of a release end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending {
    /// On a day.
    On(Date),
    /// Nobody has named a day yet.
    Unknown,
    /// Before anybody wrote down when.
    Past,
}

/// A line of releases: all versions that begin with its numbers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cycle {
    /// The beginning of versions, as the product names it.
    pub name: String,
    /// When security updates end.
    pub ending: Ending,
    numbers: Vec<u32>,
}

impl Cycle {
    /// There are no updates any more.
    pub fn is_over(&self, today: Date) -> bool {
        match self.ending {
            Ending::On(day) => day < today,
            Ending::Unknown => false,
            Ending::Past => true,
        }
    }
}

/// Something that is released in lines.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Product {
    /// What people call it.
    pub name: String,
    /// In ascending order.
    pub cycles: Vec<Cycle>,
    runtimes: Vec<String>,
    images: Vec<String>,
    packages: Vec<(Ecosystem, String)>,
    system: Option<String>,
    names: Vec<(String, String)>,
}

impl Product {
    /// The line that is maintained longest; none where all that are known are over.
    pub fn maintained(&self, today: Date) -> Option<&Cycle> {
        let day = |cycle: &Cycle| match cycle.ending {
            Ending::On(day) => day.days(),
            _ => 0,
        };
        let known = self.cycles.iter().filter(|cycle| !cycle.is_over(today));
        // Of equal ones the last counts, which is the newest.
        known.max_by_key(|cycle| day(cycle))
    }

    /// The line that a version belongs to. A version with fewer numbers than lines have is the newest that begins so, as
    /// long as something newer is known: `3` of a tag moves with what is released.
    fn cycle(&self, version: &str) -> Option<&Cycle> {
        let numbers = numbers(version);
        if numbers.is_empty() {
            return None;
        }
        let whole = self.cycles.iter().rev().find(|cycle| numbers.starts_with(&cycle.numbers));
        whole.or_else(|| {
            let last = self.cycles.iter().rposition(|cycle| cycle.numbers.starts_with(&numbers))?;
            (last + 1 < self.cycles.len()).then(|| &self.cycles[last])
        })
    }

    /// The line that a word means: a version, or a name for one.
    fn meant(&self, word: &str) -> Option<&Cycle> {
        let named = self.names.iter().find(|(name, _)| name == word);
        self.cycle(named.map_or(word, |(_, version)| version))
    }

    /// The line that a piece of a tag of another image speaks of: `alpine3.14`, `buster`.
    fn below(&self, piece: &str) -> Option<&Cycle> {
        let system = self.system.as_deref()?;
        if self.names.iter().any(|(name, _)| name == piece) {
            return self.meant(piece);
        }
        let version = piece.strip_prefix(system)?;
        version.starts_with(|c: char| c.is_ascii_digit()).then(|| self.cycle(version)).flatten()
    }
}

/// A line of a product.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Life<'t> {
    /// The product.
    pub product: &'t Product,
    /// The line.
    pub cycle: &'t Cycle,
}

/// What is known of all products.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lifetimes {
    /// The day of which all this is known.
    pub as_of: Date,
    /// The products.
    pub products: Vec<Product>,
}

impl Lifetimes {
    /// What is a part of the program. It is read once, when it is first asked for.
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Lifetimes> = LazyLock::new(|| {
            let read = routeward_formats::read(Format::Toml, TEXT);
            let root = read.document.root();
            let products = root.map(|root| tables(root, "product")).unwrap_or_default();
            let as_of = root.and_then(|root| Date::parse(root.get("as-of")?.text()?));
            Lifetimes { as_of: as_of.unwrap_or_default(), products: products.iter().map(product).collect() }
        });
        &EMBEDDED
    }

    /// What an image is made from, as far as its name and tag tell it: the product first, then the system below.
    pub fn of_image(&self, name: &str, tag: &str) -> Vec<Life<'_>> {
        let mut pieces = tag.split(['-', '_']);
        let own = self.products.iter().find(|product| product.images.iter().any(|image| image == name));
        let first = pieces.clone().next().unwrap_or("");
        let mut lives: Vec<Life<'_>> = own
            .and_then(|product| Some(Life { product, cycle: product.meant(first)? }))
            .into_iter()
            .collect();
        // Images of whom nothing is known name what they like.
        if own.is_none_or(|product| product.system.is_some()) {
            return lives;
        }
        let below = pieces.find_map(|piece| {
            let mut systems = self.products.iter();
            systems.find_map(|product| Some(Life { product, cycle: product.below(piece)? }))
        });
        lives.extend(below);
        lives
    }

    /// The newest line of a runtime that a text lets in, a version or a range of them; none where it may be one that
    /// nothing is known of.
    pub fn of_runtime(&self, name: &str, said: &str) -> Option<Life<'_>> {
        let product =
            self.products.iter().find(|product| product.runtimes.iter().any(|runtime| runtime == name))?;
        let named = product.names.iter().any(|(name, _)| name == said);
        let cycle = if named { product.meant(said) } else { product.newest_within(&span::read(said)?) };
        Some(Life { product, cycle: cycle? })
    }

    /// The line of a framework that a package is in a version.
    pub fn of_package(&self, ecosystem: Ecosystem, name: &str, version: &str) -> Option<Life<'_>> {
        let folded = ecosystem.fold(name);
        let is_it = |(of, package): &(Ecosystem, String)| *of == ecosystem && *package == folded;
        let product = self.products.iter().find(|product| product.packages.iter().any(is_it))?;
        Some(Life { product, cycle: product.cycle(version)? })
    }
}

/// The numbers at the beginning of a version.
fn numbers(version: &str) -> Vec<u32> {
    let version = version.trim().trim_start_matches('v');
    let end = version.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(version.len());
    version[..end].split('.').map_while(|number| number.parse().ok()).collect()
}

fn product(table: &Pieces<'_>) -> Product {
    let texts = |key: &str| -> Vec<String> {
        let items = table.get(key).into_iter().flat_map(Node::items);
        items.filter_map(|item| item.text().map(str::to_owned)).collect()
    };
    let pairs = |key: &str| -> Vec<(String, String)> {
        let pair = |(key, value): (Node<'_>, Pieces<'_>)| {
            Some((key.scalar()?.to_owned(), value.value()?.text()?.to_owned()))
        };
        table.at(&[key]).entries().into_iter().filter_map(pair).collect()
    };
    let cycle = |(name, ending): (String, String)| {
        let ending = match ending.as_str() {
            "maintained" => Ending::Unknown,
            "ended" => Ending::Past,
            day => Date::parse(day).map_or(Ending::Unknown, Ending::On),
        };
        Cycle { numbers: numbers(&name), name, ending }
    };
    let mut cycles: Vec<Cycle> = pairs("cycles").into_iter().map(cycle).collect();
    cycles.sort_by(|a, b| a.numbers.cmp(&b.numbers));
    let packages = texts("packages").into_iter().filter_map(|text| {
        let (ecosystem, name) = text.split_once(':')?;
        Some((Ecosystem::from_name(ecosystem)?, name.to_owned()))
    });
    Product {
        name: table.text("name").unwrap_or_default().to_owned(),
        cycles,
        runtimes: texts("runtimes"),
        images: texts("images"),
        packages: packages.collect(),
        system: table.text("system").map(str::to_owned),
        names: pairs("names"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(life: Option<Life<'_>>) -> String {
        life.map_or("-".to_owned(), |life| format!("{} {}", life.product.name, life.cycle.name))
    }

    #[test]
    fn the_table_is_well_formed() {
        let table = Lifetimes::embedded();
        assert_eq!(Date::parse(&table.as_of.to_string()), Some(table.as_of));
        assert!(table.as_of > Date::default() && table.products.len() >= 40);
        let mut images = std::collections::BTreeSet::new();
        let mut raw = TEXT.matches("\n[[product]]").count();
        for product in &table.products {
            raw -= 1;
            let name = &product.name;
            assert!(!name.is_empty() && !product.cycles.is_empty(), "{name}");
            assert!(product.cycles.iter().all(|cycle| !cycle.numbers.is_empty()), "{name}");
            assert!(product.cycles.is_sorted_by(|a, b| a.numbers < b.numbers), "{name}: each line once");
            assert!(
                product.names.iter().all(|(word, _)| product.meant(word).is_some()),
                "{name}: what names mean is there"
            );
            assert!(
                !(product.images.is_empty() && product.packages.is_empty() && product.runtimes.is_empty()),
                "{name} is found by something"
            );
            for image in &product.images {
                assert!(images.insert(image), "{image} is there twice");
            }
        }
        assert_eq!(raw, 0, "every product is read");
        // A day that is none would pass for one that nobody has named.
        let days =
            TEXT.lines().filter_map(|line| line.strip_prefix('"')?.split_once("\" = ")).map(|(_, day)| day);
        for day in days.map(|day| day.trim_matches('"')) {
            assert!(matches!(day, "maintained" | "ended") || Date::parse(day).is_some(), "{day}");
        }
    }

    #[test]
    fn images_tell_what_they_are_made_from() {
        let lives = |name: &str, tag: &str| -> String {
            let lives = Lifetimes::embedded().of_image(name, tag);
            let lives: Vec<String> = lives.into_iter().map(|life| said(Some(life))).collect();
            lives.join(", ")
        };
        let cases = [
            (("node", "16.20.0-alpine3.16"), "Node.js 16, Alpine Linux 3.16"),
            (("node", "lts"), ""),
            (("node", "gallium-buster-slim"), "Node.js 16, Debian 10"),
            (("python", "3.8-slim-buster"), "Python 3.8, Debian 10"),
            (("python", "2"), "Python 2.7"),
            // The newest that is known: it may have moved on since.
            (("golang", "1"), ""),
            (("traefik", "v2.10"), "Traefik 2.10"),
            (("debian", "bullseye-slim"), "Debian 11"),
            (("ubuntu", "focal-20230801"), "Ubuntu 20.04"),
            (("alpine", "3"), ""),
            (("acme/shop", "16-buster"), ""),
        ];
        for ((name, tag), expected) in cases {
            assert_eq!(lives(name, tag), expected, "{name}:{tag}");
        }
    }

    #[test]
    fn ranges_of_runtimes_are_the_newest_line_that_they_let_in() {
        let cases = [
            (("node", "v14.17.0"), "Node.js 14"),
            (("node", "14.x"), "Node.js 14"),
            (("node", "^12.20.0 || ^14.13.1"), "Node.js 14"),
            (("node", ">=12 <15"), "Node.js 14"),
            (("node", ">=12 <15.0.0 || >=10.0.0 <11"), "Node.js 14"),
            (("node", "<0"), "-"),
            (("node", ">=12"), "-"),
            (("node", "*"), "-"),
            (("node", "lts/*"), "-"),
            (("node", "~16.1"), "Node.js 16"),
            (("python", ">=3.7,<3.9"), "Python 3.8"),
            (("python", "~=3.8"), "-"),
            (("python", "==3.8.*"), "Python 3.8"),
            (("python", ">=3.8"), "-"),
            (("php", "^7.4"), "PHP 7.4"),
            (("php", "^7.4|^8.0"), "-"),
            (("php", ">=7.1 <=7.4.99"), "PHP 7.4"),
            (("ruby", "2.7.2p137"), "Ruby 2.7"),
            (("dotnet", "6.0.100"), ".NET 6"),
            (("cobol", "6"), "-"),
        ];
        for ((name, text), expected) in cases {
            assert_eq!(said(Lifetimes::embedded().of_runtime(name, text)), expected, "{name} {text}");
        }
    }
}
