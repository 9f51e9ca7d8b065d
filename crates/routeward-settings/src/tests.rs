//! What is read of files, and what is told of their values.

use std::fmt::Write as _;

use expect_test::{Expect, expect};
use routeward_catalog::Catalog;

use crate::{Reader, Strength};

/// A line for each setting and leak.
#[track_caller]
fn check(path: &str, text: &str, expected: &Expect) {
    let reader = Reader::new(Catalog::settings()).expect("the rows are right");
    let mut shown = String::new();
    if let Some(configuration) = reader.read(path, text) {
        let _ = writeln!(shown, "{:?}", configuration.view);
        for setting in &configuration.settings {
            let role = setting.role.map_or("-", |role| role.what.as_str());
            let strength = match setting.strength {
                Strength::Weak(_) => "weak",
                Strength::Short(_) => "short",
                Strength::Likely => "likely",
            };
            let variable = setting.variable.as_ref().map(|name| format!(" for {name}")).unwrap_or_default();
            let said = setting.span.of(text);
            let _ = writeln!(
                shown,
                "{}{variable} = {said:?}: {role}, {strength}, {:?}",
                setting.name, setting.around
            );
        }
        for leak in &configuration.leaks {
            let _ = writeln!(
                shown,
                "{:?} {:?} {:?}: {}, {:?}",
                leak.how,
                leak.name,
                leak.span.of(text),
                leak.what,
                leak.around
            );
        }
        if let Some((what, span)) = configuration.store {
            let _ = writeln!(shown, "{what}: {:?}", span.of(text));
        }
    }
    expected.assert_eq(&shown);
}

#[test]
fn rows_can_be_compiled() {
    let reader = Reader::new(Catalog::settings()).expect("the rows are right");
    assert_eq!(reader.check(), Ok(()));
}

