//! `JUnit` XML: a test suite per scenario, a test case per check, as every CI service reads it.
//!
//! There is no standard; what is written here is valid for the schema of Jenkins (`junit-10.xsd`) and has what the
//! schema of Maven Surefire asks for besides. Two things follow:
//!
//! - A failed check that only warns is a *skipped* test case whose message says so. Services list skipped cases with
//!   their message and let the build pass, while the output of a passed case is shown only to who opens it.
//! - A check takes no time of its own, and every `time` is 0: the same answer is the same bytes.

use std::fmt::Write as _;

use crate::report::{Finding, Level, Place, Report};

use super::escape::is_hidden;

/// The reports as one XML document; a report without checks is an empty suite.
pub fn render(reports: &[Report]) -> String {
    let suites: String = reports.iter().map(suite).collect();
    let all = || reports.iter().flat_map(|report| &report.findings);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"bizmodel\" tests=\"{}\" failures=\"{}\" errors=\"0\" time=\"0\">\n{suites}</testsuites>\n",
        all().count(),
        failed(all(), Level::Fail),
    )
}

/// The checks of one scenario.
fn suite(report: &Report) -> String {
    let name = report.heading().label();
    let cases: String = report.findings.iter().map(|finding| case(&name, finding)).collect();
    format!(
        "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{}\" time=\"0\">\n\
         {cases}  </testsuite>\n",
        escaped(&name),
        report.findings.len(),
        failed(&report.findings, Level::Fail),
        failed(&report.findings, Level::Warn),
    )
}

/// How many checks of that level failed.
fn failed<'a>(findings: impl IntoIterator<Item = &'a Finding>, level: Level) -> usize {
    findings.into_iter().filter(|finding| !finding.ok && finding.level == level).count()
}

/// One check.
fn case(suite: &str, finding: &Finding) -> String {
    let head = format!("    <testcase name=\"{}\" classname=\"{}\" time=\"0\"", escaped(&finding.name), escaped(suite));
    if finding.ok {
        return format!("{head}/>\n");
    }
    let message = escaped(&finding.message);
    let outcome = match finding.level {
        Level::Fail => format!("<failure type=\"check\" message=\"{message}\">{}</failure>", details(finding)),
        Level::Warn => format!("<skipped message=\"warning: {message}\">{}</skipped>", details(finding)),
    };
    format!("{head}>\n      {outcome}\n    </testcase>\n")
}

/// The condition, what was found and where, a line each.
fn details(finding: &Finding) -> String {
    let place = finding.place.as_ref().map(|Place { file, line, column }| format!("{file}:{line}:{column}"));
    let lines = [Some(&finding.condition), Some(&finding.message), place.as_ref()];
    lines.into_iter().flatten().map(|line| escaped(line)).collect::<Vec<_>>().join("\n")
}

