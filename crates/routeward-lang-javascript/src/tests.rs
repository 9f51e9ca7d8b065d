//! What each family of constructs is lowered to, and what holds for every text.
//!
//! `check` lowers a case, compares the printed module, and then lowers every prefix of the case and the case
//! without each of its lines: none of them may panic, and no span may leave the file.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use std::fmt::Write;

use expect_test::{Expect, expect};
use routeward_base::Span;
use routeward_ir::{Expr, Lowered, Module, SlotKind, Stmt, print};

use crate::{lower, parse_only};

fn check(path: &str, text: &str, expected: &Expect) {
    let lowered = checked(path, text);
    let mut shown = print(&lowered.module);
    for error in &lowered.errors {
        let _ = writeln!(shown, "error {:?}: {}", error.span.of(text), error.message);
    }
    for (kind, span) in &lowered.module.unknown {
        let _ = writeln!(shown, "unknown {} {:?}", lowered.module.text(*kind), span.of(text));
    }
    expected.assert_eq(&shown);
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        checked(path, &text[..end]);
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for skipped in 0..lines.len() {
        let rest: String =
            lines.iter().enumerate().filter(|(i, _)| *i != skipped).map(|(_, line)| *line).collect();
        checked(path, &rest);
    }
}

fn js(text: &str, expected: &Expect) {
    check("a.js", text, expected);
}

fn ts(text: &str, expected: &Expect) {
    check("a.ts", text, expected);
}

/// Lowers, and checks what holds for every text.
fn checked(path: &str, text: &str) -> Lowered {
    let lowered = lower(path, text);
    assert_eq!(lowered.fault(text), None, "{text:.200}");
    lowered
}

