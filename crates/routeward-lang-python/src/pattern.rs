//! Targets of assignments.

use routeward_ir::{Pat, PatId, SlotKind};
use routeward_syntax::{Node, span};

use crate::grammar::K;
use crate::lowerer::Lowerer;

impl<'t> Lowerer<'t> {
    /// What an assignment, a loop or `with` binds.
    pub(crate) fn target(&mut self, node: Node<'t>) -> PatId {
        if !self.ir.descend() {
            self.ir.count_unknown("too-deep", span(node));
            return self.ir.push_pat(Pat::Unknown);
        }
        let pat = self.target_of(node);
        self.ir.ascend();
        pat
    }

    fn target_of(&mut self, node: Node<'t>) -> PatId {
        match self.kind(node) {
            K::Identifier => {
                let name = self.name(node);
                let slot = self.bind(name, SlotKind::Variable, span(node));
                self.slot_pat(slot)
            }
            K::Attribute | K::Subscript | K::Call => {
                let place = self.expr(node);
                self.ir.push_pat(Pat::Place(place))
            }
            K::TuplePattern
            | K::ListPattern
            | K::PatternList
            | K::ExpressionList
            | K::Tuple
            | K::List
            | K::AsPatternTarget => self.target_list(node),
            K::Paren | K::ListSplatPattern | K::ListSplat => match self.first_kid(node) {
                Some(inner) => self.target(inner),
                None => self.ir.push_pat(Pat::Unknown),
            },
            _ => {
                self.expr(node);
                self.ir.push_pat(Pat::Unknown)
            }
        }
    }

    fn target_list(&mut self, node: Node<'t>) -> PatId {
        let kids: Vec<(K, Node<'t>)> = self.sound_kids(node).collect();
        if let ([(_, only)], K::AsPatternTarget) = (kids.as_slice(), self.kind(node)) {
            return self.target(*only);
        }
        let (mut items, mut rest) = (Vec::new(), None);
        for (kind, child) in kids {
            let pat = self.target(child);
            match kind {
                K::ListSplatPattern | K::ListSplat => rest = Some(pat),
                // What stands behind the rest is bound, but to what is not known.
                _ if rest.is_some() => {}
                _ => items.push(Some(pat)),
            }
        }
        self.ir.push_pat(Pat::Array { items, rest })
    }
}
