//! Conditions on objects: as they go by, and in full.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::check::judge::Judgment;
use crate::dump::Input;
use crate::pack::model::{Alias, Check, CheckKind, Condition, Filter, Operator, Path, Rule, Select, SelectLine, Test};
use crate::testing::{dump, judged, rule};

#[test]
fn answers_combine_as_kleene_says() {
    use Truth::{False, Pending, True, Unknown};
    let all = |answers: &[Truth]| Truth::all(answers.iter().copied());
    let any = |answers: &[Truth]| Truth::any(answers.iter().copied());
    // What is decided by one alone; else pending before unknown before the rest.
    let every = [True, False, Unknown(1), Pending];
    for one in every {
        for other in every {
            let and = match (one, other) {
                (False, _) | (_, False) => False,
                (Pending, _) | (_, Pending) => Pending,
                (Unknown(1), _) | (_, Unknown(1)) => Unknown(1),
                _ => True,
            };
            assert_eq!(all(&[one, other]), and, "{one:?} and {other:?}");
            assert_eq!(any(&[!one, !other]), !and, "de Morgan");
        }
    }
    assert_eq!((all(&[]), any(&[])), (True, False));
    assert_eq!(all(&[Unknown(1), True, Unknown(2)]), Unknown(3), "everything that is missing");
    assert_eq!(any(&[Unknown(1), False, Unknown(4)]), Unknown(5));
    assert_eq!((!True, !False, !Unknown(3), !Pending), (False, True, Unknown(3), Pending));
}

fn word(judgment: &Judgment) -> &'static str {
    match judgment {
        Judgment::Found { .. } => "true",
        Judgment::Clear => "false",
        Judgment::Unknown { .. } => "unknown",
        Judgment::NotAsked => "not asked",
        Judgment::Pending => "pending",
    }
}

/// The answer of a selection's line for the first user.
fn answer_with(line: &str, user: &Json, more: &Json, now: Option<&str>) -> &'static str {
    let rule = rule(&format!("over = \"users\"\ncondition = \"it\"\n[select.it]\n{line}"));
    let mut user = user.clone();
    user["id"] = json!("u1");
    let mut given = json!({"users": [user]});
    given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    word(&judged(&rule, &[dump("tenant.json", &given)], now)[0].1)
}

fn answer(line: &str, user: &Json) -> &'static str {
    answer_with(line, user, &json!({}), None)
}

#[test]
fn a_test_on_what_was_not_collected_is_unknown_whatever_it_asks() {
    for line in [
        "usageLocation = \"NL\"",
        "usageLocation = { empty = true }",
        "usageLocation = { empty = false }",
        "usageLocation = { not = \"NL\" }",
        "usageLocation = { matches = \"N\" }",
        "usageLocation = { same-as = \"country\" }",
        "assignedLicenses = { any = { skuId = \"x\" } }",
        "assignedLicenses = { all = { skuId = \"x\" } }",
        "createdDateTime = { below = \"30 days ago\" }",
    ] {
        assert_eq!(answer(line, &json!({"country": "NL"})), "unknown", "{line}");
    }
}

