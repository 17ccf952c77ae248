//! A name that is asked for at a name server (RFC 1035): over UDP, and once more over TCP where the answer was too long for it.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use domain::catalogue::{DnsRecord, Probe, name_server};
use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, RCODE, TYPE, rdata::RData};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpStream, UdpSocket},
};

use crate::reactors::{Network, reasons};

/// Where a machine says whom it asks.
const RESOLVERS: &str = "/etc/resolv.conf";

/// The longest answer that UDP brings without being asked to bring more.
const SHORT: usize = 512;

/// Asks for the name, and whether it is answered as it has to be.
pub(super) async fn ask(network: &Network, probe: &Probe) -> Result<(), String> {
    let server = match probe.server.as_deref() {
        Some(given) => {
            let server = name_server(given).ok_or("the server is no address")?;
            network.check(server.ip(), false).map_err(|refused| refused.to_string())?;
            server
        }
        None => own_server().await?,
    };
    let id = u16::from_be_bytes(random().map_err(|error| error.to_string())?);
    let question = question(id, probe)?;
    let cannot = |error: io::Error| format!("the name server does not answer: {}", reasons(&error));
    let mut answer = over_udp(server, &question).await.map_err(cannot)?;
    let is_cut_off = |answer: &[u8]| simple_dns::header_buffer::has_flags(answer, PacketFlag::TRUNCATION).unwrap_or_default();
    if is_cut_off(&answer) {
        answer = over_tcp(server, &question).await.map_err(cannot)?;
    }
    let values = values(id, probe.record, &answer)?;
    match &probe.text {
        Some(text) if !values.iter().any(|value| same(value, text)) => Err(format!("it is {}", values.join(", "))),
        _ if values.is_empty() => Err("the name has no such record".to_owned()),
        _ => Ok(()),
    }
}

/// Letters of both cases are the same in names, and a full stop at the end says nothing.
fn same(value: &str, expected: &str) -> bool {
    let bare = |text: &str| text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    match (value.parse::<IpAddr>(), expected.parse::<IpAddr>()) {
        (Ok(value), Ok(expected)) => value == expected,
        _ => bare(value) == bare(expected),
    }
}

/// The name server that this machine asks first.
async fn own_server() -> Result<SocketAddr, String> {
    let text = tokio::fs::read_to_string(RESOLVERS).await.unwrap_or_default();
    let mut named = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("nameserver")?.split_whitespace().next());
    named
        .find_map(name_server)
        .ok_or_else(|| format!("this machine asks no name server ({RESOLVERS}); name one as `server`"))
}

fn random() -> Result<[u8; 2], getrandom::Error> {
    let mut bytes = [0; 2];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}

fn kind(record: DnsRecord) -> TYPE {
    match record {
        DnsRecord::A => TYPE::A,
        DnsRecord::Aaaa => TYPE::AAAA,
        DnsRecord::Cname => TYPE::CNAME,
        DnsRecord::Mx => TYPE::MX,
        DnsRecord::Ns => TYPE::NS,
        DnsRecord::Txt => TYPE::TXT,
    }
}

fn question(id: u16, probe: &Probe) -> Result<Vec<u8>, String> {
    let name = Name::new(probe.target.trim_end_matches('.')).map_err(|error| error.to_string())?;
    let mut packet = Packet::new_query(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    packet
        .questions
        .push(Question::new(name, kind(probe.record).into(), CLASS::IN.into(), false));
    packet.build_bytes_vec().map_err(|error| error.to_string())
}

async fn over_udp(server: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let any = if server.is_ipv4() {
        IpAddr::from(Ipv4Addr::UNSPECIFIED)
    } else {
        IpAddr::from(Ipv6Addr::UNSPECIFIED)
    };
    let socket = UdpSocket::bind((any, 0)).await?;
    // From then on nobody else is heard.
    socket.connect(server).await?;
    socket.send(question).await?;
    let mut answer = vec![0; SHORT];
    let length = socket.recv(&mut answer).await?;
    answer.truncate(length);
    Ok(answer)
}

async fn over_tcp(server: SocketAddr, question: &[u8]) -> io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(question.len()).map_err(io::Error::other)?;
    stream.write_all(&[&length.to_be_bytes(), question].concat()).await?;
    let length = stream.read_u16().await?;
    let mut answer = vec![0; length.into()];
    stream.read_exact(&mut answer).await?;
    Ok(answer)
}