#[test]
fn all_arguments() {
    js(
        r#"arguments;
function f(a) { return () => g(arguments, a); }
function h(arguments) { return arguments; }
x.replace(/y/mg, "");
"#,
        &expect![[r#"
            f#0 = function(a#1) {
              return arrow() {
                return $g(arguments#4, a#1)
              }
            }
            h#2 = function(arguments#3) {
              return arguments#3
            }
            $arguments
            $x.replace(/y/gm, "")
        "#]],
    );
}

#[test]
fn literals() {
    js(
        r#"f(null, undefined, void 0, true, 1_000, 0xff, 0o17, 0b11, 017, .5e1, 10n);
f('a\n\x41\u{1F600}\uD83D\uDE00\
b', "it's", /a[/]b/gi, `x`, ``, [1, , ...xs, ], "");
"#,
        &expect![[r#"
            $f(null, undefined, undefined, true, 1000, 255, 15, 3, 15, 5, 10)
            $f("a\nA😀😀b", "it's", /a[/]b/gi, "x", "", [1, undefined, ...$xs], "")
        "#]],
    );
}

#[test]
fn strings_are_built_from_pieces() {
    js(
        "`/api/${v}/users`; 'a' + b + c; a + b; a + (b + 'c') + `${d}e`; 1 - a + 'x' + b * 2;\n\
         (a + 'b').length; tag`x${y}`; a.b`z`; s += 'x';\n",
        &expect![[r#"
            concat("/api/" ++ $v ++ "/users")
            concat("a" ++ $b ++ $c)
            ($a + $b)
            concat($a ++ $b ++ "c" ++ $d ++ "e")
            concat((1 - $a) ++ "x" ++ ($b * 2))
            concat($a ++ "b").length
            $tag`"x" ++ $y`
            $a.b`"z"`
            ($s += "x")
        "#]],
    );
}

#[test]
fn operators() {
    js(
        "a && b || c ?? d; a === b !== c; a == b; x = -y ** 2; typeof a, delete a.b, !~+-a;\n\
         a?.b?.[c]?.(d); a.b.c[d](e, ...f); new X; new X.Y(1); i++; --a.b; a ||= b; a >>>= 1;\n\
         a ? b : c; (a, b); #x in o; a instanceof B; ({}).x; import.meta.url;\n",
        &expect![[r##"
            ((($a && $b) || $c) ?? $d)
            (($a === $b) !== $c)
            ($a == $b)
            ($x = (-$y ** 2))
            (typeof $a, delete $a.b, !~+-$a)
            $a?.b?.[$c]?.($d)
            $a.b.c[$d]($e, ...$f)
            new $X()
            new $X.Y(1)
            ($i += 1)
            ($a.b -= 1)
            ($a ||= $b)
            ($a bit= 1)
            ($a ? $b : $c)
            ($a, $b)
            ("#x" in $o)
            ($a instanceof $B)
            {}.x
            $import.meta.url
        "##]],
    );
}

#[test]
fn objects() {
    js(
        "const o = { a, b: 1, 'c-d': 2, 3: x, [k]: v, ['e']: 5, ...rest, m() {}, async *g() {}, get p() { return 1 },\n\
         set p(v) {}, [k]() {}, get: fn, async: () => {}, handler: function () {} };\n",
        &expect![[r#"
            let o#0 = {a: $a, b: 1, c-d: 2, 3: $x, [$k]: $v, e: 5, ...$rest, m: function() {}, g: async function*() {}, get p: function() {
              return 1
            }, set p: function(v#1) {}, [$k]: function() {}, get: $fn, async: arrow() {}, handler: function() {}}
        "#]],
    );
}

#[test]
fn patterns() {
    js(
        "const { a, b: { c = 1 }, [k]: d, 'e': e, ...rest } = x, [f, , g = () => {}, ...h] = y;\n\
         ({ a, b: o.p, c: q[0] = 1, ...z } = x); [a, b] = [b, a];\n\
         function f({ id }, [first], n = 1, ...more) {}\n\
         try {} catch ({ message }) { message }\n\
         for (const [key, value] of pairs) key; for (o.k in o) ; for await (x of y) {}\n",
        &expect![[r#"
            f#5 = function({id: id#8}, [first#9], n#10 = 1, ...more#11) {}
            let {a: a#0, b: {c: c#1 = 1}, [$k]: d#2, e: e#3, ...rest#4} = $x
            let [f#5, , g#6 = arrow() {}, ...h#7] = $y
            ({a: a#0, b: $o.p, c: $q[0] = 1, ...$z} = $x)
            ([a#0, $b] = [$b, a#0])
            try
            catch {message: message#12}
              message#12
            for [key#13, value#14] of $pairs
              key#13
            for $o.k in $o
            for $x of $y
        "#]],
    );
}

#[test]
fn functions_are_hoisted_and_named() {
    js(
        "go();\n\
         exports.list = async function (req) { 'use server'; return inner(); function inner() {} };\n\
         this.run = (a) => a; const fact = function self(n) { return self(n - 1) };\n\
         function* gen() { const x = yield 1; yield* x; new.target; await 1 }\n\
         function go() { return later }\n\
         var later = 1, later; var later;\n",
        &expect![[r#"
            gen#6 = function*() {
              let x#7 = yield 1
              yield x#7
              $new.target
              await 1
            }
            go#8 = function() {
              return later#9
            }
            go#8()
            (exports.list = async function(req#0) {
              inner#1 = function() {}
              return inner#1()
            })
            (this.run = arrow(a#2) {
              return a#2
            })
            let fact#3 = function(n#5) {
              return self#4((n#5 - 1))
            }
            let later#9 = 1
        "#]],
    );
}

#[test]
fn scopes() {
    js(
        "let x = 1;\n\
         function f(x) { if (x) { let x = 2; var y = x; g(x) } return y + x; }\n\
         { const x = 3; class K {} x; } K; x;\n\
         for (let i = 0, n = 2; i < n; i++) { let i; i } i;\n\
         switch (x) { case 1: let z = 1; case 2: z; break; default: function h() {} }\n\
         try { e } catch (e) { e; let t } t;\n\
         (function undefinedIsAName(undefined) { return undefined })(undefined);\n\
         const C = class Inner extends Base { m() { return Inner } }; Inner;\n",
        &expect![[r#"
            f#1 = function(x#2) {
              if x#2
                let x#3 = 2
                let y#4 = x#3
                $g(x#3)
              return (y#4 + x#2)
            }
            let x#0 = 1
            block
              let x#5 = 3
              K#6 = class {
              }
              x#5
            $K
            x#0
            let i#7 = 0
            let n#8 = 2
            while (i#7 < n#8) update (i#7 += 1)
              let i#9
              i#9
            $i
            switch x#0
            case 1
              let z#10 = 1
            case 2
              z#10
              break
            default
              h#11 = function() {}
            try
              $e
            catch e#12
              e#12
              let t#13
            $t
            function(undefined#15) {
              return undefined#15
            }(undefined)
            let C#16 = class extends $Base {
              m function() {
                return Inner#17
              }
            }
            $Inner
        "#]],
    );
}

#[test]
fn control_flow() {
    js(
        "if (a) b; else if (c) { d } else e;\n\
         while (a) { continue; } do b(); while (c); for (;;) break;\n\
         outer: for (const x in y) { if (x) continue outer; break outer }\n\
         try { a() } catch { b() } finally { c() } throw new E();\n\
         label: { debugger; ; } with (o) { p }\n",
        &expect![[r#"
            if $a
              $b
            else
              if $c
                $d
              else
                $e
            while $a
              continue
            loop-until $c
              $b()
            while true
              break
            outer:
            for x#0 in $y
              if x#0
                continue outer
              break outer
            try
              $a()
            catch
              $b()
            finally
              $c()
            throw new $E()
            label:
            block
            unknown-statement with
              $o
              block
                $p
            unknown with "with (o) { p }"
        "#]],
    );
}

#[test]
fn classes() {
    js(
        "class A extends B.C {\n\
         static s = 1; x = () => this.y; #p = 2; [k] = 3; bare; 'q r' = function () {};\n\
         static { A.ready = true; let a; }\n\
         constructor(a) { super(a); this.#p = a }\n\
         get v() { return super.v } set v(x) {} static async *m() {} #n() {} static get w() { return 1 }\n\
         }\n\
         const D = class {}; exports.E = class extends A {};\n",
        &expect![[r#"
            A#0 = class extends $B.C {
              constructor function(a#1) {
                super(a#1)
                (this.#p = a#1)
              }
              init function() {
                (this.x = arrow() {
                  return this.y
                })
                (this.#p = 2)
                (this[$k] = 3)
                (this.q r = function() {})
              }
              static-init function() {
                (this.s = 1)
                block
                  (A#0.ready = true)
                  let a#3
              }
              static field s
              field x
              field #p
              field [$k]
              field bare
              field q r
              get v function() {
                return super.v
              }
              set v function(x#2) {}
              static m async function*() {}
              #n function() {}
              static get w function() {
                return 1
              }
            }
            let D#4 = class {
            }
            (exports.E = class extends A#0 {
            })
        "#]],
    );
}

#[test]
fn common_js() {
    js(
        "const express = require('express'), { Router } = require(`express`);\n\
         require('./side'); const dyn = require(path.join(__dirname, name)); require.resolve('x');\n\
         module.exports = app; module.exports.a = 1; exports.b = exports.a; exports = module.exports = {};\n\
         function load(require, module, exports) { require('not'); module.exports = 1; exports.c = 2; exports = 3 }\n\
         import('./lazy').then(m => m); await import(name);\n",
        &expect![[r#"
            import(dynamic) "./lazy" {}
            import(call) "express" {}
            import(call) "express" {}
            import(call) "./side" {}
            load#3 = function(require#4, module#5, exports#6) {
              require#4("not")
              (module#5.exports = 1)
              (exports#6.c = 2)
              (exports#6 = 3)
            }
            let express#0 = module("express")
            let {Router: Router#1} = module("express")
            module("./side")
            let dyn#2 = module($path.join($__dirname, $name))
            $require.resolve("x")
            (exports = $app)
            (exports.a = 1)
            (exports.b = exports.a)
            (exports = (exports = {}))
            module("./lazy").then(arrow(m#7) {
              return m#7
            })
            await module($name)
        "#]],
    );
}

#[test]
fn modules() {
    js(
        "import a, { b, c as d, default as e, 'x-y' as f } from 'm'; import * as ns from \"n\"; import 'side';\n\
         import data from './d.json' with { type: 'json' };\n\
         export { late as early, b, d as default }; export const { p, q: [r] } = a; export function fn() {}\n\
         export class K {} export * from 'o'; export * as all from 'o'; export { default as y, z } from 'o';\n\
         let late = ns;\n",
        &expect![[r#"
            import(static) "m" {default as a#0, b as b#1, c as d#2, default as e#3, x-y as f#4}
            import(static) "n" {* as ns#5}
            import(static) "side" {}
            import(static) "./d.json" {default as data#6}
            import(reexport) "o" {}
            import(reexport) "o" {}
            import(reexport) "o" {}
            fn#9 = function() {}
            let {p: p#7, q: [r#8]} = a#0
            K#10 = class {
            }
            let late#11 = ns#5
            export p = p#7
            export r = r#8
            export fn = fn#9
            export K = K#10
            export * from import 4
            export all from import 5 Namespace
            export y from import 6 Default
            export z from import 6 Named(Name(24))
            export early = late#11
            export b = b#1
            export default = d#2
        "#]],
    );
    js(
        "before(); export default function handler() {}\n",
        &expect![[r#"
        handler#0 = function() {}
        (exports.default = handler#0)
        $before()
    "#]],
    );
    js(
        "export default class Main {}\n",
        &expect![[r#"
        Main#0 = class {
        }
        (exports.default = Main#0)
    "#]],
    );
    js(
        "export default (req) => req.body;\n",
        &expect![[r#"
        (exports.default = arrow(req#0) {
          return req#0.body
        })
    "#]],
    );
    js(
        "@dec export default class {}\n",
        &expect![[r#"
        (exports.default = @$dec class {
        })
    "#]],
    );
}

#[test]
fn directives_and_comments() {
    let lowered = checked(
        "a.js",
        "#!/usr/bin/env node\n'use strict';\n\"use server\";\n'late' + 1; // routeward: allow a\n\
         /* x\n routeward: allow b */ const s = 'routeward: not me';\n/** routeward: c routeward: */\nf(function () { 'use client' });",
    );
    let module = &lowered.module;
    let comments: Vec<&str> = module.comments.iter().map(|comment| comment.text.as_str()).collect();
    assert_eq!(comments, ["routeward: allow a", "x\n routeward: allow b", "routeward: c routeward:"]);
    let directives = |list: &[routeward_base::Name]| -> Vec<String> {
        list.iter().map(|name| module.text(*name).to_owned()).collect()
    };
    assert_eq!(directives(&module.directives), ["use strict", "use server"]);
    assert_eq!(directives(&module.functions[routeward_ir::FuncId(1)].directives), ["use client"]);
}

#[test]
fn jsx() {
    check(
        "a.jsx",
        "const v = <div className=\"x\" onClick={() => go(id)} {...props}>text {user.name} {/* no */}<Item key={k}/><ui.B/></div>;\n",
        &expect![[r#"
            let v#0 = unknown:jsx("x", arrow() {
              return $go($id)
            }, $props, $user.name, unknown:jsx($Item, $k), unknown:jsx($ui.B))
        "#]],
    );
    check(
        "b.tsx",
        "const v = <T,>(x: T) => <>{x as any}</>;\n",
        &expect![[r#"
        let v#0 = arrow(x#1: T) {
          return unknown:jsx(x#1)
        }
    "#]],
    );
}

#[test]
fn types() {
    ts(
        "import { Request } from 'express'; import type { Dto } from './dto'; import { type U, V } from 'u';\n\
         interface Local { a: string } type Alias = Local | null;\n\
         export async function f(this: Window, req: Request<{ id: string }, any>, dto?: Dto, n: number = 1,\n\
         u: readonly Local[] = [], o: { a?: boolean; 'b': 'x' | 1 } = {}, ...r: Array<ns.T>): Promise<Alias> {}\n\
         let x = <Local>y as unknown as Dto, z = y!.a!.b satisfies V, g = h<string>; let d!: Date;\n\
         let both: Request & { user: U }, inferred: z.infer<typeof x>, text: `a${string}`, fn: () => void;\n\
         function over(a: string): void; function over(a: any) {} declare const G: string; G;\n\
         abstract class Base<T> implements Local, ns.I<T> { abstract m(): void; protected readonly a = 1; b?: string; declare c: Dto; }\n\
         export type { Alias as Other }; export interface Shape {}\n",
        &expect![[r#"
            import(static) "express" {Request as Request#0}
            import(static) "./dto" {Dto as Dto#1}
            import(static) "u" {U as U#2, V as V#3}
            f#6 = async function(req#7: Request<{id: string}, any>, dto#8: Dto, n#9 = 1: number, u#10 = []: Local[], o#11 = {}: {a: bool, b: "x" | "1"}, ...r#12: ns.T[]) {}
            over#21 = function(a#22: any) {}
            let x#13 = $y
            let z#14 = $y.a.b
            let g#15 = $h
            let d#16: Date
            let both#17: Request
            let inferred#18: z.infer<x>
            let text#19: string
            let fn#20: other
            $G
            Base#23 = class implements Local implements ns.I<T> {
              init function() {
                (this.a = 1)
              }
              field a
              field b: string
              field c: Dto
            }
            export f = f#6
            export Shape = Shape#24
            export Other = Alias#5
        "#]],
    );
}

#[test]
fn decorators() {
    ts(
        "@Controller('cats') @UseGuards(AuthGuard)\nexport class Cats {\n\
         @Inject() private svc: Svc;\n\
         constructor(private readonly a: A, @Inject(B) public b: B = make(), c: C) {}\n\
         @Get(':id') @Roles('admin') find(@Param('id') id: string, @Body() { x }: Dto) { return this.a }\n\
         @(f()) static s = 1; over(): void; over(a?: any) {} @HostListener() get g() { return 1 }\n\
         }\n",
        &expect![[r#"
            Cats#0 = @$Controller("cats") @$UseGuards($AuthGuard) class {
              constructor function(this.a=a#1: A, @$Inject($B) this.b=b#2 = $make(): B, c#3: C) {}
              static-init function() {
                (this.s = 1)
              }
              @$Inject() field svc: Svc
              @$Get(":id") @$Roles("admin") find @$Get(":id") @$Roles("admin") function(@$Param("id") id#4: string, @$Body() {x: x#5}: Dto) {
                return this.a
              }
              @$f() static field s
              over function(a#6: any) {}
              @$HostListener() get g @$HostListener() function() {
                return 1
              }
            }
            export Cats = Cats#0
        "#]],
    );
    js(
        "@a.b class A { @c @d() m() {} @e x = 1 }\n",
        &expect![[r#"
        A#0 = @$a.b class {
          init function() {
            (this.x = 1)
          }
          @$c @$d() m @$c @$d() function() {}
          @$e field x
        }
    "#]],
    );
}

#[test]
fn enums_and_namespaces() {
    ts(
        "enum E { A, B, C = 5, D, X = 'x', 'y-z' = 1 << 3, F = A | C, G = -E.C, H = f() }\n\
         export const enum Dir { Up = 'UP' }\n\
         namespace N { export const a = 1; const hidden = 2; export function f() { return a } export namespace M { export class K {} } export interface I {} }\n\
         namespace P.Q { export let v = hidden }\n\
         function Fn() {} namespace Fn { export const extra = 1 }\n\
         export namespace Out { export type T = string }\n\
         declare module 'other' { export const no: string } declare global { interface Window {} }\n\
         import fs = require('fs'); import Short = N.M.K; export = N;\n",
        &expect![[r#"
            import(call) "fs" {}
            Fn#12 = function() {}
            let E#0 = {A: 0, B: 1, C: 5, D: 6, X: "x", y-z: 8, F: 5, G: -5, H: $f()}
            let Dir#1 = {Up: "UP"}
            let N#2 = arrow() {
              f#5 = function() {
                return a#3
              }
              let a#3 = 1
              let hidden#4 = 2
              let M#6 = arrow() {
                K#7 = class {
                }
                return {K: K#7}
              }()
              return {a: a#3, f: f#5, M: M#6}
            }()
            let P#9 = arrow() {
              let Q#10 = arrow() {
                let v#11 = $hidden
                return {v: v#11}
              }()
              return {Q: Q#10}
            }()
            arrow() {
              let extra#13 = 1
              (Fn#12.extra = extra#13)
            }()
            let Out#14 = arrow() {
              return {}
            }()
            let fs#16 = module("fs")
            let Short#17 = N#2.M.K
            (exports = N#2)
            export Dir = Dir#1
            export Out = Out#14
        "#]],
    );
}

#[test]
fn broken_texts_keep_the_rest() {
    js(
        "before();\nfunction f( { x.y(1) \nafter('x');\n",
        &expect![[r#"
        $before()
        unknown-statement syntax-error
          $f
          {x: $x}.y(1)("x")
          unknown-statement syntax-error
            $after
          unknown-statement syntax-error
            $after
        error "function f( { x.y(1) \nafter('x')": unexpected `function f( { x.y(1)`
        unknown syntax-error "function f( { x.y(1) \nafter('x')"
        unknown syntax-error "after"
        unknown syntax-error "after"
    "#]],
    );
    js(
        "app.get('/a', (req, res) => { res.send(req.query.x });\napp.get('/b', h);\n",
        &expect![[r#"
        $app.get
        "/a"
        unknown:formal_parameters($req, $res)
        $res.send($req.query.x)
        unknown-statement syntax-error
        $app.get("/b", $h)
        error "app.get('/a', (req, res) => { res.send(req.query.x });\napp.get('/b', h);\n": unexpected `app.get('/a', (req, res) => { res.send(r`
        unknown formal_parameters "(req, res)"
        unknown syntax-error "}"
    "#]],
    );
    js(
        "const a = [1, 2 3]; f(a b, c); const o = { a: 1 b };\nclass A { m( { } n() { go() } }\n",
        &expect![[r#"
        let a#0 = [1, 2]
        unknown-statement syntax-error
          3
        $f(a#0, $c)
        unknown-statement syntax-error
          $b
        let o#1 = {a: 1}
        unknown-statement syntax-error
          $b
        unknown-statement syntax-error
          $A
          unknown-statement syntax-error
            {}()
            unknown-statement syntax-error
              $n
            unknown-statement syntax-error
              $n
          unknown:formal_parameters()
        error "3": unexpected `3`
        error "b": unexpected `b`
        error "b": unexpected `b`
        error "class A { m( { } n() { go() } }": unexpected `class A { m( { } n() { go() } }`
        unknown syntax-error "3"
        unknown syntax-error "b"
        unknown syntax-error "b"
        unknown syntax-error "class A { m( { } n() { go() } }"
        unknown syntax-error "{ } n()"
        unknown syntax-error "n"
        unknown syntax-error "n"
        unknown formal_parameters "()"
    "#]],
    );
    js(
        "`open ${a",
        &expect![[r#"
        unknown-statement syntax-error
          $a
        error "`open ${a": unexpected ``open ${a`
        unknown syntax-error "`open ${a"
    "#]],
    );
    js(
        "f('open\n",
        &expect![[r#"
        unknown-statement syntax-error
          $f
        error "f('open": unexpected `f('open`
        unknown syntax-error "f('open"
    "#]],
    );
    js(
        "x /* open",
        &expect![[r#"
        ($x / $open)
        unknown-statement syntax-error
        error "*": unexpected `*`
        unknown syntax-error "*"
    "#]],
    );
    js(
        ")",
        &expect![[r#"
        unknown-statement syntax-error
        error ")": unexpected `)`
        unknown syntax-error ")"
    "#]],
    );
    js("", &expect![""]);
}

#[test]
fn flow_in_javascript_is_read_as_typescript() {
    js(
        "// @flow\nimport type { A } from 'a';\nfunction f(x: string, y: ?A): number { return 1 }\n",
        &expect![[r#"
        import(static) "a" {A as A#0}
        f#1 = function(x#2: string, y#3: A) {
          return 1
        }
    "#]],
    );
}

#[test]
fn line_ends_marks_and_tabs() {
    let text = "\u{feff}'use strict';\r\n\tconst a\t= `1\r\n2`;\r\nf(a);\r\n";
    let lowered = checked("a.js", text);
    assert_eq!(print(&lowered.module), "let a#0 = \"1\\n2\"\n$f(a#0)\n");
    let span = lowered.module.expr_spans.iter().find(|span| span.of(text).starts_with("f(")).copied();
    assert_eq!(span.map(|span| span.of(text)), Some("f(a)"));
}

/// Runs on a thread with the stack that test threads have by default.
fn on_small_stack(body: impl FnOnce() + Send + 'static) {
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(body);
    assert!(thread.is_ok_and(|thread| thread.join().is_ok()), "the thread panicked");
}

#[test]
fn deep_nesting_ends() {
    on_small_stack(|| {
        let wrap = |open: &str, inner: &str, close: &str, times| {
            format!("{}{inner}{}; after();", open.repeat(times), close.repeat(times))
        };
        let lowered = checked("a.js", &wrap("(", "x", ")", 100_000));
        assert!(lowered.module.unknown.is_empty(), "parentheses cost no depth");
        for (open, inner, close) in [
            ("[", "", "]"),
            ("f(", "x", ")"),
            ("{", "x", "}"),
            ("() => ", "x", ""),
            ("() => {", "x", "}"),
            ("-", "x", ""),
            ("a = ", "x", ""),
            ("a ? b : ", "x", ""),
            ("if (a) ", "x", ""),
            ("({ m() {", "x", "} })"),
            ("x = class { m() {", "x", "} }"),
            ("`${", "x", "}`"),
            ("<a>{", "x", "}</a>"),
            ("((x) => ", "x", ")"),
            ("new ", "X", ""),
            ("{ function f() {", "x", "} }"),
            ("try {", "x", "} finally {}"),
        ] {
            let lowered = checked("a.js", &wrap(open, inner, close, 10_000));
            let module = &lowered.module;
            let is_too_deep = |(name, _): &(routeward_base::Name, Span)| module.text(*name) == "too-deep";
            assert!(module.unknown.iter().any(is_too_deep) || !lowered.errors.is_empty(), "{open}");
        }
        for open in
            ["(", "[", "{", "f(", "`${", "<a>", "class A {", "function f() {", "if (", "a: ", "[a,", "=> {"]
        {
            checked("a.js", &open.repeat(20_000));
        }
        for (open, close) in [("Array<", ">"), ("(", ")"), ("{ a: ", "}"), ("", "[]")] {
            checked("a.ts", &format!("let x: {}T{};", open.repeat(20_000), close.repeat(20_000)));
        }
        checked("a.ts", &format!("let [{}x{}] = y;", "[".repeat(20_000), "]".repeat(20_000)));
        checked("a.ts", &format!("namespace a{} {{}}", ".b".repeat(20_000)));
    });
}

#[test]
fn long_chains_cost_no_depth() {
    on_small_stack(|| {
        let times = 20_000;
        let is_whole = |text: &str| {
            let lowered = checked("a.ts", text);
            assert!(lowered.errors.is_empty() && lowered.module.unknown.is_empty(), "{}", &text[..40]);
            lowered.module
        };
        let module = is_whole(&format!("x = 'a'{};", " + b".repeat(times)));
        let longest = module.exprs.iter().map(|expr| match expr {
            Expr::Concat(parts) => parts.len(),
            _ => 0,
        });
        assert_eq!(longest.max(), Some(times + 1));
        is_whole(&format!("x = a{};", " + b".repeat(times)));
        is_whole(&format!("x = a{};", " && b".repeat(times)));
        is_whole(&format!("p{};", ".then(x => x)".repeat(times)));
        is_whole(&format!("p{};", "[0]!.b".repeat(times)));
        is_whole(&format!("type T = A{}; let x: A{};", " | B".repeat(times), " & C".repeat(times)));
        is_whole(&format!("x = [{}];", "1,".repeat(times)));
        is_whole(&"f();\n".repeat(times));
        let module = is_whole(&format!("if (a) b;{}", " else if (c) d;".repeat(times)));
        let branches = module.stmts.iter().filter(|stmt| matches!(stmt, Stmt::If { .. })).count();
        assert_eq!(branches, times + 1);
    });
}

#[test]
fn a_value_takes_over_the_slot_of_a_type() {
    let module = checked("a.ts", "interface A {} const A = 1; class B {} interface B {} type C = A;").module;
    let kinds: Vec<(&str, SlotKind)> =
        module.slots.iter().map(|slot| (module.text(slot.name), slot.kind)).collect();
    assert_eq!(kinds, [("A", SlotKind::Constant), ("B", SlotKind::Class), ("C", SlotKind::Type)]);
}

#[test]
fn names_of_functions() {
    let module: Module = checked(
        "a.js",
        "const a = () => 1, b = (function () {}); exports.c = function () {}; o['d'] = () => 1; module.exports = () => 1;\n\
         ({ e: () => 1, f() {}, g: async function h() {} }); const { i = () => 1 } = x; class K { j = () => 1 }\n\
         function k(l = () => 1) {} m(() => 1); let n = class {}; export default () => 1;",
    )
    .module;
    let names: Vec<&str> = module
        .functions
        .iter()
        .skip(1)
        .map(|function| function.name.map_or("-", |name| module.text(name)))
        .collect();
    assert_eq!(names.join(" "), "a b c d - e f h i - j k l - default");
}

#[test]
fn parse_only_counts_nodes() {
    assert_eq!(parse_only("a.js", "x;"), 4);
}

#[test]
fn what_the_grammars_do_not_know() {
    ts(
        "export import a = require(\"x\");\nusing r = open(); await using s = open(r);\n\
         enum E { A = 1, B = Other.A, C = E.A } String.raw`\\d${x}\\n`; a?.b!?.[c]?.<T>(d);\n",
        &expect![[r#"
            import(call) "x" {}
            let a#0 = module("x")
            "x"
            let r#1 = $open()
            let s#2 = $open(r#1)
            let E#3 = {A: 1, B: $Other.A, C: 1}
            $String.raw`"\\d" ++ $x ++ "\\n"`
            a#0?.b?.[$c]?.($d)
            export a = a#0
            error "": expected `;`
        "#]],
    );
}
