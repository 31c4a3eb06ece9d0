//! How a rule decides, written as its file says it, and the same in every language.

use crate::check::compile::over;
use crate::cli::sheet::Sheet;
use crate::cli::words::Words;
use crate::pack::model::{
    Alias, Bound, Check, CheckKind, Condition, LookUp, Operator, Path, Rule, Scalar, Select, SelectLine, SetCheck,
    Term, Test,
};
use crate::pack::show;
use crate::tenant::schema::Collection;

/// Adds its checks, the selections and look-ups that they name, and for which objects each fix is offered.
pub(super) fn add(rule: &Rule, words: &Words, sheet: &mut Sheet) {
    sheet.heading(words.decides).text(words.in_order);
    let checks: Vec<String> =
        rule.checks.iter().map(|check| format!("{}: {}", check.name, check_text(rule, check))).collect();
    sheet.gap().code(1, &checks.join("\n"));
    let selects = rule.selects.iter().map(|select| select_text(rule, select));
    let look_ups = rule.look_ups.iter().map(|look_up| look_up_text(rule, look_up));
    let named: Vec<String> = selects.chain(look_ups).collect();
    if !named.is_empty() {
        sheet.gap().text(words.where_selected).gap().code(1, &named.join("\n"));
    }
    let offered = rule.fixes.iter().filter_map(|fix| {
        let when = fix.when.as_ref().map(|when| condition(rule, when));
        let unless = fix.unless.as_ref().map(|unless| format!("unless {}", condition(rule, unless)));
        let said: Vec<String> = when.into_iter().chain(unless).collect();
        (!said.is_empty()).then(|| format!("{}: {}", fix.id, said.join(" ")))
    });
    let offered: Vec<String> = offered.collect();
    if !offered.is_empty() {
        sheet.gap().text(words.offered).gap().code(1, &offered.join("\n"));
    }
}

fn check_text(rule: &Rule, check: &Check) -> String {
    let mut text = String::new();
    if let Some(over) = over(check) {
        text.push_str(over.collection.name());
        if !over.operations.is_empty() {
            text.push_str(&format!(" [{}]", over.operations.join(", ")));
        }
        if let Some(each) = &over.each {
            text.push_str(&format!(", each {}", path_text(rule, each)));
        }
        text.push_str(", ");
    }
    let with = |text: String, if_also: &Option<Condition>| match if_also {
        Some(also) => format!("{text} and {}", condition(rule, also)),
        None => text,
    };
    let terms = |terms: &[Term]| -> String {
        let one = |term: &Term| match term {
            Term::Path(path) => path_text(rule, path),
            Term::Number(number) => number.to_string(),
        };
        terms.iter().map(one).collect::<Vec<_>>().join(" + ")
    };
    let change = |set: &SetCheck| -> String {
        let sets = [("of what was in", &set.lost), ("of what is new in", &set.gained)];
        let sets = sets.into_iter().filter_map(|(word, path)| Some((word, path.as_ref()?)));
        sets.map(|(word, path)| format!(", {word} {}", path_text(rule, path))).collect()
    };
    let rest = match &check.kind {
        CheckKind::Match(check) => condition(rule, &check.condition),
        CheckKind::Conflict(set) => with(
            format!("conflict in {} by the table {}{}", path_text(rule, &set.set), set.table, change(set)),
            &set.condition,
        ),
        CheckKind::Requires(set) => with(
            format!("requirement missing in {} by the table {}{}", path_text(rule, &set.set), set.table, change(set)),
            &set.condition,
        ),
        CheckKind::Threshold(sums) => {
            let op = ["<", "<=", "=", ">=", ">"][sums.op as usize];
            with(format!("{} {op} {}", terms(&sums.left), terms(&sums.right)), &sums.condition)
        }
        CheckKind::Duplicate(duplicate) => {
            let paths = |(collection, paths): &(Collection, Vec<Path>)| {
                let paths: Vec<String> = paths.iter().map(|path| path_text(rule, path)).collect();
                format!("{} ({})", collection.name(), paths.join(", "))
            };
            format!("duplicate in {}", duplicate.over.iter().map(paths).collect::<Vec<_>>().join(", "))
        }
        CheckKind::Native(native) => format!("native {}", native.name),
    };
    text + &rest
}

