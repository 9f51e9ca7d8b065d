//! The evaluator: values, events of start-up code, must-facts.