#[test]
fn values_are_tested_as_the_format_says() {
    let cases = [
        ("usageLocation = \"nl\"", json!({"usageLocation": "NL"}), "true"),
        ("usageLocation = \"nl\"", json!({"usageLocation": "NLD"}), "false"),
        ("usageLocation = \"nl\"", json!({"usageLocation": null}), "false"),
        ("displayName = \"ZOË\"", json!({"displayName": "zoë"}), "true"),
        ("displayName = { not = [\"ZOË\"] }", json!({"displayName": "zoë"}), "false"),
        ("usageLocation = [\"BE\", \"NL\"]", json!({"usageLocation": "nl"}), "true"),
        ("usageLocation = { not = [\"BE\", \"NL\"] }", json!({"usageLocation": "nl"}), "false"),
        ("usageLocation = { not = \"NL\" }", json!({"usageLocation": null}), "true"), // holds for an empty value
        ("usageLocation = { not = \"NL\" }", json!({"usageLocation": ""}), "true"),
        ("usageLocation = { empty = true }", json!({"usageLocation": " \t"}), "true"),
        ("usageLocation = { empty = true }", json!({"usageLocation": []}), "true"),
        ("usageLocation = { empty = false }", json!({"usageLocation": null}), "false"),
        ("accountEnabled = false", json!({"accountEnabled": false}), "true"),
        ("accountEnabled = false", json!({"accountEnabled": null}), "false"),
        ("accountEnabled = { empty = true }", json!({"accountEnabled": false}), "false"),
        ("proxyAddresses = \"SMTP:a@b.example\"", json!({"proxyAddresses": ["x", "smtp:A@b.example"]}), "true"), // any element
        ("\"proxyAddresses|smtp\" = \"a@b.example\"", json!({"proxyAddresses": ["SIP:a@b.example"]}), "false"),
        ("\"proxyAddresses|smtp\" = \"a@b.example\"", json!({"proxyAddresses": ["smtp: A@b.example"]}), "true"),
        ("\"proxyAddresses|smtp\" = { empty = true }", json!({"proxyAddresses": ["SIP:a@b.example"]}), "true"), // nothing is left
        ("\"userPrincipalName|domain\" = \"b.example\"", json!({"userPrincipalName": "a@B.Example"}), "true"),
        ("\"userPrincipalName|domain\" = { empty = true }", json!({"userPrincipalName": "no domain"}), "true"),
        ("displayName = { matches = \"^J.n$\" }", json!({"displayName": "Jan"}), "true"),
        ("displayName = { matches = \"^J.n$\" }", json!({"displayName": "jan"}), "false"), // matches is cased
        ("displayName = { matches = \"(?i)jan\" }", json!({"displayName": "Marjan"}), "true"),
        ("mail = { same-as = \"userPrincipalName\" }", json!({"mail": "A@b", "userPrincipalName": "a@B"}), "true"),
        ("mail = { same-as = \"userPrincipalName\" }", json!({"mail": "A@b"}), "unknown"),
        ("mail = { same-as = \"userPrincipalName\" }", json!({"mail": null, "userPrincipalName": null}), "false"),
        (
            "mail = { same-as = \"proxyAddresses|smtp\" }",
            json!({"mail": "a@b", "proxyAddresses": ["SIP:x@b", "SMTP:A@b"]}),
            "true",
        ),
    ];
    for (line, user, expected) in cases {
        assert_eq!(answer(line, &user), expected, "{line} of {user}");
    }
}

#[test]
fn lists_are_tested_element_by_element() {
    let any = "licenseAssignmentStates = { any = { error = \"CountViolation\", skuId = \"x\" } }";
    let all = "licenseAssignmentStates = { all = { error = \"CountViolation\" } }";
    let states = |list: Json| json!({"licenseAssignmentStates": list});
    let cases = [
        (any, states(json!([])), "false"),
        (all, states(json!([])), "true"),
        (any, states(json!(null)), "false"),
        (all, states(json!(null)), "true"),
        (any, states(json!([{"error": "CountViolation", "skuId": "y"}, {"error": "None", "skuId": "x"}])), "false"), // not one element
        (any, states(json!([{"error": "None", "skuId": "x"}, {"error": "countviolation", "SkuId": "X"}])), "true"),
        (all, states(json!([{"error": "CountViolation"}, {"error": null}])), "false"),
        (any, states(json!([{"skuId": "x"}])), "unknown"), // a key that the element lacks
        (any, states(json!([{"skuId": "y"}])), "false"),   // is not needed to say no
        (any, states(json!([{"skuId": "x"}, {"skuId": "x", "error": "CountViolation"}])), "true"),
        (all, states(json!([{"skuId": "x"}, {"skuId": "x", "error": "CountViolation"}])), "unknown"),
        (all, states(json!([{"skuId": "x"}, {"skuId": "x", "error": "None"}])), "false"),
        (any, states(json!({"error": "CountViolation", "skuId": "x"})), "true"), // a list of one, unrolled
        (any, states(json!(["@{error=CountViolation; skuId=x}"])), "unknown"),   // cut off by depth
    ];
    for (line, user, expected) in cases {
        assert_eq!(answer(line, &user), expected, "{line} of {user}");
    }
}

#[test]
fn lists_inside_elements_are_their_own() {
    // The list itself is taken apart in the pass; one inside its elements must not be taken for it.
    let rule = rule(
        r#"over = "users"
each = "licenseAssignmentStates"
condition = "it"
[select.it]
"item.error" = "CountViolation"
"item.disabledPlans" = "p1"
"#,
    );
    let of = |states: Json| {
        let given = json!({"users": [{"id": "u1", "licenseAssignmentStates": states}]});
        word(&judged(&rule, &[dump("tenant.json", &given)], None)[0].1)
    };
    assert_eq!(of(json!([{"error": "CountViolation", "disabledPlans": ["p0", "P1"]}])), "true");
    assert_eq!(
        of(json!([{"error": "None", "disabledPlans": ["p1"]}, {"error": "CountViolation", "disabledPlans": ["p2"]}])),
        "false"
    );
    assert_eq!(of(json!([{"error": "CountViolation"}])), "unknown");
    assert_eq!(of(json!([])), "false");
}

