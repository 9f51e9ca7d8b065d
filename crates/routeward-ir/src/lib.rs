//! The one representation of programs that every language is lowered into.
//!
//! A [`Module`] is one file: arenas of plain data with typed indices, a span for every node in a parallel
//! array, names interned in the file's own table. Statements stay structured; control flow is derived from
//! them in `routeward-flow`, once for all languages. Locals are resolved to [`SlotId`]s while lowering, so no
//! later stage does scope analysis. What a front end does not understand becomes [`Expr::Unknown`] or
//! [`Stmt::Unknown`] with its children lowered, and is counted in [`Module::unknown`].
//!
//! Conventions that front ends keep:
//! - function `0` is the top-level code of the file;
//! - declarations that the language hoists come first in their block;
//! - a slot belongs to the function that declares it; a use in an inner function is a capture;
//! - parentheses, type assertions and non-null marks leave no node;
//! - `a + b` of which a part is a string literal, templates and format calls become [`Expr::Concat`].

mod builder;
mod check;
mod link;
mod print;

use std::fmt;

use routeward_base::{IndexVec, Name, NameTable, Range32, Span, index_type};

pub use builder::Builder;
pub use link::{List, Program, Resolution, Resolve, Role, Target, Unit, Version};
pub use print::print;

index_type! {
    /// A function, method, closure, or the top-level code.
    pub struct FuncId;
}
index_type! {
    /// A class.
    pub struct ClassId;
}
index_type! {
    /// An expression.
    pub struct ExprId;
}
index_type! {
    /// A statement.
    pub struct StmtId;
}
index_type! {
    /// A local variable, parameter, import or declaration.
    pub struct SlotId;
}
index_type! {
    /// A binding or assignment pattern.
    pub struct PatId;
}
index_type! {
    /// A type annotation.
    pub struct TypeId;
}
index_type! {
    /// An import of another module.
    pub struct ImportId;
}

/// Expressions in a row.
pub type Exprs = Range32<ExprId>;
/// Arguments of a call, or elements of an array literal.
pub type Args = Range32<Arg>;
/// Statements in program order.
pub type Block = Range32<StmtId>;

/// One lowered file.
#[derive(Clone, Default, Debug)]
pub struct Module {
    /// Strings of this file.
    pub names: NameTable,
    /// All functions; `FuncId(0)` is the top-level code.
    pub functions: IndexVec<FuncId, Function>,
    /// All classes.
    pub classes: IndexVec<ClassId, Class>,
    /// All slots.
    pub slots: IndexVec<SlotId, Slot>,
    /// All expressions.
    pub exprs: IndexVec<ExprId, Expr>,
    /// Span of each expression.
    pub expr_spans: IndexVec<ExprId, Span>,
    /// All statements.
    pub stmts: IndexVec<StmtId, Stmt>,
    /// Span of each statement.
    pub stmt_spans: IndexVec<StmtId, Span>,
    /// All patterns.
    pub patterns: IndexVec<PatId, Pat>,
    /// All type annotations.
    pub types: IndexVec<TypeId, TypeRef>,
    /// All imports, static and dynamic.
    pub imports: IndexVec<ImportId, Import>,
    /// What other modules can import, besides what the code assigns to [`Expr::Exports`].
    pub exports: Vec<Export>,
    /// Pool of expression lists.
    pub expr_pool: Vec<ExprId>,
    /// Pool of argument lists.
    pub arg_pool: Vec<Arg>,
    /// Pool of statement lists.
    pub stmt_pool: Vec<StmtId>,
    /// Pool of object-literal properties.
    pub prop_pool: Vec<Property>,
    /// Modules all of whose exports are names of this file, too: a [`Expr::Global`] may be one of them.
    pub opened: Vec<ImportId>,
    /// What the language makes of values, where languages differ.
    pub semantics: Semantics,
    /// Directives at the head of the file, such as `use server`.
    pub directives: Vec<Name>,
    /// Comments that contain `routeward:`, in source order.
    pub comments: Vec<Comment>,
    /// Constructs that were not understood: kind and place.
    pub unknown: Vec<(Name, Span)>,
}

