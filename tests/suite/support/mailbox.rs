//! A mail server that others have written (aiosmtpd), and what it is given, read by Python's library for mails.

use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, ChildStdin, Stdio},
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use server::reactors::Relay;
use tokio::{sync::watch, time::timeout};

use super::{foreign::python, listener::PATIENCE};

/// Who writes.
pub(crate) const SENDER: &str = "meldungen@musterstadt.example";

/// A running mail server; it ends when it is dropped.
pub(crate) struct Mailbox {
    child: Child,
    input: Mutex<ChildStdin>,
    port: u16,
    said: watch::Receiver<Arc<Vec<Value>>>,
}

/// A mail that has come.
#[derive(Clone, Debug)]
pub(crate) struct Mail(pub(crate) Value);

impl Mail {
    /// What stands in a header, unfolded and decoded; nothing where it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut headers = self.0["headers"].as_array().unwrap().iter();
        headers
            .find(|header| header[0] == name)
            .map_or("", |header| header[1].as_str().unwrap())
    }

    pub(crate) fn subject(&self) -> &str {
        self.header("subject")
    }

    pub(crate) fn plain(&self) -> &str {
        self.0["plain"].as_str().unwrap()
    }

    pub(crate) fn html(&self) -> &str {
        self.0["html"].as_str().unwrap()
    }

    /// Where its links to somebody's own page lead.
    pub(crate) fn own_page(&self) -> String {
        let text = self.plain();
        let start = text.find("/s/").unwrap_or_else(|| panic!("no link in {text}"));
        let end = text[start..].find([')', ' ', '\n']).unwrap_or(text.len() - start);
        text[start..start + end].to_owned()
    }
}

impl Mailbox {
    pub(crate) async fn start() -> Self {
        Self::run(&[]).await
    }

    /// One that takes nothing but over TLS, with this certificate, and only from whoever has a password.
    pub(crate) async fn with_tls(certificate: &Path, key: &Path) -> Self {
        Self::run(&[certificate, key]).await
    }

    async fn run(arguments: &[&Path]) -> Self {
        let mut child = python("mailbox.py")
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let input = Mutex::new(child.stdin.take().unwrap());
        let output = BufReader::new(child.stdout.take().unwrap());
        let (saying, said) = watch::channel(Arc::<Vec<Value>>::default());
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                let line = serde_json::from_str(&line).unwrap();
                saying.send_modify(|said| Arc::make_mut(said).push(line));
            }
        });
        let mut mailbox = Self {
            child,
            input,
            port: 0,
            said,
        };
        let first = mailbox.until(|said| said.first().map(|line| line["port"].as_u64().unwrap())).await;
        mailbox.port = u16::try_from(first).unwrap();
        mailbox
    }

    pub(crate) fn address(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn relay(&self) -> Relay {
        Relay::at(&self.address(), SENDER).unwrap()
    }

    /// From now on people are treated so.
    pub(crate) async fn plan(&self, plan: &Value) {
        let count = |said: &[Value]| said.iter().filter(|line| line["planned"].is_object()).count();
        let before = count(&self.said.borrow());
        writeln!(self.input.lock().unwrap(), "{plan}").unwrap();
        self.until(|said| (count(said) > before).then_some(())).await;
    }

    pub(crate) async fn as_usual(&self) {
        self.plan(&json!({})).await;
    }

    /// What it has said, once that is enough.
    pub(crate) async fn until<T>(&self, enough: impl Fn(&[Value]) -> Option<T>) -> T {
        let mut said = self.said.clone();
        let waiting = async {
            loop {
                if let Some(found) = enough(&said.borrow_and_update()) {
                    return found;
                }
                said.changed().await.unwrap();
            }
        };
        match timeout(PATIENCE, waiting).await {
            Ok(found) => found,
            Err(_) => panic!("waited in vain; so far: {:?}", summaries(&self.said.borrow())),
        }
    }

    /// All mails so far.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        mails(&self.said.borrow())
    }

    /// All mails, once there are so many.
    pub(crate) async fn at_least(&self, count: usize) -> Vec<Mail> {
        self.until(|said| Some(mails(said)).filter(|mails| mails.len() >= count)).await
    }

    /// How often somebody was refused or kept waiting.
    pub(crate) async fn until_refused(&self, count: usize) {
        let is_refusal = |line: &&Value| line["refused"].is_string() || line["hangs"].is_string();
        self.until(|said| (said.iter().filter(is_refusal).count() >= count).then_some(()))
            .await;
    }
}

fn mails(said: &[Value]) -> Vec<Mail> {
    said.iter().filter(|line| line["headers"].is_array()).cloned().map(Mail).collect()
}

fn summaries(said: &[Value]) -> Vec<String> {
    said.iter()
        .map(|line| match line["headers"].is_array() {
            true => format!("{}: {}", line["to"], Mail(line.clone()).subject()),
            false => line.to_string(),
        })
        .collect()
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
