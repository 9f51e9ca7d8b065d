//! Manifests, lock files, import resolution: the cases of what the language's own tools do.

use super::*;
use routeward_base::Memory;

/// Builds a repository from blocks `== path`, each followed by the file's text.
fn repository(files: &str) -> Resolver {
    let mut memory = Memory::new();
    for block in files.split("== ").skip(1) {
        let (path, text) = block.split_once('\n').unwrap_or((block, ""));
        memory.insert(path.trim(), text);
    }
    let paths: Vec<String> = memory.paths().map(str::to_owned).collect();
    Resolver::new(&memory, &paths)
}

/// Resolves each line `from specifier -> expected` in the repository.
fn check(files: &str, cases: &str) {
    let resolver = repository(files);
    for case in cases.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (question, expected) = case.split_once(" -> ").expect("a case has an arrow");
        let (from, specifier) = question.split_once(' ').expect("a case has a specifier");
        assert_eq!(resolver.resolve(from, specifier).to_string(), expected, "{case}");
    }
}

/// Asks for the version of each line `from package -> expected`.
fn check_versions(files: &str, cases: &str) {
    let resolver = repository(files);
    for case in cases.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (question, expected) = case.split_once(" -> ").expect("a case has an arrow");
        let (from, package) = question.split_once(' ').expect("a case has a package");
        let version = resolver.package_version(from, package);
        assert_eq!(version.as_deref().unwrap_or("none"), expected, "{case}");
    }
}

fn check_entries(files: &str, expected: &[&str]) {
    assert_eq!(repository(files).entries(), expected, "{files}");
}

#[test]
fn relative_specifiers() {
    check(
        "== a/x.ts\n== a/y.js\n== a/z/index.tsx\n== a/only.d.ts\n== a/data.json\n== a/both.ts\n== a/both.js
== a/m.mts\n== a/c.cts\n== a/v.jsx\n== a/w.mjs\n== a/q.cjs\n== a/b.service.ts\n== a/style.css\n== index.js
== a/z.ts\n== a/k/index.d.ts\n== a/t.tsx\n== a/decl.d.mts",
        "a/x.ts ./y -> a/y.js
        a/x.ts ./y.js -> a/y.js
        a/x.ts ./x.js -> a/x.ts
        a/x.ts ./t.jsx -> a/t.tsx
        a/x.ts ./t.js -> a/t.tsx
        a/x.ts ./m.mjs -> a/m.mts
        a/x.ts ./c.cjs -> a/c.cts
        a/x.ts ./v -> a/v.jsx
        a/x.ts ./w -> a/w.mjs
        a/x.ts ./q -> a/q.cjs
        a/x.ts ./data -> a/data.json
        a/x.ts ./data.json -> a/data.json
        a/x.ts ./b.service -> a/b.service.ts
        a/x.ts ./style.css -> a/style.css
        a/x.ts ./style.css?inline -> a/style.css
        a/x.ts style-loader!./style.css -> a/style.css
        a/x.ts ./only -> a/only.d.ts
        a/x.ts ./only.js -> a/only.d.ts
        a/x.ts ./decl.mjs -> a/decl.d.mts
        a/x.ts ./k -> a/k/index.d.ts
        a/x.ts ./both.js -> a/both.ts
        a/y.js ./both.js -> a/both.js
        a/y.js ./both -> a/both.ts
        a/x.ts ./z -> a/z.ts
        a/x.ts ./z/ -> a/z/index.tsx
        a/z/index.tsx .. -> missing
        a/z/index.tsx . -> a/z/index.tsx
        a/x.ts .. -> index.js
        a/x.ts ../index -> index.js
        a/x.ts ../ -> index.js
        a/x.ts ../../index -> missing
        a/x.ts ../../a/x -> missing
        a/x.ts ./nothing -> missing
        a/x.ts /a/y -> a/y.js
        a/x.ts /etc/passwd -> missing
        a/x.ts ./ -> missing",
    );
}