/// What a language makes of values, where languages differ.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Semantics {
    /// A collection without elements is falsy.
    pub empty_is_falsy: bool,
    /// A class is called to make an instance, and an attribute of a class is one of its instances.
    pub classes_are_callable: bool,
    /// What an object has as a member and what it holds by a key are two things: no key leads to what all objects
    /// inherit.
    pub keys_are_no_members: bool,
}

/// A comment addressed to this tool.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Comment {
    /// The whole comment.
    pub span: Span,
    /// Its text without the comment marks, trimmed.
    pub text: String,
}

impl Comment {
    /// What an instruction in a comment begins with.
    pub const MARK: &str = "routeward:";
}

/// A function, method, closure, or the top-level code.
#[derive(Clone, PartialEq, Debug)]
pub struct Function {
    /// The declared name, or the name of the variable or property that it initialises.
    pub name: Option<Name>,
    /// What kind of function it is.
    pub flags: FuncFlags,
    /// Parameters in order.
    pub params: Vec<Param>,
    /// The variable that holds all arguments as an array, where the code asks for it.
    pub arguments: Option<SlotId>,
    /// The body; an expression body is one `Return`.
    pub body: Block,
    /// The function whose code contains this one; `None` for the top-level code.
    pub parent: Option<FuncId>,
    /// The class whose member it is.
    pub class: Option<ClassId>,
    /// Decorators, outermost (first written) first; each is the expression behind the mark.
    pub decorators: Vec<ExprId>,
    /// Directives at the head of the body, such as `use server`.
    pub directives: Vec<Name>,
    /// The declared return type.
    pub return_type: Option<TypeId>,
    /// The whole definition.
    pub span: Span,
    /// The name, or the first token where there is none.
    pub name_span: Span,
}

/// What kind of function it is.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct FuncFlags {
    /// Its result is awaited.
    pub is_async: bool,
    /// It yields.
    pub is_generator: bool,
    /// `this` is that of the enclosing function.
    pub lexical_this: bool,
    /// Constructs instances.
    pub is_constructor: bool,
    /// The receiver, if there is one, is passed as the first argument. A function that is read from an instance's
    /// class has the instance as receiver, and keeps it; any other has none.
    pub explicit_this: bool,
}

/// How a regular expression is applied.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
pub struct RegexFlags {
    /// To all places that it fits, not only the first.
    pub is_global: bool,
    /// Its anchors fit at every line.
    pub is_multiline: bool,
    /// Upper and lower case are the same to it.
    pub ignores_case: bool,
}

impl RegexFlags {
    /// Reads flags as they are written behind an expression; what else they say is left out.
    pub fn parse(text: &str) -> Self {
        Self {
            is_global: text.contains('g'),
            is_multiline: text.contains('m'),
            ignores_case: text.contains('i'),
        }
    }
}

impl fmt::Display for RegexFlags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = [(self.is_global, "g"), (self.ignores_case, "i"), (self.is_multiline, "m")];
        flags.into_iter().filter(|(is_set, _)| *is_set).try_for_each(|(_, flag)| f.write_str(flag))
    }
}

/// A parameter.
#[derive(Clone, PartialEq, Debug)]
pub struct Param {
    /// What it binds; defaults are [`Pat::Default`].
    pub pat: PatId,
    /// Takes all remaining arguments; with [`Passing::Name`] those passed by name, as an object.
    pub is_rest: bool,
    /// How its argument may be passed.
    pub by: Passing,
    /// Declared type.
    pub ty: Option<TypeId>,
    /// Decorators in order; where a language has none, the notes of the type and a default that is a call.
    pub decorators: Vec<ExprId>,
    /// The field of the instance that it also initialises.
    pub field: Option<Name>,
    /// The whole parameter.
    pub span: Span,
}

/// How the argument for a parameter may be passed.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Passing {
    /// By position or by name.
    #[default]
    Either,
    /// By position only.
    Position,
    /// By name only.
    Name,
}

/// A variable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Slot {
    /// Its name.
    pub name: Name,
    /// The function that declares it.
    pub func: FuncId,
    /// How it is declared.
    pub kind: SlotKind,
    /// Its name at the declaration.
    pub span: Span,
}

