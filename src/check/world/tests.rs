//! What look-ups find, and when they may say that there is nothing.

use serde_json::{Value, json};

use super::*;
use crate::check::compile::{Slots, compile};
use crate::check::judge::Judgment;
use crate::check::scope::Scope;
use crate::dump::Input;
use crate::engine::pass::{Plan, basic_slots};
use crate::engine::verdict::judge_object;
use crate::pack::embedded;
use crate::testing::{all_slots, dump, judged, read, rule};

fn word(judgment: &Judgment) -> &'static str {
    match judgment {
        Judgment::Found { .. } => "there",
        Judgment::Clear => "nothing",
        Judgment::Unknown { .. } => "unknown",
        Judgment::NotAsked => "not asked",
        Judgment::Pending => "pending",
    }
}

/// What a look-up says for each object of a collection; `missing` must say the opposite.
fn look_up(over: &str, look_up: &str, given: &Value) -> Vec<&'static str> {
    let ask = |found: bool| {
        let rule = rule(&format!(
            "over = \"{over}\"\ncondition = \"other.it\"\n[look-up.other]\n{look_up}\n[select.it]\nfound = {found}"
        ));
        judged(&rule, &[dump("tenant.json", given)], None)
            .iter()
            .map(|(_, judgment)| word(judgment))
            .collect::<Vec<_>>()
    };
    let there = ask(true);
    let opposite = |word: &&'static str| match *word {
        "there" => "nothing",
        "nothing" => "there",
        other => other,
    };
    assert_eq!(ask(false), there.iter().map(opposite).collect::<Vec<_>>());
    there
}

/// Users without ids that look for the same are not alike if only one of them would find itself.
#[test]
fn who_passes_somebody_over_never_finds_itself() {
    let user = |name: &str, mail: &str, department: &str| json!({"userPrincipalName": name, "mail": mail, "department": department, "otherMails": ["m@x.example"]});
    let users = |users: &[Value]| json!({ "users": users });
    let other = "in = \"users\"\nwhere = { mail = \"otherMails\" }\nnot = { id = \"id\" }";
    let [ada, bob] = [user("ada@x.example", "m@x.example", "Sales"), user("bob@x.example", "n@x.example", "Sales")];
    // Whether whoever is not Bob is another than him is not known without ids.
    assert_eq!(look_up("users", other, &users(&[ada.clone(), bob.clone()])), ["nothing", "unknown"]);
    assert_eq!(look_up("users", other, &users(&[bob.clone(), ada.clone()])), ["unknown", "nothing"]);
    // Two who have the mail find each other, or cannot tell.
    let cas = user("cas@x.example", "m@x.example", "Sales");
    assert_eq!(look_up("users", other, &users(&[ada.clone(), cas, bob])), ["unknown", "unknown", "unknown"]);
    // Passed over by something else, and found only as such.
    let rule = rule(&format!(
        "over = \"users\"\ncondition = \"other.gone\"\n[look-up.other]\n{other}\nsuch = \"seller\"\n[select.gone]\nfound = false\n\
         [select.seller]\ndepartment = \"Sales\""
    ));
    let buyer = user("dan@x.example", "m@x.example", "Purchase");
    let said = judged(&rule, &[dump("tenant.json", &users(&[buyer, ada]))], None);
    assert_eq!(said.iter().map(|(_, judgment)| word(judgment)).collect::<Vec<_>>(), ["unknown", "there"]);
}

