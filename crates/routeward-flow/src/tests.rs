//! Laws of values, facts and the heap that everything above relies on.

use routeward_base::{FileId, Span};
use routeward_diag::Place;
use routeward_ir::FuncId;

use crate::fact::{EvidenceId, Fact, FactKind, FactSet, HOLDS, IS_LESS, IS_MORE};
use crate::heap::{Frame, Heap, Loc, Object};
use crate::value::{Shape, Tags, Value};
use crate::{Symbols, Truth};

fn facts(kinds: &[FactKind]) -> FactSet {
    kinds.iter().fold(FactSet::default(), |set, kind| set.union(&FactSet::one(*kind, EvidenceId(0))))
}

fn samples(symbols: &Symbols) -> Vec<Value> {
    let plain = [
        Shape::Unknown,
        Shape::Undefined,
        Shape::Null,
        Shape::Bool(true),
        Shape::Bool(false),
        Shape::Number(0.0),
        Shape::Number(7.0),
        Shape::Str(symbols.sym("")),
        Shape::Str(symbols.sym("x")),
        Shape::External(symbols.sym("pkg.member")),
    ];
    let mut values: Vec<Value> = plain.into_iter().map(Value::new).collect();
    values.push(Value::UNKNOWN.when_truthy(&facts(&[FactKind::Authn])).tagged(Tags::PRINCIPAL));
    values.push(Value::UNKNOWN.when_falsy(&facts(&[FactKind::Authn, FactKind::Owner])));
    values.push(Value::bool(true).when_truthy(&facts(&[FactKind::Limited])));
    let joined = values[3].join(&values[8]);
    values.push(joined);
    values
}

/// The alternatives of a value, in an order that does not depend on how it was built.
fn set_of(value: &Value) -> Vec<String> {
    let mut shapes: Vec<String> =
        value.alternatives().iter().map(|value| format!("{:?}", value.shape)).collect();
    shapes.sort();
    shapes
}

#[test]
fn join_is_idempotent_and_commutative() {
    let symbols = Symbols::default();
    let values = samples(&symbols);
    for a in &values {
        assert_eq!(&a.join(a), a);
        for b in &values {
            let (ab, ba) = (a.join(b), b.join(a));
            assert_eq!(set_of(&ab), set_of(&ba), "{a:?} {b:?}");
            assert_eq!(ab.tags(), ba.tags());
            assert_eq!((ab.truthy(), ab.falsy()), (ba.truthy(), ba.falsy()), "{a:?} {b:?}");
            assert_eq!(set_of(&ab.join(b)), set_of(&ab));
        }
    }
}

#[test]
fn join_never_claims_a_truth_that_one_side_lacks() {
    let symbols = Symbols::default();
    let values = samples(&symbols);
    let truth = |value: &Value| {
        value
            .alternatives()
            .iter()
            .map(|value| value.truth(|sym| symbols.with(sym, str::is_empty)))
            .collect::<Vec<_>>()
    };
    for a in &values {
        for b in &values {
            for (side, joined) in [(a, a.join(b)), (b, a.join(b))] {
                for one in truth(side) {
                    assert!(
                        one == Truth::Maybe
                            || truth(&joined).contains(&one)
                            || truth(&joined).contains(&Truth::Maybe)
                    );
                }
            }
        }
    }
}

#[test]
fn what_is_never_truthy_leaves_the_facts_of_the_other_side() {
    let caller = Value::UNKNOWN.when_truthy(&facts(&[FactKind::Authn]));
    assert!(caller.join(&Value::UNDEFINED).truthy().has(FactKind::Authn));
    assert!(!caller.join(&Value::UNKNOWN).truthy().has(FactKind::Authn));
    assert!(!caller.join(&Value::bool(true)).truthy().has(FactKind::Authn));
}

#[test]
fn facts_meet_by_what_both_know() {
    let (a, b) = (facts(&[FactKind::Authn, FactKind::Owner]), facts(&[FactKind::Owner, FactKind::Limited]));
    assert_eq!(a.intersect(&b), facts(&[FactKind::Owner]));
    assert_eq!(a.union(&b), b.union(&a));
    assert_eq!(a.minus(&b), facts(&[FactKind::Authn]));
    assert_eq!(a.intersect(&a), a);
    assert!(a.intersect(&FactSet::default()).is_empty());
}

