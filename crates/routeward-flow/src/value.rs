//! Values: what the evaluator knows about the result of an expression.

use std::rc::Rc;

use routeward_base::{FileId, index_type};
use routeward_ir::{ClassId, FuncId, RegexFlags};

use crate::Sym;
use crate::fact::FactSet;
use crate::taint::Taint;

index_type! {
    /// An object of the abstract heap.
    pub struct ObjId;
}
index_type! {
    /// An environment: the slots of one activation of a function.
    pub struct FrameId;
}
index_type! {
    /// A function value: code and environment.
    pub struct ClosureId;
}
index_type! {
    /// A class value: code, environment and static members.
    pub struct ClassValueId;
}
index_type! {
    /// A read or write of stored data that was met.
    pub struct EffectId;
}

bitflags::bitflags! {
    /// What a value comes from.
    #[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug)]
    pub struct Tags: u32 {
        /// The body of the request.
        const BODY = 1;
        /// The query string.
        const QUERY = 1 << 1;
        /// The parameters of the route.
        const PATH = 1 << 2;
        /// A header.
        const HEADER = 1 << 3;
        /// A cookie.
        const COOKIE = 1 << 4;
        /// Something else of the request.
        const REMOTE = 1 << 5;
        /// A credential, not yet verified.
        const CREDENTIAL = 1 << 6;
        /// The verified caller.
        const PRINCIPAL = 1 << 7;
        /// A caught exception or an error of a callback.
        const ERROR = 1 << 8;
        /// A row of stored data.
        const ROW = 1 << 9;
        /// A setting of the deployment.
        const ENVIRONMENT = 1 << 10;
        /// Made at random.
        const RANDOM = 1 << 11;
        /// A number: carries no structure.
        const NUMBER = 1 << 12;
        /// Passed a schema.
        const CHECKED = 1 << 13;
        /// The name of the type of the value that it comes from.
        const TYPE = 1 << 15;
        /// It went through code that is not seen, which may have made it harmless.
        const UNSEEN = 1 << 16;
        /// The store of a session, written by the server.
        const SESSION = 1 << 14;
        /// Besides a credential it may be another part of the request.
        const MIXED = 1 << 17;
        /// A member whose name the client chose: it may be what all objects inherit.
        const CHOSEN = 1 << 18;
        /// What an archive holds: whoever packed it has chosen it.
        const ARCHIVE = 1 << 19;
        /// All of a row of stored data, whatever its columns.
        const WHOLE = 1 << 20;
        /// Something that nobody but the server can compute or know.
        const SECRET = 1 << 21;
        /// It may be missing from the list that it stands in.
        const PERHAPS = 1 << 22;
        /// It was read from a text of the request: it may be an object.
        const PARSED = 1 << 23;
        /// A column of a stored row in which people write what they like.
        const FREE_TEXT = 1 << 24;
        /// Any input that a caller chooses freely.
        const INPUT = Self::BODY.bits() | Self::QUERY.bits() | Self::PATH.bits();
        /// Anything of the request.
        const REQUEST = Self::INPUT.bits() | Self::HEADER.bits() | Self::COOKIE.bits() | Self::REMOTE.bits();
    }
}

/// Where an input stands in the request: `body.user.email`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct InputPath {
    /// The part of the request: exactly one flag.
    pub part: Tags,
    /// The part's name and the members below it, joined by dots.
    pub path: Sym,
}

/// What is known besides the shape.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Meta {
    /// What it comes from.
    pub taint: Taint,
    /// Where it stands in the request.
    pub input: Option<InputPath>,
    /// What holds when it is truthy.
    pub truthy: FactSet,
    /// What holds when it is falsy.
    pub falsy: FactSet,
    /// The read or write of stored data that gave it.
    pub row: Option<EffectId>,
    /// What it is a result or member of, for messages about what could not be seen through.
    pub origin: Option<Sym>,
    /// The variable of the environment, or other setting, that it is the value of.
    pub setting: Option<Sym>,
}

impl Meta {
    /// Of a row of stored data, something is left out.
    pub(crate) fn no_whole_row(&mut self) {
        self.taint.tags -= Tags::WHOLE;
    }
}

/// A value.
#[derive(Clone, PartialEq, Debug)]
pub struct Value {
    /// What it is.
    pub shape: Shape,
    /// What is known besides.
    pub meta: Option<Rc<Meta>>,
}

/// What a value is. Lists stand behind one thin pointer each: there are millions of values, few of them lists.
#[derive(Clone, PartialEq, Debug)]
pub enum Shape {
    /// Not known.
    Unknown,
    /// The absent value.
    Undefined,
    /// The null value.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string.
    Str(Sym),
    /// A string of literal pieces and holes.
    Text(Rc<Vec<Piece>>),
    /// A regular expression, and how it is applied.
    Regex(Sym, RegexFlags),
    /// An object, array, instance or modelled object.
    Object(ObjId),
    /// A function.
    Closure(ClosureId),
    /// A class.
    Class(ClassValueId),
    /// Something of a dependency, by path.
    External(Sym),
    /// A method of an object that a model gives meaning to, by path.
    Method(ObjId, Sym),
    /// One of several, never nested; at most [`Value::WIDTH`], but for what a name has chosen from.
    Union(Rc<Vec<Value>>),
}

