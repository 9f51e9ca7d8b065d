//! What each family of constructs is lowered to, and what holds for every text.
//!
//! `check` lowers a case, compares the printed module, and then lowers every prefix of the case and the case
//! without each of its lines: none of them may panic, and no span may leave the file.

#![expect(clippy::needless_raw_string_hashes, reason = "expect-test writes them")]

use std::fmt::Write;

use expect_test::{Expect, expect};
use routeward_base::Span;
use routeward_ir::{Expr, Lowered, Stmt, TypeKind, print};

use crate::literal::{cook, number};
use crate::{lower, parse_only};

fn check(text: &str, expected: &Expect) {
    let lowered = checked(text);
    let mut shown: String = print(&lowered.module).lines().filter(|line| !line.starts_with("export ")).fold(
        String::new(),
        |mut shown, line| {
            let _ = writeln!(shown, "{line}");
            shown
        },
    );
    for error in &lowered.errors {
        let _ = writeln!(shown, "error {:?}: {}", error.span.of(text), error.message);
    }
    for (kind, span) in &lowered.module.unknown {
        let _ = writeln!(shown, "unknown {} {:?}", lowered.module.text(*kind), span.of(text));
    }
    expected.assert_eq(&shown);
    for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
        checked(&text[..end]);
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for skipped in 0..lines.len() {
        let rest: String =
            lines.iter().enumerate().filter(|(i, _)| *i != skipped).map(|(_, line)| *line).collect();
        checked(&rest);
    }
}

/// Lowers, and checks what holds for every text.
fn checked(text: &str) -> Lowered {
    let lowered = lower(text);
    assert_eq!(lowered.fault(text), None, "{text:.200}");
    lowered
}

