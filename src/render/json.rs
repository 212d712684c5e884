//! JSON: one object per report, pretty-printed, one after another.

use std::io::{self, Write};

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::ser::{CharEscape, Formatter, PrettyFormatter};

use crate::error::{Error, Problem};
use crate::report::{Report, SCHEMA};

use super::{Options, escape, number};

/// The reports as JSON. Numbers have 15 significant digits, whole ones no decimal point; hidden characters
/// are escaped, so that the text is safe on a terminal.
pub fn render(reports: &[Report], _: &Options) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    for report in reports {
        let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Plain(PrettyFormatter::new()));
        Document(report)
            .serialize(&mut serializer)
            .map_err(|error| Problem::nowhere(format!("the report cannot be written as JSON: {error}")))?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

/// A report in the order of its keys: the head, the data, what has no value, remarks.
struct Document<'a>(&'a Report);

impl Serialize for Document<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(report) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("report", report.kind)?;
        map.serialize_entry("schema", &SCHEMA)?;
        map.serialize_entry("scenario", &report.scenario)?;
        for (key, value) in &report.data {
            map.serialize_entry(key, value)?;
        }
        map.serialize_entry("undefined", &Pairs(&report.undefined))?;
        map.serialize_entry("notes", &report.notes)?;
        map.end()
    }
}

/// Pairs as an object.
struct Pairs<'a>(&'a [(String, String)]);

impl Serialize for Pairs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, reason)| (name, reason)))
    }
}

/// The usual indented form, with our numbers and escapes.
struct Plain<'a>(PrettyFormatter<'a>);

impl Formatter for Plain<'_> {
    fn write_f64<W: ?Sized + Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        writer.write_all(number::plain(value).as_bytes())
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        writer.write_all(escape::json(fragment).as_bytes())
    }

    fn write_char_escape<W: ?Sized + Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        self.0.write_char_escape(writer, escape)
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use crate::render::tests::{HOSTILE, report, small, text};
    use crate::render::{Format, Options};
    use pretty_assertions::assert_eq;
    use serde_json::{Value, json};

    #[test]
    fn a_report_is_one_object_in_the_order_of_its_keys() {
        let expected = r#"{
  "report": "eval",
  "schema": 1,
  "scenario": {
    "name": "Smart\n客服",
    "currency": "CNY",
    "case": null
  },
  "profit": -2900000.5,
  "revenue": 100000,
  "irr": null,
  "sum": 0.3,
  "seed": 18446744073709551615,
  "lines": {
    "=训练|*x*": 2000000
  },
  "series": [
    1,
    1e21,
    4e-6
  ],
  "undefined": {
    "irr": "it never pays"
  },
  "notes": [
    "every range stands for its mean, which is what one number can say of it"
  ]
}
"#;
        assert_eq!(text(&[report()], Format::Json, &Options::default()), expected);
    }

    #[test]
    fn hidden_characters_are_escaped() {
        let mut report = small("\u{9b}\u{202e}\u{7f}\u{1b}", &[]);
        report.notes.push("👩‍💻 \"".to_owned());
        let shown = text(&[report], Format::Json, &Options::default());
        assert!(shown.contains(r#""name": "\u009b\u202e\u007f\u001b""#), "{shown}");
        assert!(shown.contains(r#""👩‍💻 \"""#), "{shown}");
    }

    #[test]
    fn names_come_back_as_they_were() {
        for name in HOSTILE {
            let mut report = small(name, &[]);
            report.data.insert("names".to_owned(), json!({ name: name }));
            let shown = text(&[report], Format::Json, &Options::default());
            let read: Value = serde_json::from_str(&shown).unwrap();
            assert_eq!(read["scenario"]["name"], json!(name));
            assert_eq!(read["names"][name], json!(name));
        }
    }

    #[test]
    fn several_reports_follow_each_other() {
        let both = text(&[report(), small("b", &[])], Format::Json, &Options::default());
        let each = [report(), small("b", &[])].map(|report| text(&[report], Format::Json, &Options::default()));
        assert_eq!(both, each.concat());
        assert!(both.contains("\n}\n{\n"));
    }
}