/// Many are looked up in an index, few are asked one by one.
#[test]
fn many_say_what_few_say() {
    let users = ["u@a.example", "v@A.Example", "w@gone.example"].map(|name| json!({ "userPrincipalName": name }));
    let said = |others: usize, more: &Value| {
        let mut domains = vec![json!({ "id": "A.example", "isVerified": true }), more.clone()];
        domains.extend((0..others).map(|number| json!({ "id": format!("d{number}.example"), "isVerified": true })));
        look_up("users", DOMAIN, &json!({ "users": users, "domains": domains }))
    };
    for others in [0, 30] {
        assert_eq!(said(others, &json!({ "id": "b.example" })), ["there", "there", "nothing"], "{others}");
        assert_eq!(said(others, &json!({ "isVerified": true })), ["there", "there", "unknown"], "{others}");
    }
    // A list inside, of which an element does not say.
    let sku = |number: usize, plan: &Value| json!({ "id": format!("s{number}"), "servicePlans": [{ "servicePlanId": "p1" }, plan] });
    let group = |plan: &str| json!({ "id": plan, "displayName": plan });
    let look = "in = \"subscribedSkus\"\nwhere = { \"servicePlans.servicePlanId\" = \"displayName\" }";
    for others in [1, 30] {
        let said = |last: &Value| {
            let skus: Vec<_> =
                (0..others).map(|number| sku(number, if number == 0 { last } else { &Value::Null })).collect();
            look_up("groups", look, &json!({ "groups": [group("P1"), group("p2")], "subscribedSkus": skus }))
        };
        assert_eq!(said(&json!({ "servicePlanId": "p3" })), ["there", "nothing"], "{others}");
        assert_eq!(said(&json!({ "servicePlanId": "p2" })), ["there", "there"], "{others}");
        assert_eq!(said(&json!({ "name": "x" })), ["there", "unknown"], "{others}");
    }
}

const DOMAIN: &str = "in = \"domains\"\nwhere = { id = \"userPrincipalName|domain\" }";

#[test]
fn found_counts_in_part_of_a_collection_and_nothing_only_in_all_of_it() {
    let users = json!([{"id": "1", "userPrincipalName": "a@B.example"}, {"id": "2", "userPrincipalName": "a@c.example"}, {"id": "3", "userPrincipalName": ""}, {"id": "4"}]);
    let domains = json!([{"id": "b.EXAMPLE", "isVerified": true}]);
    let cases = [
        (json!({"users": users, "domains": domains}), ["there", "nothing", "nothing", "unknown"]),
        (
            json!({"users": users, "domains": {"value": domains, "@odata.nextLink": "x"}}),
            ["there", "unknown", "nothing", "unknown"],
        ),
        (json!({"users": users}), ["unknown", "unknown", "nothing", "unknown"]),
        (json!({"users": users, "domains": []}), ["nothing", "nothing", "nothing", "unknown"]),
        // a domain whose name was not collected may be the one
        (
            json!({"users": users, "domains": [{"id": "b.example"}, {"isVerified": true}]}),
            ["there", "unknown", "nothing", "unknown"],
        ),
    ];
    for (given, expected) in cases {
        assert_eq!(look_up("users", DOMAIN, &given), expected, "{given}");
    }
}

#[test]
fn every_pair_must_be_equal_and_one_that_was_not_collected_leaves_it_open() {
    let pairs = "in = \"groups\"\nwhere = { mail = \"mail\", displayName = \"displayName\" }";
    let user = json!([{"id": "1", "mail": "x@b.example", "displayName": "X"}]);
    let with = |group: Value| look_up("users", pairs, &json!({"users": user, "groups": [group]}))[0];
    assert_eq!(with(json!({"id": "g", "mail": "X@b.example", "displayName": "x", "groupTypes": []})), "there");
    assert_eq!(with(json!({"id": "g", "mail": "x@b.example", "displayName": "y", "groupTypes": []})), "nothing");
    assert_eq!(with(json!({"id": "g", "mail": "x@b.example", "groupTypes": []})), "unknown");
    assert_eq!(with(json!({"id": "g", "displayName": "x", "groupTypes": []})), "unknown");
    assert_eq!(
        with(json!({"id": "g", "displayName": "y", "groupTypes": []})),
        "unknown",
        "of some group the mail is not known"
    );
}

