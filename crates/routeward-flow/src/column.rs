//! What the columns of stored data say about whoever may set them: those that decide over what an account may do, and
//! those that hold a password.

use routeward_base::FxHashMap;

use crate::eval::Evaluator;
use crate::modelled::Site;
use crate::value::{ClassValueId, InputPath, Shape, Tags, Value};

/// The lexicon of columns that say what an account may do.
const PRIVILEGE: &str = "privilege";
/// The lexicon of what a person remembers.
const PASSWORD: &str = "password";
/// The lexicon of what stands for somebody who signs in.
const SOMEBODY: &str = "somebody";

/// Inputs that are stored in columns of a meaning.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Columns {
    /// They say what an account may do.
    pub privileges: Vec<InputPath>,
    /// They are passwords.
    pub passwords: Vec<InputPath>,
}

/// The columns that say what an account may do, of classes whose columns a call has defined.
#[derive(Default)]
pub(crate) struct Defined(FxHashMap<ClassValueId, Vec<String>>);

impl Evaluator<'_> {
    /// The columns that stored values fill with inputs.
    pub(crate) fn columns_of(&self, stored: &[Value], target: &str) -> Columns {
        let mut columns = Columns::default();
        let is_account = self.speaks_of(SOMEBODY, target);
        for value in stored {
            let Shape::Object(id) = value.shape else { continue };
            for (name, member) in self.heap.objects[id].fields.iter().take(64) {
                let name = self.symbols.text(*name);
                let is_privilege = is_account && self.is_privilege(&name);
                if !is_privilege && !self.speaks_of(PASSWORD, &name) {
                    // `{ $set: { role } }`
                    let inner = self.columns_of(std::slice::from_ref(member), target);
                    columns.privileges.extend(inner.privileges);
                    columns.passwords.extend(inner.passwords);
                    continue;
                }
                let inputs = self.inputs_of(member, 1);
                if is_privilege { &mut columns.privileges } else { &mut columns.passwords }.extend(inputs);
            }
        }
        columns
    }

    fn is_privilege(&self, name: &str) -> bool {
        self.speaks_of(PRIVILEGE, name)
    }

    /// A call defines the columns of a class.
    pub(crate) fn define_privileges(&mut self, class: ClassValueId, columns: &[Value]) {
        let mut privileges = Vec::new();
        for column in columns {
            let Shape::Object(id) = column.shape else { continue };
            let names = self.heap.objects[id].fields.iter().map(|(name, _)| self.symbols.text(*name));
            privileges.extend(names.filter(|name| self.is_privilege(name)));
        }
        self.columns.0.insert(class, privileges);
    }

    /// The name of the rows of a class that clients write by endpoints of a library, and the columns among them that
    /// say what an account may do.
    pub(crate) fn written_privileges(&mut self, rows: &str, unset: &str, site: Site<'_>) -> Vec<String> {
        let mut privileges: Vec<String> = Vec::new();
        for class in self.access(rows, site) {
            let Shape::Class(id) = class.shape else { continue };
            let is_account = self.name_of(&class).is_some_and(|name| self.speaks_of(SOMEBODY, &name));
            let defined = self.columns.0.get(&id).filter(|_| is_account);
            privileges.extend(defined.into_iter().flatten().cloned());
        }
        if !unset.is_empty() && !privileges.is_empty() {
            for unset in self.access(unset, site).into_iter().filter(|unset| !unset.is_nullish()) {
                let Some(names) = self.known_elements(&unset) else { return Vec::new() };
                let is_unset = |column: &String| {
                    names.iter().any(|name| match name.shape {
                        Shape::Str(name) => self.symbols.with(name, |name| name == column),
                        _ => true,
                    })
                };
                privileges.retain(|column| !is_unset(column));
            }
        }
        privileges
    }
}

impl Evaluator<'_> {
    /// Adds what has chosen the rows whose columns choose rows now: `delete({ id: found.id })`.
    pub(crate) fn chosen_before(
        &self,
        filter: &Value,
        depth: u32,
        chosen: &mut Vec<InputPath>,
        tags: &mut Tags,
    ) {
        let read = filter.meta.as_ref().and_then(|meta| meta.row);
        if let Some(read) = read.filter(|_| !filter.taint().is_of_client()) {
            let read = &self.effects[read];
            tags.set(Tags::PRINCIPAL, tags.contains(Tags::PRINCIPAL) || read.by_caller);
            for input in &read.chosen_by {
                if !chosen.contains(input) {
                    chosen.push(*input);
                }
            }
        }
        if let (Shape::Object(id), true) = (&filter.shape, depth > 0) {
            for (_, member) in &self.heap.objects[*id].fields {
                self.chosen_before(member, depth - 1, chosen, tags);
            }
        }
    }
}

/// What the call of a path does to stored data by its name, as the verb of a statement: `delete_order`.
pub(crate) fn verb_in(path: &str) -> &'static str {
    let words = crate::lexicon::words(path.rsplit('.').next().unwrap_or(path));
    match words.first().map_or("", String::as_str) {
        "create" | "insert" | "add" | "register" => "insert",
        "update" | "set" | "change" | "upsert" | "mark" => "update",
        "delete" | "remove" | "drop" | "clear" => "delete",
        _ => "",
    }
}

/// What the name of such a call says that it is about: the `order` of `delete_order_by_id`.
pub(crate) fn subject_in(path: &str) -> Option<String> {
    let words = crate::lexicon::words(path.rsplit('.').next().unwrap_or(path));
    let is_link =
        |word: &String| matches!(word.as_str(), "by" | "for" | "from" | "to" | "of" | "with" | "in");
    let subject: Vec<String> = words.into_iter().skip(1).take_while(|word| !is_link(word)).collect();
    (!subject.is_empty()).then(|| subject.join("_"))
}