#[test]
fn ages_are_measured_against_what_is_known_of_the_date() {
    let older = "createdDateTime = { below = \"30 days ago\" }";
    let newer = "createdDateTime = { above = \"30 days ago\" }";
    let soon = "createdDateTime = { below = \"in 30 days\" }";
    let exact = json!({"exportedAt": "2026-06-30T00:00:00Z"});
    let created = |date: &str| json!({"createdDateTime": date});
    for (line, date, expected) in [
        (older, "2026-05-30T00:00:00Z", "true"),
        (older, "2026-05-31T00:00:00Z", "false"), // on the limit is neither
        (newer, "2026-05-31T00:00:00Z", "false"),
        (older, "2026-06-01T00:00:00Z", "false"),
        (newer, "2026-06-01T00:00:00Z", "true"),
        (soon, "2026-07-29T00:00:00Z", "true"),
        (soon, "2026-07-31T00:00:00Z", "false"),
        (older, "/Date(1767993602000)/", "true"),
        (older, "0001-01-01T00:00:00Z", "false"), // none, not two thousand years ago
        (newer, "", "false"),
        (older, "19-12-2025 08:22", "unknown"), // nobody knows which is the month
    ] {
        assert_eq!(answer_with(line, &created(date), &exact, None), expected, "{line} of {date}");
        assert_eq!(
            answer_with(line, &created(date), &json!({}), Some("2026-06-30T00:00:00Z")),
            expected,
            "{line} of {date}, now"
        );
    }
    assert_eq!(answer_with(older, &json!({"createdDateTime": null}), &exact, None), "false");
    // The newest thing in the export is a lower bound: older is older, but newer may be older by now.
    let bound = json!({"groups": [{"id": "g", "createdDateTime": "2026-06-30T00:00:00Z"}]});
    for (line, date, expected) in [
        (older, "2026-05-30T00:00:00Z", "true"),
        (older, "2026-06-01T00:00:00Z", "unknown"),
        (newer, "2026-05-30T00:00:00Z", "false"),
        (newer, "2026-06-01T00:00:00Z", "unknown"),
        (soon, "2026-06-29T00:00:00Z", "true"),
    ] {
        assert_eq!(answer_with(line, &created(date), &bound, None), expected, "{line} of {date}, at least");
    }
}

#[test]
fn what_the_organization_says_is_unknown_where_it_was_not_collected() {
    let line = "usageLocation = { same-as = \"organization.countryLetterCode\" }";
    let user = json!({"usageLocation": "NL"});
    assert_eq!(answer(line, &user), "unknown");
    assert_eq!(answer_with(line, &user, &json!({"organization": []}), None), "false");
    assert_eq!(
        answer_with(line, &user, &json!({"organization": [{"id": "t", "countryLetterCode": "NL"}]}), None),
        "true"
    );
    assert_eq!(answer_with(line, &user, &json!({"organization": [{"id": "t"}]}), None), "unknown");
}

#[test]
fn a_table_is_asked_for_each_object_s_own_value() {
    // Two users who differ only in what is looked up in the table.
    let rule = rule(
        "over = \"users\"\ncondition = \"it\"\n[select.it]\nusageLocation = { in-table = \"licensing-errors.code\" }",
    );
    let given = json!({"users": [{"id": "1", "usageLocation": "XX"}, {"id": "2", "usageLocation": "CountViolation"}, {"id": "3", "usageLocation": "XX"}]});
    let words: Vec<_> =
        judged(&rule, &[dump("tenant.json", &given)], None).iter().map(|(_, judgment)| word(judgment)).collect();
    assert_eq!(words, ["false", "true", "false"]);
}

// ---- random conditions: the pass, the signatures and the objects in full must agree

fn path(segments: &[&str], filters: &[Filter]) -> Path {
    Path {
        alias: Alias::Object,
        segments: segments.iter().map(|name| (*name).to_owned()).collect(),
        filters: filters.to_vec(),
    }
}

