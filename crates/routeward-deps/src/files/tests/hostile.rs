//! What no tool writes: texts that are cut off, scrambled, huge, or go round in circles.

use super::*;

/// Beginnings of each format that lead far into its reader.
const TEXTS: &[(&str, &str)] = &[
    ("package.json", r#"{"dependencies": {"a": "npm:b@1", "c": "git+https://x#y"}}"#),
    (
        "package-lock.json",
        r#"{"packages": {"": {"dependencies": {"a": "1"}}, "node_modules/a": {"version": "1.0.0"}}}"#,
    ),
    ("package-lock.json", r#"{"dependencies": {"a": {"version": "1.0.0", "requires": {"a": "1"}}}}"#),
    ("yarn.lock", "\"a@^1\", \"@s/b@1\":\n  version \"1\"\n  dependencies:\n    c \"^1\"\n"),
    ("yarn.lock", "__metadata:\n  version: 6\n\"a@npm:1\":\n  version: 1\n  resolution: \"a@npm:1\"\n"),
    (
        "pnpm-lock.yaml",
        "lockfileVersion: 5.4\ndependencies:\n  a: 1.0.0_b@1\npackages:\n  /a/1.0.0_b@1:\n    dev: true\n",
    ),
    (
        "bun.lock",
        r#"{"workspaces": {"": {"dependencies": {"a": "1"}}}, "packages": {"@s/a/b": ["a@1", "", {}, ""]}}"#,
    ),
    (
        "requirements.txt",
        "a[x]>=1; extra == 'y'\n-e git+https://h/p@r#egg=é\n-r\n-\n--\n-é\nb==1 \\\n  --hash=x # via c\n",
    ),
    (
        "pyproject.toml",
        "[project]\ndependencies = [\"a>=1\", \"b @ git+h://x@y\"]\n[tool.poetry.dependencies]\na = [{git = \"x\"}]\n",
    ),
    (
        "poetry.lock",
        "[[package]]\nname = \"a\"\nversion = \"1\"\n[package.source]\ntype = \"git\"\nurl = \"x\"\n",
    ),
    (
        "uv.lock",
        "[[package]]\nname = \"a\"\nsource = { editable = \".\" }\ndependencies = [{ name = \"a\" }]\n",
    ),
    ("pdm.lock", "[[package]]\nname = \"a\"\ndependencies = [\"a>1\"]\n"),
    ("pylock.toml", "[[packages]]\nname = \"a\"\n[packages.vcs]\nurl = \"x\"\n"),
    ("Pipfile", "[packages]\na = {version = \"*\", ref = \"x\"}\n"),
    ("Pipfile.lock", r#"{"default": {"a": {"version": "==1"}}}"#),
    ("go.mod", "module x\nrequire (\n\ta v1 // indirect\n)\nreplace a v1 => \"b\" v2\n"),
    (
        "Dockerfile",
        "ARG A=${B:-${C}}\nFROM --platform=$P h:1/a:${A}@sha256:é AS x\nFROM x\nFROM ${A:+y} as\nFROM\n",
    ),
    ("compose.yml", "services:\n  a:\n    image: \"h:1/a:${X:-$é}@d\"\n  b: {image: {name: b}}\n"),
    (".gitlab-ci.yml", "image: a:1\nb:\n  image: {name: é}\n  services: [c:$D, {name: e}]\n"),
    (
        ".github/workflows/a.yml",
        "jobs:\n  a:\n    uses: é/b@c\n    container: a:1\n    services: {s: {image: x}}\n    steps:\n    - uses: docker://a@\n    - uses: '@'\n",
    ),
    (".tool-versions", "node lts/é 1\njava temurin-\n- -\n"),
    (".python-version", "-é\n"),
    ("runtime.txt", "python-\n-\n"),
    ("global.json", r#"{"sdk": {"version": "6.0.é"}}"#),
    ("go.sum", "a v1 h1:x\na v1/go.mod h1:x\n"),
    ("Cargo.toml", "[dependencies]\na.workspace = true\n[workspace.dependencies]\na = \"=1.0.0\"\n"),
    (
        "Cargo.lock",
        "[[package]]\nname = \"a\"\nversion = \"1\"\nsource = \"git+x?y#z\"\ndependencies = [\"a 1 (x)\"]\n",
    ),
    (
        "pom.xml",
        "<project><properties><a>${b}${b}</a><b>${a}</b></properties><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>${a}</version></dependency></dependencies></project>",
    ),
    ("gradle.lockfile", "g:a:1=runtimeClasspath\n"),
    (
        "libs.versions.toml",
        "[versions]\na = \"1\"\n[libraries]\na = { module = \"g:a\", version.ref = \"a\" }\n",
    ),
    (
        "build.gradle",
        "def a = 'é'\nimplementation \"g:a:${a}\"\napi group: 'g', name: 'é', version: '1'\nset('a', 'b')\n/* x */",
    ),
    (
        "packages.lock.json",
        r#"{"dependencies": {"n": {"A": {"type": "Direct", "resolved": "1", "dependencies": {"a": "1"}}}}}"#,
    ),
    (
        "x.csproj",
        "<Project><ItemGroup><PackageReference Include=\"A\" Version=\"$(V)\"/></ItemGroup></Project>",
    ),
    ("packages.config", "<packages><package id=\"A\" version=\"1\"/></packages>"),
    ("composer.json", r#"{"require": {"a/b": "1.0.0"}}"#),
    (
        "composer.lock",
        r#"{"packages": [{"name": "a/b", "version": "1", "source": {"type": "git", "url": "x"}}]}"#,
    ),
    ("Gemfile.lock", "GIT\n  remote: x\n  specs:\n    a (1-x)\n      a\n\nDEPENDENCIES\n  a!\n"),
    (
        "mix.lock",
        "%{\n  \"a\": {:hex, :\"b\", \"1\", \"x\", [:mix], [{:a, \"1\", []}], \"hexpm\"},\n  \"é\": {:git, \"x\", \"y\"},\n}\n",
    ),
    (
        "mix.exs",
        "def deps do\n[{:a, \"~> 1\", only: [:é]}, {:b, git: 'x', ref: ~s|y|}, {:\"c\", ?\", \"\"\"\nd\\\"\"\"}]\nend deps: [{",
    ),
    ("pnpm-workspace.yaml", "catalog:\n  a: npm:@b/é@^1\ncatalogs:\n  c: {a: ''}\n"),
    (
        "bom.json",
        r#"{"components": [{"purl": "pkg:npm/%40a/%zz@1", "components": []}], "dependencies": [{"ref": "a"}]}"#,
    ),
    (
        "bom.json",
        r#"{"spdxVersion": "x", "packages": [{"externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:gem/a@é"}]}]}"#,
    ),
    (
        "bom.xml",
        "<bom><components><component bom-ref=\"a\"><purl>pkg:gem/a@1</purl></component></components></bom>",
    ),
];

fn survives(path: &str, text: &str) {
    if let Some(listing) = read(path, text) {
        sound(path, text, &listing);
    }
}

#[test]
fn texts_that_are_cut_off_are_read() {
    for (path, text) in TEXTS {
        for end in (0..=text.len()).filter(|end| text.is_char_boundary(*end)) {
            survives(path, &text[..end]);
            survives(path, &text[end..]);
        }
    }
}

#[test]
fn texts_that_are_scrambled_are_read() {
    // A generator by Marsaglia (Journal of Statistical Software 8, 14), so that a failure comes again.
    let mut state = 0x2545_f491_u32;
    let mut next = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as usize % limit.max(1)
    };
    for (path, text) in TEXTS {
        for _ in 0..200 {
            let mut chars: Vec<char> = text.chars().collect();
            for _ in 0..=next(4) {
                let (from, to) = (next(chars.len()), next(chars.len()));
                match next(4) {
                    0 => chars.swap(from, to),
                    1 => drop(chars.drain(from.min(to)..from.max(to))),
                    2 => chars.insert(from, ['é', '"', '\n', '@', '/', ':', ' ', '\u{0}'][next(8)]),
                    _ => chars.extend_from_within(from.min(to)..from.max(to)),
                }
                if chars.is_empty() {
                    break;
                }
            }
            survives(path, &chars.into_iter().collect::<String>());
        }
    }
    // Each format's reader is given what is another's.
    for (path, _) in TEXTS {
        for (_, text) in TEXTS {
            survives(path, text);
        }
    }
}

/// Each of these would take hours if its cost were the square of its length.
#[test]
fn large_texts_are_read_in_linear_time() {
    const MANY: usize = 20_000;
    let many = |line: &dyn Fn(usize) -> String| (0..MANY).map(line).collect::<Vec<_>>().concat();
    let deep = (0..MANY).map(|_| "node_modules/a").collect::<Vec<_>>().join("/");
    let asked = many(&|i| format!("\"p{i}\": \"1\","));
    let nested = format!(
        "{{\"packages\": {{\"node_modules/x\": {{\"version\": \"1.0.0\"}}, \"{deep}\": {{\"dependencies\": {{{asked}}}}}}}}}"
    );
    let listing = read("package-lock.json", &nested).unwrap();
    assert!(
        listing.faults.iter().any(|fault| fault.message.contains("nested in more than")),
        "{:?}",
        listing.faults
    );

    let circle = many(&|i| {
        format!("[[package]]\nname = \"p{i}\"\nversion = \"1\"\ndependencies = [\"p{}\"]\n", (i + 1) % MANY)
    });
    let listing = read("Cargo.lock", &circle).unwrap();
    assert_eq!(listing.dependencies.len(), MANY);
    assert!(listing.dependencies.iter().all(|dependency| dependency.parents.len() == 1));

    let same: String = (0..MANY).map(|_| "a v1.0.0\n").collect();
    let replaced: String = (0..MANY).map(|_| "a => b v2.0.0\n").collect();
    let listing = read("go.mod", &format!("require (\n{same})\nreplace (\n{replaced})\n")).unwrap();
    assert_eq!(listing.dependencies.len(), MANY);

    let brackets = format!("{{\"dependencies\": {}", "{\"a\": {\"dependencies\": ".repeat(MANY));
    let listing = read("package-lock.json", &brackets).unwrap();
    assert!(!listing.faults.is_empty());
    let parts = "{\"components\": [".repeat(MANY);
    assert!(!read("bom.json", &parts).unwrap().faults.is_empty());
    let doubled =
        (0..60).map(|i| format!("<p{i}>${{p{0}}}${{p{0}}}</p{i}>", i + 1)).collect::<Vec<_>>().concat();
    let doubled = format!(
        "<project><properties>{doubled}</properties><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId><version>${{p0}}</version></dependency></dependencies></project>"
    );
    assert_eq!(read("pom.xml", &doubled).unwrap().dependencies[0].version, None);
}
