//! Commands to a workflow of GitHub: each failed check becomes a remark at its line of the scenario.
//!
//! The format is that of "Workflow commands for GitHub Actions", the escapes those of GitHub's own toolkit. GitHub
//! shows the first ten errors and the first ten warnings of a step.

use crate::report::{Finding, Heading, Level, Report};

use super::escape::visible;

/// One line per failed check, `::error file=…,line=…,col=…,title=…::…`; a check that only warns is a `::warning`.
pub fn render(reports: &[Report]) -> String {
    let findings = reports.iter().flat_map(|report| report.findings.iter().map(|finding| (report.heading(), finding)));
    findings.filter(|(_, finding)| !finding.ok).map(|(scenario, finding)| command(scenario, finding)).collect()
}

/// The command that tells one failed check.
fn command(scenario: &Heading, finding: &Finding) -> String {
    let name = match finding.level {
        Level::Fail => "error",
        Level::Warn => "warning",
    };
    let title = property(&format!("{}: {}", scenario.label(), finding.name));
    let place = finding.place.as_ref().map_or_else(String::new, |place| {
        format!("file={},line={},col={},", property(&place.file), place.line, place.column)
    });
    format!("::{name} {place}title={title}::{}\n", data(&finding.message))
}

/// Text after the last `::`: it ends with its line, and `%` begins an escape. A log has no way to write what does not
/// show, so that this is made visible.
fn data(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(|line| visible(line).replace('%', "%25")).collect();
    lines.join("%0A")
}

/// The value of a property, which a comma or a colon would end.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::findings::{HOSTILE, finding, report};
    use pretty_assertions::assert_eq;

    #[test]
    fn each_failed_check_is_a_line_at_its_place() {
        let reports = [report("Copilot", None), report("Copilot", Some("pessimistic"))];
        assert_eq!(
            render(&reports),
            "::error file=a/copilot.toml,line=12,col=3,title=Copilot%3A profitable::expected more than 0, found -5%25\n\
             ::warning title=Copilot%3A slow::expected at most 12, found none%0Abecause it never pays\n\
             ::error file=a/copilot.toml,line=12,col=3,title=Copilot (pessimistic)%3A profitable::\
             expected more than 0, found -5%25\n\
             ::warning title=Copilot (pessimistic)%3A slow::expected at most 12, found none%0Abecause it never pays\n"
        );
    }

    #[test]
    fn nothing_failed_is_nothing_said() {
        let mut passed = report("Copilot", None);
        passed.findings.retain(|finding| finding.ok);
        assert_eq!(render(&[passed]), "");
        assert_eq!(render(&[]), "");
    }

    #[test]
    fn hostile_text_neither_ends_its_part_nor_its_line() {
        for text in HOSTILE {
            let mut hostile = report(text, Some(text));
            hostile.findings = vec![finding(text)];
            let line = render(&[hostile]);
            let line = line.strip_suffix('\n').unwrap();
            assert!(!line.contains(['\n', '\r']), "{line}");
            // Read as GitHub's runner does: properties up to the next `::`, parted by commas, then the message.
            let (properties, message) = line.strip_prefix("::error ").unwrap().split_once("::").unwrap();
            let properties: Vec<_> = properties.split(',').map(|one| one.split_once('=').unwrap()).collect();
            let read = |text: &str| {
                let text = text.replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",");
                text.replace("%25", "%")
            };
            let text = text.split('\n').map(visible).collect::<Vec<_>>().join("\n");
            assert_eq!(properties.iter().map(|one| one.0).collect::<Vec<_>>(), ["file", "line", "col", "title"]);
            assert_eq!(read(properties[0].1), text);
            assert_eq!(read(properties[3].1), format!("{text} ({text}): {text}"));
            assert_eq!(read(message), text);
        }
    }
}