/// A piece of a [`Shape::Text`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Piece {
    /// Known text.
    Text(Sym),
    /// Anything.
    Hole,
}

/// A function value.
#[derive(Clone, Debug)]
pub(crate) struct Closure {
    /// Where its code stands.
    pub file: FileId,
    /// Its code.
    pub func: FuncId,
    /// What it captures.
    pub env: FrameId,
    /// Its receiver, where that is fixed: arrow functions and bound methods.
    pub this: Option<Value>,
    /// Wraps of this function that a model calls transparent to scopes.
    pub same_scope: bool,
    /// Arguments that it is called with in front of all others.
    pub given: Option<Rc<[Value]>>,
}

/// A class value.
#[derive(Clone, Debug)]
pub(crate) struct ClassValue {
    /// Where its code stands.
    pub file: FileId,
    /// Its code.
    pub class: ClassId,
    /// What it captures.
    pub env: FrameId,
    /// The base class.
    pub base: Option<Value>,
    /// What it derives from, itself first, in the order in which members are looked up.
    pub lineage: Rc<[Value]>,
    /// Static members.
    pub statics: ObjId,
}

/// Whether a value is truthy.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Truth {
    /// Always.
    Truthy,
    /// Never.
    Falsy,
    /// Sometimes, or not known.
    Maybe,
}

impl Value {
    /// The most alternatives that are kept apart.
    pub const WIDTH: usize = 8;

    /// The most that are kept apart where a name has chosen one of them.
    pub const CHOICES: usize = 128;

    /// A value without anything known besides its shape.
    pub fn new(shape: Shape) -> Self {
        Self { shape, meta: None }
    }

    /// An unknown value.
    pub const UNKNOWN: Self = Self { shape: Shape::Unknown, meta: None };
    /// The absent value.
    pub const UNDEFINED: Self = Self { shape: Shape::Undefined, meta: None };

    /// A string.
    pub fn str(sym: Sym) -> Self {
        Self::new(Shape::Str(sym))
    }

    /// An object.
    pub fn object(id: ObjId) -> Self {
        Self::new(Shape::Object(id))
    }

    /// A truth value.
    pub fn bool(value: bool) -> Self {
        Self::new(Shape::Bool(value))
    }

    /// What it comes from.
    pub fn tags(&self) -> Tags {
        self.taint().tags
    }

    /// What taints it.
    pub fn taint(&self) -> Taint {
        self.meta.as_ref().map_or_else(Taint::default, |meta| meta.taint)
    }

    /// Where it stands in the request.
    pub fn input(&self) -> Option<InputPath> {
        self.meta.as_ref().and_then(|meta| meta.input)
    }

    /// What holds when it is truthy.
    pub fn truthy(&self) -> FactSet {
        self.meta.as_ref().map_or_else(FactSet::default, |meta| meta.truthy.clone())
    }

    /// What holds when it is falsy.
    pub fn falsy(&self) -> FactSet {
        self.meta.as_ref().map_or_else(FactSet::default, |meta| meta.falsy.clone())
    }

    /// With the notes changed by `change`.
    pub fn noted(mut self, change: impl FnOnce(&mut Meta)) -> Self {
        let mut meta = self.meta.take().map_or_else(Meta::default, |meta| {
            Rc::try_unwrap(meta).unwrap_or_else(|shared| (*shared).clone())
        });
        change(&mut meta);
        self.meta = (meta != Meta::default()).then(|| Rc::new(meta));
        self
    }

    /// With what taints other things.
    pub fn tagged(self, with: impl Into<Taint>) -> Self {
        let with = with.into();
        if with.tags.is_empty() || !with.is_of_client() && self.tags().contains(with.tags) {
            self
        } else {
            self.noted(|meta| meta.taint |= with)
        }
    }

    /// With further facts that hold when it is truthy.
    pub fn when_truthy(self, facts: &FactSet) -> Self {
        if facts.is_empty() { self } else { self.noted(|meta| meta.truthy = meta.truthy.union(facts)) }
    }

    /// With further facts that hold when it is falsy.
    pub fn when_falsy(self, facts: &FactSet) -> Self {
        if facts.is_empty() { self } else { self.noted(|meta| meta.falsy = meta.falsy.union(facts)) }
    }

    /// The alternatives; a value that is no union is its own only one.
    pub fn alternatives(&self) -> &[Value] {
        match &self.shape {
            Shape::Union(values) => values,
            _ => std::slice::from_ref(self),
        }
    }

    /// Where it stands in the request, if it does on some way: `req.body || {}`.
    pub fn possible_input(&self) -> Option<InputPath> {
        self.input().or_else(|| self.alternatives().iter().find_map(Self::input))
    }