fn select_text(rule: &Rule, select: &Select) -> String {
    let lines: Vec<String> = select.lines.iter().map(|line| line_text(rule, line)).collect();
    format!("{}: {}", select.name, lines.join("; "))
}

fn look_up_text(rule: &Rule, look_up: &LookUp) -> String {
    let pairs = |pairs: &[(Path, Path)]| -> String {
        let one = |(there, here): &(Path, Path)| format!("{} = {}", path_text(rule, there), path_text(rule, here));
        pairs.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let mut text =
        format!("{}: in {}{}", look_up.name, if look_up.home { "home." } else { "" }, look_up.collection.name());
    for (word, pairs) in [("where", pairs(&look_up.matches)), ("not", pairs(&look_up.except))] {
        if !pairs.is_empty() {
            text.push_str(&format!(" {word} {pairs}"));
        }
    }
    if let Some(such) = &look_up.such {
        text.push_str(&format!(" such {}", condition(rule, such)));
    }
    text
}

/// A condition as rules write it.
fn condition(rule: &Rule, shown: &Condition) -> String {
    let inner = |part: &Condition| match part {
        Condition::And(_) | Condition::Or(_) => format!("({})", condition(rule, part)),
        _ => condition(rule, part),
    };
    match shown {
        Condition::And(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" and "),
        Condition::Or(parts) => parts.iter().map(inner).collect::<Vec<_>>().join(" or "),
        Condition::Not(part) => format!("not {}", inner(part)),
        Condition::Select { alias, select } => {
            let name = rule.selects.get(usize::from(*select)).map_or("", |select| select.name.as_str());
            let path = Path { alias: *alias, segments: Vec::new(), filters: Vec::new() };
            let alias = if *alias == Alias::Object { String::new() } else { format!("{}.", path_text(rule, &path)) };
            format!("{alias}{name}")
        }
    }
}

fn line_text(rule: &Rule, line: &SelectLine) -> String {
    match line {
        SelectLine::Found(found) => format!("found = {found}"),
        SelectLine::Value(path, test) => value_text(rule, path, test),
    }
}

fn value_text(rule: &Rule, path: &Path, test: &Test) -> String {
    format!("{} {}", path_text(rule, path), test_text(rule, test))
}

fn test_text(rule: &Rule, test: &Test) -> String {
    let scalars = |values: &[Scalar]| -> String {
        let one = |value: &Scalar| match value {
            Scalar::Text(text) => format!("\"{text}\""),
            Scalar::Flag(flag) => flag.to_string(),
            Scalar::Number(number) => number.to_string(),
        };
        values.iter().map(one).collect::<Vec<_>>().join(" | ")
    };
    let bound = |bound: &Bound| match bound {
        Bound::Number(number) => number.to_string(),
        Bound::Days(days) if *days < 0 => format!("{} days ago", -days),
        Bound::Days(days) => format!("in {days} days"),
        Bound::Path(path) => path_text(rule, path),
    };
    let lines = |lines: &[(Path, Test)]| -> String {
        let one = |(path, test): &(Path, Test)| value_text(rule, path, test);
        lines.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    let one = |operator: &Operator| match operator {
        Operator::OneOf(values) => format!("= {}", scalars(values)),
        Operator::Not(values) => format!("is not {}", scalars(values)),
        Operator::Empty(empty) => if *empty { "is empty" } else { "is not empty" }.to_owned(),
        Operator::Matches(pattern) => format!("matches {pattern}"),
        Operator::SameAs(path) => format!("= {}", path_text(rule, path)),
        Operator::Above(at) => format!("> {}", bound(at)),
        Operator::Below(at) => format!("< {}", bound(at)),
        Operator::InTable { table, column, rows, there } => {
            let rows =
                rows.iter().map(|(by, values)| format!(" where {by} = {}", values.join("|"))).collect::<String>();
            format!("{} {table}.{column}{rows}", if *there { "in" } else { "not in" })
        }
        Operator::Any(inner) => format!("any ({})", lines(inner)),
        Operator::All(inner) => format!("all ({})", lines(inner)),
    };
    test.operators.iter().map(one).collect::<Vec<_>>().join(" and ")
}

/// A path as rules write it.
fn path_text(rule: &Rule, path: &Path) -> String {
    let names: Vec<String> = rule.look_ups.iter().map(|look_up| look_up.name.clone()).collect();
    show(path, &names)
}