#[test]
fn literals() {
    check(
        r#"f(None, True, False, 1_000, 0xFF, 0o17, 0b11, .5e1, 3j, ...)
f('a\n\x41\u00e9\U0001F600\
b', r'\d', b'\x00z', "it's", 'a' "b" r'\c', """x
y""", u'z', '\q\101\N{DASH}')
f([1, *xs], (1,), (), {1, 2}, {'a': 1, k: v, **rest, 2: 3}, {})
"#,
        &expect![[r#"
            $f(null, true, false, 1000, 255, 15, 3, 5, 3, undefined)
            $f("a\nAé😀b", "\\d", "\0z", "it's", "ab\\c", "x\ny", "z", "\\qA�")
            $f([1, ...$xs], [1], [], [1, 2], {a: 1, [$k]: $v, ...$rest, [2]: 3}, {})
        "#]],
    );
}

#[test]
fn strings_are_built_from_pieces() {
    check(
        r#"f'/api/{v!r:>{width}}/x{{y}}'
'a' + b + c; a + b; a + (b + 'c')
'%s/%(n)d%%' % x; '%s-%s' % (a, b); '%(n)s' % {'n': c}
'/{}/{name}/{0}/{{}}'.format(a, name=b); '{}'.format(*xs)
f'a' 'b' f'{c}'
s += 'x'
"#,
        &expect![[r#"
            concat("/api/" ++ $v ++ "/x{y}")
            concat("a" ++ $b ++ $c)
            ($a + $b)
            concat($a ++ $b ++ "c")
            concat($x ++ "/" ++ $x ++ "%")
            concat($a ++ "-" ++ $b)
            concat($c)
            concat("/" ++ $a ++ "/" ++ $b ++ "/" ++ $a ++ "/{}")
            "{}".format(...$xs)
            concat("ab" ++ $c)
            (s#0 += "x")
        "#]],
    );
}

#[test]
fn operators() {
    check(
        "a and b or not c; a < b <= c != d; a is None; a is not b; None == a; a in b; a not in b\n\
         -a ** 2 // ~b @ c << 1; x if t else y; (n := f(n)); a.b[c].d(e)[1:2][:, 0][::2]; await a\n\
         a[1, 2]; x[-1]; print(*a, *b, sep='', **kw)\n\
         i += 1; o.x |= y; a[b] //= 2\n",
        &expect![[r#"
            (($a && $b) || !$c)
            ((($a < $b) && ($b <= $c)) && ($c !== $d))
            ($a == null)
            ($a !== $b)
            (null == $a)
            ($a in $b)
            !($a in $b)
            (((-($a ** 2) / ~$b) * $c) bit 1)
            ($t ? $x : $y)
            (n#0 = $f(n#0))
            $a.b[$c].d($e)[1:2][[undefined[:], 0]][:]
            await $a
            $a[[1, 2]]
            $x[-1]
            $print(...$a, ...$b, sep="", **$kw)
            (i#1 += 1)
            ($o.x bit= $y)
            ($a[$b] /= 2)
        "#]],
    );
}

#[test]
fn assignments() {
    check(
        "a = b = 1\na, (b, *c) = d\n[e, f] = g\no.x, o[y] = z\nn: int\nm: str = 'm'\n\
         def f():\n    global a\n    a = 2\n    k = 0\n    def g():\n        nonlocal k\n        k = a\n        return lambda q=k: q\n\
         for i, j in p:\n    t = i\nfirst, *_, last = d\ndel a, o.x, o['y']\n",
        &expect![[r#"
            let a#1 = (b#0 = 1)
            let [a#1, [b#0, ...c#2]] = $d
            let [e#3, f#4] = $g
            let [$o.x, $o[$y]] = $z
            let m#5: string = "m"
            f#4 = function() {
              (a#1 = 2)
              let k#6 = 0
              g#7 = function() {
                (k#6 = a#1)
                return function(q#8 = k#6) {
                  return q#8
                }
              }
            }
            for [i#9, j#10] of $p
              (t#11 = i#9)
            let [first#12, ..._#13] = $d
            delete a#1
            delete $o.x
            delete $o["y"]
        "#]],
    );
}

#[test]
fn functions() {
    check(
        "def f(a, b=1, /, c: int = 2, *args, d, e='x', **kw) -> str:\n    return a\n\
         async def g(*, x: 'T'):\n    await x\n    yield 1\n    yield from x\n\
         h = lambda x, *y: x\n@one\n@two(3)\ndef i(): pass\n\
         def j(T):\n    def T(): return T\n    return T\n",
        &expect![[r#"
            f#0 = function(/a#1, /b#2 = 1, c#3 = 2: number, /...args#4, *d#5, *e#6 = "x", *...kw#7) {
              return a#1
            }
            g#8 = async function*(*x#9: T) {
              await x#9
              yield 1
              yield x#9[undefined]
            }
            let h#12 = function(x#10, /...y#11) {
              return x#10
            }
            i#13 = @$one @$two(3) function() {}
            let i#13 = $one($two(3)(i#13))
            j#14 = function(T#15) {
              T#15 = function() {
                return T#15
              }
              return T#15
            }
        "#]],
    );
}

#[test]
fn classes() {
    check(
        "@deco(1)\nclass A(B, C.D, metaclass=M, *Es):\n    x = 1\n    y: int = x\n    z: 'str'\n\
         \n    def __init__(self, a):\n        super().__init__(a)\n        self.a = a\n        super(A, self).go()\n\
         \n    def __call__(self): return x\n    @property\n    def p(self): return self.a\n    @p.setter\n    def p(self, v): pass\n\
         \n    @staticmethod\n    def s(q): pass\n    @classmethod\n    def c(cls): pass\n    @route('/', methods=['GET'])\n    @login\n    def r(self): pass\n\
         \n    class Meta:\n        ordering = [y for y in x]\n    if x:\n        w = r\n",
        &expect![[r#"
            A#0 = @$deco(1) class extends $B, $C.D, $Es metaclass=$M {
              constructor function(self#3, a#4) {
                super(a#4)
                (self#3.a = a#4)
                super.go()
              }
              static-init function() {
                let x#1 = 1
                (this.x = x#1)
                let y#2: number = x#1
                (this.y = y#2)
                __init__#5 = function(self#3, a#4) {
                  super(a#4)
                  (self#3.a = a#4)
                  super.go()
                }
                __call__#7 = function(self#6) {
                  return $x
                }
                p#9 = @$property function(self#8) {
                  return self#8.a
                }
                p#9 = @p#9.setter function(self#10, v#11) {}
                s#13 = @$staticmethod function(q#12) {}
                c#15 = @$classmethod function(cls#14) {}
                r#17 = @$route("/", methods=["GET"]) @$login function(self#16) {}
                let r#17 = $route("/", methods=["GET"])($login(r#17))
                (this.r = r#17)
                Meta#18 = class {
                  static-init function() {
                    let ordering#20 = collect [arrow*() {
                      for y#19 of $x
                        yield y#19
                    }]
                    (this.ordering = ordering#20)
                  }
                  static field ordering = collect [arrow*() {
                    for y#19 of $x
                      yield y#19
                  }]
                }
                (this.Meta = Meta#18)
                if x#1
                  let w#21 = r#17
                  (this.w = w#21)
              }
              static field x = 1
              field y: number = x#1
              field z: string
              __init__ function(self#3, a#4) {
                super(a#4)
                (self#3.a = a#4)
                super.go()
              }
              __call__ function(self#6) {
                return $x
              }
              @$property get p @$property function(self#8) {
                return self#8.a
              }
              @p#9.setter set p @p#9.setter function(self#10, v#11) {}
              @$staticmethod static s @$staticmethod function(q#12) {}
              @$classmethod static c @$classmethod function(cls#14) {}
              @$route("/", methods=["GET"]) @$login r @$route("/", methods=["GET"]) @$login function(self#16) {}
              static field w = r#17
            }
            let A#0 = $deco(1)(A#0)
        "#]],
    );
}

#[test]
fn types() {
    check(
        "a: Optional[List[int]]\nb: dict[str, a.B] | None\nc: Annotated[User, Depends(get), 'n']\nd: Literal['x', 2]\n\
         def f(e: 'models.User', g: \"A | B\", h: Union[A, B], i: type[A]) -> list[A]: ...\n\
         type Pair[T] = tuple[T, T]\ndef k[T: int](x: T) -> T: return x\nclass L[T](Base[T]): pass\n",
        &expect![[r#"
            f#0 = function(e#1: models.User, g#2: other, h#3: A | B, i#4: type<A>) {
              undefined
            }
            k#6 = function(x#7: T) {
              return x#7
            }
            L#8 = class extends $Base[$T] {
            }
        "#]],
    );
}

#[test]
fn comprehensions() {
    check(
        "[f(x, y) for x in xs if x for y in x.ys]\n{k: v for k, v in d.items()}\n{x for x in xs}\n\
         any(x.ok for x in xs)\n[(y := x) for x in xs]\nx\nasync def f(): return [a async for a in b]\n",
        &expect![[r#"
            collect [arrow*() {
              for x#0 of $xs
                if x#0
                  for y#1 of x#0.ys
                    yield f#8(x#0, y#1)
            }]
            collect {arrow*() {
              for [k#2, v#3] of $d.items()
                yield [k#2, v#3]
            }}
            collect [arrow*() {
              for x#4 of $xs
                yield x#4
            }]
            $any(collect [arrow*() {
              for x#5 of $xs
                yield x#5.ok
            }])
            collect [arrow*() {
              for x#6 of $xs
                yield (y#7 = x#6)
            }]
            $x
            f#8 = async function() {
              return collect [arrow*() {
                for a#9 of $b
                  yield a#9
              }]
            }
        "#]],
    );
}

#[test]
fn control_flow() {
    check(
        "if a: b\nelif c: d\nelif e:\n    f\nelse: g\nfor x in xs:\n    if x: break\n    continue\nelse:\n    h\n\
         while t:\n    break\nelse: u\nwith open(p) as f, lock: f\nwith (a as b, c as (d, e)): pass\nasync def m():\n    async with s as t: pass\n    async for u in v: pass\n\
         try:\n    risky()\nexcept (A, B) as e:\n    raise X() from e\nexcept C:\n    raise\nelse:\n    fine()\nfinally:\n    done()\n\
         try: q\nexcept: r\ntry: q\nexcept* G as g: pass\nassert a, 'no'\nraise\n",
        &expect![[r#"
            if $a
              b#2
            else
              if $c
                d#3
              else
                if e#4
                  f#1
                else
                  g#11
            loop@82:
            block
              for x#0 of $xs
                if x#0
                  break loop@82
                continue
              $h
            loop@113:
            block
              while $t
                break loop@113
              $u
            let f#1 = $open($p)
            $lock
            block
              f#1
            let b#2 = $a
            let [d#3, e#4] = $c
            block
            m#5 = async function() {
              let t#6 = $s
              block
              for u#7 of $v
            }
            try
              $risky()
              $fine()
            catch #8
              if (#8 instanceof [$A, $B])
                let e#4 = #8
                e#4
                throw $X()
              else
                if (#8 instanceof $C)
                  throw #8
                else
                  throw #8
            finally
              $done()
            try
              $q
            catch #9
              $r
            try
              $q
            catch #10
              if (#10 instanceof $G)
                let g#11 = #10
              else
                throw #10
            if $a
            else
              throw "no"
            throw undefined
        "#]],
    );
}

#[test]
fn match_statements() {
    check(
        "match m, n:\n    case 'GET' | 'HEAD': a\n    case [1, x, *rest] if x: b\n    case {'k': v, **r}: c\n    case P(0, y=z) as p: d\n    case -1: e\n    case A.B: f\n    case other: g\n    case _: h\n",
        &expect![[r#"
            let #0 = [$m, $n]
            if ((#0 === "GET") || (#0 === "HEAD"))
              $a
            else
              if ((#0[0] === 1) && ((x#1 = #0[1]), (rest#2 = #0[2][:]), x#1))
                $b
              else
                if (("k" in #0) && ((v#3 = #0["k"]), (r#4 = #0[:]), true))
                  $c
                else
                  if (((#0 instanceof $P) && (#0[0] === 0)) && ((z#5 = #0.y), (p#6 = #0), true))
                    $d
                  else
                    if (#0 === -1)
                      $e
                    else
                      if (#0 === $A.B)
                        $f
                      else
                        if ((other#7 = #0), true)
                          $g
                        else
                          if true
                            $h
        "#]],
    );
}

#[test]
fn imports() {
    check(
        "import a, b.c.d, e.f as g\nfrom h.i import j, k as l\nfrom . import m\nfrom ..n.o import (p,\n    q)\nfrom r import *\n\
         from __future__ import annotations\n\
         try:\n    import ujson as json\nexcept ImportError:\n    import json\n\
         if TYPE_CHECKING:\n    from s import T\ndef f() -> T:\n    from u import v\n    return v\n\
         try:\n    from w import x\nexcept ImportError:\n    x = None\n",
        &expect![[r#"
            import(inplace) "a" {* as a#0}
            import(inplace) "b" {* as b#1}
            import(inplace) "b.c" {}
            import(inplace) "b.c.d" {}
            import(inplace) "e" {}
            import(inplace) "e.f" {* as g#2}
            import(inplace) "h" {}
            import(inplace) "h.i" {j as j#3}
            import(fallback) "h.i.j" {}
            import(inplace) "h.i" {k as l#4}
            import(fallback) "h.i.k" {}
            import(inplace) "." {m as m#5}
            import(fallback) ".m" {}
            import(inplace) "..n" {}
            import(inplace) "..n.o" {p as p#6}
            import(fallback) "..n.o.p" {}
            import(inplace) "..n.o" {q as q#7}
            import(fallback) "..n.o.q" {}
            import(inplace) "r" {}
            import(inplace) "ujson" {}
            import(inplace) "json" {}
            import(inplace) "s" {T as T#10}
            import(fallback) "s.T" {}
            import(inplace) "u" {v as v#12}
            import(fallback) "u.v" {}
            import(inplace) "w" {}
            import(fallback) "w.x" {}
            module("a")
            module("b")
            (module("b").c = module("b.c"))
            (module("b.c").d = module("b.c.d"))
            module("e")
            module("e.f")
            module("h")
            module("h.i")
            module("h.i")
            module(".")
            module("..n")
            module("..n.o")
            module("..n.o")
            module("r")
            try
              let json#8 = module("ujson")
            catch #9
              if (#9 instanceof $ImportError)
                let json#8 = module("json")
              else
                throw #9
            if false
            f#11 = function() {
              module("u")
              return v#12
            }
            try
              let x#13 = module("w").x
            catch #14
              if (#14 instanceof $ImportError)
                let x#13 = null
              else
                throw #14
        "#]],
    );
}

#[test]
fn broken_code() {
    check(
        "def f(:\n    return x\n\nclass A(\n    y = 1\n",
        &expect![[r#"
        f#0 = function() {
          return $x
        }
        unknown-statement syntax-error
          $A
          1
        error "": expected `)`
        error "class A(\n    y = 1": unexpected `class A(`
        unknown syntax-error "class A(\n    y = 1"
    "#]],
    );
    check(
        "@app.route('/a')\ndef f(x)\n    return g(x\n\n@app.route('/b')\ndef h():\n    return 1\n",
        &expect![[r#"
        unknown-statement syntax-error
          $app.route("/a")
          $f
          $x
          $g
          ($x * $app.route("/b")())
          unknown-statement syntax-error
            $def
            $h
          return 1
        error "@app.route('/a')\ndef f(x)\n    return g(x\n\n@app.route('/b')\ndef h():\n    return 1": unexpected `@app.route('/a')`
        unknown syntax-error "@app.route('/a')\ndef f(x)\n    return g(x\n\n@app.route('/b')\ndef h():\n    return 1"
        unknown syntax-error "def h"
    "#]],
    );
    check(
        "if a:\nb = 1\n  c = 2\n",
        &expect![[r#"
        if $a
        let b#0 = 1
        let c#1 = 2
    "#]],
    );
    check(
        "print 'a', b\nexec code\n",
        &expect![[r#"
        "a"
        $b
        $code
    "#]],
    );
    check(
        "x = [1,\ny = f'{a\nz = 'open\n",
        &expect![[r#"
        unknown-statement syntax-error
          $x
          1
          unknown-statement syntax-error
            $y
          unknown-statement syntax-error
            $a
            $z
          $open
        error "x = [1,\ny = f'{a\nz = 'open": unexpected `x = [1,`
        unknown syntax-error "x = [1,\ny = f'{a\nz = 'open"
        unknown syntax-error "y ="
        unknown syntax-error "a\nz ="
    "#]],
    );
    check(
        ")",
        &expect![[r#"
        unknown-statement syntax-error
        error ")": unexpected `)`
        unknown syntax-error ")"
    "#]],
    );
    check("", &expect![[""]]);
}

#[test]
fn every_name_of_a_file_is_exported() {
    let module = checked("import a\nb = 1\ndef c(): d = 2\nclass E: f = 3\nfrom g import *\n").module;
    let shown = print(&module);
    let exports: Vec<&str> = shown.lines().filter(|line| line.starts_with("export ")).collect();
    expect![[r#"
        [
            "export a = a#0",
            "export b = b#1",
            "export c = c#2",
            "export E = E#4",
            "export * from import 1",
        ]
    "#]]
    .assert_debug_eq(&exports);
}

#[test]
fn line_ends_marks_and_tabs() {
    let text = "\u{feff}#!/usr/bin/env python\r\na\t= 'x'\r\nif a:\r\n\tf(a)  # routeward: allow x\r\n";
    let lowered = checked(text);
    assert_eq!(lowered.module.comments.len(), 1);
    assert_eq!(lowered.module.comments[0].text, "routeward: allow x");
    let span = lowered.module.expr_spans.iter().find(|span| span.of(text).starts_with("f(")).copied();
    assert_eq!(span.map(|span| span.of(text)), Some("f(a)"));
}

#[test]
fn escapes_and_numbers() {
    assert_eq!(cook("a\\\nb\\\\n\\t", false), "ab\\n\t");
    assert_eq!(cook("\\u0041\\x4", false), "A\u{fffd}4");
    assert_eq!(cook("\\u0041", true), "\\u0041");
    assert_eq!(number("1_0.5").to_string(), "10.5");
    assert!(number("0x").is_nan());
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
            format!("{}{inner}{}\nafter()\n", open.repeat(times), close.repeat(times))
        };
        let lowered = checked(&wrap("(", "x", ")", 20_000));
        assert!(lowered.module.unknown.is_empty(), "parentheses cost no depth");
        for (open, inner, close) in [
            ("[", "", "]"),
            ("f(", "x", ")"),
            ("f(a=", "x", ")"),
            ("{'a': ", "x", "}"),
            ("lambda: ", "x", ""),
            ("-", "x", ""),
            ("not ", "x", ""),
            ("a = ", "x", ""),
            ("x if a else ", "x", ""),
            ("[y for y in ", "x", "]"),
            ("f'{", "x", "}'"),
            ("a ** ", "x", ""),
        ] {
            let lowered = checked(&wrap(open, inner, close, 5_000));
            let module = &lowered.module;
            let is_too_deep = |(name, _): &(routeward_base::Name, Span)| module.text(*name) == "too-deep";
            assert!(module.unknown.iter().any(is_too_deep) || !lowered.errors.is_empty(), "{open}");
        }
        for head in ["if a:", "def f():", "class A:", "for a in b:", "with a:", "try:", "match a:"] {
            let text: String = (0..900).fold(String::new(), |mut text, depth| {
                let _ = writeln!(text, "{}{head}", " ".repeat(depth));
                text
            });
            checked(&text);
        }
        for open in ["(", "[", "{", "f(", "f'{", "def f(", "class A(", "if (", "[a,", "lambda x=", "@", "a: "]
        {
            checked(&open.repeat(5_000));
        }
        checked(&format!("x: {}int{}", "list[".repeat(5_000), "]".repeat(5_000)));
        checked(&format!("({}x{}) = y", "[".repeat(5_000), "]".repeat(5_000)));
        checked(&format!("match a:\n    case {}x{}: pass", "[".repeat(5_000), "]".repeat(5_000)));
    });
}

#[test]
fn long_chains_cost_no_depth() {
    on_small_stack(|| {
        let times = 5_000;
        let is_whole = |text: &str| {
            let lowered = checked(text);
            assert!(lowered.errors.is_empty() && lowered.module.unknown.is_empty(), "{}", &text[..40]);
            lowered.module
        };
        let module = is_whole(&format!("x = 'a'{}\n", " + b".repeat(times)));
        let longest = module.exprs.iter().map(|expr| match expr {
            Expr::Concat(parts) => parts.len(),
            _ => 0,
        });
        assert_eq!(longest.max(), Some(times + 1));
        is_whole(&format!("x = a{}\n", " + b".repeat(times)));
        is_whole(&format!("x = a{}\n", " and b".repeat(times)));
        is_whole(&format!("x = a{}\n", " < b".repeat(times)));
        is_whole(&format!("p{}\n", ".filter(x)".repeat(times)));
        is_whole(&format!("p{}\n", "[0].b".repeat(times)));
        is_whole(&format!("x: A{}\n", " | B".repeat(times)));
        is_whole(&format!("x = [{}]\n", "1,".repeat(times)));
        is_whole(&"f()\n".repeat(times));
        let module = is_whole(&format!("if a: b\n{}", "elif c: d\n".repeat(times)));
        let branches = module.stmts.iter().filter(|stmt| matches!(stmt, Stmt::If { .. })).count();
        assert_eq!(branches, times + 1);
    });
}

#[test]
fn notes_of_annotations_are_expressions() {
    let module = checked("def f(user: Annotated[User, Depends(get)] = None): pass\n").module;
    let notes = module.types.iter().find_map(|ty| match &ty.kind {
        TypeKind::Annotated(_, notes) => Some(notes.len()),
        _ => None,
    });
    assert_eq!(notes, Some(1));
}

#[test]
fn parse_only_counts_nodes() {
    assert_eq!(parse_only("x\n"), 3);
}
