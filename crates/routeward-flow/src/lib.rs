//! The evaluator: one abstract interpreter for all languages.

use routeward_catalog::Models;
use routeward_ir::Program;

/// What evaluating a program showed.
#[derive(Default)]
pub struct Evaluation {}

/// Evaluates the start-up code of every program in `program`. Never fails.
pub fn evaluate(_program: &Program<'_>, _models: &Models) -> Evaluation {
    Evaluation {}
}
