//! SARIF 2.1.0, the format in which tools tell services of code analysis what they found (OASIS, Static Analysis
//! Results Interchange Format).
//!
//! All reports are one run, as such services expect of one tool. Each check is a rule, each failed check a result.

use std::path::is_separator;

use indexmap::IndexMap;
use serde_json::{Value, json};

use crate::report::{Finding, Heading, Level, Place, Report};

use super::escape;

/// Where the schema of the format can be read.
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The reports as one log, ended by a line feed.
///
/// Checks of the same name, in several scenarios or cases, are one rule, told as the first of them.
pub fn render(reports: &[Report]) -> String {
    let findings = || reports.iter().flat_map(|report| report.findings.iter().map(|found| (report.heading(), found)));
    let mut rules: IndexMap<&str, &Finding> = IndexMap::new();
    for (_, finding) in findings() {
        rules.entry(&finding.name).or_insert(finding);
    }
    let failed = findings().filter(|(_, finding)| !finding.ok);
    let results: Vec<_> =
        failed.map(|(scenario, finding)| result(scenario, finding, rules.get_index_of(&*finding.name))).collect();
    let log = json!({
        "version": "2.1.0",
        "$schema": SCHEMA,
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules.into_values().map(rule).collect::<Vec<_>>(),
            } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    // Between the strings there is nothing hidden but the ends of lines.
    let lines: Vec<_> = format!("{log:#}").lines().map(escape::json).collect();
    lines.join("\n") + "\n"
}

/// A check, whatever it found.
fn rule(finding: &Finding) -> Value {
    json!({
        "id": finding.name,
        "shortDescription": message(&format!("expects {}", finding.condition)),
        "defaultConfiguration": { "level": level(finding) },
    })
}

/// A failed check, whose rule has that number.
fn result(scenario: &Heading, finding: &Finding, rule: Option<usize>) -> Value {
    json!({
        "ruleId": finding.name,
        "ruleIndex": rule,
        "level": level(finding),
        "message": message(&format!("{}: {}", scenario.label(), finding.message)),
        "locations": finding.place.iter().map(location).collect::<Vec<_>>(),
    })
}

/// A text that is shown as it is: braces are doubled, or they would be placeholders (section 3.11.5 of the standard),
/// and a bracket is kept from a parenthesis, or they would be a link (section 3.11.6).
fn message(text: &str) -> Value {
    json!({ "text": text.replace('{', "{{").replace('}', "}}").replace("](", "] (") })
}

/// How grave a failed check is.
fn level(finding: &Finding) -> &'static str {
    match finding.level {
        Level::Fail => "error",
        Level::Warn => "warning",
    }
}

/// A place in a file.
fn location(place: &Place) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&place.file) },
        "region": { "startLine": place.line, "startColumn": place.column },
    } })
}

/// A path as a URI: what is not a letter, a digit, `-`, `.`, `_`, `~` or a separator is written by its bytes
/// (RFC 3986, section 2).
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for character in path.chars() {
        if is_separator(character) {
            uri.push('/');
        } else if character.is_ascii_alphanumeric() || "-._~".contains(character) {
            uri.push(character);
        } else {
            uri.extend(character.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("%{byte:02X}")));
        }
    }
    // Two separators at the beginning would make the next part the name of a host.
    if uri.starts_with("//") { format!("/{}", uri.trim_start_matches('/')) } else { uri }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::findings::{HOSTILE, finding, report};
    use pretty_assertions::assert_eq;

    /// The parts of the format's own schema that concern what is written here.
    const SUBSET: &str = include_str!("../../tests/schemas/sarif-2.1.0-subset.json");

    /// The log, after the schema has found nothing wrong with it.
    fn valid(reports: &[Report]) -> Value {
        let log: Value = serde_json::from_str(&render(reports)).unwrap();
        let schema =
            jsonschema::options().should_validate_formats(true).build(&serde_json::from_str(SUBSET).unwrap()).unwrap();
        let wrong: Vec<_> = schema.iter_errors(&log).map(|error| error.to_string()).collect();
        assert_eq!(wrong, Vec::<String>::new(), "{log:#}");
        let run = &log["runs"][0];
        for result in run["results"].as_array().unwrap() {
            // Section 3.27.6: the index leads to the rule that the result names.
            let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
            assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
        }
        log
    }

    #[test]
    fn a_log_tells_the_checks_and_what_they_found() {
        let log = valid(&[report("Copilot", None)]);
        let at = |line| {
            json!([{ "physicalLocation": {
                "artifactLocation": { "uri": "a/copilot.toml" },
                "region": { "startLine": line, "startColumn": 3 },
            } }])
        };
        let rule = |id: &str, condition: &str, level: &str| {
            let description = format!("expects {condition}");
            json!({ "id": id, "shortDescription": { "text": description }, "defaultConfiguration": { "level": level } })
        };
        assert_eq!(
            log,
            json!({
                "$schema": SCHEMA,
                "version": "2.1.0",
                "runs": [{
                    "tool": { "driver": { "name": "bizmodel", "version": env!("CARGO_PKG_VERSION"), "rules": [
                        rule("safe", "revenue >= cost", "error"),
                        rule("profitable", "return_rate > 0", "error"),
                        rule("slow", "payback <= 12", "warning"),
                    ] } },
                    "columnKind": "unicodeCodePoints",
                    "results": [
                        {
                            "ruleId": "profitable", "ruleIndex": 1, "level": "error",
                            "message": { "text": "Copilot: expected more than 0, found -5%" },
                            "locations": at(12),
                        },
                        {
                            "ruleId": "slow", "ruleIndex": 2, "level": "warning",
                            "message": { "text": "Copilot: expected at most 12, found none\nbecause it never pays" },
                            "locations": [],
                        },
                    ],
                }],
            })
        );
    }

    #[test]
    fn cases_share_the_rules_and_each_has_its_results() {
        let log = valid(&[report("Copilot", None), report("Copilot", Some("pessimistic"))]);
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"].as_array().map(Vec::len), Some(3));
        assert_eq!(log["runs"][0]["results"].as_array().map(Vec::len), Some(4));
        let text = log["runs"][0]["results"][2]["message"]["text"].as_str();
        assert_eq!(text, Some("Copilot (pessimistic): expected more than 0, found -5%"));
    }

    #[test]
    fn a_log_without_checks_is_valid_and_says_that_nothing_was_found() {
        assert_eq!(valid(&[])["runs"][0]["results"], json!([]));
        assert!(render(&[]).ends_with("}\n"));
    }

    #[test]
    fn hostile_text_stays_text() {
        for text in HOSTILE {
            let mut hostile = report(text, None);
            hostile.findings = vec![finding(text)];
            let log = valid(&[hostile]);
            let result = &log["runs"][0]["results"][0];
            assert_eq!(result["ruleId"], text);
            assert_eq!(result["message"]["text"], format!("{text}: {text}"));
        }
    }

    #[test]
    fn a_message_is_neither_filled_in_nor_linked() {
        assert_eq!(message("{0} of [all](https://example.com)")["text"], "{{0}} of [all] (https://example.com)");
    }

    #[test]
    fn paths_become_references_that_cannot_be_mistaken() {
        assert_eq!(uri("models/客服 v1.toml"), "models/%E5%AE%A2%E6%9C%8D%20v1.toml");
        assert_eq!(uri("C:#?%.toml"), "C%3A%23%3F%25.toml");
        assert_eq!(uri("/srv/a-b_c~d.toml"), "/srv/a-b_c~d.toml");
        assert_eq!(uri("//srv/a.toml"), "/srv/a.toml");
    }
}