/// What a name is answered with.
fn values(id: u16, record: DnsRecord, answer: &[u8]) -> Result<Vec<String>, String> {
    let packet = Packet::parse(answer).map_err(|error| format!("the answer cannot be read: {error}"))?;
    if packet.id() != id || !packet.has_flags(PacketFlag::RESPONSE) {
        return Err("what came is no answer to what was asked".to_owned());
    }
    match packet.rcode() {
        RCODE::NoError => {}
        RCODE::NameError => return Err("there is no such name".to_owned()),
        code => return Err(format!("the name server answered {code:?}")),
    }
    Ok(packet.answers.iter().filter_map(|answer| value(record, &answer.rdata)).collect())
}

fn value(record: DnsRecord, data: &RData<'_>) -> Option<String> {
    match (record, data) {
        (DnsRecord::A, RData::A(found)) => Some(Ipv4Addr::from(found.address).to_string()),
        (DnsRecord::Aaaa, RData::AAAA(found)) => Some(Ipv6Addr::from(found.address).to_string()),
        (DnsRecord::Cname, RData::CNAME(found)) => Some(found.0.to_string()),
        (DnsRecord::Mx, RData::MX(found)) => Some(found.exchange.to_string()),
        (DnsRecord::Ns, RData::NS(found)) => Some(found.0.to_string()),
        (DnsRecord::Txt, RData::TXT(found)) => String::try_from(found.clone()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use simple_dns::{
        ResourceRecord,
        rdata::{A, CNAME, TXT},
    };

    use super::*;

    fn answer(id: u16, records: Vec<RData<'_>>) -> Vec<u8> {
        let mut packet = Packet::new_reply(id);
        let name = || Name::new_unchecked("kfz.example");
        let records = records.into_iter().map(|data| ResourceRecord::new(name(), CLASS::IN, 60, data));
        packet.answers.extend(records);
        packet.build_bytes_vec().unwrap()
    }

    #[test]
    fn what_was_asked_for_is_found_among_the_answers() {
        let alias = || RData::CNAME(CNAME(Name::new_unchecked("Portal.example")));
        let address = || RData::A(A { address: 0xc000_0207 });
        let both = answer(7, vec![alias(), address()]);
        assert_eq!(values(7, DnsRecord::A, &both).unwrap(), ["192.0.2.7"]);
        assert_eq!(values(7, DnsRecord::Cname, &both).unwrap(), ["Portal.example"]);
        assert!(values(7, DnsRecord::Txt, &both).unwrap().is_empty());
        let text = RData::TXT(TXT::new().with_string("v=spf1 -all").unwrap());
        assert_eq!(values(7, DnsRecord::Txt, &answer(7, vec![text])).unwrap(), ["v=spf1 -all"]);
        assert!(same("Portal.example", "portal.EXAMPLE.") && same("2001:db8::7", "2001:DB8:0::7"));
    }

    #[test]
    fn what_is_no_answer_is_none() {
        let other = answer(8, Vec::new());
        assert!(values(7, DnsRecord::A, &other).unwrap_err().contains("no answer to what was asked"));
        let mut none = Packet::new_reply(7);
        *none.rcode_mut() = RCODE::NameError;
        let none = none.build_bytes_vec().unwrap();
        assert_eq!(values(7, DnsRecord::A, &none).unwrap_err(), "there is no such name");
        assert!(values(7, DnsRecord::A, b"HTTP/1.1 400").is_err());
    }
}
