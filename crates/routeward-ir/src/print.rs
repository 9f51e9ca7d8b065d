//! Prints a module as compact text, for tests of front ends.

use std::fmt::Write;

use crate::{
    Arg, Args, BinaryOp, Block, ClassId, Collection, Expr, ExprId, Exprs, FuncId, Imported, Key, LogicalOp,
    MemberKind, Module, Passing, Pat, PatId, Property, Stmt, StmtId, TypeId, TypeKind, UnaryOp, UpdateOp,
};

/// The module as text: one statement a line, bodies indented, slots as `name#id`.
pub fn print(module: &Module) -> String {
    let mut printer = Printer { module, out: String::new(), depth: 0 };
    for import in &module.imports {
        let bindings: Vec<String> = import
            .bindings
            .iter()
            .map(|b| {
                let name = match b.imported {
                    Imported::Default => "default".to_owned(),
                    Imported::Named(name) => module.text(name).to_owned(),
                    Imported::Namespace => "*".to_owned(),
                };
                format!("{name} as {}", printer.slot(b.slot))
            })
            .collect();
        let kind = format!("{:?}", import.kind).to_lowercase();
        let text = module.text(import.specifier);
        printer.line(&format!("import({kind}) {text:?} {{{}}}", bindings.join(", ")));
    }
    if let Some(top) = module.functions.get(Module::TOP) {
        printer.block(top.body);
    }
    for export in &module.exports {
        printer.line(&match export {
            crate::Export::Slot { name, slot } => {
                format!("export {} = {}", module.text(*name), printer.slot(*slot))
            }
            crate::Export::From { name, import, imported } => {
                format!("export {} from import {} {imported:?}", module.text(*name), import.0)
            }
            crate::Export::All { import } => format!("export * from import {}", import.0),
        });
    }
    printer.out
}

struct Printer<'a> {
    module: &'a Module,
    out: String,
    depth: usize,
}