#[test]
fn an_object_that_passes_over_its_own_kind_never_finds_itself() {
    let other = "in = \"users\"\nwhere = { userPrincipalName = \"userPrincipalName\" }\nnot = { id = \"id\" }";
    let of = |users: Value| look_up("users", other, &json!({"users": users}));
    let user = |id: &str, name: &str| json!({"id": id, "userPrincipalName": name});
    assert_eq!(of(json!([user("1", "a@b.example")])), ["nothing"]);
    assert_eq!(of(json!([user("1", "a@b.example"), user("2", "A@b.example")])), ["there", "there"]);
    assert_eq!(of(json!([user("1", "a@b.example"), user("2", "c@b.example")])), ["nothing", "nothing"]);
    // Without ids a sign-in name is all that tells users apart: two rows with one name are one user.
    assert_eq!(of(json!([{"userPrincipalName": "a@b.example"}])), ["nothing"]);
    assert_eq!(of(json!([{"userPrincipalName": "a@b.example"}, {"userPrincipalName": "A@b.example"}])), ["nothing"]);
    assert_eq!(of(json!([{"userPrincipalName": "a@b.example"}, user("1", "a@b.example")])), ["nothing"]);
    // Looking for oneself without passing over finds oneself.
    assert_eq!(
        look_up(
            "users",
            "in = \"users\"\nwhere = { userPrincipalName = \"userPrincipalName\" }",
            &json!({"users": [user("1", "a@b.example")]})
        ),
        ["there"]
    );
}

#[test]
fn addresses_are_looked_up_over_all_that_hold_them() {
    let contact = "in = \"contacts\"\nwhere = { addresses = \"mail|address\" }";
    let of = |contact_: Value| {
        look_up("users", contact, &json!({"users": [{"id": "1", "mail": "é@b.example"}], "contacts": [contact_]}))[0]
    };
    assert_eq!(of(json!({"id": "c", "mail": null, "proxyAddresses": ["smtp:É@B.example"]})), "there");
    assert_eq!(of(json!({"id": "c", "mail": "É@b.example", "proxyAddresses": []})), "there");
    assert_eq!(
        of(json!({"id": "c", "mail": null, "proxyAddresses": ["X500:é@b.example", "SIP:é@b.example"]})),
        "nothing"
    );
    assert_eq!(of(json!({"id": "c", "mail": null})), "unknown", "proxy addresses were not collected");
}

#[test]
fn of_several_the_first_by_id_is_found_in_whatever_order_they_are_read() {
    let rule = rule(
        "over = \"users\"\ncondition = \"other.it\"\n[look-up.other]\nin = \"groups\"\nwhere = { mail = \"mail\" }\n[select.it]\ndisplayName = \"First\"",
    );
    let users = dump("u", &json!({"users": [{"id": "1", "mail": "x@b.example"}]}));
    let first = dump("1", &json!({"groups": [{"id": "a", "mail": "x@b.example", "displayName": "First"}]}));
    let second = dump("2", &json!({"groups": [{"id": "b", "mail": "x@b.example", "displayName": "Second"}]}));
    for inputs in [[users.clone(), first.clone(), second.clone()], [second, first, users]] {
        assert_eq!(word(&judged(&rule, &inputs, None)[0].1), "there");
    }
}

/// Two people had the name, one after the other.
#[test]
fn of_several_deleted_users_the_one_deleted_last_is_found() {
    let rule = rule(
        "over = \"requests\"\ncondition = \"other.it\"\n[look-up.other]\nin = \"deletedUsers\"\nwhere = { mail = \"address\" }\n[select.it]\ndisplayName = \"Last\"",
    );
    let deleted = |id: &str, name: &str, date: &str| json!({"id": id, "mail": "x@b.example", "displayName": name, "deletedDateTime": date});
    let request = json!([{"id": "r", "operation": "create-user", "address": "x@b.example"}]);
    let of = |first: &str, second: &str| {
        let [first, second] = [deleted("a", "First", first), deleted("b", "Last", second)];
        word(&judged(&rule, &[dump("t", &json!({"deletedUsers": [first, second], "requests": request}))], None)[0].1)
    };
    assert_eq!(of("2026-10-02T08:00:00Z", "2026-10-11T08:00:00Z"), "there");
    assert_eq!(of("2026-10-11T08:00:00Z", "2026-10-02T08:00:00Z"), "nothing");
}

