//! Access paths of models: `arg[0].where`, `arg[1..]`, `self`.

/// A parsed access path.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Access {
    /// Where it begins.
    pub root: Root,
    /// Members and elements below.
    pub steps: Vec<Step>,
    /// It may be missing: the argument counts only if it fits.
    pub is_optional: bool,
}

/// Where an access path begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Root {
    /// An argument; negative from the end.
    Arg(i32),
    /// An argument that is passed by name.
    Named(String),
    /// All arguments that are passed by name, as one object.
    AllNamed,
    /// An argument that was passed by name to the call that gave the receiver.
    MadeNamed(String),
    /// The arguments from one on, up to the number left out at the end.
    Args(usize, usize),
    /// The receiver.
    This,
    /// What the call gives.
    Return,
    /// An argument of the call that gave the receiver; all of them without a number.
    Made(Option<usize>),
    /// A remembered value: its name, behind the package of the model file and a slash where it is that of another.
    State(String),
    /// The site of that type around the file of the call.
    Site(String),
    /// A constant.
    Constant(String),
}

/// One step down.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    /// A member.
    Member(String),
    /// An element.
    Item(usize),
    /// Every element.
    Each,
}

impl Access {
    /// Reads an access path; text that is none is a constant.
    pub(crate) fn parse(text: &str) -> Self {
        let (text, is_optional) = text.strip_suffix('?').map_or((text, false), |text| (text, true));
        let head = text.find(['.', '[']).unwrap_or(text.len());
        let (root, rest) = match &text[..head] {
            "arg" => {
                let end = text.find(']').map_or(text.len(), |i| i + 1);
                (
                    arg_root(text.get(head + 1..end.saturating_sub(1)).unwrap_or("0")),
                    &text[end.min(text.len())..],
                )
            }
            "made" => {
                let end = text.find(']').map_or(text.len(), |i| i + 1);
                let inside = text.get(head + 1..end.saturating_sub(1)).unwrap_or("*");
                let root = match inside.chars().next() {
                    Some(first) if first.is_alphabetic() => Root::MadeNamed(inside.to_owned()),
                    _ => Root::Made(inside.parse().ok()),
                };
                (root, &text[end..])
            }
            "self" => (Root::This, &text[head..]),
            "named" => (Root::AllNamed, &text[head..]),
            "return" => (Root::Return, &text[head..]),
            _ => match (text.strip_prefix("state:"), text.strip_prefix("site:")) {
                (Some(name), _) => (Root::State(name.to_owned()), ""),
                (None, Some(name)) => (Root::Site(name.to_owned()), ""),
                (None, None) => (Root::Constant(text.to_owned()), ""),
            },
        };
        Self { root, steps: steps(rest), is_optional }
    }
}

fn arg_root(inside: &str) -> Root {
    if inside == "*" {
        return Root::Args(0, 0);
    }
    if inside.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return Root::Named(inside.to_owned());
    }
    match inside.split_once("..") {
        Some((from, to)) => {
            let left_out = to.strip_prefix('-').and_then(|n| n.parse().ok()).unwrap_or(0);
            Root::Args(from.parse().unwrap_or(0), left_out)
        }
        None => Root::Arg(inside.parse().unwrap_or(0)),
    }
}

fn steps(mut rest: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    while let Some(next) = rest.chars().next() {
        rest = &rest[next.len_utf8()..];
        let end = rest.find(if next == '[' { &[']'][..] } else { &['.', '['][..] }).unwrap_or(rest.len());
        let word = &rest[..end];
        steps.push(match (next, word) {
            ('[', "*") => Step::Each,
            ('[', word) => word.parse().map_or_else(|_| Step::Member(word.to_owned()), Step::Item),
            (_, word) => Step::Member(word.to_owned()),
        });
        rest = rest.get(end + usize::from(next == '[')..).unwrap_or("");
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_of_the_documentation() {
        let member = |name: &str| Step::Member(name.to_owned());
        let path = |root, steps| Access { root, steps, is_optional: false };
        assert_eq!(Access::parse("arg[0]"), path(Root::Arg(0), vec![]));
        assert_eq!(Access::parse("arg[-1].a.b"), path(Root::Arg(-1), vec![member("a"), member("b")]));
        assert_eq!(Access::parse("arg[name].a"), path(Root::Named("name".into()), vec![member("a")]));
        assert_eq!(Access::parse("made[name]"), path(Root::MadeNamed("name".into()), vec![]));
        assert_eq!(Access::parse("arg[1..]"), path(Root::Args(1, 0), vec![]));
        assert_eq!(Access::parse("arg[0..-1]"), path(Root::Args(0, 1), vec![]));
        assert_eq!(Access::parse("arg[*]"), path(Root::Args(0, 0), vec![]));
        assert_eq!(Access::parse("arg[0].e[1]"), path(Root::Arg(0), vec![member("e"), Step::Item(1)]));
        assert_eq!(
            Access::parse("arg[0].e[*].f"),
            path(Root::Arg(0), vec![member("e"), Step::Each, member("f")])
        );
        assert_eq!(Access::parse("self"), path(Root::This, vec![]));
        assert_eq!(Access::parse("GET"), path(Root::Constant("GET".into()), vec![]));
        assert_eq!(Access::parse("made[1].a"), path(Root::Made(Some(1)), vec![member("a")]));
        assert_eq!(Access::parse("made[*]"), path(Root::Made(None), vec![]));
        assert!(Access::parse("arg[0]?").is_optional);
    }
}
