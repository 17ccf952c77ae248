//! `umleitung mirror`.

use std::sync::Arc;

use super::{data::Data, public_address::public_address};
use crate::{
    demo::Demo,
    reactors::{Mirrored, Target},
    releases::Releases,
    serve::{Options, mirror_once},
};
use store::clock::SystemClock;

/// Write the public side of all portals as files: what the server itself answers, under the same paths. `serve --mirror` keeps them up to
/// date from change to change.
#[derive(clap::Args)]
pub(super) struct Mirror {
    /// A folder, made if need be, or s3://BUCKET/PREFIX with region and keys in the environment (`AWS_REGION`, `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT`).
    #[arg(value_name = "DIR|s3://…")]
    target: String,
    /// The address under which people reach the server itself; it stands in some of the pages.
    #[arg(long, value_name = "URL", value_parser = public_address, default_value = "http://127.0.0.1:8080")]
    public_url: String,
    #[command(flatten)]
    data: Data,
}

impl Mirror {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let target = Target::open(&self.target)?;
        let options = Options {
            demo: Demo::Absent,
            public_url: self.public_url,
            releases: Releases::default(),
            trusted_proxies: Vec::new(),
            mirror: None,
            webhook_allow: Vec::new(),
            source_allow: Vec::new(),
            probe_allow: Vec::new(),
            probe_ca: None,
            node: String::new(),
            portal_allow: None,
            provider: None,
            relay: None,
        };
        let store = self.data.existing_store().await?;
        for (portal, done) in mirror_once(store, Arc::new(SystemClock), options, target).await? {
            let Mirrored { files, written, removed } = done;
            say!("{portal}: {files} files, {written} written, {removed} removed");
        }
        Ok(())
    }
}
