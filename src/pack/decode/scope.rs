//! What is checked when the whole rule is known: whether every path leads somewhere, and whether its test fits.

use std::collections::BTreeSet;
use std::ops::Range;

use super::check::PROVIDED;
use super::select::{Line, OperatorAt, SelectAt, is_relative};
use super::shape::{Shape, Unknown, words};
use super::sink::At;
use super::{Decoder, path};
use crate::pack::fault::nearest;
use crate::pack::model::{Alias, Bound, Operator, Path};
use crate::tenant::schema::{Collection, Kind};

/// Where paths are read from: one check, or a part of it.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The collections of the object; empty for not known.
    pub(crate) objects: Vec<Collection>,
    /// The list whose elements are `item`.
    pub(crate) each: Option<At<Path>>,
    /// What texts may name besides.
    pub(crate) provided: Provided,
}

/// What a kind of check provides to texts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Provided {
    /// These names.
    Names(&'static [&'static str]),
    /// Whatever the native check provides.
    Anything,
}

impl Provided {
    pub(crate) fn has(self, name: &str) -> bool {
        match self {
            Self::Names(names) => names.contains(&name),
            Self::Anything => true,
        }
    }
}

impl Frame {
    /// Objects of some collections and nothing else.
    pub(crate) fn plain(objects: Vec<Collection>) -> Self {
        Self { objects, each: None, provided: Provided::Names(&[]) }
    }

    /// A check of which nothing is known yet.
    pub(crate) fn unknown() -> Self {
        Self { objects: Vec::new(), each: None, provided: Provided::Anything }
    }
}

/// A path that must lead somewhere in one of its frames.
#[derive(Clone, Debug)]
pub(crate) struct PathUse {
    pub(crate) path: At<Path>,
    pub(crate) frames: Vec<usize>,
    /// In a text, where the check may provide names.
    pub(crate) in_text: bool,
    /// Its value is summed.
    pub(crate) number: bool,
}

/// A selection that a condition applies to something.
#[derive(Clone, Debug)]
pub(crate) struct Applied {
    pub(crate) alias: Alias,
    pub(crate) select: u16,
    pub(crate) frames: Vec<usize>,
    pub(crate) span: Range<usize>,
}

/// Why a path does not lead anywhere.
pub(crate) enum Astray {
    /// There is no such alias here: message and label.
    NoAlias(String, &'static str),
    /// The schema does not have it.
    Unknown(Unknown),
}

impl Decoder<'_> {
    /// Reports paths that lead nowhere, and tests that do not fit what they test.
    pub(super) fn check_scopes(&mut self, selects: &[SelectAt]) {
        for used in std::mem::take(&mut self.uses) {
            self.check_use(&used);
        }
        let mut reported = BTreeSet::new();
        for applied in std::mem::take(&mut self.applied) {
            self.check_applied(&applied, selects, &mut reported);
        }
    }

    fn check_use(&mut self, used: &PathUse) {
        let mut first = None;
        let mut kind = None;
        for &frame in &used.frames {
            let path = &used.path.value;
            let provided = used.in_text && path.alias == Alias::Object && path.segments.len() == 1;
            if provided && self.frames[frame].provided.has(&path.segments[0]) {
                return;
            }
            match self.resolve(path, frame, None) {
                Ok(shape) => {
                    kind = shape.kind();
                    first = None;
                    break;
                }
                Err(astray) => first = first.or(Some((astray, frame))),
            }
        }
        if let Some((astray, frame)) = first {
            self.report_astray(astray, &used.path, frame);
        } else if let Some(kind) = kind.filter(|kind| used.number && !matches!(kind, Kind::Number)) {
            let message = format!("only numbers are summed, and this is {}", words(kind));
            self.sink.error("wrong-kind", &used.path.span, message, "not a number");
        }
    }

