//! How many connections there may be: as many as the machine has descriptors for, less a reserve, and from one address no more than a share.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors that stay free for the database, files and the machinery.
const RESERVE: u64 = 40;

/// The fewest connections that are taken, however few descriptors there are.
const FEWEST: u64 = 8;

/// The most connections: each takes memory.
const MOST: u64 = 65_536;

/// What one address may have in any case: a large office, a school or a mobile network stands behind one address.
const ALWAYS_FROM_ONE: usize = 256;

/// How many connections there may be.
#[derive(Clone, Debug)]
pub struct Limits {
    total: usize,
    of_network: usize,
    trusted: Vec<IpNet>,
}

/// Who counts as one: an IPv4 address, or the 64 bits of an IPv6 address behind which one household or host chooses the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Network(IpAddr);

impl Network {
    pub(super) fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() >> 64 << 64)),
            address @ IpAddr::V4(_) => address,
        })
    }
}

impl Limits {
    /// Raises the process's own limit of descriptors as far as it may, and derives the number of connections from it. From `trusted`
    /// networks, where proxies stand that speak for many, any share of them may come.
    pub fn of_process(trusted: Vec<IpNet>) -> Self {
        let limit = getrlimit(Resource::Nofile);
        let highest = Rlimit {
            current: limit.maximum,
            maximum: limit.maximum,
        };
        let raised = if setrlimit(Resource::Nofile, highest).is_ok() {
            highest
        } else {
            limit
        };
        let total = raised.current.unwrap_or(u64::MAX).saturating_sub(RESERVE).clamp(FEWEST, MOST);
        let total = usize::try_from(total).unwrap_or(usize::MAX);
        Self::new(total, (total / 4 * 3).max(ALWAYS_FROM_ONE), trusted)
    }

    pub(super) const fn new(total: usize, of_network: usize, trusted: Vec<IpNet>) -> Self {
        Self {
            total,
            of_network,
            trusted,
        }
    }

    /// How many connections there may be in all.
    pub const fn total(&self) -> usize {
        self.total
    }

    /// How many may come from where this address is.
    pub(super) fn of_network(&self, address: IpAddr) -> usize {
        let address = address.to_canonical();
        if self.trusted.iter().any(|trusted| trusted.contains(&address)) {
            usize::MAX
        } else {
            self.of_network
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_shares_a_network_counts_as_one() {
        let network = |address: &str| Network::of(address.parse().unwrap());
        for (one, other, same) in [
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
            ("::ffff:192.0.2.1", "192.0.2.1", true),
            ("2001:db8::1", "2001:db8::ffff:1", true),
            ("2001:db8::1", "2001:db8:0:1::1", false),
        ] {
            assert_eq!(network(one) == network(other), same, "{one} and {other}");
        }
    }

    #[test]
    fn a_trusted_proxy_speaks_for_many() {
        let limits = Limits::new(1_000, 10, vec!["192.0.2.0/24".parse().unwrap(), "2001:db8::/32".parse().unwrap()]);
        for (address, trusted) in [
            ("192.0.2.77", true),
            ("::ffff:192.0.2.77", true),
            ("192.0.3.1", false),
            ("2001:db8::1", true),
            ("2001:db9::1", false),
        ] {
            assert_eq!(limits.of_network(address.parse().unwrap()) > 10, trusted, "{address}");
        }
    }
}