impl Printer<'_> {
    fn line(&mut self, text: &str) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn slot(&self, slot: crate::SlotId) -> String {
        format!("{}#{}", self.module.text(self.module.slots[slot].name), slot.0)
    }

    fn block(&mut self, block: Block) {
        for stmt in block.of(&self.module.stmt_pool) {
            self.stmt(*stmt);
        }
    }

    fn nested(&mut self, block: Block) {
        self.depth += 1;
        self.block(block);
        self.depth -= 1;
    }

    fn stmt(&mut self, stmt: StmtId) {
        match &self.module.stmts[stmt] {
            Stmt::Expr(e) => {
                let text = self.expr(*e);
                self.line(&text);
            }
            Stmt::Declare { pat, init, ty } => {
                let mut text = format!("let {}", self.pat(*pat));
                if let Some(ty) = ty {
                    let _ = write!(text, ": {}", self.ty(*ty));
                }
                if let Some(init) = init {
                    let _ = write!(text, " = {}", self.expr(*init));
                }
                self.line(&text);
            }
            Stmt::Function(slot, func) => {
                let text = format!("{} = {}", self.slot(*slot), self.function(*func));
                self.line(&text);
            }
            Stmt::Class(slot, class) => {
                let text = format!("{} = {}", self.slot(*slot), self.class(*class));
                self.line(&text);
            }
            Stmt::If { test, then, other } => {
                let text = format!("if {}", self.expr(*test));
                self.line(&text);
                self.nested(*then);
                if !other.is_empty() {
                    self.line("else");
                    self.nested(*other);
                }
            }
            Stmt::Loop { init, test, update, body, test_last } => {
                self.block(*init);
                let test = test.map_or("true".to_owned(), |e| self.expr(e));
                let update = update.map_or(String::new(), |e| format!(" update {}", self.expr(e)));
                self.line(&format!("{} {test}{update}", if *test_last { "loop-until" } else { "while" }));
                self.nested(*body);
            }
            Stmt::ForEach { pat, iterable, over_keys, body } => {
                let of = if *over_keys { "in" } else { "of" };
                let text = format!("for {} {of} {}", self.pat(*pat), self.expr(*iterable));
                self.line(&text);
                self.nested(*body);
            }
            Stmt::Switch { subject, cases } => {
                let text = format!("switch {}", self.expr(*subject));
                self.line(&text);
                for case in cases {
                    let test = case.test.map_or("default".to_owned(), |e| format!("case {}", self.expr(e)));
                    self.line(&test);
                    self.nested(case.body);
                }
            }
            Stmt::Try { body, catch, finally } => {
                self.line("try");
                self.nested(*body);
                if let Some((pat, block)) = catch {
                    let pat = pat.map_or(String::new(), |p| format!(" {}", self.pat(p)));
                    self.line(&format!("catch{pat}"));
                    self.nested(*block);
                }
                if !finally.is_empty() {
                    self.line("finally");
                    self.nested(*finally);
                }
            }
            Stmt::Return(value) => {
                let text = value.map_or("return".to_owned(), |e| format!("return {}", self.expr(e)));
                self.line(&text);
            }
            Stmt::Throw(value) => {
                let text = format!("throw {}", self.expr(*value));
                self.line(&text);
            }
            Stmt::Break(label) | Stmt::Continue(label) => {
                let word =
                    if matches!(self.module.stmts[stmt], Stmt::Break(_)) { "break" } else { "continue" };
                let label = label.map_or(String::new(), |name| format!(" {}", self.module.text(name)));
                self.line(&format!("{word}{label}"));
            }
            Stmt::Block(block) => {
                self.line("block");
                self.nested(*block);
            }
            Stmt::Labeled(name, stmt) => {
                let text = format!("{}:", self.module.text(*name));
                self.line(&text);
                self.stmt(*stmt);
            }
            Stmt::Unknown { kind, children } => {
                let text = format!("unknown-statement {}", self.module.text(*kind));
                self.line(&text);
                self.nested(*children);
            }
        }
    }

    fn sub(&self) -> Printer<'_> {
        Printer { module: self.module, out: String::new(), depth: self.depth + 1 }
    }

    fn function(&self, id: FuncId) -> String {
        let func = &self.module.functions[id];
        let mut text = String::new();
        for decorator in &func.decorators {
            let _ = write!(text, "@{} ", self.expr(*decorator));
        }
        if func.flags.is_async {
            text.push_str("async ");
        }
        text.push_str(if func.flags.lexical_this { "arrow" } else { "function" });
        if func.flags.is_generator {
            text.push('*');
        }
        let params: Vec<String> = func
            .params
            .iter()
            .map(|param| {
                let mut text = String::new();
                for decorator in &param.decorators {
                    let _ = write!(text, "@{} ", self.expr(*decorator));
                }
                if let Some(field) = param.field {
                    let _ = write!(text, "this.{}=", self.module.text(field));
                }
                text.push_str(match param.by {
                    Passing::Either => "",
                    Passing::Position => "/",
                    Passing::Name => "*",
                });
                text.push_str(if param.is_rest { "..." } else { "" });
                text.push_str(&self.pat(param.pat));
                if let Some(ty) = param.ty {
                    let _ = write!(text, ": {}", self.ty(ty));
                }
                text
            })
            .collect();
        let _ = write!(text, "({})", params.join(", "));
        let mut sub = self.sub();
        sub.block(func.body);
        if sub.out.is_empty() {
            text.push_str(" {}");
        } else {
            let _ = write!(text, " {{\n{}{}}}", sub.out, "  ".repeat(self.depth));
        }
        text
    }

    fn class(&self, id: ClassId) -> String {
        let class = &self.module.classes[id];
        let mut text = String::new();
        for decorator in &class.decorators {
            let _ = write!(text, "@{} ", self.expr(*decorator));
        }
        text.push_str("class");
        if let Some(base) = class.extends {
            let _ = write!(text, " extends {}", self.expr(base));
        }
        for base in &class.mixins {
            let _ = write!(text, ", {}", self.expr(*base));
        }
        for (name, value) in &class.settings {
            let _ = write!(text, " {}={}", self.module.text(*name), self.expr(*value));
        }
        for ty in &class.implements {
            let _ = write!(text, " implements {}", self.ty(*ty));
        }
        text.push_str(" {\n");
        let mut sub = self.sub();
        for (word, func) in
            [("constructor", class.constructor), ("init", class.init), ("static-init", class.static_init)]
        {
            if let Some(func) = func {
                let line = format!("{word} {}", sub.function(func));
                sub.line(&line);
            }
        }
        for member in &class.members {
            let mut line = String::new();
            for decorator in &member.decorators {
                let _ = write!(line, "@{} ", sub.expr(*decorator));
            }
            line.push_str(if member.is_static { "static " } else { "" });
            let key = sub.key(member.key);
            let ty = member.ty.map_or(String::new(), |ty| format!(": {}", sub.ty(ty)));
            let _ = match member.kind {
                MemberKind::Method(func) => write!(line, "{key} {}", sub.function(func)),
                MemberKind::Getter(func) => write!(line, "get {key} {}", sub.function(func)),
                MemberKind::Setter(func) => write!(line, "set {key} {}", sub.function(func)),
                MemberKind::Field => write!(line, "field {key}{ty}"),
            };
            if let Some(value) = member.value {
                let _ = write!(line, " = {}", sub.expr(value));
            }
            sub.line(&line);
        }
        let _ = write!(text, "{}{}}}", sub.out, "  ".repeat(self.depth));
        text
    }

    fn key(&self, key: Key) -> String {
        match key {
            Key::Name(name) => self.module.text(name).to_owned(),
            Key::Expr(e) => format!("[{}]", self.expr(e)),
        }
    }

    fn pat(&self, pat: PatId) -> String {
        match &self.module.patterns[pat] {
            Pat::Slot(slot) => self.slot(*slot),
            Pat::Place(e) => self.expr(*e),
            Pat::Object { props, rest } => {
                let mut parts: Vec<String> = props
                    .iter()
                    .map(|(key, pat)| format!("{}: {}", self.key(*key), self.pat(*pat)))
                    .collect();
                parts.extend(rest.map(|pat| format!("...{}", self.pat(pat))));
                format!("{{{}}}", parts.join(", "))
            }
            Pat::Array { items, rest } => {
                let mut parts: Vec<String> =
                    items.iter().map(|item| item.map_or(String::new(), |pat| self.pat(pat))).collect();
                parts.extend(rest.map(|pat| format!("...{}", self.pat(pat))));
                format!("[{}]", parts.join(", "))
            }
            Pat::Default { pat, value } => format!("{} = {}", self.pat(*pat), self.expr(*value)),
            Pat::Unknown => "?".to_owned(),
        }
    }

    fn ty(&self, ty: TypeId) -> String {
        match &self.module.types[ty].kind {
            TypeKind::Named { path, args, .. } => {
                let path: Vec<&str> = path.iter().map(|name| self.module.text(*name)).collect();
                let args: Vec<String> = args.iter().map(|ty| self.ty(*ty)).collect();
                let args = if args.is_empty() { String::new() } else { format!("<{}>", args.join(", ")) };
                format!("{}{args}", path.join("."))
            }
            TypeKind::Annotated(ty, notes) => {
                let notes: Vec<String> = notes.iter().map(|note| self.expr(*note)).collect();
                format!("{} with {}", self.ty(*ty), notes.join(", "))
            }
            TypeKind::Literal(name) => format!("{:?}", self.module.text(*name)),
            TypeKind::Array(item) => format!("{}[]", self.ty(*item)),
            TypeKind::Union(items) => items.iter().map(|ty| self.ty(*ty)).collect::<Vec<_>>().join(" | "),
            TypeKind::Object(fields) => {
                let fields: Vec<String> = fields
                    .iter()
                    .map(|(name, ty)| format!("{}: {}", self.module.text(*name), self.ty(*ty)))
                    .collect();
                format!("{{{}}}", fields.join(", "))
            }
            other => format!("{other:?}").to_lowercase(),
        }
    }

    fn exprs(&self, exprs: Exprs) -> Vec<String> {
        exprs.of(&self.module.expr_pool).iter().map(|e| self.expr(*e)).collect()
    }

    fn args(&self, args: Args) -> String {
        let show = |arg: &Arg| {
            let name = arg.name.filter(|_| !arg.is_spread);
            let name = name.map_or(String::new(), |name| format!("{}=", self.module.text(name)));
            let spread = match (arg.is_spread, arg.name) {
                (true, None) => "...",
                (true, Some(_)) => "**",
                _ => "",
            };
            format!("{name}{spread}{}", self.expr(arg.value))
        };
        args.of(&self.module.arg_pool).iter().map(show).collect::<Vec<_>>().join(", ")
    }

    fn expr(&self, expr: ExprId) -> String {
        let text = |name| self.module.text(name);
        match self.module.exprs[expr] {
            Expr::Null => "null".into(),
            Expr::Undefined => "undefined".into(),
            Expr::Bool(value) => value.to_string(),
            Expr::Number(value) => value.to_string(),
            Expr::Str(name) => format!("{:?}", text(name)),
            Expr::Regex { pattern, flags } => format!("/{}/{flags}", text(pattern)),
            Expr::Local(slot) => self.slot(slot),
            Expr::Global(name) => format!("${}", text(name)),
            Expr::This => "this".into(),
            Expr::Super => "super".into(),
            Expr::Member { object, name, optional } => {
                format!("{}{}{}", self.expr(object), if optional { "?." } else { "." }, text(name))
            }
            Expr::Index { object, index, optional } => {
                format!("{}{}[{}]", self.expr(object), if optional { "?." } else { "" }, self.expr(index))
            }
            Expr::Slice { object, from, to } => {
                let show = |bound: Option<ExprId>| bound.map_or(String::new(), |e| self.expr(e));
                format!("{}[{}:{}]", self.expr(object), show(from), show(to))
            }
            Expr::Call { callee, args, optional } => {
                format!("{}{}({})", self.expr(callee), if optional { "?." } else { "" }, self.args(args))
            }
            Expr::New { callee, args } => format!("new {}({})", self.expr(callee), self.args(args)),
            Expr::Tagged { tag, parts } => format!("{}`{}`", self.expr(tag), self.exprs(parts).join(" ++ ")),
            Expr::Function(func) => self.function(func),
            Expr::Class(class) => self.class(class),
            Expr::Object(props) => {
                let props: Vec<String> = props
                    .of(&self.module.prop_pool)
                    .iter()
                    .map(|prop| match prop {
                        Property::Pair(key, value) => format!("{}: {}", self.key(*key), self.expr(*value)),
                        Property::Getter(key, func) => {
                            format!("get {}: {}", self.key(*key), self.function(*func))
                        }
                        Property::Spread(value) => format!("...{}", self.expr(*value)),
                    })
                    .collect();
                format!("{{{}}}", props.join(", "))
            }
            Expr::Array(items) => format!("[{}]", self.args(items)),
            Expr::Concat(parts) => format!("concat({})", self.exprs(parts).join(" ++ ")),
            Expr::Unary { op, operand } => {
                let op = match op {
                    UnaryOp::Not => "!",
                    UnaryOp::Minus => "-",
                    UnaryOp::Plus => "+",
                    UnaryOp::BitNot => "~",
                    UnaryOp::TypeOf => "typeof ",
                    UnaryOp::Void => "void ",
                    UnaryOp::Delete => "delete ",
                };
                format!("{op}{}", self.expr(operand))
            }
            Expr::Binary { op, left, right } => {
                format!("({} {} {})", self.expr(left), binary(op), self.expr(right))
            }
            Expr::Logical { op, left, right } => {
                format!("({} {} {})", self.expr(left), logical(op), self.expr(right))
            }
            Expr::Conditional { test, then, other } => {
                format!("({} ? {} : {})", self.expr(test), self.expr(then), self.expr(other))
            }
            Expr::Assign { target, value } => format!("({} = {})", self.pat(target), self.expr(value)),
            Expr::Update { target, op, value } => {
                let op = match op {
                    UpdateOp::Binary(op) => binary(op),
                    UpdateOp::Logical(op) => logical(op),
                };
                format!("({} {op}= {})", self.expr(target), self.expr(value))
            }
            Expr::Await(value) => format!("await {}", self.expr(value)),
            Expr::Yield(value) => format!("yield {}", value.map_or(String::new(), |e| self.expr(e))),
            Expr::Collect { func, into } => {
                let (open, close) = match into {
                    Collection::Array => ('[', ']'),
                    Collection::Object => ('{', '}'),
                };
                format!("collect {open}{}{close}", self.function(func))
            }
            Expr::Sequence(parts) => format!("({})", self.exprs(parts).join(", ")),
            Expr::Import(import) => format!("module({:?})", text(self.module.imports[import].specifier)),
            Expr::ImportComputed(e) => format!("module({})", self.expr(e)),
            Expr::Exports => "exports".into(),
            Expr::Unknown { kind, children } => {
                format!("unknown:{}({})", text(kind), self.exprs(children).join(", "))
            }
        }
    }
}

fn binary(op: BinaryOp) -> &'static str {
    match op {
        BinaryOp::Add => "+",
        BinaryOp::Sub => "-",
        BinaryOp::Mul => "*",
        BinaryOp::Div => "/",
        BinaryOp::Rem => "%",
        BinaryOp::Pow => "**",
        BinaryOp::Bit => "bit",
        BinaryOp::BitAnd => "&",
        BinaryOp::BitOr => "|",
        BinaryOp::Eq => "===",
        BinaryOp::Ne => "!==",
        BinaryOp::LooseEq => "==",
        BinaryOp::LooseNe => "!=",
        BinaryOp::Lt => "<",
        BinaryOp::Le => "<=",
        BinaryOp::Gt => ">",
        BinaryOp::Ge => ">=",
        BinaryOp::In => "in",
        BinaryOp::InstanceOf => "instanceof",
    }
}

fn logical(op: LogicalOp) -> &'static str {
    match op {
        LogicalOp::And => "&&",
        LogicalOp::Or => "||",
        LogicalOp::Coalesce => "??",
    }
}
