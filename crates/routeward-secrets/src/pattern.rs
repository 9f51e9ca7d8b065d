//! Patterns of rows, compiled: over bytes, with the letters of ASCII only.

use regex_automata::meta::Regex;
use regex_automata::util::syntax;
use regex_syntax::hir::Hir;

/// The most memory that one compiled pattern may take, in bytes.
const SIZE_LIMIT: usize = 8 << 20;

/// Compiles a pattern. The cost is some ten to hundred microseconds; a wrong one is an error in words.
pub(crate) fn compile(pattern: &str) -> Result<Regex, String> {
    Regex::builder()
        .configure(Regex::config().nfa_size_limit(Some(SIZE_LIMIT)))
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .build(pattern)
        .map_err(|error| match (error.size_limit(), error.syntax_error()) {
            (Some(limit), _) => format!("compiled it takes more than the size limit of {limit} bytes"),
            (None, Some(syntax)) => syntax.to_string(),
            (None, None) => error.to_string(),
        })
}

/// Compiles several.
pub(crate) fn compile_all(patterns: &[String]) -> Result<Vec<Regex>, String> {
    patterns.iter().map(|pattern| compile(pattern)).collect()
}

/// What a pattern is made of.
pub(crate) fn parse(pattern: &str) -> Result<Hir, String> {
    let mut parser = regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build();
    parser.parse(pattern).map_err(|error| error.to_string())
}

/// True if one of the patterns is found anywhere in a text.
pub(crate) fn is_any_in(patterns: &[Regex], text: &[u8]) -> bool {
    patterns.iter().any(|pattern| pattern.is_match(text))
}
