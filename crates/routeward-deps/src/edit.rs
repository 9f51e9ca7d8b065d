//! What to write where a manifest asks for a package, so that it asks for a later version.

use routeward_base::Span;

use crate::{Dependency, Version, admitted};

impl Dependency {
    /// The place and the text that make it ask for that version, as it asked before: `^1.0.0` becomes `^1.2.3`. None where
    /// it is written in another way, or the version would not be let in then.
    pub fn raised(&self, version: &str) -> Option<(Span, String)> {
        let written = self.version.as_deref().unwrap_or(&self.requirement);
        let place = self.version_place;
        if place.len as usize != written.len() {
            return None;
        }
        let bare = written.trim_start_matches(['^', '~', '>', '=', ' ']);
        let operator = &written[..written.len() - bare.len()];
        let is_version = bare.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit())
            && bare.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+' | '_'))
            && !bare.split('.').any(|part| matches!(part, "x" | "X"));
        if !is_version {
            return None;
        }
        let mark = if bare.starts_with('v') && !version.starts_with('v') { "v" } else { "" };
        let raised = format!("{mark}{version}");
        let wanted = Version::new(self.ecosystem, version);
        let lets_in = || {
            admitted(self.ecosystem, &format!("{operator}{raised}")).is_some_and(|it| it.contains(&wanted))
        };
        if self.version.is_none() && !lets_in() {
            return None;
        }
        let start = place.start + operator.len() as u32;
        Some((Span::new(start, place.end()), raised))
    }
}

#[cfg(test)]
mod tests {
    use crate::read;

    fn check(path: &str, text: &str, version: &str, expected: Option<&str>) {
        let listing = read(path, text).expect("a manifest");
        let raised = listing.dependencies[0].raised(version).map(|(span, new)| {
            let (start, end) = (span.start as usize, span.end() as usize);
            format!("{}{new}{}", &text[..start], &text[end..])
        });
        assert_eq!(raised.as_deref(), expected);
    }

    #[test]
    fn what_is_asked_for_is_raised_in_its_place() {
        let npm = |text: &str| format!("{{\"dependencies\": {{\"a\": \"{text}\"}}}}");
        for (before, after) in
            [("^1.0.0", "^2.1.0"), ("~1.0", "~2.1.0"), ("1.0.0", "2.1.0"), (">=1", ">=2.1.0")]
        {
            check("package.json", &npm(before), "2.1.0", Some(&npm(after)));
        }
        for before in ["1.x", "<2", "^1.0.0 || ^3.0.0", "*", "latest"] {
            check("package.json", &npm(before), "2.1.0", None);
        }
        check("requirements.txt", "a==1.0 # why\n", "2.1", Some("a==2.1 # why\n"));
        check("requirements.txt", "a~=1.0\n", "2.1", Some("a~=2.1\n"));
        check("Cargo.toml", "[dependencies]\na = \"1\"\n", "2.1.0", Some("[dependencies]\na = \"2.1.0\"\n"));
        check("go.mod", "require a.io/b v1.0.0\n", "2.1.0", Some("require a.io/b v2.1.0\n"));
    }
}