#[test]
fn home_is_another_tenant_and_without_its_dump_nobody_asks() {
    let rule = rule(
        "over = \"users\"\ncondition = \"there.it\"\n[look-up.there]\nin = \"home.users\"\nwhere = { userPrincipalName = \"mail\" }\n[select.it]\naccountEnabled = false",
    );
    let guest =
        [dump("tenant.json", &json!({"users": [{"id": "1", "mail": "a@home.example", "accountEnabled": true}]}))];
    assert_eq!(word(&judged(&rule, &guest, None)[0].1), "not asked");

    let home = [dump(
        "home.json",
        &json!({"users": [{"id": "h", "userPrincipalName": "A@home.example", "accountEnabled": false}]}),
    )];
    let mut slots = all_slots();
    let compiled = compile(std::iter::once(&rule), &mut slots);
    let mut plan = Plan::new(&compiled, &slots, embedded::tables());
    let (tenant, home) = (read(&guest, &mut plan, None).tenant, read(&home, &mut plan, None).tenant);
    let world = World::new(&tenant, Some(&home), embedded::tables());
    let number = tenant.objects[Collection::Users as usize][0];
    let judgment = judge_object(&compiled[0], &compiled[0].programs[0], &world, number);
    assert_eq!(word(&judgment), "there");
}

#[test]
fn requests_about_people_who_are_not_there_are_not_asked_about() {
    let rule = rule("over = \"requests\"\ncondition = \"target.it\"\n[select.it]\nusageLocation = { empty = true }");
    let of = |users: Value, target: Value| {
        let given = json!({"users": users, "groups": [], "requests": [{"id": "r", "operation": "assign-license", "target": target}]});
        word(&judged(&rule, &[dump("tenant.json", &given)], None)[0].1)
    };
    let ann = |extra: Value| {
        let mut ann = json!({"id": "u", "userPrincipalName": "ann@b.example", "mail": null, "proxyAddresses": [], "otherMails": [], "identities": []});
        ann.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        json!([ann])
    };
    assert_eq!(of(ann(json!({"usageLocation": null})), json!("ANN@b.example")), "there");
    assert_eq!(of(ann(json!({"usageLocation": "NL"})), json!("u")), "nothing");
    assert_eq!(of(ann(json!({})), json!("u")), "unknown");
    assert_eq!(of(ann(json!({"usageLocation": null})), json!("jan@b.example")), "not asked");
    assert_eq!(of(json!({"value": ann(json!({})), "@odata.nextLink": "x"}), json!("jan@b.example")), "unknown");
    assert_eq!(of(ann(json!({"usageLocation": null})), json!(null)), "unknown", "a request that does not say whom");
}

#[test]
fn what_is_not_wanted_by_any_rule_does_not_change_what_is_found() {
    // The index holds what the rules ask for, no more: a rule alone finds what it finds among others.
    let rule = rule(
        "over = \"users\"\ncondition = \"other.it\"\n[look-up.other]\nin = \"groups\"\nwhere = { displayName = \"country|lower\" }\n[select.it]\nfound = true",
    );
    let given = [dump(
        "tenant.json",
        &json!({"users": [{"id": "1", "country": "NL"}, {"id": "2", "country": "BE"}], "groups": [{"id": "g", "displayName": "nl", "groupTypes": []}]}),
    )];
    let mut slots = Slots::new();
    basic_slots(&mut slots);
    let compiled = compile(std::iter::once(&rule), &mut slots);
    let mut plan = Plan::new(&compiled, &slots, embedded::tables());
    let tenant = read(&given, &mut plan, None).tenant;
    let world = World::new(&tenant, None, embedded::tables());
    let words: Vec<_> = tenant
        .all(Collection::Users)
        .map(|user| {
            let program = &compiled[0].programs[0];
            let scope = Scope::known(&user, &world, &compiled[0].look_ups[&Collection::Users]);
            word(&crate::check::judge::judge(&compiled[0], program, &scope))
        })
        .collect();
    assert_eq!(words, ["there", "nothing"]);
    assert_eq!(judged(&rule, &given, None).iter().map(|(_, judgment)| word(judgment)).collect::<Vec<_>>(), words);
}

