//! Where what leaves the server may go. Whoever may name a receiver of messages must not reach through this server what only this server reaches: its own
//! machine, the network that it stands in, the services of a data centre.

use std::{
    future::Future,
    io,
    net::{IpAddr, Ipv6Addr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use hyper::Uri;
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use tokio::{net::TcpStream, time::timeout};
use tower::Service;

/// For how long one address is tried.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is not the open internet, by the registries of special addresses (RFC 6890 and what followed it). The forms of version 6 that carry
/// an address of version 4 are looked at by that one.
const CLOSED: [&str; 26] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.31.196.0/24",
    "192.52.193.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "192.175.48.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001:db8::/32",
    "3fff::/20",
    "fc00::/7",
    "fe80::/9",
];

/// Version 6 has no addresses of the open internet beyond these.
const OPEN: &str = "2000::/3";

/// Which addresses may be reached.
#[derive(Clone, Debug)]
pub(crate) struct Network {
    closed: Vec<IpNet>,
    open: Option<IpNet>,
    /// Those that may be reached all the same, also without TLS.
    allowed: Vec<IpNet>,
    /// Whether everything that may be reached may be so without TLS.
    plain: bool,
}

/// Why nothing is sent somewhere. It does not say where a name leads: whoever names receivers need not know the names of this network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error(
        "it is not on the open internet; a server reaches it only with --webhook-allow, looks at a portal there with --portal-allow, reads a status page \
         with --source-allow, and probes with --probe-allow"
    )]
    Closed,
    #[error("it is reached over https only; without it, only with --webhook-allow")]
    Plain,
}

impl Network {
    /// The open internet, over TLS; and these networks.
    pub(crate) fn with(allowed: Vec<IpNet>) -> Self {
        let net = |text: &&str| text.parse().ok();
        Self {
            closed: CLOSED.iter().filter_map(net).collect(),
            open: OPEN.parse().ok(),
            allowed,
            plain: false,
        }
    }

    /// The same for what anybody may read, and nothing is told to: also without TLS.
    pub(crate) fn to_read(allowed: Vec<IpNet>) -> Self {
        Self {
            plain: true,
            ..Self::with(allowed)
        }
    }

    /// Everywhere, also without TLS: for what an operator names.
    pub(crate) fn anywhere() -> Self {
        let all = ["0.0.0.0/0", "::/0"].iter().filter_map(|net| net.parse().ok());
        Self::with(all.collect())
    }

    /// Whether there are addresses that may be reached without TLS.
    pub(crate) fn has_exceptions(&self) -> bool {
        !self.allowed.is_empty()
    }

    /// Whether something may be sent there.
    ///
    /// # Errors
    /// [`Refused`], when not.
    pub(crate) fn check(&self, address: IpAddr, is_tls: bool) -> Result<(), Refused> {
        let address = plain(address);
        if self.allowed.iter().any(|net| net.contains(&address)) {
            return Ok(());
        }
        let is_open = address.is_ipv4() || self.open.is_some_and(|open| open.contains(&address));
        if !is_open || self.closed.iter().any(|net| net.contains(&address)) {
            return Err(Refused::Closed);
        }
        if is_tls || self.plain { Ok(()) } else { Err(Refused::Plain) }
    }
}

/// The address of version 4 that one of version 6 stands for: mapped, translated by a gateway (RFC 6052), or tunnelled (RFC 3056).
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(six) = address else { return address };
    let [a, b, c, d, e, f, g, h] = six.segments();
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        IpAddr::from([a, b, c, d])
    };
    match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => four(g, h),
        // Nothing is sent to its end by the open internet if that is a closed one.
        [0x2002, ..] => four(b, c),
        _ => IpAddr::V6(Ipv6Addr::from([a, b, c, d, e, f, g, h])),
    }
}

/// Finds the addresses of a host.
type Resolve = fn(String, u16) -> Pin<Box<dyn Future<Output = io::Result<Vec<SocketAddr>>> + Send>>;

/// Connects to what may be reached. It connects to the very addresses that it has looked at: a name that says something else when it is asked
/// again gains nothing.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    network: Network,
    resolve: Resolve,
}

