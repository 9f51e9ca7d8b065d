//! Where programs start, as manifests say: fields of `package.json`, commands of its scripts, and the files
//! beside it that name a file to run.

use super::Resolver;
use super::jsonc::Json;
use super::manifest::Manifest;
use super::paths::{file_name, join, parent};

/// A hint found while reading the repository.
pub(super) enum Start {
    /// A file as seen from a directory, perhaps without extension, perhaps what the build will write.
    File { dir: String, path: String },
    /// A line for a shell.
    Command { dir: String, line: String },
}

/// Programs whose first plain argument is a file that is run, or bundled in order to be run.
const RUNNERS: &[&str] = &[
    "node",
    "nodejs",
    "nodemon",
    "node-dev",
    "ts-node",
    "ts-node-dev",
    "ts-node-esm",
    "tsnd",
    "tsx",
    "bun",
    "deno",
    "babel-node",
    "babel-watch",
    "swc-node",
    "esno",
    "esr",
    "jiti",
    "vite-node",
    "sucrase-node",
    "pm2",
    "forever",
    "supervisor",
    "micro",
    "esbuild",
    "tsup",
    "ncc",
    "electron",
];

/// Their options that take the next word, so that it is not the file.
const OPTIONS_WITH_VALUE: &[&str] = &[
    "-r",
    "--require",
    "--import",
    "--loader",
    "--experimental-loader",
    "--env-file",
    "-P",
    "--project",
    "-w",
    "--watch-path",
    "-e",
    "--ext",
    "-x",
    "-i",
    "--ignore",
    "--delay",
    "-C",
    "--conditions",
    "-O",
    "--compiler-options",
    "--tsconfig",
    "--cwd",
    "-o",
    "--out",
    "--outfile",
    "--outdir",
    "--config",
    "--name",
    "-n",
];

/// Scripts that run tests.
fn is_test_script(name: &str) -> bool {
    matches!(name, "test" | "pretest" | "posttest") || name.starts_with("test:")
}

/// The hints of a `package.json`.
pub(super) fn manifest_starts(manifest: &Manifest) -> Vec<Start> {
    let fields = manifest.mains.iter().chain(&manifest.bins);
    let mut starts: Vec<Start> =
        fields.map(|path| Start::File { dir: manifest.dir.clone(), path: path.clone() }).collect();
    let file = |path: &str| Start::File { dir: manifest.dir.clone(), path: path.to_owned() };
    // What npm takes where the manifest is silent.
    if manifest.mains.is_empty() && manifest.exports.is_empty() {
        starts.push(file("index"));
    }
    if !manifest.scripts.iter().any(|(name, _)| name == "start") {
        starts.push(file("server.js"));
    }
    for (name, line) in &manifest.scripts {
        if !is_test_script(name) {
            starts.push(Start::Command { dir: manifest.dir.clone(), line: line.clone() });
        }
    }
    starts
}

/// True for the other JSON files that [`json_starts`] understands.
pub(super) fn is_json_start(path: &str) -> bool {
    matches!(file_name(path), "nest-cli.json" | "nodemon.json" | "project.json")
}

/// The hints of a `nest-cli.json`, `nodemon.json` or `project.json` (of Nx).
pub(super) fn json_starts(path: &str, json: &Json) -> Vec<Start> {
    let dir = parent(path);
    match file_name(path) {
        "nest-cli.json" => {
            let projects = json.get("projects").map(Json::members).unwrap_or_default();
            let projects = projects.iter().map(|(_, project)| project);
            std::iter::once(json).chain(projects).map(|project| nest_start(dir, project)).collect()
        }
        "nodemon.json" => {
            let script =
                json.text("script").map(|path| Start::File { dir: dir.to_owned(), path: path.to_owned() });
            let exec =
                json.text("exec").map(|line| Start::Command { dir: dir.to_owned(), line: line.to_owned() });
            script.into_iter().chain(exec).collect()
        }
        _ => {
            let targets = json.get("targets").map(Json::members).unwrap_or_default();
            let mains = targets.iter().filter_map(|(_, target)| target.get("options")?.text("main"));
            // Nx counts from the root of the workspace.
            mains.map(|main| Start::File { dir: String::new(), path: main.to_owned() }).collect()
        }
    }
}

fn nest_start(dir: &str, project: &Json) -> Start {
    let root = project.text("sourceRoot").unwrap_or("src");
    let entry = project.text("entryFile").unwrap_or("main");
    Start::File { dir: dir.to_owned(), path: format!("{root}/{entry}") }
}

