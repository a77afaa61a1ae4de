//! The figures that a node serves to Prometheus.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How long a node may take to answer.
const SECONDS_MAX: u64 = 30;

/// The figures of one moment, as the node's text has them.
pub struct Figures(String);

impl Figures {
    /// What the node serves on this port of 127.0.0.1 now. Panics if it does not.
    pub fn read(port: u16) -> Self {
        let text = ask(port).unwrap_or_else(|error| panic!("no figures on port {port}: {error}"));
        assert!(
            text.starts_with("HTTP/1.0 200") || text.starts_with("HTTP/1.1 200"),
            "{text}"
        );
        Self(text)
    }

    /// The figure of this name and with this label (`key="value"`; empty for any); `None` while the node has none.
    pub fn get(&self, name: &str, label: &str) -> Option<u64> {
        let of_name = |line: &&str| {
            let rest = line.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with(['{', ' ']) && rest.contains(label))
        };
        let line = self.0.lines().find(of_name)?;
        line.rsplit(' ').next()?.parse().ok()
    }
}

/// By HTTP/1.0, in which an answer comes in one piece and ends with the connection.
fn ask(port: u16) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(SECONDS_MAX)))?;
    stream.write_all(b"GET /metrics HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_found_by_its_whole_name_and_its_label() {
        let figures = Figures(
            "# TYPE qc_x counter\nqc_x_more{chain=\"a\"} 9\nqc_x{chain=\"a\",reason=\"one\"} 1\nqc_x{chain=\"a\",reason=\"two\"} 2\nqc_y 3"
                .into(),
        );
        assert_eq!(figures.get("qc_x", ""), Some(1));
        assert_eq!(figures.get("qc_x", "reason=\"two\""), Some(2));
        assert_eq!(figures.get("qc_y", ""), Some(3));
        assert_eq!(figures.get("qc_x", "reason=\"three\""), None);
        assert_eq!(figures.get("qc", ""), None);
    }
}
