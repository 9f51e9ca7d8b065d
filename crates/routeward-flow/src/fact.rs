//! Must-facts: what holds on every path to a program point, with the code that established it.
//!
//! Facts meet by intersection of their kinds, so a check in one branch only does not count, and a check after
//! the effect does not count. A value carries the facts that hold when it is truthy and when it is falsy, so
//! that `const ok = check(x); if (!ok) return` works through variables and calls.

use std::rc::Rc;

use routeward_base::index_type;
use routeward_diag::Place;

use crate::Sym;
use crate::taint::{Compared, SinkKinds};
use crate::value::EffectId;

index_type! {
    /// An entry of [`EvidenceTable`].
    pub struct EvidenceId;
}

/// What is known to hold.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum FactKind {
    /// The caller's credential was verified.
    Authn,
    /// A role or permission of the caller was tested; tests by order (`level > 3`) carry a discriminator, so that
    /// the two outcomes of one test do not add up to a fact.
    Role(u32),
    /// A stored object or an identifier was compared with the caller.
    Owner,
    /// A limiter was passed.
    Limited,
    /// A token against cross-site requests was checked.
    Csrf,
    /// The signature of the message was verified.
    Signature,
    /// The address of the caller was checked.
    Address,
    /// An input, by path, passed a check; zero for a schema, else the test that was passed.
    Validated(Sym, u32),
    /// A value was compared so that it can do no harm to sinks of these kinds.
    Bound(Compared, SinkKinds),
    /// Something that may have verified the caller, but could not be seen through.
    Opaque(Sym),
    /// Code that is not seen has had its say on a part of the request that may be a credential. Where the request is
    /// refused otherwise, that may have verified the caller.
    Unseen(Sym),
    /// A setting of the deployment has this outcome: set, unset, or [`DECIDES`].
    Setting(Sym, u32),
    /// What a setting of the deployment has given, or what stands in for it, is not this text.
    IsNot(Sym),
    /// What a read of stored data gives is no row, or the caller's own.
    Free(EffectId),
    /// The request was answered.
    Answered,
}

/// Marks of the discriminator of a test: its one outcome, or the two outcomes of a comparison by order.
pub(crate) const HOLDS: u32 = 1;
pub(crate) const IS_LESS: u32 = 2;
pub(crate) const IS_MORE: u32 = 3;

/// Why the caller is verified where a credential equals a key that all callers share.
pub const COMPARED_KEY: &str = "is compared with a key";

/// Outcomes of a setting.
pub(crate) const IS_SET: u32 = 0;
pub(crate) const IS_UNSET: u32 = 1;
/// The caller was verified under one outcome of the setting only.
pub const DECIDES: u32 = 2;

impl FactKind {
    /// True if it is a note on how a point was reached rather than something that a guard proves.
    pub fn is_circumstance(self) -> bool {
        matches!(self, Self::Unseen(_) | Self::Setting(..) | Self::IsNot(_) | Self::Free(_))
    }

    /// True if two paths that know these kinds both know the one: the same kind, or two tests of one thing that are
    /// not the two outcomes of one test.
    fn agrees_with(self, other: Self) -> bool {
        let distinct =
            |a: u32, b: u32| a >> 2 != b >> 2 || a & 3 == b & 3 || a & 3 == HOLDS || b & 3 == HOLDS;
        match (self, other) {
            (Self::Role(a), Self::Role(b)) => distinct(a, b),
            (Self::Validated(path, a), Self::Validated(other, b)) => path == other && distinct(a, b),
            _ => self == other,
        }
    }
}

/// A fact and the code that established it.
#[derive(Clone, Copy, Debug)]
pub struct Fact {
    /// What holds.
    pub kind: FactKind,
    /// Why.
    pub evidence: EvidenceId,
}

/// Facts in order of kind, one of each.
#[derive(Clone, Default, Debug)]
pub struct FactSet(Option<Rc<[Fact]>>);

impl FactSet {
    /// One fact.
    pub fn one(kind: FactKind, evidence: EvidenceId) -> Self {
        Self(Some(Rc::new([Fact { kind, evidence }])))
    }

