//! What axum costs by itself: one handler that answers the bytes of a file, to measure the server against.
//! `cargo xtask bench` builds and runs it: `bare ADDRESS FILE CONTENT-TYPE`.

use anyhow::Context;
use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;
use bytes::Bytes;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut argument = |name| arguments.next().with_context(|| format!("{name} is missing"));
    let (address, file, content_type) = (argument("ADDRESS")?, argument("FILE")?, argument("CONTENT-TYPE")?);
    let body = Bytes::from(std::fs::read(&file).with_context(|| format!("cannot read {file}"))?);
    let handler = move || {
        let answer = ([(CONTENT_TYPE, content_type.clone())], body.clone());
        async move { answer }
    };
    let listener = tokio::net::TcpListener::bind(&address).await?;
    axum::serve(listener, Router::new().route("/p/{portal}/state.json", get(handler))).await?;
    Ok(())
}