#[test]
fn what_is_found_must_be_such_and_what_cannot_be_told_leaves_it_open() {
    let ours = "in = \"domains\"\nsuch = \"ours\"\n[select.ours]\nisVerified = true";
    let users = json!([{"id": "1"}]);
    let with = |domains: Value| look_up("users", ours, &json!({"users": users, "domains": domains}))[0];
    assert_eq!(with(json!([{"id": "a"}, {"id": "b", "isVerified": true}])), "there");
    assert_eq!(with(json!([{"id": "a", "isVerified": false}])), "nothing");
    assert_eq!(with(json!([])), "nothing");
    assert_eq!(with(json!([{"id": "a"}])), "unknown", "whether it is such was not collected");
    assert_eq!(with(json!({"value": [], "@odata.nextLink": "x"})), "unknown", "it may be on the next page");
    assert_eq!(look_up("users", ours, &json!({"users": users})), ["unknown"]);
    let own = format!("{DOMAIN}\nsuch = \"ours\"\n[select.ours]\nisVerified = true");
    let users = json!([{"id": "1", "userPrincipalName": "a@b.example"}]);
    let with = |verified: bool| {
        let domains = json!([{"id": "b.example", "isVerified": verified}, {"id": "c.example", "isVerified": true}]);
        look_up("users", &own, &json!({"users": users, "domains": domains}))[0]
    };
    assert_eq!((with(true), with(false)), ("there", "nothing"));
}

#[test]
fn a_list_is_gone_into_and_one_that_was_cut_proves_nothing() {
    let membership = "in = \"groups\"\nwhere = { displayName = \"companyName\", \"members.id\" = \"id\" }";
    let users = json!([{"id": "u1", "companyName": "G"}, {"id": "u2", "companyName": "G"}]);
    let with = |group: Value| look_up("users", membership, &json!({"users": users, "groups": [group]}));
    let members = json!([{"id": "U1"}]);
    assert_eq!(with(json!({"id": "g", "displayName": "g", "members": members})), ["there", "nothing"]);
    assert_eq!(with(json!({"id": "g", "displayName": "g"})), ["unknown", "unknown"]);
    assert_eq!(
        with(json!({"id": "g", "displayName": "g", "members": [{"id": "u1"}, {"mail": "x"}]})),
        ["there", "unknown"]
    );
    let cut = json!({"id": "g", "displayName": "g", "members": members, "members@odata.nextLink": "https://x"});
    assert_eq!(with(cut.clone()), ["there", "unknown"]);

    // The list alone leads to its candidates: a group of which an element is missing may be one.
    let whole = json!({"id": "h", "members": []});
    let of = |groups: Value| {
        let by_list = "in = \"groups\"\nwhere = { \"members.id\" = \"id\" }";
        look_up("users", by_list, &json!({"users": users, "groups": groups}))
    };
    assert_eq!(of(json!([cut, whole])), ["there", "unknown"]);
    assert_eq!(of(json!([{"id": "g", "members": members}, whole])), ["there", "nothing"]);
}

