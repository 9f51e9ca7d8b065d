//! Where the arguments of a registration stand, so that each element of a chain can be shown in its own place.

use routeward_base::{FileId, FxHashMap, Span};
use routeward_diag::Place;
use routeward_ir::{Expr, ExprId};

use crate::access::{Access, Root};
use crate::eval::Evaluator;
use crate::modelled::Site;
use crate::value::Value;

/// The calls of each file by their spans, filled on demand.
#[derive(Default)]
pub(crate) struct CallSites(FxHashMap<FileId, FxHashMap<Span, ExprId>>);

impl Evaluator<'_> {
    /// The values at an access path, each with the place of the argument it comes from; that of the call where
    /// the path leads into an argument or the call spreads a list.
    pub(crate) fn access_with_places(&mut self, text: &str, site: Site<'_>) -> Vec<(Value, Place)> {
        let access = Access::parse(text);
        let values = self.access(text, site);
        let first = match access.root {
            Root::Args(from, _) if access.steps.is_empty() => from,
            Root::Arg(i) if i >= 0 && access.steps.is_empty() => i as usize,
            Root::Arg(i) if access.steps.is_empty() => {
                site.args.len().saturating_sub(i.unsigned_abs() as usize)
            }
            _ => usize::MAX,
        };
        let places = if first == usize::MAX { Vec::new() } else { self.argument_places(site.place) };
        let positional = self.split_keywords(site.args).0;
        let is_certain = places.len() == positional.len();
        let place = |i: usize| {
            places.get(first.wrapping_add(i)).filter(|_| is_certain).copied().unwrap_or(site.place)
        };
        values.into_iter().enumerate().map(|(i, value)| (value, place(i))).collect()
    }

    /// Where a registration stands: of `app.route(path).get(a).put(b)` the part that belongs to the last call.
    pub(crate) fn registration_place(&mut self, place: Place) -> Place {
        let args = self.argument_places(place);
        let module = self.module(place.file);
        let call = self.call_sites.0.get(&place.file).and_then(|calls| calls.get(&place.span));
        let Some(Expr::Call { callee, .. }) = call.map(|id| &module.exprs[*id]) else { return place };
        let Expr::Member { object, .. } = &module.exprs[*callee] else { return place };
        match (&module.exprs[*object], args.first()) {
            (Expr::Call { .. }, Some(first)) => {
                let start = first.span.start;
                Place { file: place.file, span: Span { start, len: place.span.end().saturating_sub(start) } }
            }
            _ => place,
        }
    }

    /// The places of the arguments of the call at `place`; none if it spreads a list.
    fn argument_places(&mut self, place: Place) -> Vec<Place> {
        let module = self.module(place.file);
        let calls = self.call_sites.0.entry(place.file).or_insert_with(|| {
            let calls = module.exprs.iter_enumerated().filter(|(_, expr)| matches!(expr, Expr::Call { .. }));
            calls.map(|(id, _)| (module.expr_spans[id], id)).collect()
        });
        let Some(Expr::Call { args, .. }) = calls.get(&place.span).map(|id| &module.exprs[*id]) else {
            return Vec::new();
        };
        let args = args.of(&module.arg_pool);
        if args.iter().any(|arg| arg.is_spread) {
            return Vec::new();
        }
        let positional = args.iter().filter(|arg| arg.name.is_none());
        positional.map(|arg| Place { file: place.file, span: module.expr_spans[arg.value] }).collect()
    }
}
