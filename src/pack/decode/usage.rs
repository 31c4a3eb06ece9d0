//! Which selections and look-ups a rule uses.

use std::collections::BTreeSet;

use super::Decoder;
use super::look_up::LookUpAt;
use super::select::{Line, SelectAt};
use crate::pack::model::{Alias, Bound, Operator};

impl Decoder<'_> {
    /// Warns of selections and look-ups that nothing uses.
    pub(super) fn check_unused(&mut self, selects: &[SelectAt], look_ups: &[LookUpAt], used: &Used) {
        // A condition or path that could not be read may be what uses them.
        const HIDES_USES: [&str; 6] =
            ["bad-condition", "unknown-selection", "unknown-alias", "bad-path", "unknown-filter", "bad-placeholder"];
        if self.sink.broken || self.sink.faults.iter().any(|fault| HIDES_USES.contains(&fault.code)) {
            return;
        }
        for (index, select) in selects.iter().enumerate() {
            if !used.selects.contains(&index) {
                let message = format!("the selection `{}` is not used", select.name.value);
                self.sink.warning("unused", &select.name.span, message, "in no condition");
            }
        }
        for (index, look_up) in look_ups.iter().enumerate() {
            if !used.look_ups.contains(&index) {
                let message = format!("the look-up `{}` is not used", look_up.name.value);
                self.sink.warning("unused", &look_up.name.span, message, "in no path or condition");
            }
        }
    }

    /// Which selections and look-ups the rule uses.
    pub(super) fn used(&self, selects: &[SelectAt]) -> Used {
        let mut used = Used::default();
        for applied in &self.applied {
            used.selects.insert(usize::from(applied.select));
            used.alias(applied.alias);
        }
        for path in &self.uses {
            used.alias(path.path.value.alias);
        }
        for line in selects.iter().flat_map(|select| &select.lines) {
            used.line(line);
        }
        used
    }
}

/// The selections and look-ups that are used, by index.
#[derive(Default)]
pub(crate) struct Used {
    selects: BTreeSet<usize>,
    look_ups: BTreeSet<usize>,
}

impl Used {
    fn alias(&mut self, alias: Alias) {
        if let Alias::LookUp(index) = alias {
            self.look_ups.insert(usize::from(index));
        }
    }

    fn line(&mut self, line: &Line) {
        self.alias(line.path.value.alias);
        for operator in &line.operators {
            if let Operator::SameAs(path) | Operator::Above(Bound::Path(path)) | Operator::Below(Bound::Path(path)) =
                &operator.operator
            {
                self.alias(path.alias);
            }
            for inner in &operator.inner {
                self.line(inner);
            }
        }
    }
}
