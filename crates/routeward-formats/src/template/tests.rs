//! What is read of templates, as the function that each becomes.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use expect_test::{Expect, expect};
use routeward_catalog::{Catalog, TemplateRow};

use super::read;

/// The way in which the first engine of that name writes.
fn engine(name: &str) -> &'static TemplateRow {
    let mut rows = Catalog::embedded().models.files.iter().flat_map(|file| &file.templates);
    rows.find(|row| row.name == name).expect("the models know the engine")
}

fn check(name: &str, text: &str, expect: &Expect) {
    let template = read(engine(name), "page", text);
    let printed = routeward_ir::print(&template.module);
    expect.assert_eq(&printed);
}

/// Whatever a text is cut to, reading it ends, and all that is read lies in it.
fn survives(name: &str, text: &str) {
    let ends = (0..=text.len()).filter(|end| text.is_char_boundary(*end));
    for end in ends {
        for text in [&text[..end], &text[end..]] {
            let template = read(engine(name), "page", text);
            let spans = template.module.expr_spans.iter().chain(template.module.stmt_spans.iter());
            for span in spans {
                assert!(span.end() as usize <= text.len(), "{span:?} lies outside of `{text}`");
            }
        }
    }
}

#[test]
fn code_between_marks_names_elements() {
    check(
        "ejs",
        "<% xs.forEach((x, i) => { %><%- x.a + x['b'] %><% }) %><%= x %>",
        &expect![[r#"
        (exports = function(/context#0) {
          for x#1 of context#0?.xs
            $ejs.raw(concat(x#1?.a ++ x#1?.["b"]))
          $ejs.escaped(context#0?.x)
        })
    "#]],
    );
}

#[test]
fn sections_are_what_names_are_looked_up_in() {
    check(
        "handlebars",
        "{{#each xs as |x|}}{{{name}}}{{{x.y}}}{{{../z}}}{{/each}}{{> part a=b}}",
        &expect![[r#"
        (exports = function(/context#0) {
          for this#1 of context#0?.xs
            $handlebars.raw(this#1?.name)
            $handlebars.raw(this#1?.y)
            $handlebars.raw(context#0?.z)
          $handlebars.include("part", {...context#0, a: context#0?.b})
        })
    "#]],
    );
    check(
        "mustache",
        "{{#xs}}{{{name}}}{{/xs}}{{{name}}}",
        &expect![[r#"
        (exports = function(/context#0) {
          for this#1 of context#0?.xs
            $mustache.raw((this#1?.name ?? context#0?.name))
          $mustache.raw(context#0?.name)
        })
    "#]],
    );
}

#[test]
fn filters_say_what_is_put_out_as_it_is() {
    check(
        "jinja",
        "{% for k, v in d %}{{ v|upper|safe }}{{ v }}{% endfor %}{% autoescape off %}{{ v|f:'x' }}{% endautoescape %}",
        &expect![[r#"
            (exports = function(/context#0) {
              for [k#1, v#2] of context#0?.d
                $jinja.raw($jinja.upper(v#2))
                $jinja.escaped(v#2)
              $jinja.raw($jinja.f(context#0?.v, "x"))
            })
        "#]],
    );
}

#[test]
fn lines_hold_for_what_is_indented_more() {
    check(
        "pug",
        "each x in xs\n  p!= x.a\n  p x != !{x ? x.b : 'c'}\np!= x",
        &expect![[r#"
        (exports = function(/context#0) {
          for x#1 of context#0?.xs
            $pug.raw(x#1?.a)
            $pug.raw((x#1 ? x#1?.b : "c"))
          $pug.raw(context#0?.x)
        })
    "#]],
    );
}

#[test]
fn anything_may_be_a_template() {
    survives(
        "ejs",
        "<% for (const é of `${a}{`) { %><%- include('x', { 'a': [b, {c}], d }) -%><% } %><%- (((",
    );
    survives(
        "handlebars",
        "{{#with (f a b) as |é|}}{{{é.x}}}{{/with}}{{> (g) h=i}}{{{{raw}}}}{{#a}}{{/b}}{{../",
    );
    survives(
        "jinja",
        "{% set é = x if y else z %}{% macro f(é) %}{{ é|a(b=1)|c:\"é\"|safe }}{% raw %}{{{% endraw %}{{",
    );
    survives("pug", "each é in xs\n\t!= é\n  a(b!=c d)\n mixin x(y)\n#{`${é}`} !{é");
    let deep = format!("<%- {}{} %>", "(".repeat(10_000), "[{".repeat(10_000));
    survives_whole("ejs", &deep);
    survives_whole("handlebars", &"{{#each a}}{{{(".repeat(5_000));
    survives_whole("jinja", &"{% for a in (a %}{{ not -a|b(".repeat(5_000));
}

fn survives_whole(name: &str, text: &str) {
    assert!(read(engine(name), "page", text).module.functions.len() == 2);
}