    /// The facts.
    pub fn iter(&self) -> impl Iterator<Item = Fact> + '_ {
        self.0.iter().flat_map(|facts| facts.iter().copied())
    }

    /// True if nothing is known.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The first fact that satisfies `test`.
    pub fn find(&self, test: impl Fn(FactKind) -> bool) -> Option<Fact> {
        self.iter().find(|fact| test(fact.kind))
    }

    /// True if the kind is known to hold.
    pub fn has(&self, kind: FactKind) -> bool {
        self.find(|known| known == kind).is_some()
    }

    /// Everything that either set knows.
    pub fn union(&self, other: &Self) -> Self {
        let (Some(left), Some(right)) = (&self.0, &other.0) else {
            return if self.is_empty() { other.clone() } else { self.clone() };
        };
        if Rc::ptr_eq(left, right) {
            return self.clone();
        }
        let mut facts: Vec<Fact> = left.iter().chain(right.iter()).copied().collect();
        facts.sort_by_key(|fact| fact.kind);
        facts.dedup_by_key(|fact| fact.kind);
        if facts.len() == left.len() { self.clone() } else { Self(Some(facts.into())) }
    }

    /// What both sets know; the evidence of the first is kept.
    pub fn intersect(&self, other: &Self) -> Self {
        if let (Some(left), Some(right)) = (&self.0, &other.0)
            && Rc::ptr_eq(left, right)
        {
            return self.clone();
        }
        let common = |fact: &Fact| other.iter().any(|known| fact.kind.agrees_with(known.kind));
        let both: Self = self.iter().filter(common).collect();
        let both = match self.owned_beside(other).or_else(|| other.owned_beside(self)) {
            Some(fact) => both.union(&Self(Some(Rc::new([fact])))),
            None => both,
        };
        match self.decided_beside(other).or_else(|| other.decided_beside(self)) {
            Some(fact) => both.union(&Self(Some(Rc::new([fact])))),
            None => both,
        }
    }

    /// That the row belongs to the caller, if it does on this path and the caller has a role of his own on the other: who
    /// administrates may see what is not his.
    fn owned_beside(&self, entitled: &Self) -> Option<Fact> {
        let is_new = |kind: FactKind| {
            matches!(kind, FactKind::Role(_)) && !self.iter().any(|own| own.kind.agrees_with(kind))
        };
        let owner = self.find(|kind| kind == FactKind::Owner)?;
        (!entitled.has(FactKind::Owner) && entitled.find(is_new).is_some()).then_some(owner)
    }

    /// The setting that decides whether the caller is verified, if the caller is verified on the other path and not on
    /// this one.
    fn decided_beside(&self, verified: &Self) -> Option<Fact> {
        if self.has(FactKind::Authn) || !verified.has(FactKind::Authn) {
            return None;
        }
        self.iter().find_map(|fact| {
            let FactKind::Setting(name, outcome) = fact.kind else { return None };
            let is_decided = match outcome {
                IS_SET => verified.has(FactKind::Setting(name, IS_UNSET)),
                IS_UNSET => verified.has(FactKind::Setting(name, IS_SET)),
                _ => true,
            };
            is_decided.then_some(Fact { kind: FactKind::Setting(name, DECIDES), ..fact })
        })
    }

    /// What this set knows and the other does not.
    pub fn minus(&self, other: &Self) -> Self {
        if other.is_empty() {
            return self.clone();
        }
        self.iter().filter(|fact| !other.has(fact.kind)).collect()
    }

    /// The kinds, as a key for memoisation.
    pub fn kinds(&self) -> Vec<FactKind> {
        self.iter().map(|fact| fact.kind).collect()
    }
}

impl FromIterator<Fact> for FactSet {
    fn from_iter<I: IntoIterator<Item = Fact>>(iter: I) -> Self {
        let facts: Vec<Fact> = iter.into_iter().collect();
        Self((!facts.is_empty()).then(|| facts.into()))
    }
}

impl PartialEq for FactSet {
    fn eq(&self, other: &Self) -> bool {
        self.iter().map(|fact| fact.kind).eq(other.iter().map(|fact| fact.kind))
    }
}

/// Why a fact holds: a place, and a phrase about a name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Reason {
    /// The code.
    pub place: Place,
    /// The phrase.
    pub phrase: &'static str,
    /// What the phrase is about.
    pub about: Sym,
}

/// All evidence of a run.
#[derive(Default)]
pub struct EvidenceTable {
    items: routeward_base::IndexVec<EvidenceId, Reason>,
    ids: routeward_base::FxHashMap<Reason, EvidenceId>,
}

impl EvidenceTable {
    /// The id of a reason.
    pub fn add(&mut self, reason: Reason) -> EvidenceId {
        if let Some(id) = self.ids.get(&reason) {
            return *id;
        }
        let id = self.items.push(reason);
        self.ids.insert(reason, id);
        id
    }

    /// The reason.
    pub fn get(&self, id: EvidenceId) -> Reason {
        self.items[id]
    }
}
