//! What a program provides for its requests: a line in a log, headers that browsers obey, a check of where they are
//! from. What may be provided counts: only what surely is not is missed.

use std::collections::BTreeMap;

use routeward_base::{Name, Span};
use routeward_catalog::{Provision, ProvisionRow, ScopeKind};
use routeward_diag::Place;
use routeward_ir::Role;

use crate::eval::Evaluator;
use crate::modelled::Site;
use crate::value::{ObjId, Shape, Tags, Value};

impl Evaluator<'_> {
    /// What the programs provide for their requests, and where they first do.
    pub fn provisions(&self) -> &BTreeMap<Provision, Place> {
        &self.provisions
    }

    /// Where a scope was made, if code of the program made it.
    pub fn scope_place(&self, scope: ObjId) -> Option<Place> {
        let place = self.heap.objects[scope].place?;
        let unit = self.program.units.get(place.file)?;
        (unit.role == Role::Source && place.span.len > 0).then_some(place)
    }

    /// A call by which the program provides something.
    pub(crate) fn note_provided(&mut self, row: &ProvisionRow, site: Site<'_>) {
        if row.when.iter().all(|when| self.condition(when, site) != Some(false)) {
            for provision in &row.gives {
                self.note_provision(*provision, site.place);
            }
        }
    }

    /// What the programs may provide because their code has a text that says so.
    pub(crate) fn note_mentions(&mut self) {
        let rows: Vec<&ProvisionRow> = self.index.provisions.clone();
        for (file, unit) in self.program.units.iter_enumerated() {
            if unit.language != self.language || unit.role != Role::Source {
                continue;
            }
            let names = (0..unit.module.names.len() as u32).map(|i| unit.module.text(Name(i)));
            // Names of headers have hyphens; most names of a program have none.
            let names: Vec<String> = names.filter(|name| name.contains('-')).map(str::to_lowercase).collect();
            for row in &rows {
                if row.mentions.iter().any(|text| names.contains(text)) {
                    let place = Place { file, span: Span::default() };
                    row.gives.iter().for_each(|provision| self.note_provision(*provision, place));
                }
            }
        }
    }

    pub(crate) fn note_provision(&mut self, provision: Provision, place: Place) {
        if let Some(run) = &mut self.run
            && !run.outcome.provided.contains(&provision)
        {
            run.outcome.provided.push(provision);
        }
        // What one request meets without being seen says nothing of the others.
        if self.run.is_none() || provision != Provision::Anything {
            self.provisions.entry(provision).or_insert(place);
        }
    }

    /// Code that is not seen may write a line, if its name says so. Where it is given the request, the response, or what
    /// hands the request on, or before that the server, it may provide anything.
    pub(crate) fn note_unseen(&mut self, name: &str, args: &[Value], place: Place) {
        self.note_renewal(name);
        // Looked up until the run is known to write one.
        let may_log = self.run.as_ref().is_some_and(|run| !run.outcome.provided.contains(&Provision::Log));
        if may_log && self.speaks_of("log", name) {
            self.note_provision(Provision::Log, place);
        }
        let is_asked = |value: &Value| {
            value.tags().intersects(Tags::REQUEST) || matches!(value.shape, Shape::Closure(_))
        };
        if args.iter().any(is_asked)
            && let Some(run) = &mut self.run
        {
            run.outcome.asks_unseen = true;
        }
        let is_part = |value: &Value| match value.shape {
            Shape::Object(id) if self.run.is_some() => self.runs.stands_for_request(id),
            Shape::Object(id) => self.scope_kind(id) == Some(ScopeKind::Root),
            _ => false,
        };
        if args.iter().any(|arg| is_part(arg) || self.run.is_some() && self.is_continuation(arg)) {
            self.note_provision(Provision::Anything, place);
        }
    }
}
