//! The file `pack.toml`: what a pack is for, the steps of its guide, and changes to other packs' rules.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use super::entries::{Entries, text, texts};
use super::sink::{At, Sink};
use super::{Link, LinkKind, first_line, operation, parse, severity};
use crate::pack::fault::{Fault, Level};
use crate::pack::model::{Operation, Override, Pack};

/// What came out of a pack file.
#[derive(Clone, Debug, Default)]
pub struct DecodedPack {
    /// The pack, without its rules; none if the file has an error.
    pub pack: Option<Pack>,
    /// Where it names rules.
    pub links: Vec<Link>,
    /// All faults of the file.
    pub faults: Vec<Fault>,
}

/// Reads a `pack.toml`. `name` is the folder's name.
pub fn decode_pack(file: &FilePath, name: &str, source: &str) -> DecodedPack {
    let mut sink = Sink::new(file, source);
    let document = parse(source, &mut sink);
    let mut entries = Entries::new(document.get_ref(), first_line(source), "a pack");
    let mut links = Vec::new();
    let version = entries.need_text("version", &mut sink);
    let title = entries.need_text("title", &mut sink);
    let about = entries.need_text("about", &mut sink);
    let operations = operations(&mut entries, &mut links, &mut sink);
    let overrides = overrides(&mut entries, &mut links, &mut sink);
    entries.finish(&mut sink);

    let faults = sink.into_faults();
    let pack = (|| {
        Some(Pack {
            name: name.to_owned(),
            version: version?.value,
            title: title?.value,
            about: about?.value.trim().to_owned(),
            operations,
            rules: Vec::new(),
            overrides,
            builtin: false,
            digest: String::new(),
        })
    })();
    let broken = faults.iter().any(|fault| fault.level == Level::Error);
    DecodedPack { pack: pack.filter(|_| !broken), links, faults }
}

fn operations(entries: &mut Entries<'_>, links: &mut Vec<Link>, sink: &mut Sink<'_>) -> BTreeMap<String, Operation> {
    let mut found = BTreeMap::new();
    for (name, mut inner) in entries.named("operation", "the operation", sink) {
        operation(&name, sink);
        let node = inner.need("steps");
        let steps = node.map_or_else(Vec::new, |node| texts(node, "steps", sink));
        let not_shown = inner.get("not-shown").map_or_else(Vec::new, |node| texts(node, "not-shown", sink));
        let mut unless = BTreeMap::new();
        for (rule, node) in inner.table("unless", sink).map(|rules| rules.all()).unwrap_or_default() {
            let file = sink.file().to_path_buf();
            links.push(Link { kind: LinkKind::Step, rule: rule.value.clone(), file, span: rule.span });
            unless.extend(text(node, &rule.value, sink).map(|word| (rule.value, word.value)));
        }
        inner.finish(sink);
        for step in &steps {
            let file = sink.file().to_path_buf();
            links.push(Link { kind: LinkKind::Step, rule: step.value.clone(), file, span: step.span.clone() });
        }
        let plain = |texts: Vec<At<String>>| texts.into_iter().map(|text| text.value).collect();
        found.insert(name.value, Operation { steps: plain(steps), not_shown: plain(not_shown), unless });
    }
    found
}

fn overrides(entries: &mut Entries<'_>, links: &mut Vec<Link>, sink: &mut Sink<'_>) -> Vec<Override> {
    let mut found = Vec::new();
    for mut inner in entries.tables("override", "an override", sink) {
        let rule = inner.need_text("rule", sink);
        let severity_text = inner.text("severity", sink);
        let off = inner.flag("off", sink);
        let reason = inner.need_text("reason", sink);
        if severity_text.is_none() && off != Some(true) {
            sink.error("missing-key", &inner.span, "an override changes `severity` or says `off = true`", "");
        }
        inner.finish(sink);
        let severity = severity_text.and_then(|text| severity(&text, sink));
        let (Some(rule), Some(reason)) = (rule, reason) else { continue };
        let file = sink.file().to_path_buf();
        links.push(Link { kind: LinkKind::Override, rule: rule.value.clone(), file, span: rule.span });
        let (rule, reason, off) = (rule.value, reason.value, off.unwrap_or_default());
        found.push(Override { rule, severity, off, reason });
    }
    found
}