/// True for a `Procfile` or a `Dockerfile`.
pub(super) fn is_command_file(path: &str) -> bool {
    let name = file_name(path);
    name == "Procfile"
        || name == "Dockerfile"
        || name.starts_with("Dockerfile.")
        || name.ends_with(".Dockerfile")
}

/// The commands of a `Procfile` (`web: node server.js`) or a `Dockerfile` (`CMD ["node", "server.js"]`).
pub(super) fn command_starts(path: &str, text: &str) -> Vec<Start> {
    let is_procfile = file_name(path) == "Procfile";
    let commands = text.lines().filter_map(|line| {
        let (head, rest) = line.trim_start().split_once(if is_procfile { ':' } else { ' ' })?;
        let is_command = is_procfile || ["CMD", "ENTRYPOINT"].iter().any(|it| head.eq_ignore_ascii_case(it));
        let line = rest.replace(['[', ']', ','], " ");
        is_command.then(|| Start::Command { dir: parent(path).to_owned(), line })
    });
    commands.collect()
}

impl Resolver {
    /// Files at which a program starts, as the manifests name them: sorted, each once, existing ones only.
    /// What the build would write is mapped back to its source.
    pub fn entries(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for start in &self.starts {
            match start {
                Start::File { dir, path } => found.extend(self.start_file(dir, path)),
                Start::Command { dir, line } => self.command_files(dir, line, &mut found),
            }
        }
        for manifest in self.manifests() {
            if !manifest.exports.is_empty()
                && let Some(path) = self.package_file(manifest, "")
            {
                found.push(path);
            }
        }
        found.retain(|path| is_program(path));
        found.sort();
        found.dedup();
        found
    }

    fn start_file(&self, dir: &str, path: &str) -> Option<String> {
        let path = join(dir, path)?;
        let existing = self.probe(&path, false).map(|path| self.written(path));
        existing.or_else(|| self.source_of(&path))
    }

    /// In an image the repository stands somewhere below the root: `/app/dist/main.js` is `dist/main.js`.
    fn command_file(&self, dir: &str, word: &str) -> Option<String> {
        let Some(absolute) = word.strip_prefix('/') else { return self.start_file(dir, word) };
        let after_slashes = absolute.match_indices('/').map(|(at, _)| &absolute[at + 1..]);
        after_slashes.filter(|path| !path.is_empty()).find_map(|path| self.start_file(dir, path))
    }

    /// Reads a command without a shell's grammar: quotes are blanks, so that the commands inside
    /// `concurrently "node a.js" "node b.js"` are found as well.
    fn command_files(&self, dir: &str, line: &str, found: &mut Vec<String>) {
        let line = line
            .replace("&&", " ; ")
            .replace(['|', '&', ';', '\n'], " ; ")
            .replace(['"', '\'', '\\', '`'], " ");
        let mut dir = dir.to_owned();
        let mut words = line.split_whitespace().peekable();
        let (mut is_running, mut is_nodemon) = (false, false);
        while let Some(word) = words.next() {
            if word == ";" {
                is_running = false;
            } else if word == "cd" {
                if let Some(moved) = words.next().and_then(|to| join(&dir, to)) {
                    dir = moved;
                }
            } else if RUNNERS.contains(&file_name(word)) {
                is_running = true;
                // Of the others it is a switch.
                is_nodemon = file_name(word) == "nodemon";
            } else if is_running && (OPTIONS_WITH_VALUE.contains(&word) || (word == "--watch" && is_nodemon))
            {
                // `nodemon --exec ts-node x`: a runner is never a value.
                words.next_if(|value| !RUNNERS.contains(value) && *value != ";");
            } else if is_running && !word.starts_with('-') {
                // `pm2 start x`, `tsx watch x`, `bun run x`: what is not a file is skipped.
                if let Some(path) = self.command_file(&dir, word) {
                    found.push(path);
                    is_running = false;
                }
            }
        }
    }
}

/// A file of code, or one without extension such as `bin/www`.
fn is_program(path: &str) -> bool {
    let is_declaration = [".d.ts", ".d.mts", ".d.cts"].iter().any(|ending| path.ends_with(ending));
    match file_name(path).rsplit_once('.') {
        Some((_, extension)) => super::CODE.contains(&extension) && !is_declaration,
        None => true,
    }
}