impl Door {
    pub(crate) fn new(network: Network) -> Self {
        Self {
            network,
            resolve: |host, port| Box::pin(async move { Ok(tokio::net::lookup_host((host, port)).await?.collect()) }),
        }
    }

    async fn connect(self, uri: Uri) -> io::Result<TokioIo<TcpStream>> {
        let is_tls = uri.scheme_str() == Some("https");
        let host = uri.host().unwrap_or_default();
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
        self.reach(host, port, is_tls, None).await.map(TokioIo::new)
    }

    /// Connects to a host, by whichever of its addresses answers first of those that may be reached; `within`: for how long all of them are tried
    /// together.
    ///
    /// # Errors
    /// [`Refused`] within, where none may be; or why none answers.
    pub(crate) async fn reach(&self, host: String, port: u16, is_tls: bool, within: Option<Duration>) -> io::Result<TcpStream> {
        let addresses = (self.resolve)(host, port).await?;
        let share = u32::try_from(addresses.len().max(1)).unwrap_or(u32::MAX);
        let patience = within.map_or(PATIENCE, |within| within / share);
        let mut failure = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in addresses {
            if let Err(refused) = self.network.check(address.ip(), is_tls) {
                tracing::warn!(%address, %refused, "nothing is sent there");
                failure = io::Error::new(io::ErrorKind::PermissionDenied, refused);
                continue;
            }
            match timeout(patience, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => failure = error,
                Err(late) => failure = io::Error::new(io::ErrorKind::TimedOut, late),
            }
        }
        Err(failure)
    }
}

impl Service<Uri> for Door {
    type Response = TokioIo<TcpStream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<TokioIo<TcpStream>>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;

    #[test]
    fn what_is_not_the_open_internet_is_refused_however_it_is_written() {
        let network = Network::with(Vec::new());
        for address in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.5",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "4000::1",
            "100::1",
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert!(matches!(network.check(address, true), Err(Refused::Closed)), "{address}");
        }
        for address in [
            "9.9.9.9",
            "172.32.0.1",
            "192.169.0.1",
            "2620:fe::fe",
            "::ffff:9.9.9.9",
            "2002:909:909::1",
            "64:ff9b::909:909",
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(network.check(address, true), Ok(()), "{address}");
            assert!(
                matches!(network.check(address, false), Err(Refused::Plain)),
                "{address} without TLS"
            );
        }
        assert_eq!(network.closed.len(), CLOSED.len());
    }

    #[test]
    fn what_is_allowed_is_reached_and_nothing_beside_it() {
        let network = Network::with(vec!["10.1.0.0/16".parse().unwrap(), "fd00::/8".parse().unwrap()]);
        for (address, expected) in [
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("fd12::1", true),
            ("10.2.0.1", false),
            ("fc00::1", false),
            ("127.0.0.1", false),
        ] {
            let address: IpAddr = address.parse().unwrap();
            assert_eq!(network.check(address, false).is_ok(), expected, "{address}");
        }
    }

    #[tokio::test]
    async fn a_name_is_judged_by_the_very_answer_that_is_used() {
        static ASKED: AtomicUsize = AtomicUsize::new(0);
        // A name that answers harmlessly once, and with this machine ever after.
        let resolve: Resolve = |_, port| {
            Box::pin(async move {
                let first = ASKED.fetch_add(1, SeqCst) == 0;
                let ip: IpAddr = if first { [192, 0, 2, 1] } else { [127, 0, 0, 1] }.into();
                Ok(vec![SocketAddr::new(ip, port)])
            })
        };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        let uri: Uri = format!("https://receiver.example:{port}/").parse().unwrap();
        for asked in [1, 2] {
            let door = Door {
                network: Network::with(Vec::new()),
                resolve,
            };
            let error = door.connect(uri.clone()).await.unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
            assert_eq!(
                error.to_string(),
                Refused::Closed.to_string(),
                "it does not tell where the name leads"
            );
            assert_eq!(ASKED.load(SeqCst), asked, "it was asked once for each connection");
        }
        assert!(listener.accept().is_err(), "nobody came");
        // And where it may be reached, it is.
        let door = Door {
            network: Network::with(vec!["127.0.0.0/8".parse().unwrap()]),
            resolve,
        };
        door.connect(uri).await.unwrap();
        assert!(listener.accept().is_ok());
    }
}
