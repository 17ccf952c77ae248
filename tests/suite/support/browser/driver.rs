//! The programs behind a browser: the driver, which starts it, and a display for it to draw on. Killed when dropped, with all that they
//! have started, also when a test fails.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;

use super::{Engine, PATIENCE};

/// A process and all that it starts: a group of the system, which is ended as a whole.
struct Group {
    child: Child,
}

impl Group {
    fn start(command: &mut Command, package: &str) -> Self {
        let child = command.process_group(0).spawn().unwrap_or_else(|error| {
            panic!(
                "{} does not start ({error}); `cargo xtask setup` installs it ({package})",
                command.get_program().display()
            )
        });
        Self { child }
    }

    /// Whether a process of the group still runs; one that has ended and that nobody asked about does not.
    fn runs(&self) -> bool {
        let group = self.child.id().to_string();
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        processes
            .filter_map(|process| std::fs::read_to_string(process.path().join("stat")).ok())
            .any(|stat| {
                // `pid (name) state parent group …`, where the name may hold anything.
                let mut fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
                let state = fields.next();
                !matches!(state, Some("Z" | "X")) && fields.nth(1) == Some(&group)
            })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Before the child is waited for, so that the number of the group cannot mean another one. A shell has `kill` in itself.
        let all = format!("kill -s KILL -- -{}", self.child.id());
        let _ = Command::new("sh").args(["-c", &all]).stderr(Stdio::null()).status();
        // The profile is removed next, and nobody may write there any more.
        for _ in 0..1000 {
            if !self.runs() {
                break;
            }
            std::thread::park_timeout(Duration::from_millis(5));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A screen in memory.
struct Display {
    _server: Group,
    number: String,
}

impl Display {
    fn start() -> Self {
        let program = std::env::var_os("XVFB").unwrap_or_else(|| "Xvfb".into());
        let mut command = Command::new(program);
        // It looks for a free number by itself, and says which. Higher than any page's picture.
        command.args(["-displayfd", "1", "-screen", "0", "2000x4000x24", "-nolisten", "tcp"]);
        let mut server = Group::start(command.stdout(Stdio::piped()).stderr(Stdio::null()), "Debian's xvfb");
        let mut number = String::new();
        BufReader::new(server.child.stdout.take().unwrap()).read_line(&mut number).unwrap();
        assert!(!number.trim().is_empty(), "the display did not start");
        Self {
            _server: server,
            number: format!(":{}", number.trim()),
        }
    }
}

/// A driver on a free port, with its browser and its profile. The fields are dropped in this order.
pub(super) struct Driver {
    group: Group,
    engine: Engine,
    port: u16,
    _display: Option<Display>,
    profile: TempDir,
}

impl Driver {
    /// Its clock shows the time of this zone.
    pub(super) async fn start(engine: Engine, zone: &str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let display = engine.needs_a_display().then(Display::start);
        let package = match engine {
            Engine::Chromium => "Debian's chromium-driver; or set CHROMEDRIVER",
            Engine::Firefox => "geckodriver of the Rust registry; or set GECKODRIVER",
            Engine::WebKit => "Debian's webkit2gtk-driver; or set WEBKITDRIVER",
        };
        let mut attempts = 1..=5;
        let (group, mut out, port) = loop {
            let mut command = engine.driver(profile.path());
            command.env("TZ", zone);
            if let Some(display) = &display {
                command.env("DISPLAY", &display.number);
            }
            let mut group = Group::start(command.stdout(Stdio::piped()).stderr(Stdio::null()), package);
            let mut out = BufReader::new(group.child.stdout.take().unwrap());
            let port = match engine {
                Engine::Chromium => told(&mut out, "started successfully on port "),
                Engine::Firefox => told(&mut out, "Listening on 127.0.0.1:"),
                // It does not say.
                Engine::WebKit => Ok(listening(group.child.id()).await),
            };
            match port {
                Ok(port) => break (group, out, port),
                // Chromium's driver takes a free port of IPv6 and gives up when somebody has the same one of IPv4.
                Err(said) if said.contains("port not available") && attempts.next().is_some() => {}
                Err(said) => panic!("the driver did not start: {said}"),
            }
        };
        std::thread::spawn(move || out.read_to_end(&mut Vec::new()));
        Self {
            group,
            engine,
            port,
            _display: display,
            profile,
        }
    }

    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(super) fn profile(&self) -> &std::path::Path {
        self.profile.path()
    }

    /// Asks it to end its sessions, and with them their browsers; it answers when they are gone.
    fn shut_down(&self) -> std::io::Result<()> {
        let mut connection = TcpStream::connect(("127.0.0.1", self.port))?;
        connection.set_read_timeout(Some(PATIENCE))?;
        connection.write_all(b"GET /shutdown HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        connection.read_to_end(&mut Vec::new()).map(drop)
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Chromium puts some of its processes into groups of their own, so it has to be asked. The others are faster without.
        if self.engine == Engine::Chromium && self.group.runs() {
            // A driver that has crashed has nothing left to end.
            let _ = self.shut_down();
        }
    }
}

/// The port that a driver tells after these words; what it said instead when it ended without.
fn told(out: &mut impl BufRead, words: &str) -> Result<u16, String> {
    let mut said = String::new();
    loop {
        if out.read_line(&mut said).unwrap() == 0 {
            return Err(said);
        }
        if let Some(rest) = said.split(words).nth(1)
            && let Some(port) = rest.split(|c: char| !c.is_ascii_digit()).next()
        {
            return Ok(port.parse().unwrap());
        }
    }
}

/// The port on which a process listens, once it does: as the system knows it.
async fn listening(process: u32) -> u16 {
    let look = async {
        let mut moments = tokio::time::interval(Duration::from_millis(10));
        loop {
            moments.tick().await;
            if let Some(port) = port_of(process) {
                return port;
            }
        }
    };
    tokio::time::timeout(PATIENCE, look).await.expect("the driver did not listen")
}

fn port_of(process: u32) -> Option<u16> {
    let open = std::fs::read_dir(format!("/proc/{process}/fd")).ok()?.flatten();
    let sockets: Vec<String> = open
        .filter_map(|file| {
            let target = std::fs::read_link(file.path()).ok()?;
            let inode = target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?;
            Some(inode.to_owned())
        })
        .collect();
    let table = std::fs::read_to_string(format!("/proc/{process}/net/tcp")).ok()?;
    table.lines().find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let (local, state, inode) = (fields.get(1)?, fields.get(3)?, fields.get(9)?);
        // The state of a socket that listens is 0A.
        let ours = *state == "0A" && sockets.iter().any(|socket| socket == inode);
        let port = ours.then(|| local.rsplit(':').next()).flatten()?;
        u16::from_str_radix(port, 16).ok()
    })
}