    /// Whether it is truthy.
    pub fn truth(&self, is_empty: impl Fn(Sym) -> bool) -> Truth {
        match &self.shape {
            Shape::Undefined | Shape::Null | Shape::Bool(false) => Truth::Falsy,
            Shape::Number(number) if *number == 0.0 || number.is_nan() => Truth::Falsy,
            Shape::Str(sym) if is_empty(*sym) => Truth::Falsy,
            Shape::Unknown | Shape::External(_) | Shape::Text(_) | Shape::Union(_) | Shape::Method(..) => {
                Truth::Maybe
            }
            // What a model calls an input or the caller may be missing, whatever object stands for it.
            Shape::Object(_)
                if self.meta.as_ref().is_some_and(|meta| !meta.truthy.is_empty() || meta.input.is_some()) =>
            {
                Truth::Maybe
            }
            _ => Truth::Truthy,
        }
    }

    /// One of these, which are kept apart however many they are; `None` of none.
    pub fn one_of(values: Vec<Self>) -> Option<Self> {
        let mut meta = None;
        let mut shapes: Vec<Self> = Vec::new();
        for (i, value) in values.into_iter().enumerate() {
            let known = Self { shape: Shape::Unknown, meta };
            meta = if i == 0 { value.meta.clone() } else { join_meta(&known, &value) };
            for alternative in value.alternatives() {
                if !shapes.iter().any(|known| known.shape == alternative.shape) {
                    shapes.push(alternative.clone());
                }
            }
        }
        let shape = if shapes.len() > 1 { Shape::Union(shapes.into()) } else { shapes.pop()?.shape };
        Some(Self { shape, meta })
    }

    /// True if it is the absent or null value.
    pub fn is_nullish(&self) -> bool {
        matches!(self.shape, Shape::Undefined | Shape::Null)
    }

    /// The least value that stands for both. Commutative up to evidence, and idempotent.
    pub fn join(&self, other: &Value) -> Value {
        if self == other {
            return self.clone();
        }
        let meta = join_meta(self, other);
        let shape = if self.shape == other.shape { self.shape.clone() } else { join_shape(self, other) };
        Value { shape, meta }
    }
}

fn surely_falsy(value: &Value) -> bool {
    match &value.shape {
        Shape::Undefined | Shape::Null | Shape::Bool(false) => true,
        Shape::Union(values) => values.iter().all(surely_falsy),
        _ => false,
    }
}

fn join_meta(left: &Value, right: &Value) -> Option<Rc<Meta>> {
    if left.meta.is_none() && right.meta.is_none() {
        return None;
    }
    let empty = Meta::default();
    let (a, b) = (left.meta.as_deref().unwrap_or(&empty), right.meta.as_deref().unwrap_or(&empty));
    // An alternative that is never truthy says nothing about what holds when the value is truthy.
    let truthy = match (surely_falsy(left), surely_falsy(right)) {
        (true, false) => b.truthy.clone(),
        (false, true) => a.truthy.clone(),
        _ => a.truthy.intersect(&b.truthy),
    };
    let surely_true = |value: &Value| value.truth(|_| true) == Truth::Truthy;
    let falsy = match (surely_true(left), surely_true(right)) {
        (true, false) => b.falsy.clone(),
        (false, true) => a.falsy.clone(),
        _ => a.falsy.intersect(&b.falsy),
    };
    let is_else = |meta: &Meta, value: &Value| {
        meta.taint.tags.intersects(Tags::REQUEST)
            && !meta.taint.tags.contains(Tags::CREDENTIAL)
            && !surely_falsy(value)
    };
    let is_mixed = a.taint.tags.contains(Tags::CREDENTIAL) && is_else(b, right)
        || b.taint.tags.contains(Tags::CREDENTIAL) && is_else(a, left);
    let meta = Meta {
        taint: a.taint | b.taint | if is_mixed { Tags::MIXED } else { Tags::empty() },
        input: if surely_falsy(left) {
            b.input
        } else if surely_falsy(right) {
            a.input
        } else {
            a.input.filter(|input| b.input == Some(*input))
        },
        truthy,
        falsy,
        row: a.row.or(b.row),
        origin: a.origin.or(b.origin),
        setting: a.setting.or(b.setting),
    };
    (meta != Meta::default()).then(|| Rc::new(meta))
}

fn join_shape(left: &Value, right: &Value) -> Shape {
    let is_wide = left.alternatives().len().max(right.alternatives().len()) > Value::WIDTH;
    let most = if is_wide { Value::CHOICES } else { Value::WIDTH };
    let mut values: Vec<Value> = left.alternatives().to_vec();
    for value in right.alternatives() {
        if !values.iter().any(|known| known.shape == value.shape) {
            values.push(value.clone());
        }
    }
    match values.len() {
        1 => values.swap_remove(0).shape,
        len if len <= most => Shape::Union(values.into()),
        _ => Shape::Unknown,
    }
}

// A fat pointer in one of the shapes would make every value a third larger.
const _: () = assert!(size_of::<Value>() <= 24);