/// How a slot is declared.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SlotKind {
    /// A variable.
    Variable,
    /// A variable that is assigned once.
    Constant,
    /// A parameter.
    Param,
    /// A function declaration.
    Function,
    /// A class declaration.
    Class,
    /// An import binding.
    Import,
    /// A type that has no value at run time.
    Type,
}

/// A class.
#[derive(Clone, PartialEq, Debug)]
pub struct Class {
    /// Its name.
    pub name: Option<Name>,
    /// The class it derives from; the first, where there are several.
    pub extends: Option<ExprId>,
    /// Further classes it derives from. Members are looked up in the order of the C3 linearisation.
    pub mixins: Vec<ExprId>,
    /// Named settings of the definition: `class A(B, key=value)`.
    pub settings: Vec<(Name, ExprId)>,
    /// Interfaces it declares to implement.
    pub implements: Vec<TypeId>,
    /// Decorators, outermost first.
    pub decorators: Vec<ExprId>,
    /// Members in source order.
    pub members: Vec<Member>,
    /// The constructor.
    pub constructor: Option<FuncId>,
    /// The method that runs when an instance is called; it is a member, too.
    pub call: Option<FuncId>,
    /// Synthetic function that initialises instance fields (`this.x = …`).
    pub init: Option<FuncId>,
    /// Synthetic function that initialises static fields and runs static blocks; `this` is the class.
    pub static_init: Option<FuncId>,
    /// The function whose code contains the class.
    pub parent: FuncId,
    /// The whole class.
    pub span: Span,
    /// The name, or the first token.
    pub name_span: Span,
}

/// A member of a class other than its constructor.
#[derive(Clone, PartialEq, Debug)]
pub struct Member {
    /// Its name.
    pub key: Key,
    /// What it is.
    pub kind: MemberKind,
    /// Belongs to the class, not to instances.
    pub is_static: bool,
    /// Declared type of a field.
    pub ty: Option<TypeId>,
    /// Initialiser of a field, where the front end keeps it; it stands in an init function, too.
    pub value: Option<ExprId>,
    /// Decorators, outermost first.
    pub decorators: Vec<ExprId>,
    /// The whole member.
    pub span: Span,
    /// Its name.
    pub name_span: Span,
}

/// What a class member is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum MemberKind {
    /// A method.
    Method(FuncId),
    /// A property read by a function.
    Getter(FuncId),
    /// A property written by a function.
    Setter(FuncId),
    /// A field; its initialiser stands in the class's init function.
    Field,
}

/// A property name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Key {
    /// Known while lowering.
    Name(Name),
    /// Computed.
    Expr(ExprId),
}

/// An argument, or an element of an array literal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Arg {
    /// The value; `Undefined` for a hole.
    pub value: ExprId,
    /// The keyword it is passed by, in languages that have them.
    pub name: Option<Name>,
    /// Stands for all elements of the value; with a name (which is then empty) for all its members, each passed by
    /// its own name.
    pub is_spread: bool,
}

/// A property of an object literal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Property {
    /// `key: value`; methods are functions.
    Pair(Key, ExprId),
    /// A property read by a function.
    Getter(Key, FuncId),
    /// All properties of another object.
    Spread(ExprId),
}

