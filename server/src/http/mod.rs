//! Everything that is asked over HTTP, one endpoint a file: `public` is for everyone, `api` for staff and their programs, `admin_page` and `demo`
//! are their pages. `ask` reads requests, `answer` words answers, `router` says which is where.

mod admin_page;
mod answer;
mod api;
mod ask;
mod demo;
mod inside;
mod public;
mod router;
mod site;

pub(crate) use inside::File;
pub(crate) use public::{
    pages::{self, PageCache},
    worker,
};
pub(crate) use router::Everything;
pub(crate) use site::{Secure, Site, Turns};
