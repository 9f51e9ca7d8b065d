//! Modules and versions in small repositories.

use std::fmt::Write;

use expect_test::{Expect, expect};
use routeward_base::Memory;

use super::Resolver;

/// Files as path and text; questions as `file: module` or `file@package`.
fn check(files: &[(&str, &str)], questions: &[&str], expected: &Expect) {
    check_below("work", files, questions, expected);
}

/// As [`check`], in a root folder of that name.
fn check_below(root: &str, files: &[(&str, &str)], questions: &[&str], expected: &Expect) {
    let mut fs = Memory::new();
    fs.set_name(root);
    for (path, text) in files {
        fs.insert(path, *text);
    }
    let paths: Vec<String> = fs.paths().map(str::to_owned).collect();
    let resolver = Resolver::new(&fs, &paths);
    let mut shown = String::new();
    for question in questions {
        let answer = if let Some((from, package)) = question.split_once('@') {
            resolver.package_version(from, package).unwrap_or_else(|| "unknown".to_owned())
        } else {
            let (from, module) = question.split_once(": ").unwrap_or((question, ""));
            resolver.resolve(from, module).to_string()
        };
        let _ = writeln!(shown, "{question} -> {answer}");
    }
    let _ = writeln!(shown, "starts: {}", resolver.entries().join(" "));
    expected.assert_eq(&shown);
}

