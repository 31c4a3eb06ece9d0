//! The command `aaddoctor`.
use std::io::Write;
fn main() {
    let args: Vec<std::path::PathBuf> = std::env::args_os().skip(1).map(Into::into).collect();
    if args.first().is_some_and(|a| a == std::path::Path::new("--test")) {
        let loaded = aaddoctor::pack::load::load(&args[1..2]).unwrap();
        print!("{}", aaddoctor::pack::render::render(&loaded.faults, &loaded.sources, false));
        let only = args.get(2).map(|a| a.display().to_string());
        let (mut t, mut a, mut m, mut f) = (0, 0, 0, 0);
        for rule in loaded.packs.rules() {
            let Some(cases) = loaded.tests.get(&rule.id) else { continue };
            if only.as_ref().is_some_and(|o| *o != rule.id) { continue }
            let r = aaddoctor::engine::rules_test::test_rule(rule, cases, aaddoctor::pack::embedded::tables());
            println!("{}: {} tests, {} ablations, {} mutants, {} faults", r.rule, r.tests, r.ablations, r.mutants, r.faults.len());
            for f in &r.faults { println!("   {f}"); }
            t += r.tests; a += r.ablations; m += r.mutants; f += r.faults.len();
        }
        println!("{t} tests {a} ablations {m} mutants {f} faults");
        return;
    }
    let json = args.first().is_some_and(|a| a == std::path::Path::new("--json"));
    let args: Vec<_> = args.into_iter().filter(|a| a != std::path::Path::new("--json")).collect();
    let (inputs, failures) = aaddoctor::dump::gather(&args);
    let packs = aaddoctor::pack::load::Packs::builtin().unwrap();
    let options = aaddoctor::engine::run::Options { threads: 2, ..Default::default() };
    let outcome = aaddoctor::engine::run::check(&inputs, failures, &[], &packs, aaddoctor::pack::embedded::tables(), &options);
    for f in &outcome.failures { let _ = writeln!(std::io::stderr(), "{f:?}"); }
    let format = if json { aaddoctor::report::Format::Json } else { aaddoctor::report::Format::Terminal };
    aaddoctor::report::render(&outcome.report, format, &aaddoctor::report::Options::default(), &mut std::io::stdout()).unwrap();
}
