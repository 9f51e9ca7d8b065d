//! What a call is for, as the names around it tell: of what its value is written to, of what it is given, of the
//! function that it stands in. Names prove nothing; they only tell a checksum from a password's hash.

use routeward_base::{FileId, Span};
use routeward_diag::Place;
use routeward_ir::{Expr, ExprId, FuncId, Key, Module, Pat, PatId, Property, Stmt};

use crate::eval::Evaluator;
use crate::modelled::Site;
use crate::value::{Shape, Tags, Value};
use crate::written::args_at;

/// Functions that hand a call's value on, told in addition.
const CALLERS: usize = 2;

impl Evaluator<'_> {
    /// The names around a call. Looks through the statements of the file: for calls that a row speaks of.
    pub(crate) fn names_around(&mut self, site: Site<'_>) -> Vec<String> {
        let mut names = Vec::new();
        names.extend(site.args.iter().filter_map(Value::input).map(|input| self.symbols.text(input.path)));
        let mut hands_on = self.names_at_once(site.place, &mut names);
        // `const md5 = text => createHash("md5").update(text)` is for what its callers use it for.
        let callers: Vec<Place> = self.call_places.iter().rev().take(CALLERS).copied().collect();
        for place in callers {
            if !hands_on || place.span.len == 0 {
                break;
            }
            hands_on = self.names_at_once(place, &mut names);
        }
        names
    }

    /// What a function for passwords is given is a token, which nobody guesses: it goes by that name, or stands where
    /// tokens are presented.
    pub(crate) fn compares_token(&mut self, site: Site<'_>) -> bool {
        if site.args.iter().any(|arg| arg.tags().contains(Tags::CREDENTIAL)) {
            return true;
        }
        let module = self.module(site.place.file);
        let mut names = Vec::new();
        for arg in args_at(module, site.place) {
            expr_names(module, arg.value, &mut names, 4);
        }
        let has = |words: &[&str]| names.iter().any(|name| crate::has_word(name, words));
        has(&["token", "apikey", "signature"])
            && !has(&["password", "passwd", "pwd", "pass", "pin", "otp", "code"])
    }

    /// As [`Evaluator::names_at`], looked up once for each place.
    fn names_at_once(&mut self, place: Place, names: &mut Vec<String>) -> bool {
        if !self.purposes.contains_key(&place) {
            let mut found = Vec::new();
            let hands_on = self.names_at(place, &mut found);
            self.purposes.insert(place, (found, hands_on));
        }
        let Some((found, hands_on)) = self.purposes.get(&place) else { return false };
        names.extend(found.iter().cloned());
        *hands_on
    }

    /// Adds the names around the call at a place; true if its value is what the function around it returns.
    fn names_at(&self, place: Place, names: &mut Vec<String>) -> bool {
        let module = self.module(place.file);
        let mut span = place.span;
        let mut function = innermost_function(module, span);
        let returns = loop {
            let returns = statement_names(module, span, function, names);
            // A comprehension is a function of its own, whose value stands where it is written.
            let collect = module.exprs.iter_enumerated().find_map(|(id, expr)| match expr {
                Expr::Collect { func, .. } if *func == function => Some(module.expr_spans[id]),
                _ => None,
            });
            match collect.filter(|_| function != Module::TOP) {
                Some(outer) => {
                    function = module.functions[function].parent.unwrap_or(Module::TOP);
                    span = outer;
                }
                None => break returns,
            }
        };
        let mut next = Some(function);
        while let Some(id) = next.filter(|id| *id != Module::TOP) {
            let code = &module.functions[id];
            if let Some(name) = code.name {
                names.push(module.text(name).to_owned());
                break;
            }
            next = code.parent;
        }
        returns
    }

    /// The name of the file's own that a value stands under, where it is a class.
    pub(crate) fn class_at(&self, file: FileId, class: routeward_ir::ClassId) -> Option<crate::Value> {
        let module = self.module(file);
        let frame = self.modules[file].frame?;
        module.stmts.iter().find_map(|stmt| {
            let Stmt::Class(slot, id) = stmt else { return None };
            if *id != class || module.slots[*slot].func != Module::TOP {
                return None;
            }
            let loc = self.heap.find_slot(frame, Module::TOP, *slot, self.position(file, *slot))?;
            self.heap.read(loc).filter(|value| matches!(value.shape, Shape::Class(_)))
        })
    }
}

