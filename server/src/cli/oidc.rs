//! The provider at which people sign in, on the command line.

use std::{
    env::{self, VarError},
    fs,
    path::PathBuf,
};

use anyhow::{Context, bail, ensure};
use url::Url;

use super::granted::group_grant;
use crate::provider::{GroupGrant, ProviderSecret, ProviderSettings, is_safe};

/// Where the secret may stand, too: other accounts of the machine do not see it there.
const SECRET: &str = "UMLEITUNG_OIDC_CLIENT_SECRET";

/// A provider of OpenID Connect at which people sign in.
#[derive(clap::Args)]
pub(super) struct Oidc {
    /// Let people sign in at this provider of OpenID Connect too: the address by which it names itself, to the letter.
    #[arg(long, value_name = "URL", value_parser = issuer, requires_all = ["oidc_client_id", "oidc_grant"])]
    oidc_issuer: Option<String>,
    /// How the provider knows this server.
    #[arg(long, value_name = "ID", requires = "oidc_issuer")]
    oidc_client_id: Option<String>,
    /// A file with the secret by which the provider knows this server; it may be in the environment instead, as
    /// `UMLEITUNG_OIDC_CLIENT_SECRET`.
    #[arg(long, value_name = "FILE", requires = "oidc_issuer")]
    oidc_client_secret_file: Option<PathBuf>,
    /// What the button says behind "Sign in with". Left out: the host of the provider.
    #[arg(long, value_name = "TEXT", requires = "oidc_issuer")]
    oidc_name: Option<String>,
    /// What is asked for besides `openid`; may be given several times.
    #[arg(long, value_name = "NAME", requires = "oidc_issuer", default_value = "profile")]
    oidc_scope: Vec<String>,
    /// Where the provider tells in which groups somebody is: a claim of its ID token.
    #[arg(long, value_name = "NAME", requires = "oidc_issuer", default_value = "groups")]
    oidc_groups_claim: String,
    /// What a group gives, such as `ops=publisher`, or only on some portals: `press=editor@town,county`. May be given several times; of two
    /// roles in one place the higher one counts. Whose groups give nothing is not let in.
    #[arg(long, value_name = "GROUP=ROLE[@PORTAL,…]", value_parser = group_grant, requires = "oidc_issuer")]
    oidc_grant: Vec<GroupGrant>,
}

impl Oidc {
    /// The provider, if there is one.
    ///
    /// # Errors
    /// When the secret cannot be read, or is empty.
    pub(super) fn settings(self) -> anyhow::Result<Option<ProviderSettings>> {
        let (Some(issuer), Some(client_id)) = (self.oidc_issuer, self.oidc_client_id) else {
            return Ok(None);
        };
        let secret = match &self.oidc_client_secret_file {
            Some(file) => Some(fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?),
            None => match env::var(SECRET) {
                Ok(secret) => Some(secret),
                Err(VarError::NotPresent) => None,
                // The error itself would tell the secret.
                Err(VarError::NotUnicode(_)) => bail!("`{SECRET}` is not UTF-8"),
            },
        };
        let secret = secret.map(|secret| secret.trim().to_owned());
        ensure!(
            secret.as_ref().is_none_or(|secret| !secret.is_empty()),
            "the secret by which the provider knows this server is empty"
        );
        let host = Url::parse(&issuer).ok().and_then(|issuer| issuer.host_str().map(str::to_owned));
        Ok(Some(ProviderSettings {
            name: self.oidc_name.or(host).unwrap_or_default(),
            issuer,
            client_id,
            client_secret: secret.map(ProviderSecret::from),
            scopes: self.oidc_scope,
            groups_claim: self.oidc_groups_claim,
            grants: self.oidc_grant,
        }))
    }
}

/// An address by which a provider names itself. Without TLS it is one of this machine.
fn issuer(text: &str) -> Result<String, String> {
    let url = Url::parse(text).map_err(|error| format!("is no address: {error}"))?;
    if !is_safe(&url) {
        return Err("has to begin with https:// unless it is on this machine".to_owned());
    }
    if url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
        return Err("has a query, a fragment or a user; leave that out".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_provider_on_this_machine_does_without_tls() {
        for (address, holds) in [
            ("https://id.example", true),
            ("https://id.example/realms/stadt", true),
            ("https://id.example/", true),
            ("http://127.0.0.1:8080/realms/stadt", true),
            ("http://[::1]:8080", true),
            ("http://localhost:8080", true),
            ("http://id.example", false),
            ("http://localhost.id.example", false),
            ("ftp://id.example", false),
            ("id.example", false),
            ("https://ada@id.example", false),
            ("https://id.example/?a=b", false),
            ("https://id.example/#a", false),
        ] {
            assert_eq!(issuer(address).ok().as_deref(), holds.then_some(address), "{address}");
        }
    }
}