/// Few values, so that they meet.
const TEXTS: &[&str] = &["", " ", "a@b", "A@B", "c@b", "smtp:a@b", "SIP:a@b", "é@b", "b"];

fn any_scalar() -> impl Strategy<Value = Scalar> {
    prop_oneof![
        proptest::sample::select(TEXTS).prop_map(|text| Scalar::Text(text.to_owned())),
        any::<bool>().prop_map(Scalar::Flag),
        (0..3i32).prop_map(|number| Scalar::Number(f64::from(number))),
    ]
}

fn any_path() -> impl Strategy<Value = Path> {
    let name = proptest::sample::select(vec!["mail", "proxyAddresses", "userPrincipalName", "accountEnabled"]);
    let filters = proptest::sample::select(vec![
        vec![],
        vec![Filter::Smtp],
        vec![Filter::Domain],
        vec![Filter::Lower],
        vec![Filter::Address, Filter::Domain],
    ]);
    (name, filters).prop_map(|(name, filters)| path(&[name], &filters))
}

fn any_operator() -> impl Strategy<Value = Operator> {
    let scalars = || proptest::collection::vec(any_scalar(), 1..3);
    let line = (proptest::sample::select(vec!["skuId", "error"]), scalars(), any::<bool>());
    let line = line.prop_map(|(name, scalars, not)| {
        let operator = if not { Operator::Not(scalars) } else { Operator::OneOf(scalars) };
        (path(&[name], &[]), Test { operators: vec![operator], cased: false })
    });
    let line = line.boxed();
    let lines = || proptest::collection::vec(line.clone(), 1..3);
    prop_oneof![
        scalars().prop_map(Operator::OneOf),
        scalars().prop_map(Operator::Not),
        any::<bool>().prop_map(Operator::Empty),
        proptest::sample::select(vec!["(?i)a@", "^$", "@b$"]).prop_map(|pattern| Operator::Matches(pattern.to_owned())),
        any_path().prop_map(Operator::SameAs),
        lines().prop_map(Operator::Any),
        lines().prop_map(Operator::All),
    ]
}

fn any_line() -> impl Strategy<Value = SelectLine> {
    let list = || path(&["licenseAssignmentStates"], &[]);
    let item = proptest::option::weighted(0.3, proptest::sample::select(vec![vec![], vec!["skuId"], vec!["error"]]));
    (any_path(), any_operator(), any::<bool>(), proptest::option::of((0..2u16, any::<bool>())), item).prop_map(
        move |(path, operator, cased, look_up, item)| {
            let is_of_list = matches!(operator, Operator::Any(_) | Operator::All(_));
            let path = if is_of_list { list() } else { path };
            if let (Some(item), false) = (item, is_of_list) {
                let segments = item.into_iter().map(str::to_owned).collect();
                let path = Path { alias: Alias::Item, segments, ..path };
                return SelectLine::Value(path, Test { operators: vec![operator], cased });
            }
            match look_up {
                // What a look-up found, or a value of it
                Some((index, found)) if found => SelectLine::Value(
                    Path { alias: Alias::LookUp(index), ..path },
                    Test { operators: vec![operator], cased },
                ),
                _ => SelectLine::Value(path, Test { operators: vec![operator], cased }),
            }
        },
    )
}

/// The number of selections; conditions name them by index.
const SELECTS: u16 = 5;

fn any_condition() -> impl Strategy<Value = Condition> {
    let leaf = (0..SELECTS, proptest::option::of(0..2u16))
        .prop_map(|(select, _)| Condition::Select { alias: Alias::Object, select });
    // The last selection asks whether a look-up found something.
    let found = (0..2u16).prop_map(|index| Condition::Select { alias: Alias::LookUp(index), select: SELECTS });
    prop_oneof![4 => leaf, 1 => found].prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..3).prop_map(Condition::And),
            proptest::collection::vec(inner.clone(), 1..3).prop_map(Condition::Or),
            inner.prop_map(|inner| Condition::Not(Box::new(inner))),
        ]
    })
}