/// An expression.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Expr {
    /// The null value.
    Null,
    /// The absent value.
    Undefined,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string.
    Str(Name),
    /// A regular expression.
    Regex {
        /// Its pattern, without delimiters.
        pattern: Name,
        /// How it is applied.
        flags: RegexFlags,
    },
    /// A slot of this or an enclosing function.
    Local(SlotId),
    /// A name that the file does not declare.
    Global(Name),
    /// The receiver.
    This,
    /// The base class.
    Super,
    /// `object.name`.
    Member {
        /// The object.
        object: ExprId,
        /// The member.
        name: Name,
        /// Gives undefined where the object is nullish.
        optional: bool,
    },
    /// `object[index]`.
    Index {
        /// The object.
        object: ExprId,
        /// The key.
        index: ExprId,
        /// Gives undefined where the object is nullish.
        optional: bool,
    },
    /// A part of a sequence: from one position up to another.
    Slice {
        /// The sequence.
        object: ExprId,
        /// The first position; the beginning without one.
        from: Option<ExprId>,
        /// One past the last position; the end without one.
        to: Option<ExprId>,
    },
    /// A call.
    Call {
        /// What is called.
        callee: ExprId,
        /// With what.
        args: Args,
        /// Gives undefined where the callee is nullish.
        optional: bool,
    },
    /// Construction of an instance.
    New {
        /// The class.
        callee: ExprId,
        /// With what.
        args: Args,
    },
    /// A template applied to a function: the literal pieces and the values, in turn (as in `Concat`).
    Tagged {
        /// The function.
        tag: ExprId,
        /// Pieces and values in source order; literal pieces are `Str`.
        parts: Exprs,
    },
    /// A function value.
    Function(FuncId),
    /// A class value.
    Class(ClassId),
    /// An object literal.
    Object(Range32<Property>),
    /// An array literal.
    Array(Args),
    /// A string made of pieces in order.
    Concat(Exprs),
    /// A unary operation.
    Unary {
        /// Which.
        op: UnaryOp,
        /// On what.
        operand: ExprId,
    },
    /// A binary operation that evaluates both sides.
    Binary {
        /// Which.
        op: BinaryOp,
        /// Left side.
        left: ExprId,
        /// Right side.
        right: ExprId,
    },
    /// An operation whose right side is evaluated only if the left side does not decide.
    Logical {
        /// Which.
        op: LogicalOp,
        /// Left side.
        left: ExprId,
        /// Right side.
        right: ExprId,
    },
    /// `test ? then : other`.
    Conditional {
        /// The condition.
        test: ExprId,
        /// The value if it holds.
        then: ExprId,
        /// The value if not.
        other: ExprId,
    },
    /// `target = value`; its value is `value`.
    Assign {
        /// What is written.
        target: PatId,
        /// The new value.
        value: ExprId,
    },
    /// `target op= value` and `target++` (then `value` is the number 1).
    Update {
        /// What is read and written: a `Local`, `Global`, `Member` or `Index`.
        target: ExprId,
        /// Which operation.
        op: UpdateOp,
        /// The other operand.
        value: ExprId,
    },
    /// Waits for a value.
    Await(ExprId),
    /// Hands a value to the consumer of a generator.
    Yield(Option<ExprId>),
    /// Runs a function without parameters and collects what it yields, in order.
    Collect {
        /// The function.
        func: FuncId,
        /// What becomes of it.
        into: Collection,
    },
    /// Evaluates all, gives the last.
    Sequence(Exprs),
    /// The value of another module. For dynamic forms this is the awaited namespace.
    Import(ImportId),
    /// A module whose name is computed.
    ImportComputed(ExprId),
    /// The object that this module exports; assignable.
    Exports,
    /// Not understood; the parts are kept.
    Unknown {
        /// The construct's name, for statistics.
        kind: Name,
        /// Its parts.
        children: Exprs,
    },
}

/// What a [`Expr::Collect`] makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Collection {
    /// An array.
    Array,
    /// An object: each yielded value is an array of key and value.
    Object,
}

/// A unary operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UnaryOp {
    /// Logical negation.
    Not,
    /// Arithmetic negation.
    Minus,
    /// Conversion to a number.
    Plus,
    /// Bitwise complement.
    BitNot,
    /// The name of the value's type.
    TypeOf,
    /// Evaluates and drops the value.
    Void,
    /// Removes a property.
    Delete,
}

/// A binary operator.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BinaryOp {
    /// Addition or concatenation.
    Add,
    /// Subtraction.
    Sub,
    /// Multiplication.
    Mul,
    /// Division.
    Div,
    /// Remainder.
    Rem,
    /// Power.
    Pow,
    /// Any other bitwise operation or shift.
    Bit,
    /// Bitwise and, where it is told apart: languages in which it may be a method.
    BitAnd,
    /// Bitwise or, where it is told apart.
    BitOr,
    /// Equality without conversion.
    Eq,
    /// Inequality without conversion.
    Ne,
    /// Equality with conversion.
    LooseEq,
    /// Inequality with conversion.
    LooseNe,
    /// Less.
    Lt,
    /// Less or equal.
    Le,
    /// Greater.
    Gt,
    /// Greater or equal.
    Ge,
    /// The right side has the left side as a key.
    In,
    /// The left side is an instance of the right side.
    InstanceOf,
}