fn contains(outer: Span, inner: Span) -> bool {
    outer.start <= inner.start && inner.end() <= outer.end()
}

fn innermost_function(module: &Module, span: Span) -> FuncId {
    module
        .functions
        .iter_enumerated()
        .filter(|(_, code)| contains(code.span, span))
        .min_by_key(|(id, code)| (code.span.len, std::cmp::Reverse(id.0)))
        .map_or(Module::TOP, |(id, _)| id)
}

/// Adds the names that the innermost statement around a call gives it; true if the statement returns its value.
fn statement_names(module: &Module, span: Span, function: FuncId, names: &mut Vec<String>) -> bool {
    let inside = module.functions[function].span;
    let statement = module
        .stmts
        .iter_enumerated()
        .filter(|(id, _)| contains(module.stmt_spans[*id], span) && contains(inside, module.stmt_spans[*id]))
        .min_by_key(|(id, _)| module.stmt_spans[*id].len);
    let Some((_, statement)) = statement else { return false };
    let mut found = Vec::new();
    let (root, returns) = match statement {
        Stmt::Declare { pat, init: Some(init), .. } => {
            pattern_names(module, *pat, &mut found);
            (*init, false)
        }
        Stmt::Return(Some(value)) => (*value, true),
        Stmt::Expr(expr) => (*expr, false),
        Stmt::If { test, .. } => (*test, false),
        Stmt::Throw(value) => (*value, false),
        _ => return false,
    };
    descend(module, root, span, &mut found, 0);
    names.extend(found);
    returns
}

/// Adds the names on the way from an expression down to the call at `span`, and those of what the call is given.
fn descend(module: &Module, expr: ExprId, span: Span, names: &mut Vec<String>, depth: u32) {
    if depth > 64 {
        return;
    }
    let here = module.expr_spans[expr];
    match module.exprs[expr] {
        Expr::Assign { target, value } if contains(module.expr_spans[value], span) => {
            pattern_names(module, target, names);
        }
        Expr::Update { target, value, .. } if contains(module.expr_spans[value], span) => {
            expr_names(module, target, names, 4);
        }
        Expr::Object(props) => {
            for prop in props.of(&module.prop_pool) {
                if let Property::Pair(Key::Name(key), value) = prop
                    && contains(module.expr_spans[*value], span)
                {
                    // What the object is called says less than what its member is called.
                    names.clear();
                    names.push(module.text(*key).to_owned());
                }
            }
        }
        Expr::Call { callee, args, .. } | Expr::New { callee, args } => {
            let is_given =
                args.of(&module.arg_pool).iter().any(|arg| contains(module.expr_spans[arg.value], span));
            if is_given {
                names.extend(last_name(module, callee));
                for arg in args.of(&module.arg_pool) {
                    if contains(module.expr_spans[arg.value], span) {
                        names.extend(arg.name.map(|name| module.text(name).to_owned()));
                    }
                }
            } else if here == span || contains(module.expr_spans[callee], span) {
                // The call itself, or what is done with its result: `createHash("md5").update(password)`.
                for arg in args.of(&module.arg_pool) {
                    names.extend(arg.name.map(|name| module.text(name).to_owned()));
                    expr_names(module, arg.value, names, 4);
                }
            }
        }
        _ => {}
    }
    if here == span && !matches!(module.exprs[expr], Expr::Call { .. } | Expr::New { .. }) {
        return;
    }
    let mut below = Vec::new();
    children(module, expr, &mut below);
    for child in below {
        if child != expr && contains(module.expr_spans[child], span) {
            descend(module, child, span, names, depth + 1);
        }
    }
}