#[test]
fn a_test_of_a_list_that_was_cut_is_unknown_where_the_rest_could_turn_it() {
    let any = "over = \"groups\"\ncondition = \"nested\"\n[select.nested]\nmembers = { any = { displayName = \"x\" } }";
    let all = any.replace("any =", "all =");
    let of = |condition: &str, group: &Value| {
        word(&judged(&rule(condition), &[dump("tenant.json", &json!({"groups": [group]}))], None)[0].1)
    };
    let group = |name: &str, link: Value| json!({"id": "g", "members": [{"displayName": name}], "members@odata.nextLink": link});
    let link = json!("https://x");
    assert_eq!(of(any, &group("x", link.clone())), "there");
    assert_eq!(of(any, &group("y", link.clone())), "unknown");
    assert_eq!(of(any, &group("y", Value::Null)), "nothing");
    assert_eq!(of(&all, &group("x", link.clone())), "unknown");
    assert_eq!(of(&all, &group("y", link)), "nothing");
    assert_eq!(of(&all, &group("x", Value::Null)), "there");
    let expanded: Vec<_> = (0..20).map(|_| json!({"displayName": "y"})).collect();
    assert_eq!(of(any, &json!({"id": "g", "members": expanded})), "unknown", "as many as $expand shows at most");

    let test = |test: &str| format!("over = \"groups\"\ncondition = \"it\"\n[select.it]\n{test}");
    let ids = |link: Value| json!({"id": "g", "members": [{"id": "u1"}], "members@odata.nextLink": link});
    let link = || json!("https://x");
    for (line, cut, whole) in [
        ("\"members.id\" = \"u1\"", "there", "there"),
        ("\"members.id\" = \"u2\"", "unknown", "nothing"),
        ("\"members.id\" = { not = [\"u1\"] }", "nothing", "nothing"),
        ("\"members.id\" = { not = [\"u2\"] }", "unknown", "there"),
        ("members = { empty = true }", "nothing", "nothing"),
    ] {
        assert_eq!((of(&test(line), &ids(link())), of(&test(line), &ids(Value::Null))), (cut, whole), "{line}");
    }
    let none = |link: Value| json!({"id": "g", "members": [], "members@odata.nextLink": link});
    let (empty, filled) = (test("members = { empty = true }"), test("members = { empty = false }"));
    assert_eq!((of(&empty, &none(link())), of(&empty, &none(Value::Null))), ("unknown", "there"));
    assert_eq!((of(&filled, &none(link())), of(&filled, &none(Value::Null))), ("unknown", "nothing"));
}

#[test]
fn dates_are_compared_with_other_dates_of_the_object() {
    let of = |operator: &str, synced: &str, created: &str| {
        let check = rule(&format!(
            "over = \"users\"\ncondition = \"it\"\n[select.it]\n\
             onPremisesLastSyncDateTime = {{ {operator} = \"createdDateTime\" }}"
        ));
        let user = json!({"id": "u", "onPremisesLastSyncDateTime": synced, "createdDateTime": created});
        word(&judged(&check, &[dump("tenant.json", &json!({"users": [user]}))], None)[0].1)
    };
    let (early, late) = ("2026-01-01T01:00:00+02:00", "2026-01-01T00:00:00Z");
    assert_eq!((of("below", early, late), of("below", late, early)), ("there", "nothing"));
    assert_eq!((of("above", early, late), of("above", late, early)), ("nothing", "there"));
    assert_eq!((of("below", "soon", late), of("below", "", late)), ("unknown", "nothing"));
}

#[test]
fn settings_that_nobody_said_make_a_test_false() {
    let check = rule(
        "over = \"users\"\ncondition = \"relative\"\n[select.relative]\ncompanyName = { same-as = \"settings.conglomerate\" }",
    );
    let given = json!({"users": [{"id": "1", "companyName": "Litware"}]});
    let said = |settings: Value| {
        let mut slots = all_slots();
        let compiled = compile(std::iter::once(&check), &mut slots);
        let read = read(&[dump("tenant.json", &given)], &mut Plan::new(&compiled, &slots, embedded::tables()), None);
        let mut world = World::new(&read.tenant, None, embedded::tables());
        world.settings = Settings::new(&settings).unwrap();
        let user = read.tenant.all(Collection::Users).next().unwrap();
        word(&judge_object(&compiled[0], &compiled[0].programs[0], &world, user.number))
    };
    assert_eq!(said(json!({})), "nothing");
    assert_eq!(said(json!({"conglomerate": ["Fabrikam", "litware"]})), "there");
}

