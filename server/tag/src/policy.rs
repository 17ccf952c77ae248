//! What a page's policy (Content Security Policy, level 3) refuses of what a tag needs. Where a policy can allow something in a way that is not seen
//! from outside, such as by the hash of a script, it is taken to allow it: who is warned of nothing is better off than who is warned for nothing.

use url::Url;

use crate::Tag;

/// What a policy refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The loader.
    Script,
    /// The state, from this address.
    Connection(String),
    /// The widget; the short notice stays.
    WebAssembly,
}

/// What the policies of a page at this address refuse; each of them has to allow everything. A header may hold several.
pub fn refused(policies: &[String], page: &Url, tag: &Tag) -> Vec<Refused> {
    let mut refused = Vec::new();
    for policy in policies.iter().flat_map(|header| header.split(',')) {
        let script = directive(policy, &["script-src-elem", "script-src", "default-src"]);
        if script.is_some_and(|sources| !allows_script(&sources, page, tag)) {
            refused.push(Refused::Script);
        }
        let code = directive(policy, &["script-src", "default-src"]);
        let is_wasm = |source: &&str| {
            ["'wasm-unsafe-eval'", "'unsafe-eval'"]
                .iter()
                .any(|word| source.eq_ignore_ascii_case(word))
        };
        if code.is_some_and(|sources| !sources.iter().any(is_wasm)) {
            refused.push(Refused::WebAssembly);
        }
        if let Some(sources) = directive(policy, &["connect-src", "default-src"]) {
            let servers = std::iter::once(&tag.server).chain(&tag.mirrors);
            // What it answers lies somewhere below its address.
            let closed = servers.filter(|server| Url::parse(server).is_ok_and(|url| !allows(&sources, page, &url, Path::Any)));
            refused.extend(closed.map(|server| Refused::Connection(server.clone())));
        }
    }
    let mut told = Vec::new();
    for one in refused {
        if !told.contains(&one) {
            told.push(one);
        }
    }
    told
}

/// Whether the path of an address counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Path {
    Its,
    Any,
}

/// What stands behind the first of these directives that there is.
fn directive<'a>(policy: &'a str, names: &[&str]) -> Option<Vec<&'a str>> {
    let all = || policy.split(';').map(str::split_ascii_whitespace);
    names.iter().find_map(|wanted| {
        all().find_map(|mut words| {
            words
                .next()
                .filter(|name| name.eq_ignore_ascii_case(wanted))
                .map(|_| words.collect())
        })
    })
}

fn allows_script(sources: &[&str], page: &Url, tag: &Tag) -> bool {
    let has = |start: &str| sources.iter().any(|source| source.to_ascii_lowercase().starts_with(start));
    let by_nonce = has("'nonce-") && tag.has_nonce;
    // A pinned one may be known by its hash, which is the same.
    let by_hash = has("'sha") && tag.integrity.is_some();
    if by_nonce || by_hash {
        return true;
    }
    // With it what an address allows counts for nothing.
    !has("'strict-dynamic'") && allows(sources, page, &tag.loader, Path::Its)
}

fn allows(sources: &[&str], page: &Url, url: &Url, counts: Path) -> bool {
    sources.iter().any(|source| matches(source, page, url, counts))
}

