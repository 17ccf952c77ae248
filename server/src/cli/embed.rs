//! `umleitung embed`.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::words::PortalId;
use sha2::{Digest, Sha384};

use super::data::Data;
use crate::{
    assets::{Loader, widget_base},
    http::worker,
    releases,
};

/// What a portal embeds.
#[derive(clap::Subcommand)]
pub(super) enum Embed {
    /// Write everything that a visitor's browser needs into a folder that the portal serves itself, and print the tag for it.
    Export {
        /// The folder; made if need be. What it holds from an earlier release stays, so that open pages find their files.
        dir: PathBuf,
        /// The portal, by its id; left out, the only one that there is.
        #[arg(long, value_name = "ID")]
        portal: Option<String>,
        /// Where the notices come from, such as https://notices.example; left out: from where the portal serves the folder, by way of
        /// its reverse proxy.
        #[arg(long, value_name = "URL")]
        server: Option<String>,
        /// The path under which the portal serves the folder.
        #[arg(long, value_name = "PATH", default_value = "/umleitung")]
        at: String,
        #[command(flatten)]
        data: Data,
    },
}

impl Embed {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let Self::Export {
            dir,
            portal,
            server,
            at,
            data,
        } = self;
        let portal = chosen(&data, portal).await?;
        let at = at.trim_end_matches('/');
        if !at.is_empty() && !at.starts_with('/') {
            bail!("--at is `{at}`; write the path as it stands in the address, such as /umleitung");
        }
        if let Some(server) = server
            .as_ref()
            .filter(|server| !server.starts_with("https://") && !server.starts_with("http://"))
        {
            bail!("--server is `{server}`; write the whole address, such as https://notices.example");
        }
        let server = server.as_deref().map(|server| server.trim_end_matches('/'));
        let loader = Loader::embedded()?.with_state(b"null", false);
        write(&dir.join("umleitung.js"), &loader)?;
        for (name, file) in releases::of_this_release() {
            write(&dir.join(widget_base().trim_start_matches('/')).join(name), file.plain())?;
        }
        let fallback = format!("{}/p/{portal}/fallback.html", server.unwrap_or(at));
        write(&dir.join("umleitung-worker.js"), worker::with_fallback(&fallback).as_bytes())?;

        let source = server.map_or_else(String::new, |server| format!(" data-server=\"{server}\""));
        say!(
            "<script async src=\"{at}/umleitung.js\" data-portal=\"{portal}\"{source} integrity=\"sha384-{}\"></script>",
            STANDARD.encode(Sha384::digest(&loader))
        );
        Ok(())
    }
}

async fn chosen(data: &Data, wanted: Option<String>) -> anyhow::Result<PortalId> {
    let publisher = data.existing_publisher().await?;
    let portals: Vec<PortalId> = publisher
        .read(|state, _| state.catalogue().portals.iter().map(|portal| portal.id.clone()).collect())
        .await?;
    let names = || portals.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match (wanted, portals.as_slice()) {
        (_, []) => bail!("the catalogue has no portal yet; load one with `umleitung catalogue apply FILE`"),
        (None, [only]) => Ok(only.clone()),
        (None, _) => bail!("there are several portals; say which by --portal: {}", names()),
        (Some(wanted), _) => portals
            .iter()
            .find(|portal| portal.as_str() == wanted)
            .cloned()
            .with_context(|| format!("the catalogue has no portal `{wanted}`; there is: {}", names())),
    }
}

fn write(file: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    }
    fs::write(file, bytes).with_context(|| format!("cannot write {}", file.display()))
}
