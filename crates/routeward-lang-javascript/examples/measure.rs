//! Measures the front end over directories: time to parse, time to parse and lower, what was not understood.
//!
//! `cargo run --release -p routeward-lang-javascript --example measure -- DIR…`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use routeward_lang_javascript::{EXTENSIONS, lower, parse_only};

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if let Ok(entries) = std::fs::read_dir(path) {
        let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for entry in entries {
            collect(&entry, files);
        }
    } else if path.extension().and_then(|e| e.to_str()).is_some_and(|e| EXTENSIONS.contains(&e)) {
        files.push(path.to_owned());
    }
}

fn main() {
    let mut files = Vec::new();
    for dir in std::env::args().skip(1) {
        collect(Path::new(&dir), &mut files);
    }
    let texts: Vec<(String, String)> = files
        .iter()
        .filter_map(|path| Some((path.display().to_string(), std::fs::read_to_string(path).ok()?)))
        .collect();
    let bytes: usize = texts.iter().map(|(_, text)| text.len()).sum();
    let (mut parse, mut whole) = (Duration::MAX, Duration::MAX);
    let mut nodes = 0;
    for _ in 0..3 {
        let start = Instant::now();
        nodes = texts.iter().map(|(path, text)| parse_only(path, text)).sum();
        parse = parse.min(start.elapsed());
        let start = Instant::now();
        for (path, text) in &texts {
            std::hint::black_box(lower(path, text));
        }
        whole = whole.min(start.elapsed());
    }
    println!("{} files, {bytes} bytes, {nodes} nodes", texts.len());
    println!("parse {parse:?}, parse and lower {whole:?}: {:.3}", whole.as_secs_f64() / parse.as_secs_f64());
    let mut unknown: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let (mut errors, mut broken, mut exprs, mut size) = (0, 0, 0, 0);
    for (path, text) in &texts {
        let lowered = lower(path, text);
        errors += lowered.errors.len();
        broken += usize::from(!lowered.errors.is_empty());
        exprs += lowered.module.exprs.len();
        size += size_of_val(lowered.module.exprs.as_slice());
        for (kind, span) in &lowered.module.unknown {
            let line = text[..span.start as usize].matches('\n').count() + 1;
            let entry = unknown.entry(lowered.module.text(*kind).to_owned()).or_default();
            *entry = (entry.0 + 1, format!("{path}:{line}"));
        }
    }
    println!("{exprs} expressions ({size} bytes), {errors} errors in {broken} files");
    for (kind, (count, place)) in unknown {
        println!("{count:6} {kind} (last in {place})");
    }
}
