//! What is chosen by a name that is not known whole: a module of a folder, a function of a module, a method.
//!
//! Programs that find their parts by name put the name together (`import_module(f"actions.{name}")`,
//! `getattr(self, "do_" + name)`): any part whose name fits is meant. Parts that are all named in one place are few
//! even in large programs, so the alternatives are kept apart beyond [`Value::WIDTH`].

use routeward_base::FileId;
use routeward_diag::Place;
use routeward_ir::{Key, MemberKind, Role, Target};

use crate::Sym;
use crate::eval::Evaluator;
use crate::place::folder;
use crate::value::{ClassValueId, Piece, Shape, Value};

/// The most parts that a name of which nothing is known chooses from; of more, none is followed.
const BLIND_CHOICES: usize = 32;

impl Evaluator<'_> {
    /// The members of a module, class or instance that `name`, which is no constant, may mean; `None` where nothing
    /// says which.
    pub(crate) fn chosen_member(&mut self, value: &Value, name: &Value, place: Place) -> Option<Value> {
        let pieces = pieces_of(name)?;
        let mut found = Vec::new();
        for of in value.alternatives() {
            let names = self.choices_of(of, !pieces.is_empty())?;
            for name in names {
                if self.symbols.with(name, |name| self.may_be(&pieces, name)) {
                    let member = self.get(of, name, place);
                    if matches!(member.shape, Shape::Closure(_) | Shape::Class(_)) {
                        found.push(member);
                    }
                }
            }
        }
        let most = if pieces.is_empty() { BLIND_CHOICES } else { Value::CHOICES };
        (found.len() <= most).then(|| Value::one_of(found)).flatten()
    }

    /// The modules of the repository that `name`, a text with known pieces, may mean.
    pub(crate) fn chosen_module(&mut self, name: &Value) -> Option<Value> {
        let pieces = pieces_of(name).filter(|pieces| !pieces.is_empty())?;
        let (Some(Piece::Text(head)), [Piece::Hole, tail @ ..]) = (pieces.first(), &pieces[1..]) else {
            return None;
        };
        let head = self.symbols.text(*head);
        let tail: String = match tail {
            [] => String::new(),
            [Piece::Text(tail)] => self.symbols.text(*tail),
            _ => return None,
        };
        let files = self.modules_named(&head, &tail);
        if files.len() > Value::CHOICES {
            return None;
        }
        let modules = files.into_iter().map(|file| {
            self.load(file);
            self.namespace(file)
        });
        let modules: Vec<Value> = modules.collect();
        Value::one_of(modules)
    }

    /// The files that some name means which begins with `head` and ends with `tail`, as seen from the running code.
    fn modules_named(&self, head: &str, tail: &str) -> Vec<FileId> {
        let from = self.speaking_file();
        // What stands behind the last mark is the beginning of the file's name.
        let Some(mark) = head.rfind(['.', '/']) else { return Vec::new() };
        let place = head[..mark].trim_start_matches(['.', '/']).replace('.', "/");
        let mut files = Vec::new();
        for (file, unit) in self.program.units.iter_enumerated() {
            let (dir, stem) = (folder(&unit.path), stem(&unit.path));
            let below = dir
                .strip_suffix(place.as_str())
                .is_some_and(|above| place.is_empty() || above.is_empty() || above.ends_with('/'));
            let has_ends = below && unit.role == Role::Source && stem.starts_with(&head[mark + 1..]);
            if !has_ends {
                continue;
            }
            let name = format!("{}{stem}{tail}", &head[..=mark]);
            if (self.program.resolve)(from, &name) == Target::File(file) {
                files.push(file);
            }
        }
        files
    }

    /// Calls what a name has chosen, whichever of the many it is.
    pub(crate) fn call_each(
        &mut self,
        chosen: &[Value],
        this: &Value,
        args: &[Value],
        place: Place,
    ) -> Value {
        let mut given = Vec::with_capacity(chosen.len());
        for value in chosen {
            let call = |inner: &mut Self| {
                let result = inner.call(value, this, args, place);
                given.push(result.clone());
                result
            };
            self.fork(&Value::UNKNOWN, place, call, |_| Value::UNKNOWN);
        }
        Value::one_of(given).unwrap_or(Value::UNKNOWN)
    }

    /// The names to choose from. Of an instance or a class, everything has a name: only one that is known in part
    /// tells its actions from the rest.
    fn choices_of(&mut self, value: &Value, is_known_in_part: bool) -> Option<Vec<Sym>> {
        match value.shape {
            Shape::Class(class) if is_known_in_part => Some(self.methods_of(class)),
            Shape::Object(id) => {
                let object = &self.heap.objects[id];
                match object.class.as_ref().map(|class| &class.shape) {
                    Some(Shape::Class(class)) if is_known_in_part => Some(self.methods_of(*class)),
                    None if object.ty.is_none() && object.items.is_none() && object.input.is_none() => {
                        Some(object.fields.iter().map(|(name, _)| *name).collect())
                    }
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn methods_of(&self, class: ClassValueId) -> Vec<Sym> {
        let mut names = Vec::new();
        for of in self.heap.classes[class].lineage.iter() {
            let Shape::Class(of) = of.shape else { continue };
            let of = &self.heap.classes[of];
            for member in &self.module(of.file).classes[of.class].members {
                if let (Key::Name(name), MemberKind::Method(_)) = (member.key, member.kind) {
                    let name = self.sym(of.file, name);
                    if !names.contains(&name) {
                        names.push(name);
                    }
                }
            }
        }
        names
    }

    /// Whether a text of such pieces may be `name`: its ends do.
    fn may_be(&self, pieces: &[Piece], name: &str) -> bool {
        let is_end = |piece: Option<&Piece>, fits: &dyn Fn(&str) -> bool| match piece {
            Some(Piece::Text(text)) => self.symbols.with(*text, |text| fits(text)),
            _ => true,
        };
        is_end(pieces.first(), &|text| name.starts_with(text))
            && is_end(pieces.last(), &|text| name.ends_with(text))
    }
}

/// The pieces of a text with holes, none for what is not known at all; `None` for a value that is no such name.
fn pieces_of(name: &Value) -> Option<Vec<Piece>> {
    match &name.shape {
        Shape::Text(pieces) => Some(pieces.to_vec()),
        // What a library gives may be any text.
        Shape::Unknown | Shape::Object(_) | Shape::External(_) => Some(Vec::new()),
        _ => None,
    }
}

/// The name of a file without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}
