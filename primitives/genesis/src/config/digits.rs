//! Numbers in a config: strings of digits in a document, so that no parser loses any, and JSON numbers where a runtime reads
//! them.

use crate::json::{is_integer, Json};

/// What stands in a config as a string although it may consist of digits alone: names of founders, and the multiplier of
/// fees, which the SDK writes so.
fn is_text(path: &[&str]) -> bool {
    matches!(
        path,
        ["incidents", "founders", _, "0"] | ["transactionPayment", "multiplier"]
    )
}

/// A config as the runtime reads it: every string that is an integer's digits becomes a number, but for names of founders
/// (`incidents.founders[…][0]`) and `transactionPayment.multiplier`.
pub fn numbers_as_the_runtime_reads_them(config: &Json) -> Json {
    convert(config, &mut Vec::new())
}

fn convert<'a>(value: &'a Json, path: &mut Vec<&'a str>) -> Json {
    match value {
        Json::String(text) if is_integer(text) && !is_text(path) => Json::Number(text.clone()),
        Json::Array(items) => {
            let converted = items.iter().enumerate().map(|(place, item)| {
                path.push(if place == 0 { "0" } else { "…" });
                let item = convert(item, path);
                path.pop();
                item
            });
            Json::Array(converted.collect())
        }
        Json::Object(members) => {
            let converted = members.iter().map(|(key, member)| {
                path.push(key);
                let member = convert(member, path);
                path.pop();
                (key.clone(), member)
            });
            Json::Object(converted.collect())
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse;

    #[test]
    fn digits_become_numbers_but_for_names_and_the_multiplier() {
        let config = br#"{"a":["1",{"b":"340282366920938463463374607431768211455"},"007","0","","x1"],
            "incidents":{"founders":[["7","0x00"],["8","9"]],"threshold":"3"},
            "transactionPayment":{"multiplier":"1000000000000000000"}}"#;
        let converted = numbers_as_the_runtime_reads_them(&parse(config).unwrap());
        assert_eq!(
            converted.to_canonical(),
            r#"{"a":[1,{"b":340282366920938463463374607431768211455},"007",0,"","x1"],"incidents":{"founders":[["7","0x00"],["8",9]],"threshold":3},"transactionPayment":{"multiplier":"1000000000000000000"}}"#
        );
    }
}