fn any_rule() -> impl Strategy<Value = Rule> {
    let conditions = proptest::collection::vec(any_condition(), 1..3);
    let selects = proptest::collection::vec(proptest::collection::vec(any_line(), 1..3), usize::from(SELECTS));
    let each = proptest::option::of(proptest::sample::select(vec!["licenseAssignmentStates", "proxyAddresses"]));
    let all = (conditions, selects, any::<bool>(), any_path(), any_path(), each);
    all.prop_map(|(conditions, selects, found, key, here, each)| {
        // Two look-ups, one of which passes over the object itself.
        let mut rule = rule(
            "over = \"users\"\ncondition = \"one.there or two.there\"\n[select.there]\nfound = true\n\
             [look-up.one]\nin = \"users\"\nwhere = { mail = \"userPrincipalName\" }\nnot = { id = \"id\" }\n\
             [look-up.two]\nin = \"users\"\nwhere = { userPrincipalName = \"mail\" }",
        );
        rule.look_ups[1].matches = vec![(key, here)];
        rule.selects =
            selects.into_iter().enumerate().map(|(index, lines)| Select { name: format!("s{index}"), lines }).collect();
        rule.selects.push(Select { name: "there".to_owned(), lines: vec![SelectLine::Found(found)] });
        let first = rule.checks.remove(0);
        rule.checks = conditions
            .into_iter()
            .map(|condition| {
                let mut check: Check = first.clone();
                if let CheckKind::Match(model) = &mut check.kind {
                    model.condition = condition;
                    model.over.each = each.map(|each| path(&[each], &[]));
                }
                check
            })
            .collect();
        rule
    })
}

fn any_value() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Json::from),
        proptest::sample::select(TEXTS).prop_map(Json::from),
        proptest::collection::vec(proptest::sample::select(TEXTS), 0..3).prop_map(Json::from),
        (0..3).prop_map(Json::from),
    ]
}

fn any_user() -> impl Strategy<Value = Json> {
    let value = || proptest::option::weighted(0.8, any_value());
    let state =
        proptest::collection::btree_map(proptest::sample::select(vec!["skuId", "error", "SkuId"]), any_value(), 0..3)
            .prop_map(|map| json!(map));
    let states = prop_oneof![
        4 => proptest::collection::vec(state, 0..3).prop_map(Json::from),
        1 => any_value(),
    ];
    (value(), value(), value(), value(), proptest::option::of(states)).prop_map(
        |(mail, proxies, name, enabled, states)| {
            let all = [
                ("mail", mail),
                ("proxyAddresses", proxies),
                ("userPrincipalName", name),
                ("accountEnabled", enabled),
                ("licenseAssignmentStates", states),
            ];
            Json::Object(all.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
        },
    )
}

fn any_sources() -> impl Strategy<Value = Vec<Input>> {
    let source =
        (proptest::collection::vec((any_user(), proptest::option::weighted(0.9, 0..6u8)), 0..6), any::<bool>());
    proptest::collection::vec(source, 1..3).prop_map(|sources| {
        let json = |(users, cut): (Vec<(Json, Option<u8>)>, bool)| {
            let users: Vec<_> = users
                .into_iter()
                .map(|(mut user, id)| {
                    if let Some(id) = id {
                        user["id"] = json!(format!("u{id}"));
                    }
                    user
                })
                .collect();
            if cut { json!({"users": {"value": users, "@odata.nextLink": "x"}}) } else { json!({"users": users}) }
        };
        sources.into_iter().enumerate().map(|(index, source)| dump(&index.to_string(), &json(source))).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]
    #[test]
    fn the_pass_and_the_signatures_say_what_the_objects_in_full_say(rule in any_rule(), sources in any_sources()) {
        judged(&rule, &sources, None);
    }

    #[test]
    fn taking_data_away_never_finds_more_and_never_makes_clear(rule in any_rule(), users in proptest::collection::vec(any_user(), 1..4), drop in proptest::sample::select(vec!["mail", "proxyAddresses", "userPrincipalName", "accountEnabled", "licenseAssignmentStates"])) {
        // A rule that passes somebody over, or asks whether something is there, is tested by its own tests.
        let users: Vec<_> = users.into_iter().enumerate().map(|(index, mut user)| { user["id"] = json!(format!("u{index}")); user }).collect();
        let less: Vec<_> = users.iter().map(|user| { let mut user = user.clone(); user.as_object_mut().unwrap().shift_remove(drop); user }).collect();
        let of = |users: &[Json]| judged(&rule, &[dump("tenant.json", &json!({"users": users}))], None);
        for ((id, before), (_, after)) in of(&users).iter().zip(of(&less)) {
            match after {
                Judgment::Found { .. } => prop_assert!(matches!(before, Judgment::Found { .. }), "{} was {:?}, is {:?}", id, before, after),
                Judgment::Clear => prop_assert_eq!(before, &Judgment::Clear, "{}", id),
                _ => {}
            }
        }
    }
}
