//! One finding for one defect, though the endpoint has several addresses, or answers several methods.

use routeward_base::FxHashMap;
use routeward_diag::{Finding, Place};
use routeward_endpoints::Endpoint;

use crate::story;

/// What makes two endpoints one: where they are registered, and the handler.
type Key<'e> = (Place, Option<Place>, &'e str);

/// Findings by endpoint, and the other addresses that they hold for.
#[derive(Default)]
pub(crate) struct Aliases<'e> {
    told: FxHashMap<Key<'e>, Vec<usize>>,
    addresses: FxHashMap<usize, Vec<String>>,
}

impl<'e> Aliases<'e> {
    /// Takes the findings from `first` on, which are about `endpoint`, together with those that were reported for
    /// another address of it.
    pub(crate) fn join(&mut self, endpoint: &'e Endpoint, findings: &mut Vec<Finding>, first: usize) {
        let handler = &endpoint.handler;
        let key = (endpoint.place, handler.place, handler.name.as_str());
        let told = self.told.entry(key).or_default();
        for finding in findings.split_off(first) {
            let is_same =
                |known: &Finding| known.primary == finding.primary && known.severity == finding.severity;
            if let Some(known) = told.iter().find(|known| is_same(&findings[**known])) {
                self.addresses.entry(*known).or_default().push(endpoint.title());
            } else {
                told.push(findings.len());
                findings.push(finding);
            }
        }
    }

    /// Names the other addresses in the findings.
    pub(crate) fn tell(self, findings: &mut [Finding]) {
        for (at, addresses) in self.addresses {
            findings[at].notes.push(format!("the same holds for {}", story::list(&addresses)));
        }
    }
}
