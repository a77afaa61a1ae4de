//! The list of defences is of the source as it is: each is in its place, each test that it names is there, and no test of
//! the field is left out. That the tests fail without them, `scripts/defences.sh` shows.

use qc_tidy::{assert_none, files, read, File};
use std::collections::BTreeSet;
use toml::{Table, Value};

const LIST: &str = "tests/stateful/defences.toml";

/// Where the tests are that it names, each by its modules.
const TESTS: &str = "tests/stateful/tests/";

/// A place in the source, what it becomes without its defence, and the tests that fail then.
struct Defence {
    name: String,
    file: String,
    find: String,
    replace: String,
    tests: Vec<String>,
}

struct List {
    defences: Vec<Defence>,
    about_no_attack: Vec<String>,
}

fn text(table: &Table, key: &str) -> String {
    let text = table.get(key).and_then(Value::as_str);
    text.unwrap_or_else(|| panic!("{LIST}: {key} is to be a text")).into()
}

fn texts(table: &Table, key: &str) -> Vec<String> {
    let array = table.get(key).and_then(Value::as_array);
    let array = array.unwrap_or_else(|| panic!("{LIST}: {key} is to be a list"));
    array.iter().filter_map(Value::as_str).map(String::from).collect()
}

fn parse(list: &str) -> List {
    let table: Table = list.parse().expect("the list is TOML");
    let defences = table.get("defence").and_then(Value::as_array);
    let defences = defences.expect("the list has defences").iter();
    List {
        defences: defences
            .filter_map(Value::as_table)
            .map(|one| Defence {
                name: text(one, "name"),
                file: text(one, "file"),
                find: text(one, "find"),
                replace: text(one, "replace"),
                tests: texts(one, "tests"),
            })
            .collect(),
        about_no_attack: texts(&table, "about_no_attack"),
    }
}

fn text_of<'a>(files: &'a [File], path: &str) -> Option<&'a str> {
    files
        .iter()
        .find(|file| file.path == path)
        .map(|file| file.text.as_str())
}

/// Whether there is a function of this name in the file of its module.
fn is_test(files: &[File], test: &str) -> bool {
    let Some((modules, function)) = test.rsplit_once("::") else {
        return false;
    };
    let module = format!("{TESTS}{}", modules.replace("::", "/"));
    let function = format!("fn {function}(");
    let places = [format!("{module}.rs"), format!("{module}/mod.rs")];
    let mut texts = places.iter().filter_map(|path| text_of(files, path));
    texts.any(|text| text.contains(&function))
}

/// Every test of the field, by its full name.
fn tests_of_the_field(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        let module = file.path.strip_prefix(TESTS).and_then(|path| path.strip_suffix(".rs"));
        let Some(module) = module.filter(|module| module.starts_with("field/")) else {
            continue;
        };
        let lines: Vec<&str> = file.text.lines().map(str::trim).collect();
        for two in lines.windows(2).filter(|two| two[0] == "#[test]") {
            let function = two[1].strip_prefix("fn ").and_then(|rest| rest.split_once('('));
            let (name, _) = function.unwrap_or_else(|| panic!("{}: a function after #[test]", file.path));
            found.push(format!("{}::{name}", module.replace('/', "::")));
        }
    }
    found
}

fn complaints(list: &List, files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    let mut names = BTreeSet::new();
    let mut named: BTreeSet<&str> = list.about_no_attack.iter().map(String::as_str).collect();
    for one in &list.defences {
        let (name, file) = (&one.name, &one.file);
        let count = text_of(files, file).map_or(0, |text| text.matches(one.find.as_str()).count());
        if count != 1 {
            found.push(format!("{name}: what is to be found is {count} times in {file}"));
        }
        if one.find == one.replace || one.tests.is_empty() {
            found.push(format!("{name}: nothing is taken out, or no test would notice"));
        }
        if !names.insert(name) {
            found.push(format!("{name}: is there twice"));
        }
        named.extend(one.tests.iter().map(String::as_str));
    }
    for test in named.iter().filter(|test| !is_test(files, test)) {
        found.push(format!("{test}: there is no such test"));
    }
    for test in tests_of_the_field(files) {
        if !named.contains(test.as_str()) {
            found.push(format!("{test}: no defence names it"));
        }
    }
    found
}

#[test]
fn every_attack_test_has_its_defence() {
    let (list, files) = (parse(&read(LIST)), files(&["rs"]));
    assert!(list.defences.len() >= 20, "the list was not read");
    assert!(tests_of_the_field(&files).len() >= 40, "the tests were not read");
    assert_none("Defences:", &complaints(&list, &files));
}

#[test]
fn the_rule_sees_what_it_should() {
    let list = |find: &str, replace: &str, tests: &str, others: &str| {
        parse(&format!(
            "about_no_attack = [{others}]\n[[defence]]\nname = 'a gate'\nfile = 'runtime/src/gate.rs'\n\
             find = '{find}'\nreplace = '{replace}'\ntests = [{tests}]\n"
        ))
    };
    let house = [
        File::example("runtime/src/gate.rs", "if is_shut {\n    wait();\n    wait();\n}"),
        File::example(
            "tests/stateful/tests/field/gates.rs",
            "#[test]\nfn it_is_shut() {}\n\n#[test]\nfn it_is_there() {}\n\nfn helper() {}",
        ),
        File::example("tests/stateful/tests/keys/mod.rs", "#[test]\nfn of_no_field() {}"),
    ];
    let (shut, there) = ("'field::gates::it_is_shut'", "'field::gates::it_is_there'");
    let both = format!("{shut}, 'keys::of_no_field'");
    assert!(complaints(&list("is_shut", "false", &both, there), &house).is_empty());
    for broken in [
        list("is_open", "false", shut, there),
        list("wait();", "", shut, there),
        list("is_shut", "is_shut", shut, there),
        list("is_shut", "false", shut, ""),
        list(
            "is_shut",
            "false",
            &format!("{shut}, 'field::gates::it_is_open'"),
            there,
        ),
        list("is_shut", "false", &format!("{shut}, 'it_is_shut'"), there),
        list(
            "is_shut",
            "false",
            &format!("{shut}, 'field::walls::it_is_shut'"),
            there,
        ),
    ] {
        assert_eq!(complaints(&broken, &house).len(), 1);
    }
    let mut twice = list("is_shut", "false", shut, there);
    twice.defences.extend(list("is_shut", "false", shut, there).defences);
    assert_eq!(complaints(&twice, &house).len(), 1);
}
