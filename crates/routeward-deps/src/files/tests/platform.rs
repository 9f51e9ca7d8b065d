//! What programs run on: images, actions and runtimes, with what each file says of them.

use expect_test::expect;

use super::check;

#[test]
fn dockerfile() {
    check(
        "Dockerfile",
        "# syntax=docker/dockerfile:1\n\
        ARG NODE=24\n\
        ARG EMPTY\n\
        FROM --platform=$BUILDPLATFORM docker.io/library/golang:1.26@sha256:abc AS Build\n\
        ARG NODE=12\n\
        FROM node:${NODE}-alpine AS base\n\
        FROM ${EMPTY:-acme/tools}:1\n\
        FROM base AS test\n\
        FROM $EMPTY\n\
        FROM base\n\
        COPY --from=build /a /a\n",
        expect![[r#"
            golang [1.26] development direct registry at "docker.io/library/golang:1.26"
            node [24-alpine] runtime direct registry at "node:${NODE}-alpine"
            acme/tools [1] development direct registry at "${EMPTY:-acme/tools}:1"
        "#]],
    );
}

#[test]
fn compose_file() {
    check(
        "deploy/compose.yaml",
        "services:\n  api:\n    build: .\n    image: acme/api:1\n  store:\n    image: postgres:17\n  cache:\n    image: ${CACHE}\n",
        expect![[r#"
            postgres [17] optional direct registry at "postgres:17"
        "#]],
    );
}

#[test]
fn workflow() {
    check(
        ".github/workflows/test.yml",
        "jobs:\n  a:\n    container:\n      image: node:24\n    steps:\n      - uses: Acme/setup/sub@v1\n      - uses: ./own\n      - uses: docker://alpine:3.24\n  b:\n    uses: acme/flows/.github/workflows/b.yml@main\n",
        expect![[r#"
            Acme/setup - development direct git https://github.com/Acme/setup v1 at "Acme/setup/sub@v1"
            alpine [3.24] development direct registry at "alpine:3.24"
            node [24] development direct registry at "node:24"
            acme/flows - development direct git https://github.com/acme/flows main at "acme/flows/.github/workflows/b.yml@main"
        "#]],
    );
}

#[test]
fn versions_of_runtimes() {
    check(".nvmrc", "lts/gallium\n", expect![["runs on node gallium\n"]]);
    check(".ruby-version", "ruby-2.7.1\n", expect![["runs on ruby 2.7.1\n"]]);
    check("runtime.txt", "python-3.8.2\n", expect![["runs on python 3.8.2\n"]]);
    check(
        ".tool-versions",
        "# tools\nnodejs 16.1.0 14.0.0\njava temurin-17.0.2+8\n",
        expect![["runs on nodejs 16.1.0\nruns on java 17.0.2+8\n"]],
    );
    check("global.json", r#"{"sdk": {"version": "6.0.100"}}"#, expect![["runs on dotnet 6.0.100\n"]]);
    check(
        "app.csproj",
        "<Project Sdk=\"Microsoft.NET.Sdk.Web\"><PropertyGroup><TargetFrameworks>net6.0;net8.0-windows</TargetFrameworks></PropertyGroup></Project>",
        expect![["runs on dotnet 6.0 | 8.0\n"]],
    );
    check(
        "package.json",
        r#"{"engines": {"node": ">=18"}, "repository": "acme/shop"}"#,
        expect![["runs on node >=18\nof acme\n"]],
    );
    check("composer.json", r#"{"require": {"php": "^8.1"}}"#, expect![["runs on php ^8.1\n"]]);
}