#[test]
fn packages_and_builtins() {
    check(
        "== src/a.ts\n== package.json\n{\"dependencies\": {\"lodash4\": \"npm:lodash@^4.17.21\", \"s\": \"npm:@acme/s@1\"}}",
        "src/a.ts express -> <express>
        src/a.ts node:fs -> <fs>
        src/a.ts node:fs/promises -> <fs/promises>
        src/a.ts fs/promises -> <fs/promises>
        src/a.ts node:test -> <test>
        src/a.ts bun:test -> <bun:test>
        src/a.ts @acme/x -> <@acme/x>
        src/a.ts @acme/x/y/z -> <@acme/x/y/z>
        src/a.ts punycode/ -> <punycode>
        src/a.ts lodash4 -> <lodash>
        src/a.ts lodash4/merge -> <lodash/merge>
        src/a.ts s -> <@acme/s>
        src/a.ts npm:hono@4.0.0/cors -> <hono/cors>
        src/a.ts npm:@hono/zod@4 -> <@hono/zod>
        src/a.ts https://deno.land/x/oak@v12/mod.ts -> <deno/x/oak>
        src/a.ts # -> missing
        src/a.ts @ -> missing
        src/a.ts @/ -> missing",
    );
}

#[test]
fn import_maps() {
    let files = "== deno.json
{\"imports\": {\"@/\": \"./\", \"$fresh/\": \"https://deno.land/x/fresh@1.6.0/\", \"fresh\": \"jsr:@fresh/core@^2.1\",
\"hono\": \"jsr:@hono/hono@4\", \"std/\": \"jsr:/@std/http@1/\", \"guard\": \"./lib/guard.ts\", \"jwt\": \"npm:jsonwebtoken\"}}
== lib/guard.ts\n== lib/a.ts\n== inner/deno.jsonc
{ // names another file
\"importMap\": \"../maps/map.json\", }
== maps/map.json
{\"imports\": {\"g\": \"./g.ts\", \"fresh\": \"npm:fresh@1.0.0\"}}
== maps/g.ts\n== inner/b.ts";
    check(
        files,
        "lib/a.ts @/lib/guard.ts -> lib/guard.ts
        lib/a.ts @/lib/none.ts -> missing
        lib/a.ts guard -> lib/guard.ts
        lib/a.ts ./guard.ts -> lib/guard.ts
        lib/a.ts $fresh/server.ts -> <deno/x/fresh>
        lib/a.ts fresh -> <@fresh/core>
        lib/a.ts fresh/runtime -> <@fresh/core/runtime>
        lib/a.ts freshly -> <freshly>
        lib/a.ts hono -> <hono>
        lib/a.ts hono/jwt -> <hono/jwt>
        lib/a.ts std/cookie -> <@std/http/cookie>
        lib/a.ts jwt -> <jsonwebtoken>
        inner/b.ts g -> maps/g.ts
        inner/b.ts fresh -> <fresh>
        inner/b.ts guard -> lib/guard.ts",
    );
    check_versions(
        files,
        "lib/a.ts deno/x/fresh -> 1.6.0
        lib/a.ts @fresh/core -> 2.1
        lib/a.ts jsonwebtoken -> none
        inner/b.ts fresh -> 1.0.0",
    );
}

#[test]
fn directories_with_a_manifest() {
    check(
        "== a.js\n== lib/package.json\n{\"main\": \"start\"}\n== lib/start.js\n== lib/index.js
== dir/package.json\n{\"main\": \"./inner\"}\n== dir/inner/index.js
== gone/package.json\n{\"main\": \"gone.js\"}\n== gone/index.js
== self/package.json\n{\"main\": \".\"}\n== self/index.js",
        "a.js ./lib -> lib/start.js
        a.js ./dir -> dir/inner/index.js
        a.js ./gone -> gone/index.js
        a.js ./self -> self/index.js",
    );
}

#[test]
fn aliases_of_tsconfig() {
    check(
        "== tsconfig.json
{
  // comments and trailing commas
  \"extends\": [\"./config/base\", \"@other/tsconfig/node.json\"],
  \"compilerOptions\": { \"baseUrl\": \"./src\", },
}
== config/base.json
{\"compilerOptions\": {\"paths\": {
  \"@app/*\": [\"generated/*\", \"app/*\"], \"@app/special/*\": [\"special/*\"], \"exact\": [\"app/exact.ts\"],
  \"*.view\": [\"views/*\"], \"express\": [\"../node_modules/express\"], \"out\": [\"../../away\"]}}}
== src/app/a.ts\n== src/app/exact.ts\n== src/special/s.ts\n== src/users/index.ts\n== src/views/home.ts
== src/events.ts\n== test/deep/t.ts\n== sub/tsconfig.json\n{\"compilerOptions\": {}}\n== sub/x.ts\n== src/dir/y.ts",
        "src/app/a.ts @app/a -> src/app/a.ts
        src/app/a.ts @app/a.js -> src/app/a.ts
        src/app/a.ts @app/special/s -> src/special/s.ts
        src/app/a.ts exact -> src/app/exact.ts
        src/app/a.ts home.view -> src/views/home.ts
        src/app/a.ts users -> src/users/index.ts
        src/app/a.ts express -> <express>
        src/app/a.ts out -> <out>
        src/app/a.ts @app/none -> <@app/none>
        src/app/a.ts events -> src/events.ts
        test/deep/t.ts @app/a -> src/app/a.ts
        sub/x.ts @app/a -> src/app/a.ts
        sub/x.ts users -> <users>",
    );
}

#[test]
fn a_nested_tsconfig_wins_over_the_one_above() {
    check(
        "== tsconfig.base.json\n{\"compilerOptions\": {\"baseUrl\": \".\", \"paths\": {\"@lib/*\": [\"libs/*/src\"], \"*\": [\"libs/*\"]}}}
== apps/api/tsconfig.json\n{\"extends\": \"../../tsconfig.base.json\", \"references\": [{\"path\": \"./tsconfig.app.json\"}]}
== apps/api/tsconfig.app.json\n{\"extends\": \"./tsconfig.json\", \"compilerOptions\": {\"paths\": {\"~/*\": [\"${configDir}/src/*\"]}}}
== apps/api/src/main.ts\n== apps/api/src/app.ts\n== libs/auth/src/index.ts\n== apps/plain/a.js\n== libs/express/index.js",
        "apps/api/src/main.ts @lib/auth -> libs/auth/src/index.ts
        apps/api/src/main.ts @lib/auth/index -> <@lib/auth/index>
        apps/api/src/main.ts express -> libs/express/index.js
        apps/plain/a.js @lib/auth -> libs/auth/src/index.ts
        apps/plain/a.js express -> <express>",
    );
    check(
        "== tsconfig.json\n{\"files\": [], \"references\": [{\"path\": \"tsconfig.app.json\"}, {\"path\": \"./gone\"}]}
== tsconfig.app.json\n{\"compilerOptions\": {\"paths\": {\"~/*\": [\"./src/*\"]}}}
== src/a.ts\n== jsconfig.json\n{\"compilerOptions\": {\"baseUrl\": \"lib\"}}\n== lib/b.js",
        "src/a.ts ~/a -> src/a.ts
        src/a.ts b -> lib/b.js",
    );
}

#[test]
fn tsconfig_extends_a_package_of_the_repository() {
    check(
        "== tools/tsconfig/package.json\n{\"name\": \"@acme/tsconfig\"}
== tools/tsconfig/base.json\n{\"compilerOptions\": {\"paths\": {\"@/*\": [\"${configDir}/code/*\"]}, \"outDir\": \"${configDir}/bin\", \"rootDir\": \"${configDir}/code\"}}
== api/tsconfig.json\n{\"extends\": \"@acme/tsconfig/base.json\"}\n== api/code/a.ts\n== api/run.js",
        "api/code/a.ts @/a -> api/code/a.ts
        api/run.js ./bin/a.js -> api/code/a.ts",
    );
}

#[test]
fn root_dirs_are_one_directory() {
    check(
        "== tsconfig.json\n{\"compilerOptions\": {\"rootDirs\": [\"src\", \"generated\"]}}\n== src/a.ts\n== generated/b.ts",
        "src/a.ts ./b -> generated/b.ts",
    );
}

#[test]
fn packages_of_a_workspace() {
    check(
        r##"== package.json
{"name": "root", "workspaces": ["packages/*"]}
== packages/api/package.json
{"name": "@acme/api", "dependencies": {"@acme/core": "workspace:*", "express": "^4.0.0", "plain": "*"}}
== packages/api/src/main.ts
== packages/core/package.json
{"name": "@acme/core", "main": "dist/index.js", "exports": {
  ".": {"types": "./dist/index.d.ts", "browser": "./dist/browser.js", "import": "./dist/esm/index.mjs", "require": "./dist/index.cjs"},
  "./util": {"default": "./dist/util.js"}, "./features/*": "./dist/features/*.js", "./features/private/*": null,
  "./package.json": "./package.json", "./assets/": "./static/"},
 "imports": {"#db": {"node": "./dist/db.js", "default": "./x.js"}, "#int/*": "./src/int/*.js", "#dep": "koa", "#n": "node:fs"}}
== packages/core/src/index.ts
== packages/core/src/browser.ts
== packages/core/src/util.ts
== packages/core/src/db.ts
== packages/core/src/int/x.ts
== packages/core/src/features/a/b.ts
== packages/core/src/deep.ts
== packages/core/static/s.json
== packages/plain/package.json
{"name": "plain", "module": "./lib/es/main.js"}
== packages/plain/source/main.ts
== packages/src-only/package.json
{"name": "src-only"}
== packages/src-only/src/index.tsx
== packages/src-only/src/x.ts
== packages/typed/package.json
{"name": "@acme/typed", "types": "./src/start.ts"}
== packages/typed/src/start.ts
== packages/express/package.json
{"name": "express", "version": "1.0.0"}
== packages/express/index.js
"##,
        "packages/api/src/main.ts @acme/core -> packages/core/src/index.ts
        packages/api/src/main.ts @acme/core/util -> packages/core/src/util.ts
        packages/api/src/main.ts @acme/core/features/a/b -> packages/core/src/features/a/b.ts
        packages/api/src/main.ts @acme/core/package.json -> packages/core/package.json
        packages/api/src/main.ts @acme/core/assets/s.json -> packages/core/static/s.json
        packages/api/src/main.ts @acme/core/dist/deep -> packages/core/src/deep.ts
        packages/api/src/main.ts @acme/core/deep -> packages/core/src/deep.ts
        packages/api/src/main.ts @acme/core/gone -> <@acme/core/gone>
        packages/core/src/util.ts @acme/core/util -> packages/core/src/util.ts
        packages/core/src/util.ts #db -> packages/core/src/db.ts
        packages/core/src/util.ts #int/x -> packages/core/src/int/x.ts
        packages/core/src/util.ts #dep -> <koa>
        packages/core/src/util.ts #n -> <fs>
        packages/core/src/util.ts #gone -> missing
        packages/api/src/main.ts plain -> packages/plain/source/main.ts
        packages/api/src/main.ts src-only -> packages/src-only/src/index.tsx
        packages/api/src/main.ts src-only/x -> packages/src-only/src/x.ts
        packages/api/src/main.ts @acme/typed -> packages/typed/src/start.ts
        packages/api/src/main.ts express -> <express>",
    );
}

#[test]
fn packages_without_a_workspace() {
    check(
        r#"== libs/auth/package.json
{"name": "@acme/auth"}
== libs/auth/index.js
== apps/a/package.json
{"name": "a", "dependencies": {"local": "file:../../libs/renamed", "up": "link:../../../away"}}
== apps/a/main.js
== libs/renamed/package.json
{"name": "other-name"}
== libs/renamed/index.js
== examples/koa/package.json
{"name": "koa", "version": "1.0.0", "dependencies": {"koa": "^2.13.0"}}
== examples/koa/index.js
== examples/bare/a.js
== twice/1/package.json
{"name": "twice"}
== twice/1/index.js
== twice/2/package.json
{"name": "twice"}
== twice/2/index.js
== twice/2/sub/b.js"#,
        "apps/a/main.js @acme/auth -> libs/auth/index.js
        apps/a/main.js local -> libs/renamed/index.js
        apps/a/main.js up -> <up>
        examples/koa/index.js koa -> <koa>
        examples/bare/a.js koa -> <koa>
        twice/2/sub/b.js twice -> twice/2/index.js
        apps/a/main.js twice -> twice/1/index.js",
    );
}

#[test]
fn workspaces_of_pnpm_and_lerna() {
    let packages = r#"== p/a/package.json
{"name": "a", "dependencies": {"b": "^9.0.0"}}
== p/a/x.js
== p/b/package.json
{"name": "b"}
== p/b/index.js
== package.json
{}
"#;
    for root in [
        "== pnpm-workspace.yaml\n# all\npackages:\n  - 'p/*' # here\n  - '!**/test'\n",
        "== pnpm-workspace.yaml\npackages: [\"p/**\"]\n",
        "== pnpm-workspace.yaml\npackages:\n- p/*\n",
        "== lerna.json\n{\"packages\": [\"p/*\"]}\n",
    ] {
        check(&format!("{packages}{root}"), "p/a/x.js b -> p/b/index.js");
    }
    check(packages, "p/a/x.js b -> <b>");
}

#[test]
fn what_the_build_writes_is_mapped_to_its_source() {
    check(
        "== package.json\n{\"name\": \"r\"}\n== bin/www\n== src/app.ts\n== src/api/routes.ts\n== lib2/z.ts
== tsconfig.json\n{\"compilerOptions\": {\"outDir\": \"./compiled\", \"rootDir\": \"./lib2\"}}\n== apps/x/src/main.ts",
        "bin/www ../dist/app -> src/app.ts
        bin/www ../dist/app.js -> src/app.ts
        bin/www ../build/src/api/routes.js -> src/api/routes.ts
        bin/www ../compiled/z.js -> lib2/z.ts
        bin/www ../compiled/src/app.js -> src/app.ts
        bin/www ../dist/cjs/app.cjs.js -> src/app.ts
        bin/www ../dist/apps/x/main.js -> apps/x/src/main.ts
        bin/www ../dist/gone -> missing",
    );
}

#[test]
fn conventional_aliases() {
    check(
        r#"== package.json
{"_moduleAliases": {"@root": ".", "@models": "src/models"}}
== src/a.js
== src/models/user.js
== top.js
== package/package.json
{}
== package/src/own.ts"#,
        "src/a.js @/models/user -> src/models/user.js
        src/a.js ~/models/user -> src/models/user.js
        src/a.js @/top -> top.js
        src/a.js @models/user -> src/models/user.js
        src/a.js @root/top -> top.js
        src/a.js src/models/user -> src/models/user.js
        src/a.js @/gone -> missing
        src/a.js ~/gone -> missing
        package/src/own.ts @/own -> package/src/own.ts
        package/src/own.ts @modelsx -> <@modelsx>",
    );
}

#[test]
fn without_a_manifest_the_nearest_directory_counts() {
    check(
        "== a/app.js\n== a/routes.js\n== b/app.js\n== b/routes.js\n== b/deep/x.js",
        "a/app.js @/routes -> a/routes.js
        b/app.js @/routes -> b/routes.js
        b/deep/x.js ~/routes -> b/routes.js",
    );
}

#[test]
fn source_wins_over_a_committed_build() {
    let files = r#"== package.json
{"name": "p", "main": "dist/index.js", "scripts": {"start": "node dist/main.js"}, "exports": {".": "./dist/index.js", "./plain": "./lib/plain.js"}}
== dist/index.js
== dist/main.js
== src/index.ts
== src/main.ts
== lib/plain.js
== src/plain.js
== other/x.js"#;
    check_entries(files, &["src/index.ts", "src/main.ts"]);
    check(
        files,
        "other/x.js p -> src/index.ts
        other/x.js p/plain -> lib/plain.js
        other/x.js ../dist/index.js -> dist/index.js",
    );
}

#[test]
fn versions_from_npm() {
    let files = r#"== package.json
{"dependencies": {"express": "^4.17.1", "only-range": "~2.3", "any": "*", "l": "npm:lodash@^4.0.0"}}
== a.js
== pk/a/package.json
{"dependencies": {"own": "^1.0.0"}}
== pk/a/x.js
== package-lock.json
"#;
    let cases = "a.js express -> 4.18.2
        a.js express/lib/router -> 4.18.2
        pk/a/x.js express -> 4.18.2
        a.js only-range -> 2.3.0
        a.js any -> none
        a.js unknown -> none
        a.js lodash -> 4.17.21
        a.js @a/b -> 1.0.0";
    let v1 = r#"{"lockfileVersion": 1, "dependencies": {"express": {"version": "4.18.2", "dependencies": {"any": {"version": "9.9.9"}}},
      "l": {"version": "npm:lodash@4.17.21"}, "@a/b": {"version": "1.0.0"}, "g": {"version": "git+ssh://x#1"}}}"#;
    check_versions(&format!("{files}{v1}"), cases);
    let v3 = r#"{"lockfileVersion": 3, "packages": {"": {"version": "7.0.0"}, "node_modules/express": {"version": "4.18.2"},
      "node_modules/@a/b": {"version": "1.0.0"}, "node_modules/l": {"name": "lodash", "version": "4.17.21"},
      "node_modules/x/node_modules/any": {"version": "9.9.9"}, "node_modules/a": {"resolved": "pk/a", "link": true},
      "pk/a": {"version": "0.1.0"}, "pk/a/node_modules/own": {"version": "1.2.3"}}}"#;
    check_versions(&format!("{files}{v3}"), cases);
    check_versions(&format!("{files}{v3}"), "pk/a/x.js own -> 1.2.3\n a.js own -> 1.2.3");
    check_versions(&format!("{files}not json"), "a.js express -> 4.17.1");
    check_versions(
        &format!(
            "{files}{v3}== npm-shrinkwrap.json\n{{\"dependencies\": {{\"express\": {{\"version\": \"4.0.0\"}}}}}}"
        ),
        "a.js express -> 4.0.0",
    );
}

#[test]
fn versions_from_yarn() {
    let files = r#"== package.json
{"dependencies": {"express": "^4.17.1", "@a/b": "^1.0.0", "l": "npm:lodash@^4.0.0", "many": "^3.0.0"}}
== a.js
== yarn.lock
"#;
    let cases = "a.js express -> 4.18.2
        a.js @a/b -> 1.1.0
        a.js lodash -> 4.17.21
        a.js many -> 3.3.3
        a.js transitive -> 0.0.1
        a.js two -> none";
    let classic = r#"# yarn lockfile v1

"@a/b@^1.0.0":
  version "1.1.0"
  resolved "https://r/@a/b.tgz#abc"
  dependencies:
    many "^2.0.0"

express@^4.0.0, express@^4.17.1:
  version "4.18.2"

"l@npm:lodash@^4.0.0":
  version "4.17.21"

many@^2.0.0:
  version "2.2.2"
many@^3.0.0:
  version "3.3.3"
transitive@*:
  version "0.0.1"
two@1:
  version "1.0.0"
two@2:
  version "2.0.0"
"#;
    check_versions(&format!("{files}{classic}"), cases);
    let berry = r#"__metadata:
  version: 6

"@a/b@npm:^1.0.0":
  version: 1.1.0
  resolution: "@a/b@npm:1.1.0"

"express@npm:^4.0.0, express@npm:^4.17.1":
  version: 4.18.2

"l@npm:lodash@^4.0.0":
  version: 4.17.21

"many@npm:^2.0.0":
  version: 2.2.2

"many@npm:^3.0.0":
  version: 3.3.3

"transitive@npm:*":
  version: 0.0.1

"two@npm:1":
  version: 1.0.0
"two@npm:2":
  version: 2.0.0

"root@workspace:.":
  version: 0.0.0-use.local
"#;
    check_versions(&format!("{files}{berry}"), cases);
}

#[test]
fn versions_from_pnpm() {
    let files = r#"== package.json
{"dependencies": {"express": "^4.17.1", "l": "npm:lodash@^4.0.0"}}
== a.js
== pk/a/package.json
{"dependencies": {"@a/b": "^1.0.0", "linked": "workspace:*"}}
== pk/a/x.js
== pnpm-lock.yaml
"#;
    let cases = "a.js express -> 4.18.2
        a.js lodash -> 4.17.21
        a.js transitive -> 0.0.1
        a.js @t/s -> 2.0.0";
    let workspace = "pk/a/x.js @a/b -> 1.1.0
        pk/a/x.js express -> 4.18.2
        pk/a/x.js linked -> none";
    let v5 = "lockfileVersion: 5.4
specifiers:
  express: ^4.17.1
dependencies:
  express: 4.18.2_peer@1.0.0
  l: /lodash/4.17.21
packages:
  /transitive/0.0.1:
    resolution: {integrity: sha512-x}
    dev: true
  /@t/s/2.0.0_react@17.0.0:
    dev: true
";
    check_versions(&format!("{files}{v5}"), cases);
    let v6 = "lockfileVersion: '6.0'

importers:

  .:
    dependencies:
      express:
        specifier: ^4.17.1
        version: 4.18.2(peer@1.0.0)
      l:
        specifier: npm:lodash@^4.0.0
        version: /lodash@4.17.21

  pk/a:
    dependencies:
      '@a/b':
        specifier: ^1.0.0
        version: 1.1.0
      linked:
        specifier: workspace:*
        version: link:../b
  ../../away:
    dependencies:
      express: 1.0.0

packages:

  /transitive@0.0.1:
    resolution: {integrity: sha512-x}

  /@a/b@1.1.0:
    dev: true

  /@a/b@3.0.0:
    dependencies:
      express: 0.0.0

  /@t/s@2.0.0(react@17.0.0):
    dev: true
";
    check_versions(&format!("{files}{v6}"), cases);
    check_versions(&format!("{files}{v6}"), workspace);
    // Declared by another package only, and in one version only.
    check_versions(&format!("{files}{v6}"), "a.js @a/b -> 1.1.0");
    let v9 = v6
        .replace("/lodash@", "lodash@")
        .replace("  /transitive@", "  transitive@")
        .replace("  /@a/b@1.1.0:", "  '@a/b@1.1.0':")
        .replace("  /@t/s@2.0.0(react@17.0.0):", "  '@t/s@2.0.0':");
    check_versions(&format!("{files}{v9}"), cases);
    check_versions(&format!("{files}{v9}"), workspace);
}

#[test]
fn versions_from_bun() {
    check_versions(
        r#"== package.json
{"dependencies": {"express": "^4.17.1"}}
== pk/a/package.json
{"name": "@acme/a"}
== bun.lock
{"lockfileVersion": 1, "workspaces": {"": {"name": "root"}, "pk/a": {"name": "@acme/a"}},
 "packages": {
  "express": ["express@4.18.2", "", {}, "sha512-x"],
  "@a/b": ["@a/b@1.1.0", "", {}, "sha512-x"],
  "@acme/a": ["@acme/a@workspace:pk/a"],
  "@acme/a/express": ["express@5.0.0", "", {}, "sha512-x"],
  "@acme/a/@a/b": ["@a/b@2.0.0", "", {}, "sha512-x"],
  "express/@a/b": ["@a/b@0.0.9", "", {}, "sha512-x"], } }"#,
        "x.js express -> 4.18.2
        x.js @a/b -> 1.1.0
        pk/a/x.js express -> 5.0.0
        pk/a/x.js @a/b -> 2.0.0
        x.js @acme/a -> none",
    );
}

#[test]
fn the_nearest_lock_file_and_catalogues() {
    check_versions(
        r#"== package-lock.json
{"dependencies": {"a": {"version": "1.0.0"}, "b": {"version": "1.0.0"}}}
== sub/yarn.lock
a@^2:
  version "2.0.0"
== sub/package.json
{"dependencies": {"a": "^2"}}"#,
        "x.js a -> 1.0.0
        sub/x.js a -> 2.0.0
        sub/x.js b -> 1.0.0",
    );
    check_versions(
        "== pnpm-workspace.yaml\npackages:\n  - p/*\ncatalog:\n  express: ^4.18.0\ncatalogs:\n  old:\n    express: ^3.1.0
== package.json\n{}\n== p/a/package.json\n{\"dependencies\": {\"express\": \"catalog:\"}}
== p/b/package.json\n{\"dependencies\": {\"express\": \"catalog:old\"}}\n== p/c/package.json\n{\"dependencies\": {\"express\": \"catalog:gone\"}}",
        "p/a/x.js express -> 4.18.0
        p/b/x.js express -> 3.1.0
        p/c/x.js express -> none",
    );
}

#[test]
fn entries_from_manifests() {
    check_entries(
        r#"== package.json
{"main": "dist/main.js", "bin": {"tool": "./bin/tool", "css": "style.css"}, "module": "gone.js"}
== src/main.ts
== bin/tool
== style.css
== index.js"#,
        &["bin/tool", "src/main.ts"],
    );
    check_entries("== package.json\n{}\n== index.js\n== server.js", &["index.js", "server.js"]);
    check_entries(
        "== package.json\n{\"exports\": {\".\": {\"types\": \"./dist/x.d.ts\", \"import\": \"./dist/x.js\"}}}\n== src/x.ts\n== index.js",
        &["src/x.ts"],
    );
    check_entries(
        "== package.json\n{\"main\": \"types.d.ts\", \"bin\": \"data.json\"}\n== types.d.ts\n== data.json",
        &[],
    );
    check_entries(
        "== nest-cli.json\n{\"sourceRoot\": \"src\", \"projects\": {\"w\": {\"sourceRoot\": \"apps/w/src\", \"entryFile\": \"worker\"}}}
== src/main.ts\n== apps/w/src/worker.ts\n== apps/w/src/main.ts",
        &["apps/w/src/worker.ts", "src/main.ts"],
    );
    check_entries(
        "== apps/api/project.json\n{\"targets\": {\"build\": {\"options\": {\"main\": \"apps/api/src/main.ts\"}}}}\n== apps/api/src/main.ts",
        &["apps/api/src/main.ts"],
    );
}

#[test]
fn entries_from_commands() {
    let files = "== src/index.ts\n== src/a.js\n== src/b.js\n== src/setup.js\n== bin/www\n== server/index.js\n== src/worker.ts\n";
    let check = |line: &str, expected: &[&str]| {
        let line = line.replace('"', "\\\"");
        check_entries(
            &format!("{files}== package.json\n{{\"scripts\": {{\"start\": \"{line}\"}}}}"),
            expected,
        );
    };
    check("node src/a.js --port 3000 src/b.js", &["src/a.js"]);
    check("NODE_ENV=production node -r ./src/setup.js --enable-source-maps src/a", &["src/a.js"]);
    check("cross-env X=1 node ./bin/www", &["bin/www"]);
    check("nodemon --watch src --exec ts-node src/index.ts", &["src/index.ts"]);
    check("nodemon --exec \"ts-node -r tsconfig-paths/register src/index.ts\"", &["src/index.ts"]);
    check("ts-node-dev --respawn --transpile-only src/index", &["src/index.ts"]);
    check("tsx watch src/index.ts", &["src/index.ts"]);
    check("bun run --hot src/index.ts", &["src/index.ts"]);
    check("pm2 start dist/index.js -i max", &["src/index.ts"]);
    check("tsc -p . && node dist/index", &["src/index.ts"]);
    check("tsc; node build/src/worker.js", &["src/worker.ts"]);
    check("concurrently 'node src/a.js' 'node src/b.js'", &["src/a.js", "src/b.js"]);
    check("cd server && node .", &["server/index.js"]);
    check("./node_modules/.bin/nodemon src/a.js", &["src/a.js"]);
    check("eslint src/a.js && node gone.js", &[]);
    check("node -e 1; echo src/a.js", &[]);
    check("node && cd", &[]);
    check_entries(
        "== package.json\n{\"scripts\": {\"test\": \"node t.js\", \"start\": \"x\"}}\n== t.js",
        &[],
    );
    check_entries(
        "== Procfile\nweb: node web.js\n== web.js\n== Dockerfile\nFROM node\nRUN node no.js\nCMD [\"node\", \"/usr/src/app/dist/main.js\"]\n== src/main.ts\n== no.js",
        &["src/main.ts", "web.js"],
    );
    check_entries(
        "== nodemon.json\n{\"exec\": \"ts-node ./m.ts\", \"script\": \"n.js\"}\n== m.ts\n== n.js",
        &["m.ts", "n.js"],
    );
}

#[test]
fn manifests_list_their_dependencies() {
    let resolver = repository(
        r#"== b/package.json
{"name": "b", "version": "1.2.3", "devDependencies": {"t": "1"}, "dependencies": {"z": "2", "a": "3", "bad": 4},
 "peerDependencies": {"p": "4"}, "optionalDependencies": {"o": "5"}}
== node_modules/x/package.json
{"name": "x"}
== a/package.json
{"name": 7, "dependencies": ["x"], "scripts": "no", "workspaces": 1, "exports": [[{}]], "bin": null}"#,
    );
    let shown: Vec<String> = resolver
        .manifests()
        .iter()
        .map(|it| {
            let dependencies: Vec<String> =
                it.dependencies.iter().map(|it| format!("{} {} {:?}", it.name, it.range, it.scope)).collect();
            format!("{} {:?} {:?} {}", it.dir, it.name, it.version, dependencies.join(", "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "a None None ",
            "b Some(\"b\") Some(\"1.2.3\") z 2 Runtime, a 3 Runtime, o 5 Optional, p 4 Peer, t 1 Dev"
        ]
    );
    assert_eq!(resolver.manifest_of("b/x/y.js").map(|it| it.path.as_str()), Some("b/package.json"));
}

#[test]
fn broken_files_are_problems_and_count_as_absent() {
    let resolver = repository(
        "== package.json\n{\"name\": \n== sub/tsconfig.json\nnull\n== tsconfig.json\n{\"extends\": \"./tsconfig.json\", \"compilerOptions\": []}
== a/tsconfig.json\n{\"extends\": \"../b/tsconfig.json\"}\n== b/tsconfig.json\n{\"extends\": \"../a/tsconfig.json\", \"references\": [{\"path\": \".\"}, 1]}
== c/tsconfig.json\n{oops}\n== package-lock.json\n[[[[\n== yarn.lock\nversion\n  version\n@:\n version x\n== pnpm-lock.yaml\n'\n\"a\n: :\n- \n  -\npackages:\n  /:\n  '@':\n    x: y",
    );
    let paths: Vec<&str> = resolver.problems().iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["c/tsconfig.json", "package.json"]);
    for from in ["a/x.ts", "b/x.ts", "c/x.ts", "sub/x.ts", "", "/", "../x", "é/ü.ts"] {
        for specifier in
            ["x", "./x", "#x", "@", "@/", "~", "", "/", "..", "../..", "a//b", "*", "é", "@é/ü", "a\\b"]
        {
            let resolution = resolver.resolve(from, specifier);
            assert!(!matches!(resolution, Resolution::File(_)), "{from} {specifier} {resolution}");
            assert_eq!(resolver.package_version(from, specifier), None);
        }
    }
}
