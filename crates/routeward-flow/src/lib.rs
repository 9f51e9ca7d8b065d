//! The evaluator: one abstract interpreter for all languages.
//!
//! [`evaluate`] runs the start-up code of every program and records what it registers as [`Event`]s in program
//! order. [`Evaluator::run_link`] then runs one function of an endpoint's chain and tells what it guarantees
//! where it hands the request on, what it answers, and what it does to stored data.

mod access;
mod address;
mod address_parts;
mod arguments;
mod builtin;
mod call;
mod chosen;
mod column;
mod combine;
mod declared;
mod dispatch;
mod document;
mod eval;
mod event;
mod fact;
mod fixation;
mod fragment;
mod free;
mod hardcoded;
mod harm;
mod heap;
mod import;
mod index;
mod inject;
mod lexicon;
mod line;
mod mark;
mod member;
mod misuse;
mod modelled;
mod named;
mod named_key;
mod naming;
mod node;
mod outline;
mod part;
mod passed;
mod pattern;
mod perhaps;
mod place;
mod program;
mod provision;
mod purpose;
mod quantifier;
mod refused;
mod regex_route;
mod revealed;
mod run;
mod said;
mod sdl;
mod secret;

mod serve;
mod service;
mod settings;
mod settings_misuse;
mod survey;
mod sweep;
mod symbol;
mod taint;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod tree;
mod uncalled;
mod unseen;
mod used;
mod value;
mod view;
mod written;

pub use builtin::COLLECTED;
pub use column::Columns;
pub use eval::{Budget, Evaluator, Incomplete};
pub use event::{Event, EventId, EventKind, Limits, Link, Made, Subject, SubjectId};
pub use fact::{COMPARED_KEY, DECIDES, EvidenceId, EvidenceTable, Fact, FactKind, FactSet, Reason};
pub use hardcoded::Hardcoded;
pub use index::{Index, Matched, Row, version_fits};
pub use lexicon::{has_word, is_guard, is_role, words};
pub use line::RequestLine;
pub use misuse::Misuse;
pub use modelled::PENDING;
pub use named_key::NamedKey;
pub use pattern::Pattern;
pub use program::evaluate;
pub use run::{Answer, EffectRecord, Leak, Outcome, PathTest, PathTestKind, Point, StateId};
pub use secret::{Exposure, PUZZLE};
pub use symbol::{Sym, Symbols};
pub use taint::{Compared, Flow, FlowId, SinkKinds, Step, StepId, Taint, Trace, Traces, Via};
pub use used::Use;
pub use value::{
    ClassValueId, ClosureId, EffectId, FrameId, InputPath, Meta, ObjId, Piece, Shape, Tags, Truth, Value,
};
