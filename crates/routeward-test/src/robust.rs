//! Every case of every suite, cut short and with lines left out: what a user is typing is scanned without a panic.

use std::fs;
use std::path::Path;

use routeward_base::Memory;
use routeward_engine::{ProblemKind, scan_memory};

use crate::suite::{Case, Suite};
use crate::suites;

/// About how many texts are tried. Which ones does not change from run to run.
const TRIALS: usize = 1500;

#[test]
fn broken_cases_are_scanned_without_a_panic() {
    let lints = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../lints");
    let texts: Vec<_> = suites(&lints)
        .into_iter()
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("readable")))
        .collect();
    let suites: Vec<_> = texts.iter().filter_map(|(name, text)| Suite::parse(name, text).ok()).collect();
    let cases: Vec<_> =
        suites.iter().flat_map(|suite| suite.cases.iter().map(move |case| (suite, case))).collect();
    let total: usize = cases.iter().map(|(_, case)| variants(case)).sum();
    // Odd, so that prefixes and deletions both have their turn.
    let step = (total / TRIALS).max(1) | 1;
    for number in (0..total).step_by(step) {
        let mut left = number;
        let Some((suite, case)) = cases.iter().find(|(_, case)| {
            let count = variants(case);
            let is_here = left < count;
            left -= if is_here { 0 } else { count };
            is_here
        }) else {
            continue;
        };
        let memory = broken(case, left);
        let report = scan_memory(&memory, &[]);
        let internal = report.problems.iter().find(|problem| problem.kind == ProblemKind::Internal);
        if let Some(problem) = internal {
            panic!("{}: {}, variant {left}: {}", suite.name, case.title, problem.message);
        }
    }
}

/// For each line of each file: the text without it, and the text up to its middle.
fn variants(case: &Case<'_>) -> usize {
    case.files.iter().map(|file| file.text.lines().count() * 2).sum()
}

fn broken(case: &Case<'_>, number: usize) -> Memory {
    let mut memory = Memory::new();
    let mut left = Some(number);
    for file in &case.files {
        let count = file.text.lines().count() * 2;
        let text = match left {
            Some(number) if number < count => {
                left = None;
                break_text(file.text, number)
            }
            _ => {
                left = left.map(|number| number - count);
                file.text.to_owned()
            }
        };
        memory.insert(file.path, text);
    }
    memory
}

fn break_text(text: &str, number: usize) -> String {
    let line = number / 2;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    if number.is_multiple_of(2) {
        return [&lines[..line], &lines[line + 1..]].concat().concat();
    }
    let half: String = lines[line].chars().take(lines[line].chars().count() / 2).collect();
    lines[..line].concat() + &half
}

#[test]
fn texts_are_broken_in_two_ways() {
    let variants: Vec<_> = (0..4).map(|number| break_text("ab\ncd\n", number)).collect();
    assert_eq!(variants, ["cd\n", "a", "ab\n", "ab\nc"]);
}