#[test]
fn packages_and_their_parts() {
    check(
        &[
            ("app/__init__.py", ""),
            ("app/models.py", ""),
            ("app/json.py", ""),
            ("app/api/__init__.py", ""),
            ("app/api/users.py", ""),
            ("run.py", ""),
            ("plain/tool.py", ""),
        ],
        &[
            "run.py: app",
            "run.py: app.models",
            "run.py: app.nothing",
            "run.py: plain",
            "run.py: plain.tool",
            "run.py: web",
            "run.py: web.views",
            "app/api/users.py: app.models",
            "app/api/users.py: json",
            "app/api/users.py: .",
            "app/api/users.py: .users",
            "app/api/users.py: ..models",
            "app/api/users.py: ...app.models",
            "app/api/users.py: .....x",
            "app/models.py: users",
        ],
        &expect![[r"
            run.py: app -> app/__init__.py
            run.py: app.models -> app/models.py
            run.py: app.nothing -> missing
            run.py: plain -> <plain>
            run.py: plain.tool -> plain/tool.py
            run.py: web -> <web>
            run.py: web.views -> <web.views>
            app/api/users.py: app.models -> app/models.py
            app/api/users.py: json -> <json>
            app/api/users.py: . -> app/api/__init__.py
            app/api/users.py: .users -> app/api/users.py
            app/api/users.py: ..models -> app/models.py
            app/api/users.py: ...app.models -> app/models.py
            app/api/users.py: .....x -> missing
            app/models.py: users -> <users>
            starts: run.py
        "]],
    );
}

#[test]
fn several_projects() {
    check(
        &[
            ("services/a/pyproject.toml", ""),
            ("services/a/src/core/__init__.py", ""),
            ("services/a/src/core/db.py", ""),
            ("services/a/src/main.py", ""),
            ("services/b/requirements.txt", "core-lib==1\nredis"),
            ("services/b/core/__init__.py", ""),
            ("services/b/app.py", ""),
            ("services/b/redis/config.py", ""),
            ("shared/setup.py", ""),
            ("shared/common/__init__.py", ""),
        ],
        &[
            "services/a/src/main.py: core.db",
            "services/a/src/core/db.py: core",
            "services/b/app.py: core",
            "services/b/app.py: core.db",
            "services/b/app.py: redis",
            "services/b/app.py: common",
        ],
        &expect![[r"
            services/a/src/main.py: core.db -> services/a/src/core/db.py
            services/a/src/core/db.py: core -> services/a/src/core/__init__.py
            services/b/app.py: core -> services/b/core/__init__.py
            services/b/app.py: core.db -> missing
            services/b/app.py: redis -> <redis>
            services/b/app.py: common -> shared/common/__init__.py
            starts: services/a/src/main.py services/b/app.py
        "]],
    );
}

/// Programs that lie side by side: a folder called like a library is one of them, not the library of the others.
#[test]
fn neighbours_called_like_a_library() {
    check(
        &[
            ("web/__init__.py", ""),
            ("web/app.py", ""),
            ("web/views.py", ""),
            ("shop/app.py", ""),
            ("tools/__init__.py", ""),
            ("wanted/__init__.py", ""),
            ("wanted/parts.py", ""),
            ("shop/requirements.txt", "wanted"),
            ("needy/__init__.py", ""),
            ("needy/app.py", ""),
            ("needy/requirements.txt", "needy>=2"),
            ("lib/core/__init__.py", ""),
            ("lib/run.py", ""),
            ("lib/jobs/daily.py", ""),
            ("checks/__init__.py", ""),
            ("checks/requirements.txt", ""),
            ("checks/frame/__init__.py", ""),
        ],
        &[
            "shop/app.py: frame",
            "shop/app.py: web",
            "shop/app.py: tools",
            "shop/app.py: wanted",
            "shop/app.py: wanted.parts",
            "web/app.py: web",
            "web/app.py: web.views",
            "needy/app.py: needy",
            "lib/jobs/daily.py: core",
        ],
        &expect![[r"
            shop/app.py: frame -> <frame>
            shop/app.py: web -> <web>
            shop/app.py: tools -> <tools>
            shop/app.py: wanted -> <wanted>
            shop/app.py: wanted.parts -> <wanted.parts>
            web/app.py: web -> web/__init__.py
            web/app.py: web.views -> web/views.py
            needy/app.py: needy -> <needy>
            lib/jobs/daily.py: core -> lib/core/__init__.py
            starts: lib/run.py needy/app.py shop/app.py web/app.py
        "]],
    );
}

#[test]
fn versions() {
    check(
        &[
            (
                "requirements.txt",
                "Flask_Thing[async]>=2.1,<3 ; python_version>'3'\nexact == 1.2.3 --hash=x\nany\n-r x\n",
            ),
            (
                "a/pyproject.toml",
                "[project]\ndependencies=['one~=1.4', 'two']\n[tool.poetry.dependencies]\npython='^3'\nthree='^5.1'\nfour={version='*'}\n",
            ),
            ("a/poetry.lock", "[[package]]\nname='two'\nversion='9.9'\n"),
            ("b/Pipfile", "[packages]\nfive='>=1'\n"),
            ("b/Pipfile.lock", r#"{"default": {"five": {"version": "==1.7"}}}"#),
            ("c/setup.cfg", "[options]\ninstall_requires =\n    six>=1.0\n    seven\nother = x\n"),
        ],
        &[
            "x.py@flask_thing",
            "x.py@flask_thing.sub",
            "x.py@exact",
            "x.py@any",
            "a/x.py@one",
            "a/x.py@two",
            "a/x.py@three",
            "a/x.py@four",
            "a/x.py@exact",
            "b/x.py@five",
            "c/x.py@six",
            "c/x.py@other",
        ],
        &expect![[r"
            x.py@flask_thing -> 2.1
            x.py@flask_thing.sub -> 2.1
            x.py@exact -> 1.2.3
            x.py@any -> unknown
            a/x.py@one -> 1.4
            a/x.py@two -> 9.9
            a/x.py@three -> 5.1
            a/x.py@four -> unknown
            a/x.py@exact -> 1.2.3
            b/x.py@five -> 1.7
            c/x.py@six -> 1.0
            c/x.py@other -> unknown
            starts: 
        "]],
    );
}

#[test]
fn broken_manifests_say_nothing() {
    check(
        &[
            ("pyproject.toml", "[["),
            ("Pipfile.lock", "{"),
            ("poetry.lock", "x"),
            ("requirements.txt", "\u{0}==\n=="),
        ],
        &["x.py@a"],
        &expect![[r"
            x.py@a -> unknown
            starts: 
        "]],
    );
}

#[test]
fn root_that_is_a_package() {
    let files = [("__init__.py", ""), ("app.py", ""), ("db/__init__.py", ""), ("db/models.py", "")];
    let questions = [
        "app.py: shop",
        "app.py: shop.db.models",
        "db/models.py: shop.app",
        "app.py: shop.nothing",
        "app.py: other.db",
    ];
    check_below(
        "shop",
        &files,
        &questions,
        &expect![[r"
        app.py: shop -> __init__.py
        app.py: shop.db.models -> db/models.py
        db/models.py: shop.app -> app.py
        app.py: shop.nothing -> missing
        app.py: other.db -> <other.db>
        starts: app.py
    "]],
    );
    // A folder of that name that is no package says nothing.
    check_below(
        "shop",
        &files[1..],
        &questions[1..2],
        &expect![[r"
        app.py: shop.db.models -> <shop.db.models>
        starts: app.py
    "]],
    );
}
