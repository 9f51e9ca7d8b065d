//! What files of rules say, and what is said about them. The values are plain words that are no secrets.

use super::*;
use crate::Matcher;

fn read(text: &str) -> Result<RuleSet, RulesError> {
    read_rules(&Tokens::default(), &[RuleFile { path: "my.toml".to_owned(), text: text.to_owned() }])
}

/// The values that the rules find in a file.
fn found(rules: &str, path: &str, text: &str) -> Vec<String> {
    let rules = read(rules).expect("the rules are right");
    let matcher = Matcher::new(&rules.tokens).expect("the rules are right");
    let hits = matcher.find(path, text);
    hits.iter().map(|hit| format!("{}={}", matcher.rows()[hit.row].id, hit.secret.of(text))).collect()
}

#[test]
fn a_rule_finds_its_group_with_its_words_anywhere() {
    let rule = "[[rules]]\nid = 'goose'\nregex = '(g)-([a-z]+)'\nsecretGroup = 2\nkeywords = ['POND']\n";
    assert_eq!(found(rule, "a", "pond\n\n\ng-gander"), ["goose=gander"]);
    assert_eq!(found(rule, "a", "g-gander").len(), 0);
    // Without words it is looked for everywhere; the first group that took part is the secret.
    assert_eq!(found("[[rules]]\nid = 'goose'\nregex = 'g-([a-z]+)'", "a", "g-gander"), ["goose=gander"]);
}

#[test]
fn a_rule_is_kept_to_its_paths_and_its_entropy() {
    let rule = "[[rules]]\nid = 'goose'\nregex = 'g-[a-z]+'\npath = '\\.env$'\n";
    assert_eq!(found(rule, "a/.env", "g-gander").len(), 1);
    assert_eq!(found(rule, "a/.envoy", "g-gander").len(), 0);
    for (least, count) in [("1.0", 0), ("0.9", 1)] {
        let rule = "[[rules]]\nid = 'goose'\nregex = '[gn]+'\n";
        assert_eq!(found(&format!("{rule}entropy = {least}"), "a", "gngn").len(), count, "{least}");
        let filter = format!("{rule}filter = '''\nentropy(finding[\"secret\"]) <= {least}\n'''");
        assert_eq!(found(&filter, "a", "gngn").len(), count, "{least}");
    }
}

#[test]
fn allowlists_leave_alone_what_fits_them() {
    let check = |list: &str, path: &str, count: usize| {
        let rule = "[[rules]]\nid = 'goose'\nregex = 'g=([a-z]+)'\n";
        for kind in ["[[rules.allowlists]]", "[rules.allowlist]", "[[allowlists]]", "[allowlist]"] {
            let rules = format!("{rule}{kind}\n{list}");
            assert_eq!(found(&rules, path, "old g=gander here").len(), count, "{rules} in {path}");
        }
    };
    check("regexes = ['^gan']", "a", 0);
    check("regexes = ['^old']", "a", 1);
    check("regexTarget = 'line'\nregexes = ['^old.*here$']", "a", 0);
    check("regexTarget = 'match'\nregexes = ['^g=']", "a", 0);
    check("stopwords = ['AND']", "a", 0);
    check("paths = ['^b/']", "b/a", 0);
    check("paths = ['^b/']", "c/a", 1);
    check("condition = 'AND'\npaths = ['^b/']\nstopwords = ['and']", "b/a", 0);
    check("condition = 'AND'\npaths = ['^b/']\nstopwords = ['other']", "b/a", 1);
    check("commits = ['abc']", "a", 1);
}

#[test]
fn lists_of_the_whole_file_can_be_for_some_rules_and_rules_can_be_disabled() {
    let rules = "[[rules]]\nid = 'one'\nregex = 'g=[a-z]+'\n[[rules]]\nid = 'two'\nregex = 'h=[a-z]+'\n";
    let list = "[[allowlists]]\ntargetRules = ['one']\nstopwords = ['a']\n";
    assert_eq!(found(&format!("{rules}{list}"), "a", "g=abc h=abc"), ["two=h=abc"]);
    let extend = "[extend]\nuseDefault = true\ndisabledRules = ['two']\n";
    assert_eq!(found(&format!("{extend}{rules}"), "a", "g=abc h=abc"), ["one=g=abc"]);
}

#[test]
fn what_has_no_meaning_here_is_left_out_with_a_remark() {
    let check = |text: &str, expected: &str| {
        let rules = read(text).expect("the rules are right");
        let shown: Vec<String> =
            rules.remarks.iter().map(|it| format!("{}:{}: {}", it.path, it.line, it.message)).collect();
        assert_eq!(shown, [expected], "{text}");
    };
    let rule = "[[rules]]\nid = 'goose'\nregex = 'a'\n";
    let unused = |reason: &str| format!("my.toml:1: rule `goose` is not used: {reason}");
    let needs = unused("it asks for other findings beside its own, which only routeward's own rows can");
    check(&format!("{rule}[[rules.required]]\nid = 'b'\nwithinLines = 3"), &needs);
    check(&format!("{rule}components = ['b']"), &needs);
    let filter = unused("its filter is an expression that is not understood; only the least entropy is");
    check(&format!("{rule}filter = 'true'"), &filter);
    check(&format!("{rule}skipReport = true"), &unused("it is only a part of another rule"));
    let pathless = unused("it has no `regex`: files are not told by their paths alone");
    check("[[rules]]\nid = 'goose'\npath = 'a'", &pathless);
    check(&format!("{rule}{rule}"), "my.toml:4: rule `goose` is not used: another rule has the same id");
    check("[extend]\ndisabledRules = ['b']", "my.toml:2: there is no rule `b` to disable");
    check("[extend]\npath = 'b.toml'", "my.toml:2: `b.toml` is not read: name each file of rules itself");
}

#[test]
fn what_cannot_be_read_is_an_error_with_its_line_and_the_way_out() {
    let check = |text: &str, message: &str| {
        let error = read(text).expect_err("a refusal").to_string();
        assert!(error.starts_with(message) && error.contains("; "), "{error}");
    };
    let regex = |regex: &str| format!("[[rules]]\nid = 'g'\nregex = '{regex}'\n");
    let wrong = |reason: &str| format!("my.toml:3: the regex of rule `g` cannot be used: {reason}");
    check("x", "my.toml:1: key with no value");
    check("[[rules]]\nregex = 'a'", "my.toml:1: missing field `id`; correct the TOML");
    check(&regex("(a"), &wrong("unclosed group; correct it"));
    check(&regex("(?=a)"), &wrong("look-around"));
    check(
        &regex("(?:[a-z]{900}){900}"),
        &wrong("compiled it takes more than the size limit of 8388608 bytes; ask for fewer"),
    );
    check(&regex("\\C"), &wrong("`\\C`"));
    check(&(regex("a") + "secretGroup = 1"), "my.toml:4: the regex of rule `g` has no group 1; count");
    check(
        "[allowlist]\nregexes = [\n'a',\n'[']",
        "my.toml:4: a pattern of an allowlist cannot be used: a class",
    );
    check("[allowlist]\ncondition = 'xor'", "my.toml:2: there is no condition `xor`; write one of or,");
    check("[allowlist]\nregexTarget = 'word'", "my.toml:2: there is no target `word`; write one of secret,");
}