#[test]
fn environments() {
    check(
        ".env",
        "A=1\nJWT_SECRET='secret'\nDB_PASSWORD=kettle-41 # x\nB=${C:-d}\nE=$F\nG=\n",
        &expect![[r#"
        Environment
        A = "1": -, weak, Open
        JWT_SECRET = "secret": the key of tokens, weak, Open
        DB_PASSWORD = "kettle-41": the password of a database, likely, Open
        B for C = "d": -, likely, Open
    "#]],
    );
    check(".env.js", "JWT_SECRET=secret\n", &expect![]);
    check(".env", "JWT_SECRET=kettle-41\nsops_mac=ENC[AES256_GCM,data:x]\n", &expect![]);
}

#[test]
fn compose_files() {
    let text = "x-a: &a\n  SESSION_SECRET: kettle-drum-and-bugle\nservices:\n  db:\n    environment: {POSTGRES_PASSWORD: postgres}\n  web:\n    build: {args: [\"API_KEY=kettle-drum-41\"]}\n    ports: ['127.0.0.1:80:80']\n    environment:\n      <<: *a\n      JWT_SECRET: \"${JWT_SECRET:-s3cret}\"\n  open:\n    ports: [80:80]\n    environment: [\"ADMIN_PASSWORD=admin\", 'B=c', D]\n";
    check(
        "docker-compose.yml",
        text,
        &expect![[r#"
        Compose
        SESSION_SECRET = "kettle-drum-and-bugle": the key of sessions, likely, Inner
        POSTGRES_PASSWORD = "postgres": the password of a database, weak, Inner
        API_KEY = "kettle-drum-41": a secret, likely, Inner
        JWT_SECRET for JWT_SECRET = "s3cret": the key of tokens, weak, Inner
        ADMIN_PASSWORD = "admin": the password of an administrator, weak, Open
        B = "c": -, likely, Open
    "#]],
    );
}

#[test]
fn clusters() {
    let text = "apiVersion: v1\nkind: Secret\ndata:\n  admin-password: Y2hhbmdlbWU=\n  token: '{{ x }}'\nstringData:\n  jwt-key: kettle-drum-and-bugle\n---\napiVersion: v1\nkind: ConfigMap\ndata:\n  API_SECRET: kettle-41\n---\napiVersion: apps/v1\nkind: Deployment\nspec:\n  containers:\n  - env:\n    - name: JWT_SECRET\n      value: secret\n    - name: OTHER_SECRET\n      valueFrom: {secretKeyRef: {name: a, key: b}}\n";
    check(
        "deploy/a.yaml",
        text,
        &expect![[r#"
            Manifest
            admin-password = "Y2hhbmdlbWU=": the password of an administrator, weak, Secrets
            jwt-key = "kettle-drum-and-bugle": the key of tokens, likely, Secrets
            API_SECRET = "kettle-41": a secret, likely, Open
            JWT_SECRET = "secret": the key of tokens, weak, Open
        "#]],
    );
    check("deploy/b.yaml", "apiVersion: v1\nkind: SealedSecret\nspec:\n  password: kettle-41\n", &expect![]);
    check("deploy/c.yaml", "a: b\njwt_secret: secret\n", &expect![]);
}

#[test]
fn builds() {
    let text = "env:\n  JWT_SECRET: secret\njobs:\n  a:\n    services:\n      db:\n        env: {POSTGRES_PASSWORD: postgres}\n    steps:\n    - run: x\n      env:\n        TOKEN: ${{ secrets.TOKEN }}\n";
    check(
        ".github/workflows/a.yml",
        text,
        &expect![[r#"
        Workflow
        JWT_SECRET = "secret": the key of tokens, weak, Open
        POSTGRES_PASSWORD = "postgres": the password of a database, weak, Open
    "#]],
    );
    check(
        ".gitlab-ci.yml",
        "variables:\n  DB_PASSWORD: {value: postgres, description: x}\n",
        &expect![[r#"
        Workflow
        DB_PASSWORD = "postgres": the password of a database, weak, Open
    "#]],
    );
}

#[test]
fn configurations() {
    check(
        "src/application.properties",
        "jwt.secret=secret\nspring.datasource.password=${DB_PASSWORD:postgres}\nserver.port=80\njwt.expiry=3600\n",
        &expect![[r#"
            Configuration
            jwt.secret = "secret": the key of tokens, weak, Open
            spring.datasource.password for DB_PASSWORD = "postgres": the password of a database, weak, Open
        "#]],
    );
    check(
        "application.yml",
        "app:\n  jwt: {secret: !vault x, key: my-jwt-key}\n  users:\n  - name: a\n    password: kettle-41\n",
        &expect![[r#"
            Configuration
            app.jwt.key = "my-jwt-key": the key of tokens, weak, Open
            app.users.password = "kettle-41": a password, likely, Open
        "#]],
    );
    check(
        "appsettings.json",
        "{\"Jwt\": {\"SigningKey\": \"letmein\"}, \"Logging\": {\"Token\": null}}",
        &expect![[r#"
            Configuration
            Jwt.SigningKey = "letmein": the key of tokens, weak, Open
        "#]],
    );
    check(
        "a.config",
        "<a><add key='EncryptionKey' value=\"password\"/><login password='kettle-41' name='x'/><secret>kettle</secret></a>",
        &expect![[r#"
            Configuration
            a.add.EncryptionKey = "password": the key of ciphers, weak, Open
            a.login.password = "kettle-41": a password, likely, Open
            a.secret = "kettle": a secret, likely, Open
        "#]],
    );
    check(
        "a.conf",
        "[mail]\nsmtp_password = kettle-41\n[other]\na = b\n",
        &expect![[r#"
            Configuration
            mail.smtp_password = "kettle-41": the password of a service, likely, Open
        "#]],
    );
    check(
        "fly.toml",
        "[env]\nSESSION_SECRET = \"letmein\"\n[a.b]\nc.api_key = \"kettle-drum\"\n",
        &expect![[r#"
        Configuration
        env.SESSION_SECRET = "letmein": the key of sessions, weak, Open
        a.b.c.api_key = "kettle-drum": a secret, likely, Open
    "#]],
    );
    check("config/locales/en.yml", "en:\n  password: Password\n", &expect![""]);
    check(
        "config/labels.yml",
        "password: Password\njwt_secret: {type: string, default: string}\n",
        &expect![""],
    );
    check("messages_de.properties", "login.password=Passwort\n", &expect![]);
}

#[test]
fn images() {
    let text = "ARG A_SECRET=kettle-1\nFROM a AS b\nENV B_SECRET=kettle-2\nFROM c\nARG D_SECRET\nARG E_SECRET=kettle-3\nENV F_SECRET=\"kettle-4\" G=h\nCOPY --chown=a .env.example id_rsa ./\nCOPY [\".netrc\", \"/a/\"]\nCOPY --from=b /x/.env /y\nRUN --mount=type=secret,id=a login --password $(cat /run/secrets/a) \\\n  && x --token kettle-drum-5\n";
    check(
        "Dockerfile",
        text,
        &expect![[r#"
            Image
            A_SECRET = "kettle-1": a secret, likely, Passing
            B_SECRET = "kettle-2": a secret, likely, Passing
            E_SECRET = "kettle-3": a secret, likely, Argument
            F_SECRET = "kettle-4": a secret, likely, Stage
            G = "h": -, likely, Stage
            Asked "D_SECRET" "D_SECRET": a secret, Argument
            Copied "id_rsa" "--chown=a .env.example id_rsa ./": a private key, Stage
            Copied ".netrc" "[\".netrc\", \"/a/\"]": a login, Stage
            Command "" "kettle-drum-5": a password, Stage
        "#]],
    );
}

#[test]
fn stores() {
    check(
        ".npmrc",
        "//a.io/:_authToken=kettle-drum-41\n",
        &expect![[r#"
        Store
        a login of a package registry: "kettle-drum-41"
    "#]],
    );
    check(".npmrc", "//a.io/:_authToken=${TOKEN}\n", &expect![]);
    check(
        ".htpasswd",
        "a:$apr1$kettle41$drum\n",
        &expect![[r#"
        Store
        a file of password hashes: "$apr1$kettle41$drum"
    "#]],
    );
    let reader = Reader::new(Catalog::settings()).expect("the rows are right");
    for (path, is) in [("a/b.p12", true), ("truststore.jks", false), ("a.js", false), (".npmrc", false)] {
        assert_eq!(reader.unread(path).is_some(), is, "{path}");
    }
}

#[test]
fn names_say_what_values_are() {
    let reader = Reader::new(Catalog::settings()).expect("the rows are right");
    let judge = reader.judge().expect("the rows are right");
    let role = |name: &str| judge.role(name).map_or("-", |role| role.what.as_str());
    for (name, what) in [
        ("JWT_SECRET", "the key of tokens"),
        ("accessTokenSecret", "the key of tokens"),
        ("NEXTAUTH_SECRET", "the key of sessions"),
        ("SECRET_KEY_BASE", "the key that the program signs with"),
        ("MYSQL_ROOT_PASSWORD", "the password of a database"),
        ("spring.datasource.password", "the password of a database"),
        ("FIRST_SUPERUSER_PASSWORD", "the password of an administrator"),
        ("DATA_ENCRYPTION_KEY", "the key of ciphers"),
        ("PASSWORD", "a password"),
        ("AWS_SECRET_ACCESS_KEY", "a secret"),
        ("STRIPE_PUBLISHABLE_KEY", "-"),
        ("PASSWORD_MIN_LENGTH", "-"),
        ("RESET_PASSWORD", "-"),
        ("NEXT_PUBLIC_API_KEY", "-"),
        ("MONKEY", "-"),
        ("COMPASS", "-"),
        ("jwt.public-key", "-"),
        ("TOKEN_EXPIRES_IN", "-"),
        ("SECRET_NAME", "-"),
    ] {
        assert_eq!(role(name), what, "{name}");
    }
}

#[test]
fn values_that_are_tried() {
    let reader = Reader::new(Catalog::settings()).expect("the rows are right");
    let judge = reader.judge().expect("the rows are right");
    let role = judge.role("SIGNING_KEY");
    let strength = |value: &str| match judge.strength("SIGNING_KEY", role, value) {
        Some(Strength::Weak(_)) => "weak",
        Some(Strength::Short(_)) => "short",
        Some(Strength::Likely) => "likely",
        None => "none",
    };
    for (value, is) in [
        ("secret", "weak"),
        ("My-Super-Secret-Key123!", "weak"),
        ("changeme", "weak"),
        ("keyboard cat", "weak"),
        ("your-256-bit-secret", "weak"),
        ("123456", "weak"),
        ("signing_key", "weak"),
        ("kettle", "short"),
        ("kettle-drum-and-bugle", "likely"),
        ("", "none"),
        ("<your key>", "none"),
        ("your_key_here", "weak"),
        ("$KEY", "none"),
        ("{{ .Values.key }}", "none"),
        ("vault:secret/a#b", "none"),
        ("op://a/b/c", "none"),
        ("arn:aws:secretsmanager:a:1:secret:b", "none"),
        ("ENC[AES256_GCM,data:a]", "none"),
        ("/run/secrets/key", "none"),
        ("keys/signing.pem", "none"),
        ("https://a.io/key", "none"),
        ("xxxxxxxx", "none"),
        ("true", "none"),
    ] {
        assert_eq!(strength(value), is, "{value}");
    }
}

/// Any cut of any text is read without harm, and every place lies in it.
#[test]
fn every_prefix() {
    let texts = [
        (
            "docker-compose.yml",
            "services:\n  a:\n    ports: [1:2]\n    environment:\n    - \"JWT_SECRET=${A:-ü}\"\n    - B_SECRET='c d\n",
        ),
        (
            "Dockerfile",
            "FROM a as b\nENV A_SECRET=ü\\\n B='c\nCOPY .env id_rsa /\nRUN y --token kettle-5 | ü\nARG D_TOKEN\n",
        ),
        (
            "a.yaml",
            "apiVersion: v1\nkind: Secret\ndata:\n  a-password: Y2hhbmdlbWU=\nstringData: {b-secret: \"ü\"}\n",
        ),
        (".env", "A_SECRET=\"ü\nb\"\nexport B_SECRET=${C:-${D:-ü}}\n"),
        ("a.config", "<a><add key='b' value='ü'/><secret>ü&#252;</secret></a>"),
        (".npmrc", "//a.io/:_authToken=kettle-ü-41\n"),
    ];
    let reader = Reader::new(Catalog::settings()).expect("the rows are right");
    for (path, text) in texts {
        for (end, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let text = &text[..end];
            let Some(configuration) = reader.read(path, text) else { continue };
            let settings = configuration.settings.iter().map(|setting| setting.span);
            for span in settings.chain(configuration.leaks.iter().map(|leak| leak.span)) {
                assert!(text.get(span.start as usize..span.end() as usize).is_some(), "{span:?} of {text:?}");
            }
        }
    }
}
