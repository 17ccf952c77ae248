//! Just enough of an HTTP client to measure a server on this machine: one answer, or many over connections kept open.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

const PATIENCE: Duration = Duration::from_secs(10);
/// For commands that take the other side a while, such as starting a browser.
const LONG_PATIENCE: Duration = Duration::from_secs(90);

/// What browsers send.
pub(crate) const COMPRESSED: (&str, &str) = ("Accept-Encoding", "gzip, deflate, br, zstd");

/// An answer as it came over the wire, not decompressed.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The value of a header, by its lower-case name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(other, _)| other == name)
            .map(|(_, value)| value.as_str())
    }
}

/// One request on a connection of its own.
///
/// # Errors
/// When nobody answers, or not in HTTP/1.1 as far as it is understood here.
pub(crate) fn get(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Result<Answer> {
    let mut connection = Connection::open(address)?;
    connection.send(&request(address, path, headers))?;
    connection.receive()
}

/// One request with a JSON body, if there is one, on a connection of its own; the answer's JSON, or what it says when it refuses.
pub(super) fn json(address: SocketAddr, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> Result<Value> {
    let mut connection = Connection::open(address)?;
    connection.reader.get_ref().set_read_timeout(Some(LONG_PATIENCE))?;
    let body = body.map(ToString::to_string).unwrap_or_default();
    let length = body.len().to_string();
    let own = [("Content-Type", "application/json"), ("Content-Length", length.as_str())];
    let mut message = opening(method, address, path, &[&own, headers].concat());
    message.extend_from_slice(body.as_bytes());
    connection.send(&message)?;
    let answer = connection.receive().with_context(|| format!("{method} {path}"))?;
    if !(200..300).contains(&answer.status) {
        bail!(
            "{method} {path} answers {}: {}",
            answer.status,
            String::from_utf8_lossy(&answer.body)
        );
    }
    serde_json::from_slice(&answer.body).with_context(|| format!("{method} {path} answers no JSON"))
}

pub(super) fn request(address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    opening("GET", address, path, headers)
}

fn opening(method: &str, address: SocketAddr, path: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n{headers}\r\n").into_bytes()
}

pub(super) struct Connection {
    reader: BufReader<TcpStream>,
}

impl Connection {
    pub(super) fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect_timeout(&address, PATIENCE).with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            reader: BufReader::new(stream),
        })
    }

    pub(super) fn send(&mut self, request: &[u8]) -> Result<()> {
        self.reader.get_mut().write_all(request).context("cannot send the request")
    }

    pub(super) fn receive(&mut self) -> Result<Answer> {
        let first = self.line()?;
        let status = first
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .with_context(|| format!("no answer in HTTP: {first}"))?;
        let mut headers = Vec::new();
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').with_context(|| format!("no header: {line}"))?;
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let mut answer = Answer {
            status,
            headers,
            body: Vec::new(),
        };
        if let Some(length) = answer.header("content-length") {
            let length: usize = length.parse().context("no length")?;
            answer.body.resize(length, 0);
            self.reader.read_exact(&mut answer.body).context("the answer ends too soon")?;
        } else if answer
            .header("transfer-encoding")
            .is_some_and(|encoding| encoding.contains("chunked"))
        {
            self.chunks(&mut answer.body)?;
        } else if !matches!(status, 204 | 304) {
            bail!("an answer without a length cannot be measured");
        }
        Ok(answer)
    }

    fn chunks(&mut self, body: &mut Vec<u8>) -> Result<()> {
        loop {
            let length = usize::from_str_radix(self.line()?.trim(), 16).context("no length of a chunk")?;
            let start = body.len();
            body.resize(start + length, 0);
            self.reader.read_exact(&mut body[start..]).context("the answer ends too soon")?;
            self.line()?;
            if length == 0 {
                return Ok(());
            }
        }
    }

    fn line(&mut self) -> Result<String> {
        let mut line = String::new();
        if self.reader.read_line(&mut line).context("cannot read the answer")? == 0 {
            bail!("the connection was closed without an answer");
        }
        line.truncate(line.trim_end_matches(['\r', '\n']).len());
        Ok(line)
    }
}

/// Sends `count` requests over `CONNECTIONS` connections, as many at once, and takes the answers; all have to be 200.
pub(super) fn load(address: SocketAddr, request: &[u8], count: usize) -> Result<()> {
    const THREADS: usize = 2;
    const CONNECTIONS: usize = 16;
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..THREADS)
            .map(|_| {
                scope.spawn(|| -> Result<()> {
                    let mut connections: Vec<Connection> = (0..CONNECTIONS).map(|_| Connection::open(address)).collect::<Result<_>>()?;
                    for _ in 0..count / THREADS / CONNECTIONS {
                        for connection in &mut connections {
                            connection.send(request)?;
                        }
                        for connection in &mut connections {
                            let status = connection.receive()?.status;
                            if status != 200 {
                                bail!("{address} answered {status} under load");
                            }
                        }
                    }
                    Ok(())
                })
            })
            .collect();
        workers
            .into_iter()
            .try_for_each(|worker| worker.join().unwrap_or_else(|_| bail!("a thread of the load ended early")))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    /// A server that gives `answer` to each request of one connection after the other.
    fn serve(answer: &'static str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                std::thread::spawn(move || {
                    let mut reader = BufReader::new(stream);
                    let mut line = String::new();
                    while reader.read_line(&mut line).is_ok_and(|read| read > 0) {
                        if line == "\r\n" && reader.get_mut().write_all(answer.as_bytes()).is_err() {
                            return;
                        }
                        line.clear();
                    }
                });
            }
        });
        address
    }

    #[test]
    fn answers_with_a_length_are_read() {
        let address = serve("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\ncontent-length: 3\r\n\r\nabc");
        let answer = get(address, "/", &[("Accept-Encoding", "br")]).expect("answers");
        assert_eq!(
            (answer.status, answer.body.as_slice(), answer.header("content-encoding")),
            (200, b"abc".as_slice(), Some("br"))
        );
        load(address, &request(address, "/", &[]), 320).expect("all answered");
    }

    #[test]
    fn answers_in_chunks_are_read() {
        let address = serve("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
        assert_eq!(get(address, "/", &[]).expect("answers").body, b"abcde");
    }

    #[test]
    fn json_is_sent_and_read() {
        let address = serve("HTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\n{\"value\":1}");
        let answer = json(address, "POST", "/session", &[("X", "y")], Some(&serde_json::json!({"a": 1}))).expect("answers");
        assert_eq!(answer["value"], 1);
        let address = serve("HTTP/1.1 404 Not Found\r\ncontent-length: 7\r\n\r\nno such");
        let refused = json(address, "DELETE", "/session/1", &[], None).expect_err("refused").to_string();
        assert_eq!(refused, "DELETE /session/1 answers 404: no such");
    }

    #[test]
    fn refusals_under_load_are_no_measurement() {
        let address = serve("HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n");
        assert!(
            load(address, &request(address, "/", &[]), 320)
                .expect_err("refused")
                .to_string()
                .contains("503")
        );
    }
}