/// The text for use between tags or double quotes.
///
/// White space is written by number, since a reader may change it otherwise; so is what does not show. What XML 1.0 has no way to write
/// (section 2.2: most control characters) becomes the replacement character.
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\t' => written.push_str("&#9;"),
            '\n' => written.push_str("&#10;"),
            '\r' => written.push_str("&#13;"),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => written.push(char::REPLACEMENT_CHARACTER),
            _ if is_hidden(character) => {
                // Writing to a string does not fail.
                let _ = write!(written, "&#{};", u32::from(character));
            }
            _ => written.push(character),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::findings::{HOSTILE, finding, report};
    use pretty_assertions::assert_eq;
    use roxmltree::{Document, Node};

    /// What the schema of Jenkins, and that of Surefire where it asks for more, allow of an element that is written
    /// here: its attributes, `*` before the required ones, and the elements in it.
    fn rules(element: &str) -> (&'static [&'static str], &'static [&'static str]) {
        match element {
            "testsuites" => (&["name", "time", "tests", "failures", "errors"], &["testsuite"]),
            "testsuite" => (
                &["*name", "*tests", "*failures", "*errors", "*skipped", "time", "timestamp", "hostname", "file"],
                &["properties", "testcase", "system-out", "system-err"],
            ),
            "testcase" => {
                (&["*name", "*classname", "*time", "group"], &["failure", "skipped", "system-out", "system-err"])
            }
            "failure" => (&["*type", "message"], &[]),
            "skipped" => (&["type", "message"], &[]),
            _ => panic!("no rule allows <{element}>"),
        }
    }

    /// Whether an element and all within it keep the rules.
    fn assert_valid(node: Node<'_, '_>) {
        let (attributes, elements) = rules(node.tag_name().name());
        for attribute in node.attributes() {
            let allowed = attributes.iter().any(|one| one.trim_start_matches('*') == attribute.name());
            assert!(allowed, "{} of {node:?}", attribute.name());
            if ["tests", "failures", "errors", "skipped", "time"].contains(&attribute.name()) {
                assert!(attribute.value().parse::<u32>().is_ok(), "{attribute:?}");
            }
        }
        for required in attributes.iter().filter_map(|one| one.strip_prefix('*')) {
            assert!(node.has_attribute(required), "no {required} of {node:?}");
        }
        for child in node.children().filter(Node::is_element) {
            assert!(elements.contains(&child.tag_name().name()), "{child:?} in {node:?}");
            assert_valid(child);
        }
        let counted = |name: &str| node.descendants().filter(|one| one.has_tag_name(name)).count().to_string();
        for (attribute, element) in [("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")] {
            if let Some(count) = node.attribute(attribute) {
                assert_eq!(count, counted(element), "{attribute} of {node:?}");
            }
        }
        // At most one outcome, or the counts could not add up.
        let outcomes = node.children().filter(|one| one.has_tag_name("failure") || one.has_tag_name("skipped")).count();
        assert!(outcomes <= 1, "{node:?}");
    }

    fn assert_document(text: &str) {
        let document = Document::parse(text).unwrap();
        assert!(document.root_element().has_tag_name("testsuites"));
        assert_valid(document.root_element());
    }

    #[test]
    fn each_scenario_is_a_suite_and_each_check_a_case() {
        let text = render(&[report("Copilot", Some("pessimistic"))]);
        assert_eq!(
            text,
            r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bizmodel" tests="3" failures="1" errors="0" time="0">
  <testsuite name="Copilot (pessimistic)" tests="3" failures="1" errors="0" skipped="1" time="0">
    <testcase name="safe" classname="Copilot (pessimistic)" time="0"/>
    <testcase name="profitable" classname="Copilot (pessimistic)" time="0">
      <failure type="check" message="expected more than 0, found -5%">return_rate &gt; 0
expected more than 0, found -5%
a/copilot.toml:12:3</failure>
    </testcase>
    <testcase name="slow" classname="Copilot (pessimistic)" time="0">
      <skipped message="warning: expected at most 12, found none&#10;because it never pays">payback &lt;= 12
expected at most 12, found none&#10;because it never pays</skipped>
    </testcase>
  </testsuite>
</testsuites>
"#
        );
        assert_document(&text);
    }

    #[test]
    fn documents_keep_the_rules_of_the_schemas() {
        let mut empty = report("none", None);
        empty.findings.clear();
        let mut one = report("one", None);
        one.findings.truncate(1);
        let mut warned = report("warned", None);
        warned.findings.remove(1);
        assert_document(&render(&[]));
        assert_document(&render(&[report("a", None), empty, one, warned, report("a", Some("b"))]));
    }

    #[test]
    fn hostile_text_is_read_back_as_text() {
        let readable = |text: &str| {
            text.replace(
                |one| matches!(one, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}'),
                "\u{fffd}",
            )
        };
        for text in HOSTILE {
            let mut hostile = report(text, None);
            hostile.findings = vec![finding(text), Finding { level: Level::Warn, ..finding(text) }];
            let xml = render(&[hostile]);
            assert_document(&xml);
            let document = Document::parse(&xml).unwrap();
            let find = |name| document.descendants().find(|one| one.has_tag_name(name)).unwrap();
            let text = readable(text);
            assert_eq!(find("testsuite").attribute("name"), Some(&*text));
            assert_eq!(find("testcase").attribute("name"), Some(&*text));
            assert_eq!(find("failure").attribute("message"), Some(&*text));
            assert_eq!(find("failure").text(), Some(&*format!("{text}\n{text}\n{text}:1:1")));
            assert_eq!(find("skipped").attribute("message"), Some(&*format!("warning: {text}")));
        }
    }
}
