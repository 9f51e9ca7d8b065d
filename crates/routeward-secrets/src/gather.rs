//! From hits in files to secrets: each value once, with all its places.

use std::collections::BTreeMap;

use routeward_base::FileId;
use routeward_catalog::TokenRow;
use routeward_diag::{Place, Severity};

use crate::decoded::Coding;
use crate::doubt::Doubt;
use crate::mask::masked;
use crate::matcher::{Hit, Matcher};
use crate::settle::rank;
use crate::{context, host};

/// A value that was found, and what it is.
#[derive(Clone, PartialEq, Debug)]
pub struct Secret<'m> {
    /// Its format.
    pub row: &'m TokenRow,
    /// The value as it may be shown.
    pub masked: String,
    /// What names the value without telling it.
    pub digest: String,
    /// Where it stands, in order of place; never empty.
    pub sites: Vec<Site<'m>>,
    /// Why it most likely opens nothing, wherever it stands.
    pub doubt: Option<Doubt<'m>>,
}

/// A place of a secret.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Site<'m> {
    /// The value, or what it is encoded in.
    pub place: Place,
    /// How it is written there, if not as it is.
    pub coding: Option<Coding>,
    /// Why it most likely opens nothing that counts, standing there.
    pub doubt: Option<Doubt<'m>>,
}

impl Site<'_> {
    /// How bad it can be to stand there.
    pub fn most(&self) -> Severity {
        self.doubt.map_or(Severity::Critical, |doubt| doubt.most)
    }
}

/// A file that was looked through.
pub struct Looked<'t, 'm> {
    /// The file.
    pub file: FileId,
    /// Its text.
    pub text: &'t str,
    /// Why what stands in it opens nothing that counts.
    pub doubt: Option<Doubt<'m>>,
    /// The same for what is chosen by who runs a program, such as passwords.
    pub own_doubt: Option<Doubt<'m>>,
    /// The same for what is known by the name that it is given to.
    pub named_doubt: Option<Doubt<'m>>,
    /// What was found.
    pub hits: &'t [Hit],
}

/// Joins what was found in all files: one entry for each value and lint, in order of its first place. `files` come in
/// order of their ids. Where a value fits one format here and another there, the one that says most is taken.
pub fn gather<'m, 't>(
    matcher: &Matcher<'m>,
    files: impl IntoIterator<Item = Looked<'t, 'm>>,
) -> Vec<Secret<'m>> {
    let mut known: BTreeMap<(&'t str, &'m str), usize> = BTreeMap::new();
    let mut secrets: Vec<Secret<'m>> = Vec::new();
    for Looked { file, text, doubt, own_doubt, named_doubt, hits } in files {
        for hit in hits {
            let row = &matcher.rows()[hit.row];
            let value = hit.secret.of(text);
            // What is encoded was asked when it was decoded.
            let own = |hit: &Hit, row| if hit.coding.is_some() { None } else { matcher.doubt(row, value) };
            let at = *known.entry((value, &row.lint)).or_insert_with(|| {
                let (masked, digest) = (masked(value), digest(value, &row.lint));
                secrets.push(Secret { row, masked, digest, sites: Vec::new(), doubt: own(hit, row) });
                secrets.len() - 1
            });
            let secret = &mut secrets[at];
            if rank(row) < rank(secret.row) {
                (secret.row, secret.doubt) = (row, own(hit, row));
            }
            let own_doubt = own_doubt.filter(|_| row.own);
            let is_by_name = row.is_named() || row.generic;
            let by_name = || context::named_doubt(text, hit).filter(|_| is_by_name && hit.coding.is_none());
            let by_place =
                || hit.doubt.or_else(|| host::doubt(text, hit)).or_else(|| context::doubt(text, hit));
            let by_file = doubt.or(named_doubt.filter(|_| row.is_named()));
            let doubt = by_file.or_else(by_place).or_else(by_name).or(own_doubt);
            let place = Place { file, span: hit.secret };
            secret.sites.push(Site { place, coding: hit.coding, doubt });
        }
    }
    secrets
}

/// What the key of digests is derived for (BLAKE3, key derivation).
const CONTEXT: &str = "routeward 2026-11-22 names of secrets";

/// What names a value in a role without telling it: a keyed hash, 16 hexadecimal digits. The key is routeward's own, so
/// that equal values have equal names in all runs; who can guess a value can try it.
pub fn digest(value: &str, role: &str) -> String {
    let mut hasher = blake3::Hasher::new_derive_key(CONTEXT);
    for part in [role, value] {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex()[..16].to_owned()
}