#[test]
fn whether_a_user_is_a_member_is_known_without_reading_the_user_back() {
    let rule = rule(
        "over = \"users\"\neach = \"licenseAssignmentStates\"\ncondition = \"by-group and membership.gone\"\n\
         [look-up.membership]\nin = \"groups\"\nwhere = { id = \"item.assignedByGroup\", \"members.id\" = \"id\" }\n\
         [select.by-group]\n\"item.assignedByGroup\" = { empty = false }\n[select.gone]\nfound = false",
    );
    let user = |id: &str, groups: &[&str]| {
        let states: Vec<_> =
            groups.iter().map(|group| json!({ "skuId": "x", "assignedByGroup": group, "at": id })).collect();
        json!({ "id": id, "licenseAssignmentStates": states })
    };
    let users = || {
        json!([
            user("u1", &["g1"]),
            user("U2", &["G1"]),
            user("u3", &["g1"]),
            user("u4", &["g1", "g2"]),
            user("u5", &["gone"]),
            user("u6", &["g3"]),
            user("u7", &[]),
            json!({ "licenseAssignmentStates": [{ "assignedByGroup": "g1" }] }),
            user("u9", &["g4"])
        ])
    };
    // A long list, so that it is known by hashes; of g2 only some members, of g3 nothing but the group.
    let many = (0..500).map(|number| json!({ "id": format!("m{number}") }));
    let members: Vec<_> =
        [json!({ "id": "U1" }), json!({ "id": "u2" }), json!({ "id": "u4" })].into_iter().chain(many).collect();
    let groups = json!([
        { "id": "g1", "members": members },
        { "id": "g2", "members": [{ "id": "u1" }], "members@odata.nextLink": "https://graph.microsoft.com/next" },
        { "id": "g3" },
        { "id": "g4", "members": [{ "displayName": "somebody" }] },
    ]);
    let words = |inputs: &[Input]| {
        let name = |id: String| if id.starts_with("text:") { "nobody".to_owned() } else { id };
        let mut words: Vec<_> =
            judged(&rule, inputs, None).into_iter().map(|(id, said)| (name(id), word(&said))).collect();
        words.sort();
        words.into_iter().map(|(id, word)| format!("{id}: {word}")).collect::<Vec<_>>().join(", ")
    };
    let said = "nobody: unknown, u1: nothing, u2: nothing, u3: there, u4: unknown, u5: there, u6: unknown, u7: nothing, u9: unknown";
    let whole = json!({ "users": users(), "groups": groups });
    assert_eq!(words(&[dump("tenant.json", &whole)]), said);
    let parts = [dump("users.json", &json!({ "users": users() })), dump("groups.json", &json!({ "groups": groups }))];
    assert_eq!(words(&parts), said);
    let complete = json!({ "users": users(), "groups": [groups[0]] });
    let said = words(&[dump("tenant.json", &complete)]);
    assert!(said.contains("u3: there, u4: there, u5: there"), "{said}");
}

#[test]
fn a_property_that_only_an_overlap_has_twice_is_not_everywhere() {
    let first = json!({ "users": [{ "id": "u1", "mail": "a@b.example" }, { "id": "u2" }] });
    let again = json!({ "users": [{ "id": "u1", "mail": "a@b.example" }] });
    let tenant = crate::testing::tenant_of(&[dump("first.json", &first), dump("again.json", &again)]);
    assert_eq!(tenant.lacking(Collection::Users, "mail"), 1);
    assert_eq!(tenant.lacking(Collection::Users, "id"), 0);
}

#[test]
fn guests_in_two_files_count_once_whatever_the_rules_read() {
    let guest = |id: &str| json!({ "id": id, "userType": "Guest", "accountEnabled": true, "companyName": "Litware", "employeeId": null });
    let inputs = [
        dump("one.json", &json!({ "users": [guest("g1"), guest("g2")] })),
        dump("two.json", &json!({ "users": [guest("g1")] })),
    ];
    let mut slots = Slots::new();
    basic_slots(&mut slots);
    let tenant = read(&inputs, &mut Plan::new(&[], &slots, embedded::tables()), None).tenant;
    assert_eq!(tenant.tallies.guests.values().sum::<usize>(), 2);
}