/// An operator that may skip its right side.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LogicalOp {
    /// Right if left is truthy.
    And,
    /// Right if left is falsy.
    Or,
    /// Right if left is nullish.
    Coalesce,
}

/// The operation of an [`Expr::Update`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UpdateOp {
    /// Evaluates both sides.
    Binary(BinaryOp),
    /// May skip the right side and the write.
    Logical(LogicalOp),
}

/// A binding or assignment pattern.
#[derive(Clone, PartialEq, Debug)]
pub enum Pat {
    /// Binds or assigns a slot.
    Slot(SlotId),
    /// Assigns a `Member`, `Index`, `Global` or `Exports` expression.
    Place(ExprId),
    /// Takes an object apart.
    Object {
        /// Key and what it binds.
        props: Vec<(Key, PatId)>,
        /// Binds the properties that are left.
        rest: Option<PatId>,
    },
    /// Takes an array apart; `None` skips an element.
    Array {
        /// What each element binds.
        items: Vec<Option<PatId>>,
        /// Binds the elements that are left.
        rest: Option<PatId>,
    },
    /// Binds `value` where the matched value is undefined.
    Default {
        /// What is bound.
        pat: PatId,
        /// The default.
        value: ExprId,
    },
    /// Not understood; binds nothing.
    Unknown,
}

/// A statement.
#[derive(Clone, PartialEq, Debug)]
pub enum Stmt {
    /// Evaluates an expression for its effects.
    Expr(ExprId),
    /// Declares what the pattern binds. Without `init` the slots are undefined.
    Declare {
        /// What is bound.
        pat: PatId,
        /// The value.
        init: Option<ExprId>,
        /// Declared type.
        ty: Option<TypeId>,
    },
    /// Declares a function.
    Function(SlotId, FuncId),
    /// Declares a class.
    Class(SlotId, ClassId),
    /// A branch.
    If {
        /// The condition.
        test: ExprId,
        /// If it holds.
        then: Block,
        /// If not.
        other: Block,
    },
    /// A loop with a condition; `init` runs once, `update` after each round.
    Loop {
        /// Runs once before the loop.
        init: Block,
        /// Goes on while it holds; endless without one.
        test: Option<ExprId>,
        /// Runs after each round.
        update: Option<ExprId>,
        /// The body.
        body: Block,
        /// The body runs before the first test.
        test_last: bool,
    },
    /// A loop over the elements of a value.
    ForEach {
        /// What each round binds.
        pat: PatId,
        /// The elements' source.
        iterable: ExprId,
        /// Binds keys instead of elements.
        over_keys: bool,
        /// The body.
        body: Block,
    },
    /// Runs from the first case whose test equals the subject, until a `Break`.
    Switch {
        /// The value compared.
        subject: ExprId,
        /// In source order.
        cases: Vec<Case>,
    },
    /// Exception handling.
    Try {
        /// The guarded code.
        body: Block,
        /// Where exceptions go, and what binds the exception.
        catch: Option<(Option<PatId>, Block)>,
        /// Runs in any case.
        finally: Block,
    },
    /// Leaves the function.
    Return(Option<ExprId>),
    /// Raises an exception.
    Throw(ExprId),
    /// Leaves the loop, switch or labelled statement.
    Break(Option<Name>),
    /// Begins the next round.
    Continue(Option<Name>),
    /// A group.
    Block(Block),
    /// A statement that `Break` and `Continue` can name.
    Labeled(Name, StmtId),
    /// Not understood; the parts are kept.
    Unknown {
        /// The construct's name, for statistics.
        kind: Name,
        /// Its parts.
        children: Block,
    },
}

/// A case of a [`Stmt::Switch`].
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Case {
    /// What the subject is compared with; `None` for the default.
    pub test: Option<ExprId>,
    /// Its statements; without a `Break` control falls into the next case.
    pub body: Block,
}