#[test]
fn the_two_outcomes_of_one_comparison_prove_nothing_together() {
    let symbols = Symbols::default();
    let path = symbols.sym("body.age");
    let tested = |test: u32, outcome: u32| facts(&[FactKind::Validated(path, test << 2 | outcome)]);
    assert!(tested(5, IS_LESS).intersect(&tested(5, IS_MORE)).is_empty());
    assert!(!tested(5, IS_LESS).intersect(&tested(6, IS_MORE)).is_empty());
    assert!(!tested(5, HOLDS).intersect(&tested(6, HOLDS)).is_empty());
    let role = |test: u32, outcome: u32| facts(&[FactKind::Role(test << 2 | outcome)]);
    assert!(role(5, IS_LESS).intersect(&role(5, IS_MORE)).is_empty());
    assert!(!role(5, IS_LESS).intersect(&facts(&[FactKind::Role(0)])).is_empty());
}

#[test]
fn a_branch_is_taken_back_whole_and_redone() {
    let symbols = Symbols::default();
    let (x, y) = (symbols.sym("x"), symbols.sym("y"));
    let mut heap = Heap::default();
    let object = heap.object(Object::new(None));
    heap.write(Loc::Field(object, x), Some(Value::bool(false)));
    let list = heap.array(vec![Value::bool(true)], false, None);
    let Shape::Object(list) = list.shape else { panic!("an array is an object") };

    let mark = heap.mark();
    heap.write(Loc::Field(object, x), Some(Value::bool(true)));
    heap.write(Loc::Field(object, y), Some(Value::bool(true)));
    heap.write(Loc::Item(list, 1), Some(Value::bool(false)));
    let inner = heap.mark();
    heap.write(Loc::Field(object, x), Some(Value::UNDEFINED));
    heap.take(inner);
    assert_eq!(heap.read(Loc::Field(object, x)), Some(Value::bool(true)));
    let delta = heap.take(mark);
    assert_eq!(heap.read(Loc::Field(object, x)), Some(Value::bool(false)));
    assert_eq!(heap.read(Loc::Field(object, y)), None);
    assert_eq!(heap.read(Loc::Item(list, 1)), None);

    heap.apply(&delta);
    assert_eq!(heap.read(Loc::Field(object, x)), Some(Value::bool(true)));
    assert_eq!(heap.read(Loc::Item(list, 1)), Some(Value::bool(false)));
}

#[test]
fn what_nothing_sees_is_neither_kept_nor_merged() {
    let mut heap = Heap::default();
    let frame = |parent| Frame {
        slots: vec![Value::UNDEFINED],
        ..Frame::new(FileId(0), FuncId(0), parent, Value::UNDEFINED)
    };
    let outer = heap.frames.push(frame(None));
    let inner = heap.frames.push(frame(Some(outer)));
    let unseen = heap.frames.push(frame(Some(outer)));
    let mark = heap.mark();
    for id in [outer, inner, unseen] {
        heap.write(Loc::Slot(id, 0), Some(Value::bool(true)));
    }
    heap.capture(inner);
    for id in [unseen, inner, outer] {
        heap.leave(id);
    }
    let written: Vec<Loc> = heap.take(mark).into_iter().map(|(loc, _)| loc).collect();
    assert_eq!(written, [Loc::Slot(outer, 0), Loc::Slot(inner, 0)]);
    assert_eq!(heap.read(Loc::Slot(inner, 0)), Some(Value::UNDEFINED));
    assert_eq!(heap.read(Loc::Slot(unseen, 0)), None);
}

#[test]
fn a_flag_set_in_one_branch_proves_that_branch() {
    let symbols = Symbols::default();
    let name = symbols.sym("ok");
    let mut heap = Heap::default();
    let object = heap.object(Object::new(None));
    heap.write(Loc::Field(object, name), Some(Value::bool(false)));
    let mark = heap.mark();
    heap.write(Loc::Field(object, name), Some(Value::bool(true)));
    let checked = heap.take(mark);
    heap.merge(&checked, &facts(&[FactKind::Authn]), &Vec::new(), &FactSet::default());
    let ok = heap.read(Loc::Field(object, name)).unwrap_or(Value::UNKNOWN);
    assert!(ok.truthy().has(FactKind::Authn) && !ok.falsy().has(FactKind::Authn));
}

#[test]
fn evidence_is_kept_with_the_fact() {
    let place = Place { file: FileId(0), span: Span::new(3, 9) };
    let symbols = Symbols::default();
    let mut table = crate::EvidenceTable::default();
    let reason = crate::Reason { place, phrase: "verifies the caller", about: symbols.sym("lib.verify") };
    let id = table.add(reason);
    assert_eq!(table.add(reason), id);
    let set = FactSet::one(FactKind::Authn, id);
    let Some(Fact { evidence, .. }) = set.find(|kind| kind == FactKind::Authn) else {
        panic!("the fact is there")
    };
    assert_eq!(table.get(evidence).place, place);
}
