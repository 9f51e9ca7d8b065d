//! One small file of each format, with what it lists.

use expect_test::expect;

use super::check;

#[test]
fn package_json() {
    check(
        "package.json",
        r#"{
  "name": "shop",
  "dependencies": {
    "alpha": "^1.2.0",
    "pinned": "1.2.3",
    "any": "*",
    "alias": "npm:@acme/real@~2.0.0",
    "exact-alias": "npm:real@3.0.0",
    "folder": "file:../folder",
    "member": "workspace:^",
    "hub": "acme/hub#v1",
    "code": "git+ssh://git@git.acme.io/code.git#abc",
    "archive": "https://files.acme.io/archive-1.0.0.tgz",
    "both": "^1.0.0",
    "cat": "catalog:"
  },
  "optionalDependencies": { "both": "^1.0.0" },
  "peerDependencies": { "host": ">=1 <3" },
  "devDependencies": { "tool": "1.x" }
}"#,
        expect![[r#"
            alpha [^1.2.0] runtime direct registry
            pinned 1.2.3 runtime direct registry
            any [*] runtime direct registry
            @acme/real [~2.0.0] runtime direct registry
            real 3.0.0 runtime direct registry
            folder - runtime direct path at "file:../folder"
            member - runtime direct path at "workspace:^"
            hub - runtime direct git https://github.com/acme/hub v1 at "acme/hub#v1"
            code - runtime direct git ssh://git@git.acme.io/code.git abc at "git+ssh://git@git.acme.io/code.git#abc"
            archive - runtime direct https://files.acme.io/archive-1.0.0.tgz at "https://files.acme.io/archive-1.0.0.tgz"
            cat - runtime direct registry at "catalog:"
            both [^1.0.0] optional direct registry
            host [>=1 <3] optional direct registry
            tool [1.x] development direct registry
        "#]],
    );
}

#[test]
fn package_lock() {
    check(
        "package-lock.json",
        r#"{
  "name": "shop", "lockfileVersion": 3,
  "packages": {
    "": {
      "name": "shop", "workspaces": ["packages/*"],
      "dependencies": { "a": "^1.0.0", "alias": "npm:real@^3.0.0", "member": "*", "code": "acme/code" },
      "devDependencies": { "tool": "^1.0.0" }
    },
    "node_modules/a": { "version": "1.0.0", "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz", "dependencies": { "b": "^2.0.0", "@acme/c": "1" } },
    "node_modules/a/node_modules/b": { "version": "2.0.0", "dependencies": { "a": "1" } },
    "node_modules/b": { "version": "1.5.0", "dev": true },
    "node_modules/@acme/c": { "version": "1.0.1", "resolved": "https://npm.acme.io/c-1.0.1.tgz", "optionalDependencies": { "o": "1", "absent": "1" } },
    "node_modules/o": { "version": "1.0.0", "optional": true },
    "node_modules/alias": { "name": "real", "version": "3.0.0" },
    "node_modules/code": { "version": "1.0.0", "resolved": "git+ssh://git@github.com/acme/code.git#0123abc" },
    "node_modules/member": { "resolved": "packages/member", "link": true },
    "node_modules/tool": { "version": "1.1.0", "dev": true, "dependencies": { "b": "^1.0.0" } },
    "node_modules/left": { "version": "1.0.0", "extraneous": true, "peer": true },
    "packages/member": { "version": "0.1.0", "dependencies": { "b": "^4.0.0" }, "devDependencies": { "tool": "1" } },
    "packages/member/node_modules/b": { "version": "4.0.0" }
  }
}"#,
        expect![[r"
            a 1.0.0 runtime direct via b registry
            b 2.0.0 runtime indirect via a registry
            b 1.5.0 development indirect via tool registry
            @acme/c 1.0.1 runtime indirect via a https://npm.acme.io/c-1.0.1.tgz
            o 1.0.0 optional indirect via @acme/c registry
            real 3.0.0 runtime direct registry
            code 1.0.0 runtime direct git ssh://git@github.com/acme/code.git 0123abc
            member - runtime direct path
            tool 1.1.0 development direct via member registry
            left 1.0.0 optional ? registry
            member 0.1.0 runtime direct via member path
            b 4.0.0 runtime direct via member registry
        "]],
    );
    check(
        "npm-shrinkwrap.json",
        r#"{
  "lockfileVersion": 1,
  "dependencies": {
    "a": { "version": "1.0.0", "resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz", "requires": { "b": "^2.0.0", "c": "1" },
      "dependencies": { "b": { "version": "2.0.0", "requires": { "c": "1" } } } },
    "b": { "version": "1.0.0", "dev": true },
    "c": { "version": "npm:real@1.0.0", "optional": true },
    "d": { "version": "git+https://git.acme.io/d.git#abc", "from": "git+https://git.acme.io/d.git" },
    "e": { "version": "file:e" }
  }
}"#,
        expect![[r"
            a 1.0.0 runtime direct registry
            b 1.0.0 development direct registry
            real 1.0.0 optional ? via a,b registry
            d - runtime direct git https://git.acme.io/d.git abc
            e - runtime direct path
            b 2.0.0 runtime ? via a registry
        "]],
    );
    check(
        "package-lock.json",
        r#"{ "a": 1 }"#,
        expect![[r#"
        fault: "": it holds no list of packages
    "#]],
    );
}

#[test]
fn yarn_lock() {
    check(
        "yarn.lock",
        r#"# yarn lockfile v1


"@acme/a@^1.0.0", "@acme/a@^1.2.0":
  version "1.2.3"
  resolved "https://registry.yarnpkg.com/@acme/a/-/a-1.2.3.tgz#0123"
  integrity sha512-x
  dependencies:
    b "^2.0.0"
  optionalDependencies:
    "@acme/c" "1.x || 2.x"

b@^2.0.0:
  version "2.0.0"
  resolved "https://npm.acme.io/b/-/b-2.0.0.tgz"

"@acme/c@1.x || 2.x":
  version "1.0.0"

"alias@npm:real@^1.0.0":
  version "1.0.5"
  resolved "https://registry.yarnpkg.com/real/-/real-1.0.5.tgz#0"

"code@git+https://git.acme.io/code.git#main":
  version "0.1.0"
  resolved "git+https://git.acme.io/code.git#0123abc"

"hub@acme/hub#main":
  version "0.2.0"
  resolved "https://codeload.github.com/acme/hub/tar.gz/0456def"

"folder@file:folder":
  version "0.0.1"
"#,
        expect![[r"
            @acme/a 1.2.3 runtime direct registry
            b 2.0.0 runtime ? via @acme/a https://npm.acme.io/b/-/b-2.0.0.tgz
            @acme/c 1.0.0 optional ? via @acme/a registry
            real 1.0.5 runtime direct registry
            code 0.1.0 runtime direct git https://git.acme.io/code.git 0123abc
            hub 0.2.0 runtime direct git https://github.com/acme/hub 0456def
            folder 0.0.1 runtime direct path
        "]],
    );
    check(
        "yarn.lock",
        r#"__metadata:
  version: 8
  cacheKey: 10

"@acme/a@npm:^1.0.0, @acme/a@npm:^1.2.0":
  version: 1.2.3
  resolution: "@acme/a@npm:1.2.3"
  dependencies:
    b: "npm:^2.0"
    c: "npm:^1.0.0"
  dependenciesMeta:
    c:
      optional: true
  checksum: 10/0123
  languageName: node
  linkType: hard

"b@npm:^2.0":
  version: 2.0
  resolution: "b@npm:2.0"
  linkType: hard

"c@npm:^1.0.0":
  version: 1.0.0
  resolution: "c@npm:1.0.0::__archiveUrl=https%3A%2F%2Fnpm.acme.io%2Fc-1.0.0.tgz"
  linkType: hard

"alias@npm:real@^1.0.0":
  version: 1.0.5
  resolution: "real@npm:1.0.5"
  linkType: hard

"fixed@patch:fixed@npm%3A^4.0.0#./fixed.patch":
  version: 4.0.1
  resolution: "fixed@patch:fixed@npm%3A4.0.1#./fixed.patch::version=4.0.1&hash=01"
  linkType: hard

"code@https://git.acme.io/code.git":
  version: 0.1.0
  resolution: "code@https://git.acme.io/code.git#commit=0123abc"
  linkType: hard

"shop@workspace:.":
  version: 0.0.0-use.local
  resolution: "shop@workspace:."
  dependencies:
    "@acme/a": "npm:^1.2.0"
    alias: "npm:real@^1.0.0"
    member: "workspace:*"
  languageName: unknown
  linkType: soft

"member@workspace:*, member@workspace:packages/member":
  version: 0.0.0-use.local
  resolution: "member@workspace:packages/member"
  linkType: soft
"#,
        expect![[r"
            @acme/a 1.2.3 runtime direct via shop registry
            b 2.0 runtime indirect via @acme/a registry
            c 1.0.0 optional indirect via @acme/a https://npm.acme.io/c-1.0.0.tgz
            real 1.0.5 runtime direct via shop registry
            fixed 4.0.1 runtime ? registry
            code 0.1.0 runtime ? git https://git.acme.io/code.git 0123abc
            shop - runtime direct path
            member - runtime direct via shop path
        "]],
    );
    check(
        "yarn.lock",
        r#"# yarn lockfile v1
<<<<<<< HEAD
a@^1.0.0:
  version "1.0.0"
=======
"#,
        expect![[r#"
            a 1.0.0 runtime direct registry
            fault: "<<<<<<< HEAD": the line belongs to no package
        "#]],
    );
}

#[test]
fn pnpm_workspace() {
    check(
        "pnpm-workspace.yaml",
        r"packages:
  - packages/*
catalog:
  alpha: ^1.2.0
  '@acme/beta': 2.0.0
catalogs:
  old:
    alpha: npm:real@^0.9.0
overrides:
  gamma: 1.0.0
",
        expect![[r"
            alpha [^1.2.0] runtime ? registry
            @acme/beta 2.0.0 runtime ? registry
            real [^0.9.0] runtime ? registry
        "]],
    );
    check(
        "package.json",
        r#"{"workspaces": {"packages": ["packages/*"], "catalog": {"alpha": "^1.2.0"}},
            "devDependencies": {"alpha": "catalog:", "beta": "catalog:old"}}"#,
        expect![[r#"
            alpha - development direct registry at "catalog:"
            beta - development direct registry at "catalog:old"
            alpha [^1.2.0] runtime ? registry
        "#]],
    );
}

#[test]
fn pnpm_lock() {
    check(
        "pnpm-lock.yaml",
        r"lockfileVersion: 5.4
specifiers:
  a: ^1.0.0
dependencies:
  a: 1.0.0_c@3.0.0
  alias: /real/4.0.0
devDependencies:
  '@acme/d': 1.0.0
packages:
  /@acme/d/1.0.0:
    resolution: {integrity: sha512-x}
    dependencies:
      b: 2.0.0
    dev: true
  /a/1.0.0_c@3.0.0:
    resolution: {integrity: sha512-x}
    dependencies:
      b: 2.0.0
      c: 3.0.0
    optionalDependencies:
      o: 1.0.0
    dev: false
  /b/2.0.0:
    resolution: {integrity: sha512-x}
  /c/3.0.0:
    resolution: {integrity: sha512-x, tarball: https://npm.acme.io/c-3.0.0.tgz}
  /o/1.0.0:
    resolution: {integrity: sha512-x}
    optional: true
  /real/4.0.0:
    resolution: {integrity: sha512-x}
  github.com/acme/code/0123abc:
    resolution: {tarball: https://codeload.github.com/acme/code/tar.gz/0123abc}
    name: code
    version: 0.1.0
",
        expect![[r"
            @acme/d 1.0.0 development direct registry
            a 1.0.0 runtime direct registry
            b 2.0.0 runtime indirect via @acme/d,a registry
            c 3.0.0 runtime indirect via a https://npm.acme.io/c-3.0.0.tgz
            o 1.0.0 optional indirect via a registry
            real 4.0.0 runtime direct registry
            code 0.1.0 runtime ? git https://github.com/acme/code 0123abc
        "]],
    );
    check(
        "pnpm-lock.yaml",
        r"lockfileVersion: '6.0'
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0(c@3.0.0)
      member:
        specifier: workspace:*
        version: link:packages/member
  packages/member:
    devDependencies:
      '@acme/d':
        specifier: ^1.0.0
        version: 1.0.0
packages:
  /@acme/d@1.0.0:
    resolution: {integrity: sha512-x}
  /a@1.0.0(c@3.0.0):
    resolution: {integrity: sha512-x}
    dependencies:
      c: 3.0.0
  /c@3.0.0:
    resolution: {integrity: sha512-x}
",
        expect![[r#"
            @acme/d 1.0.0 development direct registry
            a 1.0.0 runtime direct registry
            c 3.0.0 runtime indirect via a registry
            member - runtime direct path at "packages/member"
        "#]],
    );
    check(
        "pnpm-lock.yaml",
        r"lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0(c@3.0.0(d@1.0.0))
      alias:
        specifier: npm:@acme/real@^1.0.0
        version: '@acme/real@1.5.0'
      code:
        specifier: git+https://git.acme.io/code.git
        version: git+https://git.acme.io/code.git#0123abc
    optionalDependencies:
      o:
        specifier: ^1.0.0
        version: 1.0.0
packages:
  '@acme/real@1.5.0':
    resolution: {integrity: sha512-x}
  a@1.0.0:
    resolution: {integrity: sha512-x}
    peerDependencies:
      c: '*'
  c@3.0.0:
    resolution: {integrity: sha512-x}
  code@git+https://git.acme.io/code.git#0123abc:
    resolution: {commit: 0123abc, repo: https://git.acme.io/code.git, type: git}
    version: 0.3.0
  d@1.0.0:
    resolution: {integrity: sha512-x}
  o@1.0.0:
    resolution: {integrity: sha512-x}
snapshots:
  '@acme/real@1.5.0': {}
  a@1.0.0(c@3.0.0(d@1.0.0)):
    dependencies:
      c: 3.0.0(d@1.0.0)
  c@3.0.0(d@1.0.0):
    dependencies:
      d: 1.0.0
  code@git+https://git.acme.io/code.git#0123abc: {}
  d@1.0.0: {}
  o@1.0.0:
    dependencies:
      d: 1.0.0
",
        expect![[r"
            @acme/real 1.5.0 runtime direct registry
            a 1.0.0 runtime direct registry
            c 3.0.0 runtime indirect via a registry
            code 0.3.0 runtime direct git https://git.acme.io/code.git 0123abc
            d 1.0.0 runtime indirect via c,o registry
            o 1.0.0 optional direct registry
        "]],
    );
}

#[test]
fn bun_lock() {
    check(
        "bun.lock",
        r#"{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "shop", "dependencies": { "a": "^1.0.0", }, "devDependencies": { "@acme/tool": "1", }, },
    "packages/member": { "name": "member", "dependencies": { "b": "^3.0.0", }, },
  },
  "packages": {
    "@acme/tool": ["@acme/tool@1.0.0", "https://npm.acme.io/tool-1.0.0.tgz", { "dependencies": { "b": "^1.0.0" } }, "sha512-x"],
    "a": ["a@1.0.0", "", { "dependencies": { "b": "^1.0.0" }, "optionalDependencies": { "o": "1" } }, "sha512-x"],
    "b": ["b@1.0.0", "", {}, "sha512-x"],
    "o": ["real@1.0.0", "", {}, "sha512-x"],
    "code": ["code@github:acme/code#0123abc", {}, "acme-code-0123abc"],
    "member": ["member@workspace:packages/member"],
    "member/b": ["b@3.0.0", "", {}, "sha512-x"],
  }
}"#,
        expect![[r#"
            @acme/tool 1.0.0 development direct https://npm.acme.io/tool-1.0.0.tgz
            a 1.0.0 runtime direct registry
            b 1.0.0 runtime indirect via @acme/tool,a registry
            real 1.0.0 optional indirect via a registry
            code - runtime ? git https://github.com/acme/code 0123abc at "github:acme/code#0123abc"
            member - runtime direct path at "workspace:packages/member"
            b 3.0.0 runtime direct via member registry
        "#]],
    );
}

#[test]
fn requirements() {
    check(
        "requirements.txt",
        r#"# the shop
-r base.txt
--constraint=limits.txt
--index-url https://pypi.acme.io/simple
alpha==1.0.0  # a note
Beta[fast,extra] >=1.0,<2 ; python_version < "3.12"
gamma
delta===1.0.0 \
    --hash=sha256:00 \
    --hash=sha256:01
epsilon~=1.4.2
zeta (>=1.0)
eta==1.*
code @ git+https://git.acme.io/code.git@v1.0#subdirectory=x
wheel @ https://files.acme.io/wheel-1.0-py3-none-any.whl ; extra == "web"
-e git+ssh://git@git.acme.io/theta.git@main#egg=theta
-e .
./local
git+https://git.acme.io/iota.git#egg=iota&subdirectory=x
https://files.acme.io/kappa-1.0-py3-none-any.whl
! wrong
"#,
        expect![[r#"
            alpha 1.0.0 runtime direct registry
            Beta [>=1.0,<2] runtime direct registry
            gamma - runtime direct registry
            delta 1.0.0 runtime direct registry
            epsilon [~=1.4.2] runtime direct registry
            zeta [>=1.0] runtime direct registry
            eta [==1.*] runtime direct registry
            code - runtime direct git https://git.acme.io/code.git v1.0 at "git+https://git.acme.io/code.git@v1.0#subdirectory=x"
            wheel - optional direct https://files.acme.io/wheel-1.0-py3-none-any.whl at "https://files.acme.io/wheel-1.0-py3-none-any.whl"
            theta - runtime direct git ssh://git@git.acme.io/theta.git main at "git+ssh://git@git.acme.io/theta.git@main#egg=theta"
            iota - runtime direct git https://git.acme.io/iota.git  at "git+https://git.acme.io/iota.git#egg=iota&subdirectory=x"
            kappa - runtime direct https://files.acme.io/kappa-1.0-py3-none-any.whl at "https://files.acme.io/kappa-1.0-py3-none-any.whl"
            file base.txt
            limits limits.txt
            fault: "! wrong": the line is no requirement
        "#]],
    );
    check(
        "requirements/dev.txt",
        r"lambda==1.0  # via -r requirements/dev.in
mu==2.0
    # via
    #   lambda
    #   nu
nu==3.0
    # via -c limits.txt
xi==4.0 \
    --hash=sha256:00
    # via lambda, nu
",
        expect![[r"
            lambda 1.0 development direct registry
            mu 2.0 development indirect via lambda,nu registry
            nu 3.0 development direct registry
            xi 4.0 development indirect via lambda,nu registry
        "]],
    );
    check(
        "constraints.txt",
        r"alpha<2
",
        expect![[r"
            alpha [<2] runtime ? registry
        "]],
    );
}

#[test]
fn pyproject() {
    check(
        "pyproject.toml",
        r#"[build-system]
requires = ["hatchling"]

[project]
name = "shop"
requires-python = ">=3.10"
dependencies = [
  "alpha>=1.0",
  "beta==2.0",  # pinned
  "code",
  "member",
]

[project.optional-dependencies]
web = ["gamma[x]~=1.0"]

[dependency-groups]
test = ["delta", { include-group = "lint" }, "123 wrong !"]

[tool.uv]
dev-dependencies = ["epsilon"]

[tool.uv.sources]
code = { git = "https://git.acme.io/code.git", tag = "v1" }
member = { workspace = true }

[tool.pdm.dev-dependencies]
lint = ["zeta"]
"#,
        expect![[r#"
            alpha [>=1.0] runtime direct registry
            beta 2.0 runtime direct registry
            code - runtime direct git https://git.acme.io/code.git v1
            member - runtime direct path
            gamma [~=1.0] optional direct registry
            delta - development direct registry
            zeta - development direct registry
            epsilon - development direct registry
            hatchling - development direct registry
            runs on python >=3.10
            fault: "\"123 wrong !\"": it is no requirement
        "#]],
    );
    check(
        "pyproject.toml",
        r#"[tool.poetry.dependencies]
python = "^3.10"
alpha = "^1.0"
beta = { version = "==2.0", optional = true }
gamma = [{ version = "<1", python = "<3.9" }, { version = ">=1" }]
code = { git = "https://git.acme.io/code.git", branch = "main" }
own = { path = "../own", develop = true }
any = "*"

[tool.poetry.dependencies.tabled]
version = "~1.0"

[tool.poetry.group.dev.dependencies]
delta = "1.0"
"#,
        expect![[r"
            alpha [^1.0] runtime direct registry
            beta 2.0 optional direct registry
            gamma [<1] runtime direct registry
            gamma [>=1] runtime direct registry
            code - runtime direct git https://git.acme.io/code.git main
            own - runtime direct path
            any [*] runtime direct registry
            tabled [~1.0] runtime direct registry
            delta 1.0 development direct registry
            runs on python ^3.10
        "]],
    );
}

#[test]
fn python_locks() {
    check(
        "poetry.lock",
        r#"[[package]]
name = "alpha"
version = "1.0"
optional = false
groups = ["main", "dev"]

[package.dependencies]
Beta_x = ">=1"
gamma = {version = "*", optional = true, markers = "extra == 'web'"}

[package.extras]
web = ["gamma"]

[[package]]
name = "beta-x"
version = "2.0"
optional = false
groups = ["dev"]

[[package]]
name = "gamma"
version = "3.0"
category = "main"
optional = true

[[package]]
name = "code"
version = "0.1"
optional = false

[package.source]
type = "git"
url = "https://git.acme.io/code.git"
reference = "main"
resolved_reference = "0123abc"

[[package]]
name = "own"
version = "0.2"
category = "dev"

[package.source]
type = "legacy"
url = "https://pypi.acme.io/simple"

[metadata]
lock-version = "2.0"
"#,
        expect![[r"
            alpha 1.0 runtime direct registry
            beta-x 2.0 development ? via alpha registry
            gamma 3.0 optional ? via alpha registry
            code 0.1 runtime direct git https://git.acme.io/code.git 0123abc
            own 0.2 development direct https://pypi.acme.io/simple
        "]],
    );
    check(
        "uv.lock",
        r#"version = 1

[manifest]
members = ["shop", "member"]

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "alpha", extra = ["x"] },
    { name = "member" },
]

[package.optional-dependencies]
web = [{ name = "beta", marker = "sys_platform == 'linux'" }]

[package.dev-dependencies]
dev = [{ name = "gamma", version = "2.0", source = { registry = "https://pypi.org/simple" } }]

[package.metadata]
requires-dist = [{ name = "alpha" }]

[[package]]
name = "member"
version = "0.2.0"
source = { editable = "packages/member" }

[[package]]
name = "alpha"
version = "1.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "gamma", version = "1.0" }]

[[package]]
name = "beta"
version = "1.0"
source = { git = "https://git.acme.io/beta.git?rev=v1#0123abc" }

[[package]]
name = "gamma"
version = "1.0"
source = { registry = "https://pypi.acme.io/simple" }

[[package]]
name = "gamma"
version = "2.0"
source = { url = "https://files.acme.io/gamma-2.0.tar.gz" }
"#,
        expect![[r"
            shop 0.1.0 runtime direct path
            member 0.2.0 runtime direct via shop path
            alpha 1.0 runtime direct via shop registry
            beta 1.0 optional direct via shop git https://git.acme.io/beta.git 0123abc
            gamma 1.0 runtime indirect via alpha https://pypi.acme.io/simple
            gamma 2.0 development direct via shop https://files.acme.io/gamma-2.0.tar.gz
        "]],
    );
    check(
        "pdm.lock",
        r#"[metadata]
groups = ["default", "dev", "web"]

[[package]]
name = "alpha"
version = "1.0"
groups = ["default"]
dependencies = ["Beta>=1.0; python_version < '3.12'"]

[[package]]
name = "beta"
version = "1.0"
groups = ["dev", "web"]

[[package]]
name = "gamma"
version = "1.0"
groups = ["web"]
git = "https://git.acme.io/gamma.git"
ref = "main"
revision = "0123abc"
"#,
        expect![[r"
            alpha 1.0 runtime direct registry
            beta 1.0 development ? via alpha registry
            gamma 1.0 optional direct git https://git.acme.io/gamma.git 0123abc
        "]],
    );
    check(
        "pylock.toml",
        r#"lock-version = "1.0"

[[packages]]
name = "alpha"
version = "1.0"
index = "https://pypi.org/simple"
dependencies = [{ name = "beta" }]

[[packages.wheels]]
name = "alpha-1.0-py3-none-any.whl"

[[packages]]
name = "beta"
version = "2.0"

[packages.vcs]
type = "git"
url = "https://git.acme.io/beta.git"
commit-id = "0123abc"

[[packages]]
name = "own"

[packages.directory]
path = "."
"#,
        expect![[r"
            alpha 1.0 runtime direct registry
            beta 2.0 runtime ? via alpha git https://git.acme.io/beta.git 0123abc
            own - runtime direct path
        "]],
    );
    check(
        "Pipfile",
        r#"[[source]]
url = "https://pypi.org/simple"

[packages]
alpha = "*"
beta = {version = "==1.0", extras = ["x"]}
code = {git = "https://git.acme.io/code.git", ref = "v1"}

[dev-packages]
gamma = ">=2"

[requires]
python_version = "3.11"
"#,
        expect![[r"
            alpha [*] runtime direct registry
            beta 1.0 runtime direct registry
            code - runtime direct git https://git.acme.io/code.git v1
            gamma [>=2] development direct registry
            runs on python 3.11
        "]],
    );
    check(
        "Pipfile.lock",
        r#"{
  "_meta": { "sources": [] },
  "default": {
    "alpha": { "hashes": ["sha256:00"], "index": "pypi", "version": "==1.0" },
    "beta": { "version": "==2.0" },
    "code": { "git": "https://git.acme.io/code.git", "ref": "0123abc" }
  },
  "develop": { "gamma": { "version": "===3.0" } }
}"#,
        expect![[r"
            alpha 1.0 runtime direct registry
            beta 2.0 runtime ? registry
            code - runtime ? git https://git.acme.io/code.git 0123abc
            gamma 3.0 development ? registry
        "]],
    );
}

#[test]
fn go() {
    check(
        "go.mod",
        r#"module acme.io/shop

go 1.22

require github.com/acme/alpha v1.0.0

require (
	github.com/acme/beta/v2 v2.1.0+incompatible
	github.com/acme/gamma v0.0.0-20200101000000-0123456789ab // indirect
	"quoted.acme.io/x" v1.0.0 // a note
	github.com/acme/own v1.0.0
	broken
)

exclude github.com/acme/alpha v0.9.0

replace (
	github.com/acme/gamma => github.com/fork/gamma v1.0.0
	github.com/acme/own v1.0.0 => ../own
	github.com/acme/alpha v0.1.0 => ./never
)
"#,
        expect![[r#"
            github.com/acme/alpha v1.0.0 runtime direct registry
            github.com/acme/beta/v2 v2.1.0+incompatible runtime direct registry
            github.com/fork/gamma v1.0.0 runtime indirect registry
            quoted.acme.io/x v1.0.0 runtime direct registry
            github.com/acme/own v1.0.0 runtime direct path
            fault: "\tbroken": the line names no module
        "#]],
    );
    check(
        "go.sum",
        r"github.com/acme/alpha v1.0.0 h1:x=
github.com/acme/alpha v1.0.0/go.mod h1:x=
github.com/acme/beta v0.9.0/go.mod h1:x=
broken
",
        expect![[r#"
            github.com/acme/alpha v1.0.0 runtime ? registry
            fault: "broken": the line is no sum
        "#]],
    );
}

#[test]
fn cargo() {
    check(
        "Cargo.toml",
        r#"[package]
name = "shop"

[dependencies]
alpha = "1.0"
beta = { version = "=1.2.3", optional = true }
code = { git = "https://git.acme.io/code", rev = "0123abc" }
own = { path = "../own", version = "0.1" }
renamed = { package = "real", version = "2" }
shared.workspace = true
elsewhere = { workspace = true }
other = { version = "1", registry = "acme" }

[dependencies.tabled]
version = "3"

[dev-dependencies]
tool = "*"

[target.'cfg(unix)'.build-dependencies]
gen = "1"

[workspace.dependencies]
shared = "4"
unused = { version = "5" }
"#,
        expect![[r"
            alpha [1.0] runtime direct registry
            beta 1.2.3 optional direct registry
            code - runtime direct git https://git.acme.io/code 0123abc
            own [0.1] runtime direct path
            real [2] runtime direct registry
            shared [4] runtime direct registry
            elsewhere - runtime direct registry
            other [1] runtime direct acme
            tabled [3] runtime direct registry
            tool [*] development direct registry
            gen [1] development direct registry
            unused [5] runtime ? registry
        "]],
    );
    check(
        "Cargo.lock",
        r#"version = 4

[[package]]
name = "shop"
version = "0.1.0"
dependencies = [
 "alpha",
 "beta 2.0.0",
]

[[package]]
name = "alpha"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "00"
dependencies = ["beta 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)"]

[[package]]
name = "beta"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"

[[package]]
name = "beta"
version = "2.0.0"
source = "sparse+https://index.acme.io/"

[[package]]
name = "code"
version = "0.3.0"
source = "git+https://git.acme.io/code?branch=main#0123abc"
"#,
        expect![[r"
            shop 0.1.0 runtime direct path
            alpha 1.0.0 runtime direct via shop registry
            beta 1.0.0 runtime indirect via alpha registry
            beta 2.0.0 runtime direct via shop https://index.acme.io/
            code 0.3.0 runtime ? git https://git.acme.io/code 0123abc
        "]],
    );
    check(
        "Cargo.lock",
        r#"[root]
name = "shop"
version = "0.1.0"
dependencies = ["alpha 1.0.0 (registry+https://github.com/rust-lang/crates.io-index)"]

[[package]]
name = "alpha"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
"#,
        expect![[r"
            shop 0.1.0 runtime direct path
            alpha 1.0.0 runtime direct via shop registry
        "]],
    );
}

#[test]
fn maven() {
    check(
        "pom.xml",
        r#"<?xml version="1.0"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <parent>
    <groupId>io.acme</groupId>
    <artifactId>parent</artifactId>
    <version>3.0.0</version>
  </parent>
  <artifactId>shop</artifactId>
  <properties>
    <alpha.version>1.0</alpha.version>
    <beta.version>${alpha.version}.1</beta.version>
    <loop.a>${loop.b}</loop.a>
    <loop.b>${loop.a}</loop.b>
  </properties>
  <dependencyManagement>
    <dependencies>
      <dependency><groupId>io.acme</groupId><artifactId>bom</artifactId><version>5</version><type>pom</type><scope>import</scope></dependency>
      <dependency><groupId>io.acme</groupId><artifactId>managed</artifactId><version>6.0</version><scope>test</scope></dependency>
      <dependency><groupId>io.acme</groupId><artifactId>other</artifactId><version>7.0</version></dependency>
    </dependencies>
  </dependencyManagement>
  <dependencies>
    <dependency><groupId>io.acme</groupId><artifactId>alpha</artifactId><version>${alpha.version}</version></dependency>
    <dependency><groupId>io.acme</groupId><artifactId>beta</artifactId><version>${beta.version}</version><optional>true</optional></dependency>
    <dependency><groupId>${project.groupId}</groupId><artifactId>gamma</artifactId><version>${project.version}</version><scope>provided</scope></dependency>
    <dependency><groupId>io.acme</groupId><artifactId>managed</artifactId></dependency>
    <dependency><groupId>io.acme</groupId><artifactId>elsewhere</artifactId></dependency>
    <dependency><groupId>io.acme</groupId><artifactId>unknown</artifactId><version>${nobody.knows}</version></dependency>
    <dependency><groupId>io.acme</groupId><artifactId>loop</artifactId><version>${loop.a}</version></dependency>
    <dependency>
      <groupId>io.acme</groupId><artifactId>range</artifactId><version>[1.0,2.0)</version>
      <exclusions><exclusion><groupId>io.acme</groupId><artifactId>excluded</artifactId></exclusion></exclusions>
    </dependency>
    <dependency><groupId>io.acme</groupId><artifactId>one</artifactId><version>[1.5]</version></dependency>
  </dependencies>
  <profiles><profile><dependencies>
    <dependency><groupId>io.acme</groupId><artifactId>profiled</artifactId><version>1</version><scope>test</scope></dependency>
  </dependencies></profile></profiles>
</project>"#,
        expect![[r#"
            io.acme:parent 3.0.0 development ? registry
            io.acme:alpha 1.0 runtime direct registry
            io.acme:beta 1.0.1 optional direct registry at "${beta.version}"
            io.acme:gamma 3.0.0 runtime direct registry
            io.acme:managed 6.0 development direct registry
            io.acme:elsewhere - runtime direct registry
            io.acme:unknown - runtime direct registry at "${nobody.knows}"
            io.acme:loop - runtime direct registry at "${loop.a}"
            io.acme:range [[1.0,2.0)] runtime direct registry
            io.acme:one 1.5 runtime direct registry
            io.acme:profiled 1 development direct registry
            io.acme:bom 5 development ? registry
            io.acme:other 7.0 runtime ? registry
        "#]],
    );
}

#[test]
fn gradle() {
    check(
        "gradle.lockfile",
        r"# This is a Gradle generated file for dependency locking.
io.acme:alpha:1.0=compileClasspath,runtimeClasspath,testRuntimeClasspath
io.acme:beta:2.0=testCompileClasspath,testRuntimeClasspath
broken
empty=annotationProcessor
",
        expect![[r#"
            io.acme:alpha 1.0 runtime ? registry
            io.acme:beta 2.0 development ? registry
            fault: "broken": the line is no package
        "#]],
    );
    check(
        "buildscript-gradle.lockfile",
        r"io.acme:plugin:1.0=classpath
",
        expect![[r"
            io.acme:plugin 1.0 development ? registry
        "]],
    );
    check(
        "gradle/libs.versions.toml",
        r#"[versions]
alpha = "1.0"
rich = { strictly = "[1,2)", prefer = "1.5" }

[libraries]
alpha = { module = "io.acme:alpha", version.ref = "alpha" }
beta = { group = "io.acme", name = "beta", version = "2.0" }
gamma = "io.acme:gamma:3.0"
delta = { module = "io.acme:delta", version.ref = "rich" }
managed = { module = "io.acme:managed" }

[plugins]
tool = { id = "io.acme.tool", version.ref = "alpha" }
short = "io.acme.short:4.0"
"#,
        expect![[r"
            io.acme:alpha 1.0 runtime ? registry
            io.acme:beta 2.0 runtime ? registry
            io.acme:gamma 3.0 runtime ? registry
            io.acme:delta [[1,2)] runtime ? registry
            io.acme:managed - runtime ? registry
            io.acme.tool:io.acme.tool.gradle.plugin 1.0 development ? registry
            io.acme.short:io.acme.short.gradle.plugin 4.0 development ? registry
        "]],
    );
    check(
        "build.gradle",
        r#"plugins {
    id 'java'
    id 'io.acme.tool' version '1.2.3'
}
ext {
    alphaVersion = '1.0'
    set('betaVersion', "2.0")
}
def gammaVersion = "3.0"
dependencies {
    implementation "io.acme:alpha:$alphaVersion" // io.acme:never:1
    api("io.acme:beta:${betaVersion}") { exclude group: 'io.acme', module: 'x' }
    testImplementation group: 'io.acme', name: 'gamma', version: gammaVersion
    runtimeOnly group: 'io.acme', name: 'delta', version: '4.0'
    implementation platform('io.acme:bom:5.0')
    implementation project(':own')
    implementation 'io.acme:managed'
    implementation "io.acme:unknown:$unknown"
    implementation 'io.acme:open:1.+'
    compileOnly 'io.acme:classified:6.0:jdk8@jar'
    /* implementation 'io.acme:never:2.0'
       implementation 'io.acme:never:3.0' */
    println 'io.acme:never:4.0'
}
"#,
        expect![[r#"
            io.acme.tool:io.acme.tool.gradle.plugin 1.2.3 development ? registry
            io.acme:alpha 1.0 runtime direct registry
            io.acme:beta 2.0 runtime direct registry
            io.acme:gamma 3.0 development direct registry
            io.acme:delta 4.0 runtime direct registry
            io.acme:bom 5.0 runtime direct registry
            io.acme:managed - runtime direct registry
            io.acme:unknown - runtime direct registry at "$unknown"
            io.acme:open [1.+] runtime direct registry
            io.acme:classified 6.0 runtime direct registry
        "#]],
    );
    check(
        "build.gradle.kts",
        r#"val alphaVersion: String = "1.0"
extra["betaVersion"] = "2.0"
plugins { id("io.acme.tool") version "1.0" }
dependencies {
    implementation("io.acme:alpha:$alphaVersion")
    "kapt"("io.acme:beta:${betaVersion}")
    testImplementation(platform("io.acme:bom:5.0"))
    implementation(group = "io.acme", name = "gamma", version = "3.0")
    implementation(libs.delta)
}
"#,
        expect![[r"
            io.acme.tool:io.acme.tool.gradle.plugin 1.0 development ? registry
            io.acme:alpha 1.0 runtime direct registry
            io.acme:beta 2.0 development direct registry
            io.acme:bom 5.0 development direct registry
            io.acme:gamma 3.0 runtime direct registry
        "]],
    );
}

#[test]
fn nuget() {
    check(
        "packages.lock.json",
        r#"{
  "version": 1,
  "dependencies": {
    "net8.0": {
      "Acme.Alpha": { "type": "Direct", "requested": "[1.0.0, )", "resolved": "1.0.0", "dependencies": { "acme.beta": "2.0.0" } },
      "Acme.Beta": { "type": "Transitive", "resolved": "2.0.0" },
      "own": { "type": "Project", "dependencies": { "Acme.Gamma": "[3.0.0, )" } },
      "Acme.Gamma": { "type": "CentralTransitive", "requested": "[3.0.0, )", "resolved": "3.0.0" }
    },
    "net6.0": { "Acme.Alpha": { "type": "Direct", "resolved": "1.0.0" }, "Acme.Beta": { "type": "Direct", "resolved": "1.5.0" } }
  }
}"#,
        expect![[r"
            Acme.Alpha 1.0.0 runtime direct registry
            Acme.Beta 2.0.0 runtime indirect via Acme.Alpha registry
            own - runtime direct path
            Acme.Gamma 3.0.0 runtime indirect via own registry
            Acme.Beta 1.5.0 runtime direct registry
        "]],
    );
    check(
        "src/Shop.csproj",
        r#"<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup><AlphaVersion>1.0.0</AlphaVersion></PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Acme.Alpha" Version="$(AlphaVersion)" />
    <PackageReference Include="Acme.Beta"><Version>2.*</Version><PrivateAssets>all</PrivateAssets></PackageReference>
    <PackageReference Include="Acme.Gamma" Version="[3.0.0]" />
    <PackageReference Include="Acme.Central" />
    <PackageReference Include="Acme.Unknown" Version="$(Nobody)" />
    <ProjectReference Include="..\Own\Own.csproj" />
  </ItemGroup>
</Project>"#,
        expect![[r#"
            Acme.Alpha 1.0.0 runtime direct registry
            Acme.Beta [2.*] development direct registry
            Acme.Gamma 3.0.0 runtime direct registry
            Acme.Central - runtime direct registry
            Acme.Unknown - runtime direct registry at "$(Nobody)"
        "#]],
    );
    check(
        "Directory.Packages.props",
        r#"<Project>
  <ItemGroup>
    <PackageVersion Include="Acme.Central" Version="1.0.0" />
    <GlobalPackageReference Include="Acme.Tool" Version="2.0.0" />
  </ItemGroup>
</Project>"#,
        expect![[r"
            Acme.Tool 2.0.0 development direct registry
            Acme.Central 1.0.0 runtime ? registry
        "]],
    );
    check(
        "packages.config",
        r#"<?xml version="1.0" encoding="utf-8"?>
<packages>
  <package id="Acme.Alpha" version="1.0.0" targetFramework="net48" />
  <package id="Acme.Tool" version="2.0.0" developmentDependency="true" />
</packages>"#,
        expect![[r"
            Acme.Alpha 1.0.0 runtime ? registry
            Acme.Tool 2.0.0 development ? registry
        "]],
    );
}

#[test]
fn composer() {
    check(
        "composer.json",
        r#"{
  "require": { "php": ">=8.1", "ext-json": "*", "acme/alpha": "^1.0", "acme/beta": "2.0.1", "acme/any": "*" },
  "require-dev": { "acme/tool": "dev-main" }
}"#,
        expect![[r"
            acme/alpha [^1.0] runtime direct registry
            acme/beta 2.0.1 runtime direct registry
            acme/any [*] runtime direct registry
            acme/tool [dev-main] development direct registry
            runs on php >=8.1
        "]],
    );
    check(
        "composer.lock",
        r#"{
  "packages": [
    { "name": "acme/alpha", "version": "v1.0.0", "source": { "type": "git", "url": "https://github.com/acme/alpha.git", "reference": "00" },
      "require": { "php": ">=8.1", "Acme/Beta": "^1.0" }, "notification-url": "https://packagist.org/downloads/" },
    { "name": "acme/beta", "version": "1.2.0", "notification-url": "https://repo.acme.io/downloads/" },
    { "name": "acme/own", "version": "dev-main", "dist": { "type": "path", "url": "../own" } }
  ],
  "packages-dev": [
    { "name": "acme/code", "version": "dev-main", "source": { "type": "git", "url": "https://git.acme.io/code.git", "reference": "0123abc" } }
  ]
}"#,
        expect![[r"
            acme/alpha v1.0.0 runtime direct registry
            acme/beta 1.2.0 runtime ? via acme/alpha https://repo.acme.io/downloads/
            acme/own dev-main runtime direct path
            acme/code dev-main development direct git https://git.acme.io/code.git 0123abc
        "]],
    );
}

#[test]
fn ruby() {
    check(
        "Gemfile.lock",
        r"GIT
  remote: https://git.acme.io/code.git
  revision: 0123abc
  branch: main
  specs:
    code (0.1.0)
      alpha (>= 1.0)

PATH
  remote: .
  specs:
    own (0.2.0)

GEM
  remote: https://rubygems.org/
  specs:
    alpha (1.0.0)
      beta (~> 2.0)
    beta (2.0.1-x86_64-linux)
    beta (2.0.1-arm64-darwin)
    gamma (3.0.0.pre)

GEM
  remote: https://gems.acme.io/
  specs:
    delta (4.0)

PLATFORMS
  x86_64-linux

DEPENDENCIES
  code!
  gamma (~> 3.0)
  own!

BUNDLED WITH
   2.4.1
",
        expect![[r"
            code 0.1.0 runtime direct git https://git.acme.io/code.git 0123abc
            own 0.2.0 runtime direct path
            alpha 1.0.0 runtime indirect via code registry
            beta 2.0.1 runtime indirect via alpha registry
            gamma 3.0.0.pre runtime direct registry
            delta 4.0 runtime ? https://gems.acme.io/
        "]],
    );
}

#[test]
fn mix_manifest() {
    check(
        "mix.exs",
        r#"defmodule Shop.MixProject do
  use Mix.Project

  @version "1.0.0"

  def project do
    [app: :shop, version: @version, elixir: "~> 1.14", deps: deps(), aliases: [test: ["{:x, \"1\"}"]]]
  end

  def application, do: [mod: {Shop.Application, []}, extra_applications: [:logger]]

  defp deps do
    [
      {:alpha, "~> 1.7.0"}, # {:commented, "1.0"}
      {:beta, ">= 1.0.0 and < 2.0.0",
       only: [:dev, :test], runtime: false},
      {:gamma, "== 1.2.3", only: [:dev, :prod]},
      {:renamed, "~> 2.0", hex: :real, optional: true},
      {:code, git: "https://git.acme.io/code.git", tag: "v1.0"},
      {:short, github: "acme/short", branch: "main", only: :test},
      {:near, path: "../near", env: ~s({:y, "1"})},
      {:own, in_umbrella: true},
      {:kept, "1.0.0", organization: "acme"},
      {:computed, "~> #{@version}"},
      {:bare, [env: :prod]}
    ] ++ test_deps()
  end

  defp test_deps, do: [{:delta, "~> 0.1 or ~> 0.2", only: :test}]

  defp other do
    [{:z, "1"}]
  end
end
"#,
        expect![[r"
            alpha [~> 1.7.0] runtime direct registry
            beta [>= 1.0.0 and < 2.0.0] development direct registry
            gamma 1.2.3 runtime direct registry
            real [~> 2.0] optional direct registry
            code - runtime direct git https://git.acme.io/code.git v1.0
            short - development direct git https://github.com/acme/short main
            near - runtime direct path
            own - runtime direct path
            kept 1.0.0 runtime direct hexpm:acme
            computed - runtime direct registry
            bare - runtime direct registry
            delta [~> 0.1 or ~> 0.2] development direct registry
            runs on elixir ~> 1.14
        "]],
    );
}

#[test]
fn mix_lock() {
    check(
        "mix.lock",
        r#"%{
  "alpha": {:hex, :alpha, "1.0.0", "00", [:mix], [{:beta, "~> 2.0", [hex: :beta, repo: "hexpm", optional: false]}, {:renamed, "~> 1.0", [hex: :real, repo: "hexpm", optional: true]}], "hexpm", "00"},
  "beta": {:hex, :beta, "2.0.0", "00", [:rebar3], [], "hexpm", "00"},
  "renamed": {:hex, :real, "1.0.0", "00", [:mix], [], "acme", "00"},
  "code": {:git, "https://git.acme.io/code.git", "0123abc", [branch: "main"]},
  broken
}
"#,
        expect![[r#"
            alpha 1.0.0 runtime direct registry
            beta 2.0.0 runtime ? via alpha registry
            real 1.0.0 runtime direct acme
            code - runtime direct git https://git.acme.io/code.git 0123abc at "0123abc"
            fault: "broken": the line is no package
        "#]],
    );
}

#[test]
fn inventories() {
    check(
        "shop.cdx.json",
        r#"{
  "bomFormat": "CycloneDX",
  "metadata": { "component": { "bom-ref": "shop", "name": "shop" } },
  "components": [
    { "bom-ref": "a", "name": "alpha", "version": "1.0.0", "purl": "pkg:npm/%40acme/alpha@1.0.0?x=y", "components": [
      { "bom-ref": "b", "name": "beta", "version": "2.0.0", "purl": "pkg:maven/io.acme/beta@2.0.0", "scope": "optional" }
    ] },
    { "bom-ref": "c", "name": "gamma", "version": "3.0.0", "purl": "pkg:golang/acme.io/gamma" },
    { "name": "none", "version": "1" },
    { "name": "system", "purl": "pkg:deb/debian/system@1" }
  ],
  "dependencies": [ { "ref": "shop", "dependsOn": ["a"] }, { "ref": "a", "dependsOn": ["c", "absent"] } ]
}"#,
        expect![[r"
            @acme/alpha 1.0.0 runtime direct registry
            io.acme:beta 2.0.0 optional ? registry
            acme.io/gamma 3.0.0 runtime indirect via @acme/alpha registry
        "]],
    );
    check(
        "bom.xml",
        r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.4">
  <components>
    <component type="library" bom-ref="a"><name>alpha</name><version>1.0.0</version><purl>pkg:pypi/alpha@1.0.0</purl></component>
    <component type="library" bom-ref="b"><name>beta</name><version>2.0.0</version><scope>excluded</scope><purl>pkg:gem/beta@2.0.0</purl></component>
  </components>
  <dependencies><dependency ref="a"><dependency ref="b"/></dependency></dependencies>
</bom>"#,
        expect![[r"
            alpha 1.0.0 runtime direct registry
            beta 2.0.0 development ? via alpha registry
        "]],
    );
    check(
        "shop.spdx.json",
        r#"{
  "spdxVersion": "SPDX-2.3",
  "packages": [
    { "SPDXID": "SPDXRef-a", "name": "alpha", "versionInfo": "1.0.0", "externalRefs": [ { "referenceType": "cpe23Type", "referenceLocator": "x" }, { "referenceType": "purl", "referenceLocator": "pkg:cargo/alpha@1.0.0" } ] },
    { "SPDXID": "SPDXRef-b", "name": "beta", "versionInfo": "2.0.0", "externalRefs": [ { "referenceType": "purl", "referenceLocator": "pkg:composer/acme/beta" } ] }
  ],
  "relationships": [ { "spdxElementId": "SPDXRef-b", "relationshipType": "DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-a" } ]
}"#,
        expect![[r"
            alpha 1.0.0 runtime direct registry
            acme/beta 2.0.0 runtime ? via alpha registry
        "]],
    );
    check(
        "sbom.json",
        r"{}",
        expect![[r#"
        fault: "": it holds no list of packages
    "#]],
    );
}