/// An import of another module.
#[derive(Clone, PartialEq, Debug)]
pub struct Import {
    /// The module as written.
    pub specifier: Name,
    /// What it binds.
    pub bindings: Vec<ImportBinding>,
    /// How it is written.
    pub kind: ImportKind,
    /// Only types are imported: it does nothing at run time.
    pub type_only: bool,
    /// The whole import.
    pub span: Span,
}

/// How an import is written; the kinds differ in how defaults are found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ImportKind {
    /// A declaration: runs before the module's own code.
    Static,
    /// A call that gives the exported object itself, where the call stands.
    Call,
    /// A call that gives a promise of the namespace.
    Dynamic,
    /// Runs and binds nothing of this module; used by a re-export.
    ReExport,
    /// A statement: runs where an [`Expr::Import`] of it stands, and gives the namespace.
    InPlace,
    /// Runs only if a binding's name is no export of the binding's own module; see [`ImportBinding::fallback`].
    Fallback,
}

/// One name bound by an import declaration.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ImportBinding {
    /// What is taken.
    pub imported: Imported,
    /// Where it is bound.
    pub slot: SlotId,
    /// Only its type is used.
    pub type_only: bool,
    /// The module that the name means if the other module does not export it.
    pub fallback: Option<ImportId>,
}

/// What an import binding or re-export takes from the other module.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Imported {
    /// The default export.
    Default,
    /// A named export.
    Named(Name),
    /// All exports as one object.
    Namespace,
}

/// What other modules can import. `export default` is an assignment to `default` of [`Expr::Exports`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Export {
    /// A slot of the top-level code under a name.
    Slot {
        /// The exported name.
        name: Name,
        /// The slot, read when it is asked for.
        slot: SlotId,
    },
    /// An export of another module under a name.
    From {
        /// The exported name.
        name: Name,
        /// The other module.
        import: ImportId,
        /// What is taken from it.
        imported: Imported,
    },
    /// All named exports of another module.
    All {
        /// The other module.
        import: ImportId,
    },
}

/// A type annotation.
#[derive(Clone, PartialEq, Debug)]
pub struct TypeRef {
    /// What it says.
    pub kind: TypeKind,
    /// Where it stands.
    pub span: Span,
}

/// What a type annotation says.
#[derive(Clone, PartialEq, Debug)]
pub enum TypeKind {
    /// A named type, possibly generic: `a.B<C>`.
    Named {
        /// The slot of the first segment, if the file declares or imports it.
        slot: Option<SlotId>,
        /// All segments as written.
        path: Vec<Name>,
        /// Type arguments.
        args: Vec<TypeId>,
    },
    /// Text.
    String,
    /// A number.
    Number,
    /// A truth value.
    Bool,
    /// A fixed value, as written without quotes.
    Literal(Name),
    /// A sequence of elements.
    Array(TypeId),
    /// One of several.
    Union(Vec<TypeId>),
    /// A structural type: field and type.
    Object(Vec<(Name, TypeId)>),
    /// A type with notes for libraries: expressions that are evaluated.
    Annotated(TypeId, Vec<ExprId>),
    /// Anything: `any`, `unknown`, `object`.
    Any,
    /// Some other type.
    Other,
}

impl Module {
    /// The text of a name of this file.
    pub fn text(&self, name: Name) -> &str {
        self.names.text(name)
    }

    /// The text of a key, if it is known while lowering.
    pub fn key_text(&self, key: Key) -> Option<&str> {
        match key {
            Key::Name(name) => Some(self.text(name)),
            Key::Expr(_) => None,
        }
    }

    /// The top-level code.
    pub const TOP: FuncId = FuncId(0);
}

/// What a front end returns: always a module, and what it could not parse.
#[derive(Clone, Default, Debug)]
pub struct Lowered {
    /// The module; empty for a file that was not understood at all.
    pub module: Module,
    /// Places where the text is not in the language.
    pub errors: Vec<SyntaxError>,
}

/// A place where the text is not in the language.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// Where.
    pub span: Span,
    /// What was met.
    pub message: String,
}