    fn check_applied(
        &mut self,
        applied: &Applied,
        selects: &[SelectAt],
        reported: &mut BTreeSet<(usize, &'static str)>,
    ) {
        let Some(select) = selects.get(usize::from(applied.select)) else { return };
        let mut bases = Vec::new();
        let mut first = None;
        for &frame in &applied.frames {
            match self.start(applied.alias, frame) {
                Ok(base) => bases.push((base, frame)),
                Err(astray) => first = first.or(Some(astray)),
            }
        }
        if bases.is_empty()
            && let Some(Astray::NoAlias(message, label)) = first
        {
            if reported.insert((applied.span.start, "alias")) {
                self.sink.error("no-such-alias", &applied.span, message, label);
            }
            return;
        }
        let looked_up = matches!(applied.alias, Alias::LookUp(_) | Alias::Actor | Alias::Target);
        if let Some(found) = select.found.as_ref().filter(|_| !looked_up)
            && reported.insert((found.span.start, "found"))
        {
            let message = format!("`{}` is applied to what needs no finding", select.name.value);
            self.sink.error("found-without-look-up", &found.span, message, "only for look-ups, actor and target");
        }
        for line in &select.lines {
            self.check_line(line, &bases, reported);
        }
    }

    fn check_line(&mut self, line: &Line, bases: &[(Shape, usize)], reported: &mut BTreeSet<(usize, &'static str)>) {
        let mut first = None;
        let mut shape = None;
        for (base, frame) in bases {
            match self.resolve(&line.path.value, *frame, Some(base)) {
                Ok(found) => {
                    shape = Some((found, *frame));
                    break;
                }
                Err(astray) => first = first.or(Some((astray, *frame))),
            }
        }
        let Some((shape, frame)) = shape else {
            if let Some((astray, frame)) = first
                && reported.insert((line.path.span.start, "path"))
            {
                self.report_astray(astray, &line.path, frame);
            }
            return;
        };
        for operator in &line.operators {
            if let Some((message, label)) = self.misfit(operator, &line.path.value, &shape, bases)
                && reported.insert((operator.span.start, "kind"))
            {
                self.sink.error("wrong-kind", &operator.span, message, label);
            }
            if let Operator::SameAs(other) | Operator::Above(Bound::Path(other)) | Operator::Below(Bound::Path(other)) =
                &operator.operator
            {
                self.check_other(other, operator, bases, reported);
            }
            if operator.inner.is_empty() {
                continue;
            }
            let element = [(shape.elements().unwrap_or(Shape::Anything), frame)];
            for inner in &operator.inner {
                self.check_line(inner, &element, reported);
            }
        }
    }

    /// A path that a value is compared with: read from the object that is checked, or from what the selection is applied to.
    fn check_other(
        &mut self,
        other: &Path,
        operator: &OperatorAt,
        bases: &[(Shape, usize)],
        reported: &mut BTreeSet<(usize, &'static str)>,
    ) {
        let mut first = None;
        for (base, frame) in bases {
            if self.resolve(other, *frame, Some(base)).is_ok() {
                return;
            }
            match self.resolve(other, *frame, None) {
                Ok(_) => return,
                Err(astray) => first = first.or(Some((astray, *frame))),
            }
        }
        if let Some((astray, frame)) = first
            && reported.insert((operator.span.start, "other"))
        {
            self.report_astray(astray, &At { value: other.clone(), span: operator.span.clone() }, frame);
        }
    }

    /// Where an alias starts.
    fn start(&self, alias: Alias, frame: usize) -> Result<Shape, Astray> {
        let frame_of = &self.frames[frame];
        let requests = frame_of.objects.is_empty() || frame_of.objects.contains(&Collection::Requests);
        match alias {
            Alias::Object => Ok(Shape::Objects(frame_of.objects.clone())),
            Alias::Organization => Ok(Shape::Objects(vec![Collection::Organization])),
            Alias::Settings => Ok(Shape::Anything),
            Alias::Actor | Alias::Target if !requests => Err(Astray::NoAlias(
                "`actor` and `target` belong to requests, and this is not about requests".to_owned(),
                "no request here",
            )),
            Alias::Actor => Ok(Shape::Objects(vec![Collection::Users])),
            Alias::Target => Ok(Shape::Objects(vec![Collection::Users, Collection::Groups])),
            Alias::LookUp(index) => Ok(match self.look_up_models.get(usize::from(index)) {
                Some(Some(look_up)) => Shape::Objects(vec![look_up.collection]),
                _ => Shape::Anything,
            }),
            Alias::Item => match &frame_of.each {
                Some(each) => {
                    let list = self.resolve(&each.value, frame, None).unwrap_or(Shape::Anything);
                    Ok(list.elements().unwrap_or(Shape::Anything))
                }
                None if matches!(frame_of.provided, Provided::Anything) => Ok(Shape::Anything),
                None => Err(Astray::NoAlias(
                    "`item` is an element of `each`, and there is no `each`".to_owned(),
                    "no `each` in the check",
                )),
            },
        }
    }

    pub(super) fn resolve(&self, path: &Path, frame: usize, base: Option<&Shape>) -> Result<Shape, Astray> {
        let start = match base.filter(|_| is_relative(path)) {
            Some(base) => base.clone(),
            None => self.start(path.alias, frame)?,
        };
        start.follow(&path.segments, &path.filters).map_err(Astray::Unknown)
    }

    fn report_astray(&mut self, astray: Astray, path: &At<Path>, frame: usize) {
        let unknown = match astray {
            Astray::NoAlias(message, label) => {
                self.sink.error("no-such-alias", &path.span, message, label);
                return;
            }
            Astray::Unknown(unknown) => unknown,
        };
        let first = path.value.segments.first();
        let leads_on =
            path.value.alias == Alias::Object && path.value.segments.len() > 1 && first == Some(&unknown.name);
        let names = path::ALIASES.into_iter().chain(self.look_ups.iter().map(String::as_str));
        if let Some(alias) = nearest(&unknown.name, names).filter(|_| leads_on && unknown.nearest.is_none()) {
            let message = format!("there is no look-up or alias `{}`", unknown.name);
            let help = format!("Did you mean `{alias}`?");
            self.sink.error("unknown-alias", &path.span, message, "unknown alias").help(help);
            return;
        }
        if let [name] = path.value.segments.as_slice()
            && let Some((_, kind)) = PROVIDED.iter().find(|(provided, _)| provided == name)
        {
            let message = format!("a check of this kind has no `{name}`");
            self.sink.error("not-provided", &path.span, message, "").help(format!("The kind `{kind}` has it."));
            return;
        }
        let message = format!("{} has no property `{}` that is known", unknown.place, unknown.name);
        let fault = self.sink.warning("unknown-property", &path.span, message, "unknown property");
        fault.help = match unknown.nearest {
            Some(name) => Some(format!("Did you mean `{name}`?")),
            None => Some("It works if an export has it.".to_owned()),
        };
        if let Provided::Names(names) = self.frames[frame].provided
            && let Some(name) = nearest(&unknown.name, names.iter().copied()).filter(|_| unknown.nearest.is_none())
        {
            fault.help(format!("Did you mean `{name}`?"));
        }
    }

    /// Notes a path whose value is summed.
    pub(super) fn use_number(&mut self, path: &At<Path>, frame: usize) {
        self.uses.push(PathUse { path: path.clone(), frames: vec![frame], in_text: false, number: true });
    }
}
