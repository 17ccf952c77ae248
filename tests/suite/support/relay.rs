//! A line between a browser and a server that can lose answers: what is sent arrives, what comes back does not.

use std::sync::Arc;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// What the line does with answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    Whole,
    /// The next answer to whoever creates or changes a notice is lost with its connection, and from then on nothing is connected.
    LosesTheNextAnswer,
    Cut,
}

/// See the module.
pub(crate) struct Relay {
    /// What a browser opens instead of the server.
    pub(crate) base: String,
    line: Arc<watch::Sender<Line>>,
    /// Where it leads, as `HOST:PORT`.
    target: Arc<watch::Sender<String>>,
    running: JoinHandle<()>,
}

impl Relay {
    /// To a server at `http://HOST:PORT`.
    pub(crate) async fn to(server: &str) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), server)
    }

    /// The same from where somebody listens already.
    pub(crate) fn on(listener: TcpListener, server: &str) -> Self {
        let target = Arc::new(watch::Sender::new(place(server)));
        let base = format!("http://{}", listener.local_addr().unwrap());
        let line = Arc::new(watch::Sender::new(Line::Whole));
        let (state, leads_to) = (line.clone(), target.clone());
        let running = tokio::spawn(async move {
            while let Ok((browser, _)) = listener.accept().await {
                let (target, state) = (leads_to.borrow().clone(), state.clone());
                tokio::spawn(async move {
                    let _ = carry(browser, &target, &state).await;
                });
            }
        });
        Self {
            base,
            line,
            target,
            running,
        }
    }

    /// From now on to another server, as where one has been started again.
    pub(crate) fn lead_to(&self, server: &str) {
        self.target.send_replace(place(server));
    }

    pub(crate) fn set(&self, line: Line) {
        self.line.send_replace(line);
    }

    /// Waits until the line is like this.
    pub(crate) async fn until(&self, line: Line) {
        self.line.subscribe().wait_for(|now| *now == line).await.unwrap();
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// `http://HOST:PORT` without what stands before the host.
fn place(server: &str) -> String {
    server.trim_start_matches("http://").to_owned()
}

async fn until_cut(line: &mut watch::Receiver<Line>) {
    // Whoever set it is gone with the test.
    let _ = line.wait_for(|now| *now == Line::Cut).await.is_ok();
}

async fn carry(mut browser: TcpStream, target: &str, line: &watch::Sender<Line>) -> std::io::Result<()> {
    if *line.borrow() == Line::Cut {
        return Ok(());
    }
    let mut server = TcpStream::connect(target).await?;
    let (mut from_browser, mut to_browser) = browser.split();
    let (mut from_server, mut to_server) = server.split();
    let mut cut = line.subscribe();
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    let mut posts = false;
    loop {
        tokio::select! {
            () = until_cut(&mut cut) => return Ok(()),
            read = from_browser.read(&mut asked) => {
                let length = read?;
                if length == 0 { return Ok(()); }
                // A request begins a packet: browsers do not send a second one before the answer to the first.
                if asked[..length].starts_with(b"POST /api/v1/notices") { posts = true; }
                else if asked[..length].starts_with(b"GET ") || asked[..length].starts_with(b"POST ") { posts = false; }
                to_server.write_all(&asked[..length]).await?;
            }
            read = from_server.read(&mut answered) => {
                let length = read?;
                if length == 0 { return Ok(()); }
                if posts && *line.borrow() == Line::LosesTheNextAnswer {
                    line.send_replace(Line::Cut);
                    return Ok(());
                }
                to_browser.write_all(&answered[..length]).await?;
            }
        }
    }
}