/// Whether a source allows an address.
fn matches(source: &str, page: &Url, url: &Url, counts: Path) -> bool {
    let source = source.to_ascii_lowercase();
    // What is asked for over TLS is allowed by what is without it.
    let fits = |scheme: &str| scheme == url.scheme() || (scheme == "http" && url.scheme() == "https");
    match source.as_str() {
        "*" => return matches!(url.scheme(), "http" | "https") || url.scheme() == page.scheme(),
        "'self'" => return url.host_str() == page.host_str() && port(url) == port(page) && fits(page.scheme()),
        _ if source.starts_with('\'') => return false,
        _ => {}
    }
    if let Some(scheme) = source.strip_suffix(':') {
        return fits(scheme);
    }
    let (scheme, rest) = source
        .split_once("://")
        .map_or((page.scheme(), source.as_str()), |(scheme, rest)| (scheme, rest));
    if !fits(scheme) {
        return false;
    }
    let (place, path) = rest.split_once('/').map_or((rest, None), |(place, path)| (place, Some(path)));
    let (host, wanted) = place.rsplit_once(':').map_or((place, None), |(host, port)| (host, Some(port)));
    let is_host = url.host_str().is_some_and(|known| match host.strip_prefix("*.") {
        Some(above) => known.strip_suffix(above).is_some_and(|below| below.ends_with('.')),
        None => known == host || host == "*",
    });
    let is_port = match wanted {
        Some("*") => true,
        Some(wanted) => url.port_or_known_default().is_some_and(|port| port.to_string() == wanted),
        None => url.port().is_none(),
    };
    let is_path = path.filter(|path| counts == Path::Its && !path.is_empty()).is_none_or(|path| {
        let known = url.path().trim_start_matches('/').to_ascii_lowercase();
        if path.ends_with('/') {
            known.starts_with(path)
        } else {
            known == path
        }
    });
    is_host && is_port && is_path
}

fn port(url: &Url) -> Option<u16> {
    url.port_or_known_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(policy: &str, tag: &str) -> Vec<Refused> {
        let page: Url = "https://stadt.example/start".parse().unwrap();
        let source = crate::source(tag.as_bytes(), &page);
        refused(&[policy.to_owned()], &page, &source.tags[0].0)
    }

    const TAG: &str = "<script src=https://n.example/p/stadt/umleitung.js></script>";

    #[test]
    fn what_is_needed_is_allowed_or_told() {
        let connection = || Refused::Connection("https://n.example".to_owned());
        for (policy, expected) in [
            ("img-src 'none'", vec![]),
            (
                "script-src https://n.example 'wasm-unsafe-eval'; connect-src https://n.example",
                vec![],
            ),
            ("default-src https: 'unsafe-eval'", vec![]),
            ("DEFAULT-SRC * 'wasm-unsafe-eval'", vec![]),
            ("default-src *.example:443 'wasm-unsafe-eval'", vec![]),
            ("script-src n.example 'wasm-unsafe-eval'", vec![]),
            ("script-src http://n.example/p/ 'wasm-unsafe-eval'", vec![]),
            ("script-src https://n.example", vec![Refused::WebAssembly]),
            ("script-src 'self' 'wasm-unsafe-eval'", vec![Refused::Script]),
            ("script-src https://n.example:8443 'wasm-unsafe-eval'", vec![Refused::Script]),
            ("script-src https://n.example/js/ 'wasm-unsafe-eval'", vec![Refused::Script]),
            ("script-src *.n.example 'wasm-unsafe-eval'", vec![Refused::Script]),
            (
                "script-src 'strict-dynamic' https://n.example 'nonce-a' 'wasm-unsafe-eval'",
                vec![Refused::Script],
            ),
            ("script-src-elem 'none'; script-src * 'wasm-unsafe-eval'", vec![Refused::Script]),
            ("connect-src 'self'", vec![connection()]),
            ("connect-src https://n.example/p/", vec![]),
            ("connect-src 'self', connect-src 'none'", vec![connection()]),
            ("default-src 'self'", vec![Refused::Script, Refused::WebAssembly, connection()]),
            // Each of several has to allow it.
            ("script-src * 'wasm-unsafe-eval', connect-src 'none'", vec![connection()]),
        ] {
            assert_eq!(told(policy, TAG), expected, "{policy}");
        }
    }

    #[test]
    fn a_nonce_or_a_hash_allows_what_has_one() {
        let strict = "script-src 'strict-dynamic' 'nonce-a' 'sha384-x' 'wasm-unsafe-eval'";
        assert_eq!(told(strict, &TAG.replace("src=", "nonce=a src=")), []);
        assert_eq!(told(strict, &TAG.replace("src=", "integrity=sha384-x src=")), []);
        let mirrored = TAG.replace("src=", "data-mirrors='https://m.example' src=");
        assert_eq!(
            told("connect-src https://n.example", &mirrored),
            [Refused::Connection("https://m.example".to_owned())]
        );
    }
}