/// The parts of an expression that are evaluated with it.
fn children(module: &Module, expr: ExprId, into: &mut Vec<ExprId>) {
    match module.exprs[expr] {
        Expr::Member { object, .. } => into.push(object),
        Expr::Index { object, index, .. } => into.extend([object, index]),
        Expr::Slice { object, from, to } => into.extend([Some(object), from, to].into_iter().flatten()),
        Expr::Call { callee, args, .. } | Expr::New { callee, args } => {
            into.push(callee);
            into.extend(args.of(&module.arg_pool).iter().map(|arg| arg.value));
        }
        Expr::Array(args) => into.extend(args.of(&module.arg_pool).iter().map(|arg| arg.value)),
        Expr::Object(props) => {
            into.extend(props.of(&module.prop_pool).iter().filter_map(|prop| match prop {
                Property::Pair(_, value) | Property::Spread(value) => Some(*value),
                Property::Getter(..) => None,
            }));
        }
        Expr::Concat(parts) | Expr::Sequence(parts) | Expr::Unknown { children: parts, .. } => {
            into.extend(parts.of(&module.expr_pool));
        }
        Expr::Tagged { tag, parts } => {
            into.push(tag);
            into.extend(parts.of(&module.expr_pool));
        }
        Expr::Unary { operand, .. } => into.push(operand),
        Expr::Binary { left, right, .. } | Expr::Logical { left, right, .. } => into.extend([left, right]),
        Expr::Conditional { test, then, other } => into.extend([test, then, other]),
        Expr::Assign { value, .. } | Expr::Await(value) => into.push(value),
        Expr::Update { target, value, .. } => into.extend([target, value]),
        Expr::Yield(value) => into.extend(value),
        _ => {}
    }
}

/// The last name of what is called: `set` of `cache.set`.
fn last_name(module: &Module, expr: ExprId) -> Option<String> {
    let name = match module.exprs[expr] {
        Expr::Local(slot) => module.slots[slot].name,
        Expr::Global(name) | Expr::Member { name, .. } => name,
        _ => return None,
    };
    Some(module.text(name).to_owned())
}

/// Adds the names that an expression reads: variables, members, and constant keys.
fn expr_names(module: &Module, expr: ExprId, names: &mut Vec<String>, depth: u32) {
    names.extend(last_name(module, expr));
    if let Expr::Index { index, .. } = module.exprs[expr]
        && let Expr::Str(key) = module.exprs[index]
    {
        names.push(module.text(key).to_owned());
    }
    if depth == 0 {
        return;
    }
    let mut below = Vec::new();
    children(module, expr, &mut below);
    for child in below {
        expr_names(module, child, names, depth - 1);
    }
}

/// Adds the names that a pattern binds or assigns.
fn pattern_names(module: &Module, pat: PatId, names: &mut Vec<String>) {
    match &module.patterns[pat] {
        Pat::Slot(slot) => names.push(module.text(module.slots[*slot].name).to_owned()),
        Pat::Place(expr) => match module.exprs[*expr] {
            Expr::Index { object, index, .. } => {
                if let Expr::Str(key) = module.exprs[index] {
                    names.push(module.text(key).to_owned());
                } else {
                    names.extend(last_name(module, object));
                }
            }
            _ => names.extend(last_name(module, *expr)),
        },
        Pat::Object { props, .. } => props.iter().for_each(|(_, pat)| pattern_names(module, *pat, names)),
        Pat::Array { items, .. } => {
            items.iter().flatten().for_each(|pat| pattern_names(module, *pat, names));
        }
        Pat::Default { pat, .. } => pattern_names(module, *pat, names),
        Pat::Unknown => {}
    }
}
